"""What this room does by the clock."""

from __future__ import annotations

import datetime

from pingjiang.centre.documents import store
from pingjiang.centre.rounds import duties
from pingjiang.centre.rounds.duties import Daily, Said
from pingjiang.errors import PingjiangError

_NAMED = 3


@duties.register("unfinished", ("清理未收完的文件", "Clear unfinished files"), Daily(datetime.time(3, 10)))
def unfinished() -> Said:
    """What uploads left behind that were cut off a day ago or more."""
    found = store.sweep()
    return (f"清理 {found} 个", f"{found} cleared") if found else None


@duties.register("files", ("核对存放的文件", "Check the files kept"), Daily(datetime.time(3, 30)))
def files() -> Said:
    """Every file says what its name says. PingjiangError names those that do not, so that the turn counts as failed."""
    bad: list[str] = []
    count = 0
    for content, what in store.damaged():
        count += 1
        if len(bad) < _NAMED:
            bad.append(f"{content.sha256[:12]} {what}")
    if count:
        named = ", ".join(bad) + (" …" if count > _NAMED else "")
        raise PingjiangError(f"{count} 个文件丢失或被改：{named}。", f"{count} files are missing or changed.")
    return None
