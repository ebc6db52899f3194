"""Jobs without processes: what is asked once, what fails how, who may ask for an end, who sees what."""

from __future__ import annotations

import datetime
import threading
import uuid
from typing import Any

import pytest
from django.db.models.functions import Now
from django.http import Http404

from pingjiang.centre.casework import access
from pingjiang.centre.casework.models import Event
from pingjiang.centre.casework.workflow import Refused
from pingjiang.centre.jobs import functions, queue, service
from pingjiang.centre.jobs.handle import Handle, Lost
from pingjiang.centre.jobs.models import Job, JobLine
from pingjiang.centre.jobs.worker import Worker
from tests.centre.cast import Cast

pytestmark = pytest.mark.django_db


def ask(cast: Cast, kind: str, **arguments: Any) -> Job:
    return service.enqueue(kind, arguments, cast.alice, request=uuid.uuid4())


def worked(job: Job) -> Job:
    """The job after a worker has done all that was due."""
    Worker().run(drain=True)
    return Job.objects.get(pk=job.pk)


def silent(job: Job) -> None:
    """Its worker has not been heard of for longer than one may be silent."""
    Job.objects.filter(pk=job.pk).update(heartbeat_at=Now() - queue.SILENCE - datetime.timedelta(seconds=1))


def test_a_job_is_done(cast: Cast) -> None:
    job = worked(ask(cast, "count", upto=4, name="丙公司"))
    assert (job.state, job.done, job.of, job.attempts) == ("done", 4, 4, 1)
    assert job.result == {"sum": 6, "attempt": 1} and job.ended_at is not None and job.lease is None
    assert [line.zh for line in job.lines.all()] == ["数完了"]
    assert Event.objects.filter(kind="job queued", subject=f"job:{job.pk}").count() == 1


def test_the_same_request_twice(cast: Cast) -> None:
    request = uuid.uuid4()
    first = service.enqueue("count", {"upto": 1}, cast.alice, request=request)
    assert service.enqueue("count", {"upto": 1}, cast.alice, request=request) == first and Job.objects.count() == 1
    for kind, arguments, actor in (("count", {"upto": 2}, cast.alice), ("break", {"upto": 1}, cast.alice),
                                   ("count", {"upto": 1}, cast.bob)):  # fmt: skip
        with pytest.raises(Refused):
            service.enqueue(kind, arguments, actor, request=request)


def test_what_cannot_be_queued(cast: Cast) -> None:
    with pytest.raises(LookupError):
        ask(cast, "nothing")
    with pytest.raises(TypeError):
        ask(cast, "count", upto={1})
    with pytest.raises(ValueError, match="JSON"):
        ask(cast, "count", upto=float("nan"))
    with pytest.raises(RuntimeError):
        functions.register("count", ("又", "again"))(lambda handle: None)
    assert not Job.objects.exists()


@pytest.mark.parametrize(("until", "state", "attempts"), [(3, "done", 3), (4, "failed", 3)])
def test_what_breaks_is_tried_again_so_often(cast: Cast, until: int, state: str, attempts: int) -> None:
    job = worked(ask(cast, "break", until=until))
    assert (job.state, job.attempts) == (state, attempts)
    lines = list(job.lines.all())
    assert len(lines) == min(until - 1, 3) and all("a secret of the inside" in line.detail for line in lines)
    assert "secret" not in job.problem_zh + job.problem_en and bool(job.problem_zh) == (state == "failed")


def test_the_wait_grows() -> None:
    function = functions.Function("x", ("", ""), print, backoff=10)
    assert [function.wait(n) for n in (1, 2, 3, 20)] == [10, 20, 40, 3600]


def test_a_job_that_waits_is_not_taken(cast: Cast) -> None:
    job = ask(cast, "count", upto=1)
    lease = queue.claim("w")
    assert lease is not None and queue.hand_back(lease, 600)
    assert queue.claim("w") is None and worked(job).state == "queued"


@pytest.mark.parametrize(("kind", "problem"), [("refuse", "材料不全"), ("odd", "无法保存")])
def test_what_is_final_is_not_tried_again(cast: Cast, kind: str, problem: str) -> None:
    job = worked(ask(cast, kind))
    assert (job.state, job.attempts) == ("failed", 1) and problem in job.problem_zh


def test_a_kind_that_this_program_does_not_know(cast: Cast) -> None:
    job = ask(cast, "count", upto=1)
    Job.objects.filter(pk=job.pk).update(kind="gone")
    assert worked(job).state == "failed"


def test_an_end_is_asked_for(cast: Cast) -> None:
    job = ask(cast, "count", upto=1)
    for stranger in (cast.charlie, cast.bob):
        with pytest.raises(Http404):
            service.cancel(job, stranger)
    assert service.cancel(job, cast.alice).state == "cancelled"
    running, other = ask(cast, "count", upto=5), ask(cast, "count", upto=5)
    lease = queue.claim("w")
    assert lease is not None and lease.job == running.pk
    assert service.cancel(running, cast.alice).state == "running"
    service.cancel(running, cast.alice)
    assert Event.objects.filter(kind="job cancel asked").count() == 2
    assert queue.hand_back(lease)
    assert worked(running).state == "cancelled" and worked(other).state == "done"
    with pytest.raises(Refused):
        service.retry(other, cast.alice)
    assert worked(service.retry(running, cast.alice)).state == "done"


def test_one_of_two_gets_it(cast: Cast) -> None:
    ask(cast, "count", upto=1)
    first, second = queue.claim("a"), queue.claim("b")
    assert first is not None and second is None and first.attempt == 1


def test_the_earliest_comes_first(cast: Cast) -> None:
    jobs = [ask(cast, "count", upto=1).pk for _ in range(3)]
    leases = [queue.claim("w") for _ in range(3)]
    assert [lease and lease.job for lease in leases] == jobs


def test_a_lost_lease_writes_nothing(cast: Cast) -> None:
    job = ask(cast, "count", upto=1)
    old = queue.claim("asleep")
    assert old is not None and queue.reap() == 0
    silent(job)
    assert queue.reap() == 1 and queue.reap() == 0
    new = queue.claim("awake")
    assert new is not None and new.attempt == 2
    handle = Handle(old, threading.Event(), threading.Event())
    with pytest.raises(Lost):
        handle.progress(1, 1)
    with pytest.raises(Lost):
        handle.check_cancelled()
    with pytest.raises(Lost), handle.fenced():
        pytest.fail("what is fenced was begun")
    assert not queue.beat(old) and not queue.settle(old, "done") and not queue.hand_back(old)
    assert not queue.settle_failure(old, ("", ""), again=True)
    assert queue.beat(new) and queue.settle(new, "done")
    assert [line.en for line in JobLine.objects.all()] == ["the process that ran it broke off"]


@pytest.mark.parametrize(("kind", "deaths", "state"), [("once", 1, "failed"), ("count", 2, "queued"),
                                                      ("count", 3, "failed")])  # fmt: skip
def test_a_worker_that_died(cast: Cast, kind: str, deaths: int, state: str) -> None:
    job = ask(cast, kind, pause=0.0)
    for _ in range(deaths):
        assert queue.claim("w") is not None
        silent(job)
        assert queue.reap() == 1
    job.refresh_from_db()
    assert job.state == state and ("中断" in job.problem_zh) == (state == "failed")


def test_one_who_died_before_an_asked_end(cast: Cast) -> None:
    job = ask(cast, "count", upto=1)
    queue.claim("w")
    service.cancel(job, cast.alice)
    silent(job)
    queue.reap()
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_who_sees_what(cast: Cast) -> None:
    job = ask(cast, "count", upto=1)
    seeing = {role for role, actor in cast.everyone.items() if access.visible_to(actor, Job).exists()}
    assert seeing == {"member_user"}
    assert not access.visible_to(cast.bob, Job).exists() and not access.visible_to(None, Job).exists()
    manager, specialist = cast.everyone["centre_manager"], cast.everyone["centre_specialist"]
    specialist.membership.organisation = manager.organisation
    specialist.membership.save()
    theirs = service.enqueue("count", {"upto": 1}, specialist, request=uuid.uuid4())
    assert list(access.visible_to(manager, Job)) == [theirs]
    cast.stella.membership.hats.create(name="administrator", since=datetime.date(2020, 1, 1))
    assert set(access.visible_to(cast.stella, Job)) == {job, theirs}
