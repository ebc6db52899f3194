"""What this room does by the clock."""

from __future__ import annotations

from collections import Counter

from django.conf import settings

from pingjiang.centre.casework import digest, notices, tasks
from pingjiang.centre.rounds import duties
from pingjiang.centre.rounds.duties import Daily, Every, Said


@duties.register("mail", ("寄送邮件", "Send mail"), Every(seconds=30))
def mail() -> Said:
    """The outbox, as long as something in it is due."""
    if not settings.SITE_MAIL:
        return None
    told: Counter[str] = Counter()
    while part := notices.deliver():
        told += part
    if not told:
        return None
    sent, failed, gone = told["sent"], told["failed"], told["gave_up"]
    return (
        f"寄出 {sent}，待再试 {failed}，放弃 {gone}",
        f"{sent} sent, {failed} to be tried again, {gone} given up",
    )


@duties.register("digest", ("每日摘要", "Daily digest"), Daily(settings.SITE_DIGEST_AT))
def daily_digest() -> Said:
    """One a person a day."""
    written = digest.send()
    return (f"写成 {written} 份", f"{written} written") if written else None


@duties.register("overdue", ("催办逾期事项", "Tell what is overdue"), Every(seconds=1800))
def overdue() -> Said:
    """What has become late, or a step later."""
    told = tasks.escalate()
    return (f"催办 {told} 件", f"{told} told") if told else None
