"""An announcement as an official paper."""

from __future__ import annotations

from pingjiang.centre.announcements.models import Announcement
from pingjiang.centre.documents import papers
from pingjiang.centre.documents.papers import Said

# Papers are in Chinese; the English is for who reads the code.
ALL = ("各有关单位", "To all concerned")
PUBLIC = ("此件公开发布", "Open to the public")


def letter_of(announcement: Announcement) -> Said:
    """The paper that says what an announcement says, signed today."""
    case = announcement.case
    return papers.letter(
        issuer=case.owner.name_zh,
        title=case.title,
        text=announcement.body,
        number=announcement.document_number,
        addressee=ALL[0],
        note=PUBLIC[0] if announcement.public else "",
        synthetic=case.synthetic,
    )
