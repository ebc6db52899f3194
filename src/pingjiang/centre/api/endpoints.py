"""All endpoints: whoever imports `api` from here has them."""

from __future__ import annotations

from pingjiang.centre.api import (
    announcements,
    cases,
    facts,
    figures,
    jobs,
    lakes,
    money,
    notices,
    organisations,
    runs,
    search,
)
from pingjiang.centre.api.frame import api

ROOMS = (announcements, cases, facts, figures, jobs, lakes, money, notices, organisations, runs, search)
__all__ = ["ROOMS", "api"]
