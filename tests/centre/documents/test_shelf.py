"""Uploads of cases: who may, what stays, who gets them back and how."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.test import Client
from django.urls import reverse

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access, history, service
from pingjiang.centre.casework.models import Case, Event
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.documents import scan, shelf
from pingjiang.centre.documents.models import Content, Document, Scan, Version
from pingjiang.errors import InputRefused
from pingjiang.files.uploads import KINDS
from tests.centre.casework.errands.workflow import ERRAND
from tests.centre.cast import Cast

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def case(cast: Cast) -> Case:
    return service.open_case(ERRAND, cast.alice, number="D-1", title="事", authority=cast.bureau)


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.user)
    return client


def test_a_file_becomes_a_version_and_the_next_one_the_next(cast: Cast, case: Case) -> None:
    first = shelf.add(case, cast.alice, [PDF[:9], PDF[9:]], "申报书.exe", title="申报书")
    second = shelf.add(case, cast.bob, ["新版".encode()], "申报书.txt", document=first.document)
    assert (first.number, second.number, second.document) == (1, 2, first.document)
    assert (first.file_name, second.file_name) == ("申报书.exe.pdf", "申报书.txt")
    assert [scan.verdict for scan in Scan.objects.all()] == ["not_scanned", "not_scanned"]
    event = Event.objects.get(subject=f"version:{second.pk}")
    assert second.content_id in event.after and history.verify().whole
    case.refresh_from_db()
    assert case.version == 3
    with pytest.raises(service.Stale):
        shelf.add(case, cast.alice, [PDF], "a.pdf", version=1)


def test_who_may_not_edit_adds_nothing(cast: Cast, case: Case) -> None:
    with pytest.raises(Http404):
        shelf.add(case, cast.charlie, [PDF], "a.pdf")
    service.perform(case, "ask", cast.alice)
    with pytest.raises(Refused, match="不能修改"):
        shelf.add(case, cast.alice, [PDF], "a.pdf")
    assert not Version.objects.exists() and not Content.objects.exists() and not Document.objects.exists()


def test_a_document_of_another_case_is_not_taken(cast: Cast, case: Case) -> None:
    other = service.open_case(ERRAND, cast.charlie, number="D-2", title="事", authority=cast.bureau)
    theirs = shelf.add(other, cast.charlie, [PDF], "a.pdf").document
    with pytest.raises(Http404):
        shelf.add(case, cast.alice, [PDF], "a.pdf", document=theirs)


def test_the_same_request_twice_adds_it_once(cast: Cast, case: Case) -> None:
    request = uuid.uuid4()
    first = shelf.add(case, cast.alice, [PDF], "a.pdf", request=request)
    assert shelf.add(case, cast.alice, [PDF], "a.pdf", request=request) == first
    assert Version.objects.count() == 1
    asked = uuid.uuid4()
    service.perform(case, "ask", cast.alice, request=asked)
    with pytest.raises(Refused, match="request"):
        shelf.add(case, cast.alice, [PDF], "a.pdf", request=asked)


def test_what_is_refused_leaves_nothing(cast: Cast, case: Case, folder: Path, settings: Any) -> None:
    settings.SITE_MAX_UPLOAD = 1000
    for content, says in ((b"<svg onload=x/>", "web page or XML"), (b"x" * 1001, "more than 1000 bytes")):
        with pytest.raises(InputRefused, match=says):
            shelf.add(case, cast.alice, [content], "图.png")
    case.refresh_from_db()
    assert case.version == 1 and not Content.objects.exists()
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_malware_is_refused_and_written_down(
    cast: Cast, case: Case, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "scan", lambda path: scan.Verdict("infected", "ClamAV", "Eicar"))
    with pytest.raises(InputRefused, match="Eicar"):
        shelf.add(case, cast.alice, [PDF], "a.pdf")
    assert not Content.objects.exists() and not [path for path in folder.rglob("*") if path.is_file()]
    assert "Eicar" in Event.objects.get(kind="malware refused").after and history.verify().whole


@pytest.mark.parametrize(
    ("given", "kind", "name"),
    [
        ("../../etc/passwd", "text", "passwd.txt"), ("C:\\temp\\表.xlsx", "xlsx", "表.xlsx"),
        ("a\r\nSet-Cookie: x.pdf", "pdf", "aSet-Cookie: x.pdf"), ("图\u202egnp.exe", "png", "图gnp.exe.png"),
        ("", "pdf", "file.pdf"), ("...", "pdf", "file.pdf"), ("名" * 300 + ".pdf", "pdf", "名" * 116 + ".pdf"),
        ("a.PDF", "pdf", "a.PDF"), ("a.jpeg", "jpeg", "a.jpeg"), ("a.csv", "text", "a.csv"), ("a.docx", "pdf", "a.pdf"),
    ],
)  # fmt: skip
def test_names_are_shown_and_lead_nowhere(given: str, kind: str, name: str) -> None:
    assert shelf.named_as(given, KINDS[kind]) == name


def test_a_file_goes_to_those_who_see_its_case_and_is_never_run(cast: Cast, case: Case) -> None:
    version = shelf.add(case, cast.alice, [PDF], "申报书.pdf")
    url = reverse("document-version", args=[version.document_id, 1])
    for actor, status in (
        (cast.alice, 200),
        (cast.bob, 200),
        (cast.olga, 404),
        (cast.charlie, 404),
        (cast.stella, 404),
    ):
        assert signed_in(actor).get(url).status_code == status, actor
    assert Client().get(url).status_code == 404
    assert signed_in(cast.alice).get(url.replace("/1/", "/2/")).status_code == 404
    answer = signed_in(cast.alice).get(url)
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "application/pdf" and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert "sandbox" in answer["Content-Security-Policy"]
    service.perform(case, "ask", cast.alice)
    assert signed_in(cast.olga).get(url).status_code == 200
    assert set(access.visible_to(cast.olga, Version)) == {version} == set(access.visible_to(cast.bob, Version))
    assert not access.visible_to(cast.charlie, Document).exists()


def test_a_request_larger_than_may_be_is_refused_before_it_is_read(settings: Any) -> None:
    settings.SITE_MAX_UPLOAD = 1000
    client = Client(enforce_csrf_checks=True)  # the check reads the form, before any view
    client.cookies["csrftoken"] = "a" * 32
    big = SimpleUploadedFile("a.pdf", b"x" * (2 * 2**20))
    assert client.post(reverse("verify"), {"file": big}).status_code == 400
