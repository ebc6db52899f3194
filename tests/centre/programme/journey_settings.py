"""Settings of a served site whose clock can be set ahead: working days pass when a test says so.

Every clock of the site is `timezone.now`, so all of it moves together, the worker too: deadlines, notices, sessions.
"""

import datetime

from django.utils import timezone

from tests.centre.pages.live_settings import *  # noqa: F403
from tests.centre.pages.live_settings import SITE_FOLDER
from tests.centre.programme.fill_journey import ahead_of

_real = timezone.now


def _now() -> datetime.datetime:
    told = ahead_of(SITE_FOLDER)
    return _real() + datetime.timedelta(seconds=int(told.read_text()) if told.exists() else 0)


timezone.now = _now
