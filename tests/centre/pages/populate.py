"""Fills the site that the browser looks at, before it is served: the cast, errands, tasks and clocks."""

from __future__ import annotations

import datetime
from pathlib import Path


def main() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    Path(settings.SITE_FOLDER).mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    from django.db import transaction

    with transaction.atomic():
        fill()


def fill() -> None:
    from django.utils import timezone

    from pingjiang.centre.accounts.models import Actor, Hat, Membership, Organisation
    from pingjiang.centre.casework import clocks, service
    from pingjiang.centre.casework.models import Task
    from tests.centre import cast as people
    from tests.centre.casework.errands.workflow import ERRAND

    cast = people.make()
    Organisation.objects.filter(pk=cast.firm.pk).update(name_en="Firm A", synthetic=True)
    Membership.objects.create(user=cast.alice.user, organisation=cast.other, role="member_user", since=people.SINCE)
    for actor, name in ((cast.stella, "administrator"), (cast.alice, "organisation_admin")):
        Hat.objects.create(membership=actor.membership, name=name, since=people.SINCE)
    cast.firm.refresh_from_db()
    alice = Actor(cast.alice.user, Membership.objects.get(pk=cast.alice.membership.pk))
    today = timezone.localdate()
    for number in range(1, 31):
        case = service.open_case(
            ERRAND, alice, number=f"SZ-2026-{number:03}", title=f"第 {number} 件示例事项", owner=cast.firm,
            authority=cast.bureau,
        )  # fmt: skip
        if number % 5 == 0:
            continue
        service.perform(case, "ask", alice)
        if number % 2:
            service.perform(case, "take", cast.olga)
            clocks.start(case, "answer", 5, cast.olga)
            Task.objects.create(
                case=case, name="answer", label_zh="答复事项", label_en="Answer the errand",
                organisation=cast.bureau, role="programme_officer", due_on=today + datetime.timedelta(days=number - 4),
            )  # fmt: skip


if __name__ == "__main__":
    main()
