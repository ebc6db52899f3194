"""What this app does by the clock."""

from __future__ import annotations

from pingjiang.centre.programme.services import calls
from pingjiang.centre.rounds import duties
from pingjiang.centre.rounds.duties import Every, Said


@duties.register("programme", ("申报截止、逾期终止", "Calls close, what is late lapses"), Every(seconds=60))
def programme() -> Said:
    """What time does to calls and applications. That nothing late is taken does not wait for it."""
    closed, lapsed = calls.pass_time()
    if not closed and not lapsed:
        return None
    return f"截止 {closed}，终止 {lapsed}", f"{closed} closed, {lapsed} lapsed"
