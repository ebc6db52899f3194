"""Files of an application: each for a material, of a kind and size that it may have."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.documents import shelf
from pingjiang.centre.documents.models import Document, Version
from pingjiang.centre.programme.content.together import MATERIAL
from pingjiang.centre.programme.models import Application
from pingjiang.centre.programme.rulepack import materials_of, pack_of
from pingjiang.centre.programme.workflow import APPLICANT
from pingjiang.rulebook.policies import Material

_ALIKE = {"jpeg": "jpg", "text": "txt"}


def attach(
    application: Application,
    actor: Actor,
    material: str,
    pieces: Iterable[bytes],
    file_name: str,
    size: int,
    *,
    document: Document | None = None,
    request: uuid.UUID | None = None,
) -> Version:
    """Hand in a file for a material, or the next version of one. Refused for a material, an ending or a size that is
    not asked for; InputRefused for a file that is not what its name says."""
    if APPLICANT not in access.parties(actor, application.case):
        raise Refused("party", "附件由申报单位提交", "the applicant hands in the files")
    found = next(
        (each for each in materials_of(pack_of(application), application.case.track, application.call.materials)
         if each.id == material), None,
    )  # fmt: skip
    if found is None:
        raise Refused("material", "材料清单中没有这一件", "the list of materials has no such thing")
    _fits(found, file_name, size)
    return shelf.add(
        application.case, actor, pieces, file_name, name=MATERIAL + material, title=found.zh, document=document,
        request=request,
    )  # fmt: skip


def _fits(material: Material, file_name: str, size: int) -> None:
    ending = file_name.rpartition(".")[2].lower()
    ending = _ALIKE.get(ending, ending)
    if material.formats and ending not in material.formats:
        kinds = "、".join(material.formats)
        raise Refused("format", f"“{material.zh}”应为 {kinds} 文件", f"{material.en}: one of {kinds}")
    most = material.megabytes
    if most is not None and size > most * 2**20:
        raise Refused("size", f"“{material.zh}”不超过 {most} MB", f"{material.en}: {most} MB at most")
