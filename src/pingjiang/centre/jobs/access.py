"""Who sees which jobs: whoever asked, the head of a centre those of its people, the administrator all."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import access
from pingjiang.centre.jobs.models import Job, JobLine


def _jobs(actor: Actor) -> QuerySet[Job]:
    if actor.role == "steward" and actor.wears("administrator"):
        return Job.objects.all()
    seen = Q(owner=actor.membership)
    if actor.role == "centre_manager":
        seen |= Q(owner__organisation=actor.organisation)
    return Job.objects.filter(seen)


def _lines(actor: Actor) -> QuerySet[JobLine]:
    return JobLine.objects.filter(job__in=_jobs(actor))


access.register(Job, _jobs)
access.register(JobLine, _lines)
