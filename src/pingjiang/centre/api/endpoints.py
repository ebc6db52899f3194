"""All endpoints: whoever imports `api` from here has them."""

from __future__ import annotations

from pingjiang.centre.api import (
    announcements,
    applications,
    cases,
    facts,
    figures,
    jobs,
    lakes,
    money,
    notices,
    organisations,
    public,
    runs,
    search,
)
from pingjiang.centre.api.frame import api

ROOMS = (
    announcements, applications, cases, facts, figures, jobs, lakes, money, notices, organisations, public, runs,
    search,
)  # fmt: skip
__all__ = ["ROOMS", "api"]
