"""Fills the site that the browser looks at, before it is served: the cast, errands, tasks, clocks, announcements.

Beside the database it leaves `browser.json`: a session of each of the cast, and an address for each page that has one.
"""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any


def main() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    Path(settings.SITE_FOLDER).mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    from django.db import transaction

    with transaction.atomic():
        cast = fill()
        pages = fill_notices(cast)
    told = {"sessions": sessions(), "pages": pages}
    (Path(settings.SITE_FOLDER) / "browser.json").write_text(json.dumps(told), encoding="utf-8")


def sessions() -> dict[str, str]:
    """Somebody's name → the key of a session of theirs."""
    from django.conf import settings
    from django.test import Client

    from pingjiang.centre.accounts.models import User

    found = {}
    for user in User.objects.all():
        client = Client()
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        found[user.username] = client.cookies[settings.SESSION_COOKIE_NAME].value
    return found


def fill_notices(cast: Any) -> dict[str, list[str]]:
    """Announcements and questions in their states. Name of a URL → who sees it, and where."""
    from django.urls import reverse

    from pingjiang.centre.accounts.membership import invite
    from pingjiang.centre.accounts.models import Membership
    from tests.centre.announcements import play as plays

    play = plays.begin(cast)
    draft = plays.announcement(play, "draft")
    plays.announcement(play, "review")
    open_one = plays.announcement(play, "published", title="关于公开征集项目的通知", public=True)
    question = plays.question(play, "answered", on=open_one)
    _made, token = invite(cast.alice, cast.firm, "member_user", "新同事")
    someone = Membership.objects.get(pk=cast.bob.membership.pk)
    return {
        "case": ["olga", reverse("case", args=[3])],
        "announcement": [play.leader.user.username, reverse("announcement", args=[draft.case_id])],
        "announcement-edit": ["olga", reverse("announcement-edit", args=[draft.case_id])],
        "announcement-ask": ["alice", reverse("announcement-ask", args=[open_one.case_id])],
        "question": ["olga", reverse("question", args=[question.case_id])],
        "public-notice": ["", reverse("public-notice", args=[open_one.case_id])],
        "person": ["alice", reverse("person", args=[someone.pk])],
        "invitation": ["", reverse("invitation", args=[token])],
    }


def fill() -> Any:
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
    return cast


if __name__ == "__main__":
    main()
