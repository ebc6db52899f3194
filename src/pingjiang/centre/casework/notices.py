"""Notices: an outbox of messages, each with its state, written in the transaction of what it tells.

    queued ──> sent            site messages are there at once; mail is sent by `deliver`, which a worker calls
       └─> failed ──> sent     and tries again after 1, 5, 30, 120, 720 minutes
             └─> gave_up       then, or where trying again would not help: see `undelivered`

Nobody is told of a case that they do not see: not when the notice is written, and not when it is sent. What is told
twice under one `about` is told once. Mail goes out at least once: its Message-ID is the notice's key, so that a mail
that was sent by a process which then died can be known again.
"""

from __future__ import annotations

import datetime
import smtplib
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from pingjiang.centre.accounts.models import Actor, Membership, Organisation, User, actors_of
from pingjiang.centre.casework import access, counting, history
from pingjiang.centre.casework.models import Case, Notice
from pingjiang.centre.casework.workflow import Label, Refused

WAITS = tuple(datetime.timedelta(minutes=each) for each in (1, 5, 30, 120, 720))
_LEASE = datetime.timedelta(minutes=10)  # how long a message belongs to who took it, if they are not heard of again
_KEYS = uuid.UUID("5a0a4d9c-6a0e-5c56-9b53-2d3a1b7f1c60")
_BATCH = 200
_LONGEST = 200
_COUNTED = 10**9  # all of them

access.register(Notice, lambda actor: Notice.objects.filter(to=actor.user))


def people_of(organisation: Organisation, roles: Iterable[str]) -> list[User]:
    """The people of an organisation who hold one of these roles today."""
    return people_of_all([organisation], roles)


def people_of_all(organisations: Iterable[Organisation], roles: Iterable[str]) -> list[User]:
    """The same of several organisations, each person once."""
    held = Membership.objects.in_force().filter(
        organisation__in=list(organisations), role__in=list(roles), user__is_active=True
    )
    return list(User.objects.filter(pk__in=held.values("user")).order_by("pk"))


def sees(user: User, case: Case) -> bool:
    """Whether a person sees a case in one of their roles."""
    return bool(access.seers(user.actors(), case))


def tell(
    people: Iterable[User], subject: Label, *, about: str, case: Case | None = None, body: Label = ("", ""),
    urgent: bool = False, site: bool = True,
) -> list[User]:  # fmt: skip
    """Tell people something: on the site, and where it is urgent also by mail (else the daily digest says it).

    Call it in the transaction of what it tells. `about` names the occasion ('event:17'): told again, it changes
    nothing. Who does not see the case is left out; those who were told, or had been, are given back.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a notice is written in the transaction of what it tells")
    told = [user for user in people if user.is_active]
    if case is not None:
        seers = {actor.user.pk for actor in access.seers(actors_of(told), case)}
        told = [user for user in told if user.pk in seers]
    now = timezone.now()
    rows = []
    for user in told:
        if site:
            rows.append(_row(user, "site", "sent", subject, body, case, about, now))
        if urgent and settings.SITE_MAIL and user.email:
            rows.append(_row(user, "email", "queued", subject, body, case, about, now))
    Notice.objects.bulk_create(rows, batch_size=_BATCH, ignore_conflicts=True)
    return told


def _row(
    user: User, channel: str, state: str, subject: Label, body: Label, case: Case | None, about: str,
    now: datetime.datetime,
) -> Notice:  # fmt: skip
    return Notice(
        to=user, case=case, channel=channel, state=state, subject_zh=_line(subject[0]), subject_en=_line(subject[1]),
        body_zh=body[0], body_en=body[1], key=key_of(about, user, channel), created_at=now, next_try_at=now,
        sent_at=now if state == "sent" else None,
    )  # fmt: skip


def key_of(about: str, user: User, channel: str) -> uuid.UUID:
    """The key of a notice: one for an occasion, a person and a channel."""
    return uuid.uuid5(_KEYS, f"{channel}\0{user.pk}\0{about}")


def _line(text: str) -> str:
    """One line: a subject that holds more would be another header."""
    return " ".join(text.split())[:_LONGEST]


def deliver(now: datetime.datetime | None = None, most: int = _BATCH) -> Counter[str]:
    """Send the mail that is due, in order. How many were sent, failed and given up.

    No transaction is open while mail is sent. A message is taken by moving its next try: of two workers one has it,
    and of one that dies it is due again after ten minutes.
    """
    now = now or timezone.now()
    outcome: Counter[str] = Counter()
    due = Notice.objects.filter(channel="email", state__in=("queued", "failed"), next_try_at__lte=now)
    server: BaseEmailBackend = get_connection()
    for notice in list(due.select_related("to", "case").order_by("next_try_at", "pk")[:most]):
        taken = Notice.objects.filter(pk=notice.pk, state=notice.state, next_try_at=notice.next_try_at)
        if taken.update(next_try_at=now + _LEASE, attempts=F("attempts") + 1):
            outcome[_try(notice, server, now)] += 1
    return outcome


def _try(notice: Notice, server: BaseEmailBackend, now: datetime.datetime) -> str:
    """Send one and write down how it went."""
    attempt = notice.attempts + 1
    problem, final = _problem(notice), True
    if not problem:
        problem, final = _send(notice, server)
    row = Notice.objects.filter(pk=notice.pk)
    if not problem:
        row.update(state="sent", sent_at=timezone.now(), problem="")
        return "sent"
    if final or attempt > len(WAITS):
        row.update(state="gave_up", problem=problem)
        return "gave_up"
    row.update(state="failed", problem=problem, next_try_at=now + WAITS[attempt - 1])
    return "failed"


def _problem(notice: Notice) -> str:
    """Why a notice must not be sent any more; '' for nothing."""
    if not notice.to.is_active:
        return "账号已停用 · the account is closed"
    if not notice.to.email:
        return "没有邮箱 · no mail address"
    if notice.case is not None and not sees(notice.to, notice.case):
        return "收件人已看不到这一件 · the case is no longer theirs to see"
    return ""


def _send(notice: Notice, server: BaseEmailBackend) -> tuple[str, bool]:
    """('', …) where it was sent; else what is wrong, and whether trying again would not help."""
    english = notice.to.language.startswith("en")
    body = notice.body_en if english else notice.body_zh
    subject = notice.subject_en if english else notice.subject_zh
    message = EmailMessage(
        subject, body or subject, to=[notice.to.email], connection=server,
        headers={"Message-ID": f"<{notice.key}@pingjiang>", "Auto-Submitted": "auto-generated"},
    )  # fmt: skip
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        return f"收件地址被拒 · address refused ({codes})"[:300], all(code >= 500 for code in codes)
    except (OSError, smtplib.SMTPException) as error:
        return f"{type(error).__name__}: {error}"[:300], False
    return "", False


def undelivered(actor: Actor | None) -> QuerySet[Notice]:
    """What was not delivered, the latest first: all of it for a steward, for others that of the cases they see."""
    failed = Notice.objects.filter(state__in=("failed", "gave_up")).select_related("to", "case")
    if actor is None:
        return failed.none()
    return failed if actor.role == "steward" else failed.filter(access.with_case(actor))


@transaction.atomic
def try_again(notice: Notice, actor: Actor) -> None:
    """Put a notice that was given up into the outbox again. Refused to who is no steward; written down."""
    if actor.role != "steward":
        raise Refused("party", "只有系统管理员可以重发", "only a steward sends again")
    again = Notice.objects.filter(pk=notice.pk, state__in=("failed", "gave_up"))
    if again.update(state="queued", attempts=0, next_try_at=timezone.now(), problem=""):
        history.write("notice sent again", f"notice:{notice.pk}", actor=actor, case=notice.case)


def unread(actor: Actor) -> QuerySet[Notice]:
    """Messages on the site that this person has not read."""
    return inbox(actor).filter(read_at__isnull=True)


def count_unread(actor: Actor) -> int:
    """How many. Every page asks it."""
    return counting.count(("unread", actor.user.pk), lambda: unread(actor), _COUNTED)


def inbox(actor: Actor) -> QuerySet[Notice]:
    """All messages on the site to this person."""
    return access.visible_to(actor, Notice).filter(channel="site")


def read(actor: Actor, keys: Sequence[int] | None = None) -> int:
    """Note that messages were read, all or those named: those of this person only. How many were new."""
    rows = unread(actor) if keys is None else unread(actor).filter(pk__in=keys)
    return rows.update(read_at=timezone.now())
