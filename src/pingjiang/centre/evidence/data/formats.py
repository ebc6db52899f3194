"""Formats that people made for themselves: headers mapped to fields by hand, kept as the library's YAML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml
from django.db import transaction

from pingjiang.centre.accounts.models import Actor, Organisation
from pingjiang.centre.casework import history
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.evidence.models import OwnFormat
from pingjiang.errors import DefinitionError
from pingjiang.schema import table
from pingjiang.sources import Format, load_formats, parse_format
from pingjiang.sources.formats import PART_FIELDS

OWN = "own:"
_LONGEST = 100_000  # characters of a spec
# Fields that cells of a table fill in, the usual ones first; the others are told by whole documents.
_TYPES = frozenset({"text", "texts", "integer", "date", "parties"})
_PARTS: dict[str, tuple[str, str]] = {
    "applicant_address": ("申请人地址", "address of the first applicant"),
    "applicant_country": ("申请人国别", "country of the first applicant"),
    "inventor_city": ("发明人城市", "city of the first inventor"),
    "inventor_state": ("发明人省州", "state of the first inventor"),
    "inventor_country": ("发明人国别", "country of the first inventor"),
    "grant_publication_number": ("授权公告号", "publication number of the grant, beside that of the application"),
    "patent_number": ("专利号", "patent number: of the application in China, of the publication elsewhere"),
}


def fields() -> list[tuple[str, tuple[str, str]]]:
    """Fields that a column can be read into, with words in Chinese and English."""
    found = [
        (column.name, (column.zh, column.en))
        for column in table("record").columns
        if column.field and column.type in _TYPES and column.name != "description"
    ]
    return [*found, *((name, _PARTS[name]) for name in PART_FIELDS)]


def formats_of(owner: Organisation) -> dict[str, Format]:
    """The formats of an owner's people by name, as the library reads them."""
    rows = OwnFormat.objects.filter(owner=owner)
    return {row.name: parse_format(row.yaml, row.name) for row in rows}


def chosen(owner: Organisation, name: str) -> Format | None:
    """A format by what an upload says: '' is none. Refused for one that there is not."""
    if not name:
        return None
    known = formats_of(owner) if name.startswith(OWN) else load_formats()
    found = known.get(name.removeprefix(OWN))
    if found is None:
        raise Refused("format", f"没有格式“{name.removeprefix(OWN)}”", f"there is no format '{name.removeprefix(OWN)}'")
    return found


def choices(owner: Organisation) -> list[tuple[str, tuple[str, str]]]:
    """What can be chosen for an upload: name → title, the owner's own first."""
    own = [(OWN + name, (spec.title_zh, spec.title_en)) for name, spec in formats_of(owner).items()]
    return [*own, *((name, (spec.title_zh, spec.title_en)) for name, spec in load_formats().items())]


def as_yaml(name: str, title: str, header: Sequence[str], mapping: Mapping[str, str], **more: Any) -> str:
    """The spec of a table with this header: column → field, in the order of the columns. `more`: other keys.

    It claims tables that have all these headers; those without a field are known and not read.
    """
    headers = [cell for cell in dict.fromkeys(header) if cell]
    by_field: dict[str, list[str]] = {}
    for column in headers:
        if mapping.get(column):
            by_field.setdefault(mapping[column], []).append(column)
    told: dict[str, Any] = {
        "name": name, "title": {"zh": title, "en": title}, "signature": [headers], "fields": by_field,
        "ignore": [column for column in headers if not mapping.get(column)],
        **{key: value for key, value in more.items() if value},
    }  # fmt: skip
    # What is ignored by name is not read by a word that all tools share.
    return yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=120)


def _checked(name: str, text: str) -> Format:
    if len(text) > _LONGEST:
        raise DefinitionError("规格过长。", f"A spec has {_LONGEST} characters at most.")
    spec = parse_format(text, name)
    if spec.name in load_formats():
        raise Refused("format", f"“{spec.name}”是自带格式的名称，请换一个", f"'{spec.name}' is a shipped format")
    if spec.table != "record":
        raise Refused("format", "自定格式只用于专利记录", "a format of your own is for records of patents")
    if not spec.signature:
        raise Refused(
            "format",
            "规格中缺少 signature：凭哪些表头认出这种文件",
            "the spec lacks 'signature': headers to know files by",
        )
    return spec


@transaction.atomic
def keep(actor: Actor, owner: Organisation, text: str, *, file: str = "spec.yaml") -> OwnFormat:
    """Keep a spec under its own name, over the one of that name. DefinitionError or Refused where it breaks a rule."""
    spec = _checked(file, text)
    before = OwnFormat.objects.select_for_update().filter(owner=owner, name=spec.name).first()
    row, _made = OwnFormat.objects.update_or_create(
        owner=owner, name=spec.name,
        defaults={"title_zh": spec.title_zh[:80], "yaml": text, "made_by": actor.membership},
    )  # fmt: skip
    history.write(
        "format kept", f"format:{row.pk}", actor=actor,
        before={"yaml": before.yaml} if before else {}, after={"name": spec.name, "yaml": text},
    )  # fmt: skip
    return row


def free_name(owner: Organisation) -> str:
    """A name for the next format."""
    taken = set(OwnFormat.objects.filter(owner=owner).values_list("name", flat=True))
    return next(name for at in range(1, len(taken) + 2) if (name := f"own_{at}") not in taken)
