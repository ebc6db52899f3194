"""All endpoints: whoever imports `api` from here has them."""

from __future__ import annotations

from pingjiang.centre.api import announcements, cases, facts, jobs, money, notices
from pingjiang.centre.api.frame import api

ROOMS = (announcements, cases, facts, jobs, money, notices)
__all__ = ["ROOMS", "api"]
