"""All that an application says, as canonical JSON, and its hash: reckoned from what is kept, each time it is asked.

The hash is kept nowhere beside what it is a hash of: whatever changes a byte of a section or of an attachment, by
whatever way, changes it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from pingjiang.centre.casework.history import canonical
from pingjiang.centre.documents.models import Document
from pingjiang.centre.programme.content.together import MATERIAL, is_read, materials
from pingjiang.centre.programme.models import Application

ATTACHMENTS = "attachments"  # a section too: which documents were laid aside
SCAN, LETTER = "seal-scan", "matching-letter"


def text_of(application: Application) -> str:
    """Canonical JSON of title, track, rules, sections and attachments (each by its name, file name and SHA-256)."""
    case = application.case
    return canonical(
        {
            "title": application.title_now,
            "track": case.track,
            "applicant": case.owner_id,
            "pack": [application.pack, application.pack_version],
            "sections": {row.name: row.content for row in application.sections.all()},  # as it is kept, byte by byte
            "attachments": attachments(application),
        }
    )


def hash_of(application: Application) -> str:
    """SHA-256 of that text, 64 hexadecimal digits."""
    return digest(text_of(application))


def digest(text: str) -> str:
    """SHA-256 of a canonical text."""
    return hashlib.sha256(text.encode()).hexdigest()


def grouped(hexadecimal: str) -> str:
    """A hash as papers print it, in groups of eight: in one piece it would run out of its column."""
    return " ".join(hexadecimal[at : at + 8] for at in range(0, len(hexadecimal), 8))


def materials_of(application: Application) -> Iterable[Document]:
    """Documents that the applicant handed in, with their versions, the last first."""
    case = application.case
    return case.documents.all() if is_read(case, "documents") else materials(case)


def attachments(application: Application) -> list[dict[str, Any]]:
    """What is attached now: the last version of each document that was not laid aside."""
    return list(_attached(materials_of(application), laid_aside(application)))


def laid_aside(application: Application) -> set[int]:
    """Documents that the applicant has taken out again."""
    row = next((row for row in application.sections.all() if row.name == ATTACHMENTS), None)
    return set(json.loads(row.content).get("aside", [])) if row is not None else set()


def _attached(documents: Iterable[Document], aside: set[int]) -> Iterable[dict[str, Any]]:
    for document in documents:
        if document.pk not in aside:
            last = document.versions.all()[0]
            yield {
                "material": document.name.removeprefix(MATERIAL), "document": document.pk, "number": last.number,
                "file": last.file_name, "sha256": last.content_id,
            }  # fmt: skip
