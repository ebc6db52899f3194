"""The address of a search, read: which query, in which unit, order, columns, on which page. All of it is linkable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from pingjiang.centre.pages.lists import SIZES
from pingjiang.errors import PingjiangError, QueryRefused
from pingjiang.query import echo, parse
from pingjiang.query.sets import expand
from pingjiang.query.tree import Node
from pingjiang.search.arrangement import APPLICATION, FAMILY, NEWEST, ORDERS, PUBLICATION

MOST = 4_000  # characters of a query in an address
UNITS = {PUBLICATION: _("件公开"), APPLICATION: _("件申请"), FAMILY: _("项简单同族")}
ORDER_WORDS = {
    "-published": _("公开日 新→旧"),
    "published": _("公开日 旧→新"),
    "-filed": _("申请日 新→旧"),
    "filed": _("申请日 旧→新"),
}
COLUMNS = {
    "applicants": _("申请人"),
    "filed": _("申请日"),
    "published": _("公开日"),
    "state": _("状态"),
    "family": _("同族"),
    "ipc": _("IPC"),
    "nodes": _("产业链节点"),
}
SHOWN = ("applicants", "filed", "state", "family")


@dataclass(frozen=True)
class Asking:
    """What an address asks. What it says wrongly (an unknown unit, a page that is no number) is as if it were not said;
    a query that cannot be read is told with the place where it breaks off (`refused`)."""

    get: QueryDict
    sets: Mapping[str, str]

    @property
    def text(self) -> str:
        """The query as it was written."""
        return self.get.get("q", "").replace("\x00", "").strip()[:MOST]

    @property
    def unit(self) -> str:
        """What is counted."""
        asked = self.get.get("unit", "")
        return asked if asked in UNITS else PUBLICATION

    @property
    def order(self) -> str:
        """How it is listed."""
        asked = self.get.get("order", "")
        return asked if asked in ORDERS else NEWEST

    @property
    def size(self) -> int:
        """Hits on a page."""
        asked = self.get.get("size", "")
        return int(asked) if asked in {str(size) for size in SIZES} else SIZES[0]

    @property
    def page(self) -> int:
        """Which page, from 1."""
        asked = self.get.get("page", "")
        return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 1

    @property
    def columns(self) -> list[str]:
        """The columns that are shown."""
        if "cols" not in self.get:
            return list(SHOWN)
        asked = set(self.get.getlist("cols"))
        return [name for name in COLUMNS if name in asked]

    @cached_property
    def _read(self) -> tuple[Node | None, Node | None, PingjiangError | None]:
        if not self.text:
            return None, None, None
        try:
            tree = parse(self.text)
            return tree, expand(tree, self.sets), None
        except PingjiangError as error:
            return None, None, error

    @property
    def tree(self) -> Node | None:
        """The query as it stands, with its sets."""
        return self._read[0]

    @property
    def whole(self) -> Node | None:
        """The query with its sets put in."""
        return self._read[1]

    @property
    def refused(self) -> PingjiangError | None:
        """Why it cannot be read."""
        return self._read[2]

    @property
    def breaks_at(self) -> tuple[str, str, str] | None:
        """Where it breaks off: what stands before, the character, what stands behind."""
        if not isinstance(self.refused, QueryRefused):
            return None
        at = max(0, min(self.refused.position - 1, len(self.text)))
        return self.text[:at], self.text[at : at + 1] or "⌶", self.text[at + 1 :]

    def echo(self, language: str) -> str:
        """The bracketed reading, "zh" or "en"."""
        return "" if self.tree is None else echo(self.tree, "zh" if language == "zh" else "en")

    def query(self, **changes: str | None) -> str:
        """The query string of this search with changes; whatever changes, the first page comes first."""
        got = self.get.copy()
        if "page" not in changes:
            got.pop("page", None)
        for name, value in changes.items():
            if value is None:
                got.pop(name, None)
            else:
                got[name] = value
        return got.urlencode()

    def place(self) -> str:
        """The part of a query string by which the page of a hit knows the list that it stands in."""
        return urlencode({"q": self.text, "unit": self.unit, "order": self.order})
