"""Who gets which file and paper: rows of the matrix (tests/centre/matrix/table.py)."""

from __future__ import annotations

from pingjiang.centre.casework.models import Case
from pingjiang.centre.documents import shelf
from pingjiang.centre.documents.models import Paper
from tests.centre.announcements.rows import CASES, PDF
from tests.centre.matrix.city import City
from tests.centre.matrix.people import EVERYONE
from tests.centre.matrix.table import FILE, PUBLIC, Row


def seed(city: City) -> None:
    """A file in each draft, and the papers of what was published."""
    for name, role in (("draft", "programme_officer"), ("centre draft", "centre_specialist")):
        case = Case.objects.get(pk=city.things[name].ids["pk"])
        version = shelf.add(case, city.own(role), [PDF], f"附件之{role}.pdf")
        city.put(f"file of {name}", sees=CASES[name], mark=version.file_name, pk=version.document_id, number=1)
    for name in ("published", "public notice"):
        paper = Paper.objects.get(case=city.things[name].ids["pk"])
        public = name == "public notice"
        for form in ("pdf", "docx"):
            city.put(
                f"{form} of {name}", sees=CASES[name], mark=paper.code, public=public, code=paper.code, form=form
            )  # fmt: skip


ROWS = [
    Row("verify", "GET", "", {200: EVERYONE}, PUBLIC),
    Row("verify", "GET", "", {404: EVERYONE}, FILE, query={"code": "PJ26-7QK4-M2XD"}, writes=True),  # counted
    Row("document-version", "GET", "file of draft", {200: CASES["draft"]}, FILE),
    Row("document-version", "GET", "file of centre draft", {200: CASES["centre draft"]}, FILE),
    *(
        Row("paper-file", "GET", f"{form} of {name}", {200: CASES[name]}, FILE)
        for name in ("published", "public notice") for form in ("pdf", "docx")
    ),
]  # fmt: skip
