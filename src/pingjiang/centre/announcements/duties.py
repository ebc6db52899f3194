"""What this app does by the clock."""

from __future__ import annotations

from pingjiang.centre.announcements import service
from pingjiang.centre.rounds import duties
from pingjiang.centre.rounds.duties import Every, Said


@duties.register("announcements", ("通知到期、咨询办结", "Announcements expire, questions close"), Every(seconds=1800))
def announcements() -> Said:
    """What time does to announcements and to questions."""
    expired, closed = service.pass_time()
    if not expired and not closed:
        return None
    return f"到期 {expired}，办结 {closed}", f"{expired} expired, {closed} closed"
