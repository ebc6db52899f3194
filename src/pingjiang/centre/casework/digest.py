"""The daily digest: one mail a person a day, of what waits, what is late, and what was told on the site since."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from pingjiang.centre.accounts.models import User
from pingjiang.centre.casework import access, notices, tasks
from pingjiang.centre.casework.models import Notice, Task

_SHOWN = 30
_DUE = ("截止", "due")
_LATE = ("【逾期】", "overdue: ")
_MORE = ("…… 还有 {} 项", "… and {} more")


def send(day: datetime.date | None = None) -> int:
    """Write the digests of a day into the outbox. How many people have one; run again, nobody gets a second.

    Who has nothing waiting and nothing unread gets none.
    """
    if not settings.SITE_MAIL:
        return 0
    day = day or timezone.localdate()
    written = 0
    for user in User.objects.filter(is_active=True).exclude(email="").order_by("pk").iterator(chunk_size=500):
        key = notices.key_of(f"digest:{day}", user, "email")
        if not Notice.objects.filter(key=key).exists():
            written += _write(user, day)
    return written


@transaction.atomic
def _write(user: User, day: datetime.date) -> bool:
    actors = user.actors()
    waiting: dict[int, Task] = {task.pk: task for actor in actors for task in tasks.open_for(actor)}
    theirs = Q(case=None)
    for actor in actors:
        theirs |= access.with_case(actor)
    unread = list(Notice.objects.filter(theirs, to=user, channel="site", read_at__isnull=True))
    if not waiting and not unread:
        return False
    late = [task for task in waiting.values() if task.due_on is not None and task.due_on < day]
    subject = (
        f"今日待办 {len(waiting)} 件，逾期 {len(late)} 件，未读通知 {len(unread)} 条",
        f"Today: {len(waiting)} to do, {len(late)} of them overdue, {len(unread)} notices unread",
    )
    body = tuple(_body(list(waiting.values()), unread, day, english) for english in (False, True))
    told = notices.tell(
        [user], subject, about=f"digest:{day}", body=(body[0], body[1]), urgent=True, site=False
    )  # fmt: skip
    return bool(told)


def _body(waiting: list[Task], unread: list[Notice], day: datetime.date, english: bool) -> str:
    lines = [day.isoformat(), ""]
    for task in waiting[:_SHOWN]:
        due = "" if task.due_on is None else f"  {_DUE[english]} {task.due_on}"
        late = task.due_on is not None and task.due_on < day
        mark = _LATE[english] if late else "- "
        lines.append(f"{mark}{task.label_en if english else task.label_zh}: {task.case}{due}")
    lines.append("")
    lines += [f"* {notice.subject_en if english else notice.subject_zh}" for notice in unread[:_SHOWN]]
    more = max(0, len(waiting) - _SHOWN) + max(0, len(unread) - _SHOWN)
    if more:
        lines.append(_MORE[english].format(more))
    return "\n".join(lines)
