"""What every page's shell needs, as one name in its templates: `pj`."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import notices, tasks
from pingjiang.centre.pages import finding
from pingjiang.centre.pages import menu as menus
from pingjiang.centre.pages.words import is_english, named, role_label

THEMES = ("light", "dark")


@dataclass
class Shell:
    """The frame of a page. What costs a query is asked for once, and only by a page that shows it.

    `charts`: a figure on this page draws with the chart library, which only then is loaded.
    """

    request: HttpRequest
    charts: bool = False
    _counts: dict[menus.Count, int] = field(default_factory=dict)

    @property
    def actor(self) -> Actor | None:
        """Who acts."""
        return getattr(self.request, "actor", None)

    @property
    def theme(self) -> str:
        """'light' or 'dark', as this browser last chose; a wall is dark."""
        return THEMES[1] if self.wall else theme_of(self.request)

    @property
    def wall(self) -> bool:
        """Whether figures are shown to a room."""
        return bool(getattr(self.request, "wall", False))

    @property
    def wall_address(self) -> str:
        """This page as a wall; from a wall, the page for the desk."""
        query = self.request.GET.copy()
        query["wall"] = "1"
        if self.wall:
            del query["wall"]
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path

    @property
    def other_theme(self) -> str:
        """The theme to change to."""
        return THEMES[1 - THEMES.index(self.theme)]

    @property
    def other_language(self) -> tuple[str, str]:
        """Code and name of the language to change to."""
        return ("zh-hans", "中文") if is_english() else ("en", "EN")

    @property
    def here(self) -> str:
        """This page with its query: where a switch comes back to."""
        return self.request.get_full_path()

    @property
    def scope(self) -> str:
        """For whom the actor acts."""
        return named(self.actor.organisation) if self.actor else ""

    @property
    def role(self) -> str:
        """In which role."""
        return role_label(self.actor.role) if self.actor else ""

    @cached_property
    def menu(self) -> list[menus.Drawn]:
        """The left menu."""
        return menus.menu_of(self.actor, self.request.path, self.counted) if self.actor else []

    @property
    def jumps(self) -> list[menus.Jump]:
        """Where `g` and another key lead."""
        return menus.jumps_of(self.actor) if self.actor else []

    @cached_property
    def public_menu(self) -> list[menus.Drawn]:
        """The head of the public pages."""
        return menus.public_menu(self.request.path)

    def counted(self, count: menus.Count) -> int:
        """A number of the actor's, as head and menu show it; asked for once."""
        if count not in self._counts:
            self._counts[count] = count(self.actor) if self.actor else 0
        return self._counts[count]

    @property
    def todo(self) -> int:
        """How many tasks wait for the actor."""
        return self.counted(tasks.count)

    @property
    def unread(self) -> int:
        """How many messages this person has not read."""
        return self.counted(notices.count_unread)

    @property
    def synthetic(self) -> bool:
        """Whether anything on the page is made up: the actor's organisation, a row shown, or the whole demo."""
        if self.actor is None and settings.SITE_MODE == "demo":
            return True
        own = self.actor is not None and self.actor.organisation.synthetic
        return own or bool(getattr(self.request, "synthetic", False))

    @property
    def find(self) -> str:
        """Where the search field of the top bar leads; nothing where no page searches."""
        try:
            return reverse("find")
        except NoReverseMatch:
            return ""

    @property
    def help(self) -> str:
        """Where the manual lies; nothing where there is none."""
        try:
            return reverse("help")
        except NoReverseMatch:
            return ""

    @property
    def find_hint(self) -> str:
        """What that field says that it finds."""
        return finding.hint_of(self.actor) if self.actor else ""


def theme_of(request: HttpRequest) -> str:
    """The theme that the cookie names, else light."""
    chosen = request.COOKIES.get("pj_theme", "")
    return chosen if chosen in THEMES else THEMES[0]


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Context processor."""
    return {"pj": Shell(request)}
