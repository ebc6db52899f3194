"""What this room does by the clock."""

from __future__ import annotations

import datetime
from importlib import import_module

from django.conf import settings

from pingjiang.centre.rounds import duties
from pingjiang.centre.rounds.duties import Daily, Said


@duties.register("sessions", ("清理过期登录", "Clear sessions that have ended"), Daily(datetime.time(3, 0)))
def sessions() -> Said:
    """Sessions past their end are taken away."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    return None
