"""Messages, what was not delivered, what is overdue, jobs, tokens, duties by the clock: who sees and does what."""

from __future__ import annotations

import datetime
import io
import uuid
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from pingjiang.centre.accounts.models import Actor, Hat
from pingjiang.centre.api.models import Token, actor_of
from pingjiang.centre.casework import notices, service
from pingjiang.centre.casework.models import Event, Notice, Task
from pingjiang.centre.documents import store
from pingjiang.centre.jobs import service as jobs
from pingjiang.centre.jobs.handle import Handle
from pingjiang.centre.jobs.models import Job, JobLine
from pingjiang.centre.jobs.queue import claim
from pingjiang.centre.rounds import keeper
from pingjiang.centre.rounds.models import Turn
from tests.centre.casework.errands.workflow import ERRAND
from tests.centre.cast import SINCE, Cast

pytestmark = pytest.mark.django_db


def at(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.user)
    return client


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


# -- messages ------------------------------------------------------------------------------------------


@pytest.fixture
def told(cast: Cast) -> Cast:
    """Three messages to Alice, one to Bob."""
    with transaction.atomic():
        for n in range(3):
            notices.tell(
                [cast.alice.user], (f"消息{n}", f"Message {n}"), about=str(n), body=("第一行\n\n第二行", "Text")
            )
        notices.tell([cast.bob.user], ("给鲍勃", "To Bob"), about="bob")
    return cast


def test_messages_are_read_one_by_one_or_all(told: Cast) -> None:
    client = at(told.alice)
    page = text(client, "/notices/")
    assert "未读 3 条" in page and '消息<span class="cnt">3</span>' in page and "给鲍勃" not in page
    first = Notice.objects.filter(to=told.alice.user).earliest("pk")
    shown = text(client, f"/notices/{first.pk}/")
    assert "第二行" in shown and "标为已读" in shown
    assert Notice.objects.filter(read_at__isnull=False).count() == 0, "looking changes nothing"
    done = client.post("/notices/read/", {"notice": first.pk, "next": f"/notices/{first.pk}/"})
    assert done.status_code == 302 and done["Location"] == f"/notices/{first.pk}/"
    assert client.get("/notices/?read=no").context["list"].total == 2
    client.post("/notices/read/", {"notice": "all"})
    assert "未读 0 条" in text(client, "/notices/") and notices.unread(told.bob).count() == 1
    assert "全部标为已读" not in text(client, "/notices/")


def test_messages_of_others_are_not_there(told: Cast) -> None:
    bobs = Notice.objects.get(to=told.bob.user)
    client = at(told.alice)
    assert client.get(f"/notices/{bobs.pk}/").status_code == 404
    client.post("/notices/read/", {"notice": bobs.pk})
    assert notices.unread(told.bob).count() == 1
    assert client.get("/notices/read/").status_code == 405
    assert client.post("/notices/read/", {"notice": "x"}).status_code == 404
    away = client.post("/notices/read/", {"notice": "all", "next": "https://elsewhere.example/"})
    assert away["Location"] == "/notices/"


def errand(cast: Cast, number: str = "E-1") -> Any:
    return service.open_case(ERRAND, cast.alice, number=number, title="事", authority=cast.bureau)


@pytest.fixture
def undelivered(cast: Cast) -> Cast:
    """Two mails that did not arrive: of a case of the firm, and of none."""
    for case, state in ((errand(cast), "gave_up"), (None, "failed")):
        Notice.objects.create(
            to=cast.alice.user, case=case, channel="email", subject_zh=f"信 {state}", subject_en="Mail", state=state,
            problem="connection refused", attempts=3,
        )  # fmt: skip
    return cast


def test_what_was_not_delivered_is_seen_by_whom_it_concerns_and_sent_again_by_stewards(undelivered: Cast) -> None:
    cast = undelivered
    steward = at(cast.stella)
    page = text(steward, "/notices/undelivered/")
    assert "信 gave_up" in page and "信 failed" in page and "connection refused" in page and "重发" in page
    alice = text(at(cast.alice), "/notices/undelivered/")
    assert "信 gave_up" in alice and "信 failed" not in alice and "重发" not in alice
    assert "还没有内容" in text(at(cast.charlie), "/notices/undelivered/")
    one = Notice.objects.get(state="gave_up")
    for actor in (cast.alice, cast.olga):
        assert at(actor).post("/notices/undelivered/retry/", {"notice": one.pk}).status_code == 404
    assert steward.post("/notices/undelivered/retry/", {"notice": "99999"}).status_code == 404
    assert steward.post("/notices/undelivered/retry/", {"notice": one.pk}).status_code == 302
    one.refresh_from_db()
    assert (one.state, one.attempts) == ("queued", 0) and Event.objects.filter(kind="notice sent again").count() == 1
    steward.post("/notices/undelivered/retry/", {"notice": "all"})
    assert not notices.undelivered(cast.stella).exists()
    book = openpyxl.load_workbook(io.BytesIO(steward.get("/notices/undelivered/?export=xlsx").content))
    assert next(book["undelivered"].values)[-1] == "状态", "what is to be done is no column of a workbook"


# -- overdue -------------------------------------------------------------------------------------------


def test_one_list_of_what_is_overdue_over_all_cases_that_one_sees(cast: Cast) -> None:
    today = timezone.localdate()
    for n, days in enumerate((30, 10, -10)):
        case = errand(cast, f"E-{n}")
        service.perform(case, "ask", cast.alice)
        Task.objects.create(
            case=case, name="answer", label_zh="答复", label_en="Answer", organisation=cast.bureau,
            role="programme_officer", due_on=today - datetime.timedelta(days=days),
        )  # fmt: skip
    client = at(cast.olga)
    rows = client.get("/overdue/").context["list"].lines
    assert [row.cells[1].value for row in rows] == ["E-0", "E-1"], "the longest first"
    assert client.get("/overdue/?days=10").context["list"].total == 1
    assert client.get("/overdue/?kind=clock").context["list"].total == 0 and "去掉" in text(
        client, "/overdue/?kind=clock"
    )
    assert client.get("/overdue/?q=e-1").context["list"].total == 1
    assert [row.cells[1].value for row in client.get("/overdue/?sort=days").context["list"].lines] == ["E-1", "E-0"]
    book = openpyxl.load_workbook(io.BytesIO(client.get("/overdue/?export=xlsx").content))
    assert len(list(book["overdue"].values)) == 3
    assert at(cast.bob).get("/overdue/").context["list"].total == 2
    assert at(cast.charlie).get("/overdue/").context["list"].total == 0


# -- jobs ----------------------------------------------------------------------------------------------


def ask(actor: Actor, kind: str = "count", **arguments: Any) -> Job:
    return jobs.enqueue(kind, arguments or {"upto": 2}, actor, request=uuid.uuid4())


def test_a_job_is_watched_ended_and_begun_anew(cast: Cast) -> None:
    job, client = ask(cast.alice), at(cast.alice)
    page = text(client, f"/jobs/{job.pk}/")
    assert 'hx-trigger="every 2s"' in page and "取消任务" in page and "重新执行" not in page
    lease = claim("here")
    assert lease is not None
    Job.objects.filter(pk=job.pk).update(done=1, of=4, words_zh="数到 1")
    assert "数到 1" in text(client, f"/jobs/{job.pk}/") and "1 / 4" in text(client, "/jobs/")
    Job.objects.filter(pk=job.pk).update(state="queued", lease=None)
    assert client.get(f"/jobs/{job.pk}/act/").status_code == 405
    assert client.post(f"/jobs/{job.pk}/act/", {"act": "cancel"}).status_code == 302
    page = text(client, f"/jobs/{job.pk}/")
    assert "hx-trigger" not in page and "重新执行" in page
    client.post(f"/jobs/{job.pk}/act/", {"act": "retry"})
    assert Job.objects.get(pk=job.pk).state == "queued"
    client.post(f"/jobs/{job.pk}/act/", {"act": "retry"})
    assert "只有失败或已取消的任务可以重做" in text(client, f"/jobs/{job.pk}/")


def test_whose_jobs_one_sees(cast: Cast) -> None:
    job = ask(cast.alice)
    JobLine(job=job, attempt=1, zh="出错", en="broke", detail="Traceback of the inside").save()
    for actor in (cast.bob, cast.charlie, cast.olga, cast.stella):
        assert at(actor).get(f"/jobs/{job.pk}/").status_code == 404
        assert at(actor).post(f"/jobs/{job.pk}/act/", {"act": "cancel"}).status_code == 404
        assert at(actor).get("/jobs/").context["list"].total == 0
    assert "Traceback of the inside" not in text(at(cast.alice), f"/jobs/{job.pk}/")
    Hat.objects.create(membership=cast.stella.membership, name="administrator", since=SINCE)
    assert "Traceback of the inside" in text(at(cast.stella), f"/jobs/{job.pk}/")
    assert Client().get(f"/jobs/{job.pk}/").status_code == 302


def test_a_file_that_a_job_made(cast: Cast, tmp_path: Path, settings: Any) -> None:
    settings.SITE_FOLDER = tmp_path / "site"
    job = ask(cast.alice)
    lease = claim("here")
    assert lease is not None
    made = tmp_path / "made.txt"
    made.write_bytes(b"a report")
    handle = Handle.__new__(Handle)
    kept = handle.keep(made, "报告.txt", "text")
    Job.objects.filter(pk=job.pk).update(
        state="done", lease=None, ended_at=timezone.now(), result={"files": [kept], "n": 1}
    )
    client = at(cast.alice)
    assert "报告.txt" in text(client, f"/jobs/{job.pk}/")
    answer = client.get(f"/jobs/{job.pk}/files/0/")
    assert b"".join(answer.streaming_content) == b"a report" and "attachment" in answer["Content-Disposition"]  # type: ignore[attr-defined]
    assert client.get(f"/jobs/{job.pk}/files/1/").status_code == 404
    assert at(cast.bob).get(f"/jobs/{job.pk}/files/0/").status_code == 404
    for odd in ({"files": "x"}, {"files": [1, {"sha256": "../x"}]}, [1], None):
        Job.objects.filter(pk=job.pk).update(result=odd)
        assert client.get(f"/jobs/{job.pk}/").status_code == 200
        assert client.get(f"/jobs/{job.pk}/files/0/").status_code == 404
    assert store.path_of(kept["sha256"]).read_bytes() == b"a report"


# -- tokens --------------------------------------------------------------------------------------------


def test_a_token_is_shown_once_and_ends(cast: Cast) -> None:
    client = at(cast.alice)
    assert client.post("/me/tokens/new/", {"name": "财务", "days": "30"}).status_code == 422
    assert client.post("/me/tokens/new/", {"name": "财务", "scopes": ["all"], "days": "30"}).status_code == 422
    assert client.post("/me/tokens/new/", {"name": "财务", "scopes": ["cases:read"], "days": "9999"}).status_code == 422
    sent = {"name": "财务", "scopes": ["cases:read", "money:read"], "days": "30"}
    page = client.post("/me/tokens/new/", sent, follow=True).content.decode()
    secret = page.split('id="token-secret">')[1].split("<")[0]
    acts = actor_of(secret)
    assert acts is not None and acts[0].user == cast.alice.user and acts[1] == {"cases:read", "money:read"}
    assert client.get("/me/tokens/made/").status_code == 302, "shown once"
    assert secret not in text(client, "/me/tokens/") and "财务" in text(client, "/me/tokens/")
    token = Token.objects.get()
    for other in (cast.bob, cast.stella):
        assert at(other).post(f"/me/tokens/{token.pk}/revoke/").status_code == 404
        assert "财务" not in text(at(other), "/me/tokens/")
    assert client.get(f"/me/tokens/{token.pk}/revoke/").status_code == 405
    for _ in range(2):
        assert client.post(f"/me/tokens/{token.pk}/revoke/").status_code == 302
    assert actor_of(secret) is None and Event.objects.filter(kind="token revoked").count() == 1
    assert client.get("/me/tokens/?serves=yes").context["list"].total == 0
    assert 'href="/me/tokens/"' in text(client, "/me/")


# -- duties by the clock -------------------------------------------------------------------------------


def test_administrators_see_how_the_duties_go_and_have_one_done_now(cast: Cast) -> None:
    keeper.enrol()
    Turn.objects.filter(pk="files").update(failures=2, said_zh="1 个文件丢失或被改", detail="Traceback")
    for actor in (cast.stella, cast.olga, cast.alice):
        assert at(actor).get("/rounds/").status_code == 404
        assert at(actor).get("/rounds/files/").status_code == 404
        assert at(actor).post("/rounds/files/").status_code == 404
    Hat.objects.create(membership=cast.stella.membership, name="administrator", since=SINCE)
    client = at(cast.stella)
    page = text(client, "/rounds/")
    assert "连续失败 2 次" in page and "1 个文件丢失或被改" in page and "寄送邮件" in page
    assert "Traceback" in text(client, "/rounds/files/") and client.get("/rounds/no-such/").status_code == 404
    before = Turn.objects.get(pk="digest").due_at
    assert client.post("/rounds/digest/").status_code == 302
    assert Turn.objects.get(pk="digest").due_at < before and Event.objects.filter(kind="duty hastened").count() == 1
    assert "digest" in [duty.name for duty in keeper.due()]
