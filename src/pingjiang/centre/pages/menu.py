"""The left menu. Its plan stands here, a role a tuple of groups; what is in a group, the apps say.

A group without an entry is not shown, an entry whose URL there is not cannot be: no menu leads to a refusal.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.translation import gettext as _

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.accounts.roles import ROLES
from pingjiang.centre.pages.words import said


@dataclass(frozen=True)
class Group:
    """A heading of the menu. `line` draws a line above it."""

    name: str
    words: tuple[str, str]
    icon: str
    line: bool = False


Count = Callable[[Actor], int]


@dataclass(frozen=True)
class Entry:
    """A page in a group, for roles. `url` is the name of a URL without arguments; `key` goes there after `g`
    (d desk, t to do, a atlas, p programme)."""

    url: str
    words: tuple[str, str]
    group: str
    roles: frozenset[str]
    key: str = ""
    allowed: Callable[[Actor], bool] = lambda actor: True
    count: Count | None = None
    pages: str = ""


@dataclass
class Line:
    """An entry as it is drawn."""

    label: str
    url: str
    key: str = ""
    count: int | None = None
    current: bool = False
    pages: str = ""


@dataclass
class Drawn:
    """A group as it is drawn: alone, a link; with several entries open where one of them is current."""

    label: str
    icon: str
    line: bool
    lines: list[Line] = field(default_factory=list)

    @property
    def open(self) -> bool:
        """Whether the page at hand is one of the group's."""
        return any(line.current for line in self.lines)


def _groups(*rows: tuple[str, str, str, str] | str) -> tuple[Group, ...]:
    """Rows of (name, Chinese, English, icon); '-' draws a line above the next."""
    found, line = [], False
    for row in rows:
        if isinstance(row, str):
            line = True
            continue
        name, zh, en, icon = row
        found.append(Group(name, (zh, en), icon, line))
        line = False
    return tuple(found)


_DESK = ("desk", "工作台", "Desk", "layout-dashboard")
_TODO = ("todo", "待办", "To do", "list-check")
_NOTICES = ("notices", "通知与咨询", "Notices, questions", "news")
_PEOPLE = ("people", "单位与人员", "People", "users")
_CENTRE = _groups(
    _DESK, _TODO, _NOTICES, "-",
    ("evidence", "大数据中心", "Evidence", "database"),
    ("alliance", "产业联盟", "Alliance", "users-group"),
    ("services", "服务与高峰企业", "Services and firms", "award"),
    ("pools", "专利池·版权·标准", "Pools and rights", "stack-2"),
    ("finance", "金融与交易", "Finance and deals", "building-bank"),
    ("protection", "预警与维权", "Protection", "shield-half"), "-",
    ("programme", "项目与绩效", "Programme", "notes"), "-", _PEOPLE,
)  # fmt: skip
MENUS: dict[str, tuple[Group, ...]] = {
    "centre_manager": _CENTRE,
    "centre_specialist": _CENTRE,
    "programme_officer": _groups(
        _DESK, _TODO, _NOTICES, "-",
        ("programme", "项目管理", "Programme", "notes"),
        ("centres", "运营中心", "Centres", "building-skyscraper"),
        ("evidence", "产业图谱", "Atlas", "database"),
        ("reports", "报告", "Reports", "report-analytics"), "-",
        ("audit", "审计日志", "Audit log", "history"), _PEOPLE,
    ),
    "decision_maker": _groups(
        _DESK, ("todo", "待审定", "To decide", "gavel"), _NOTICES,
        ("programme", "本年项目", "This year", "notes"),
        ("centres", "运营中心", "Centres", "building-skyscraper"),
        ("evidence", "产业图谱", "Atlas", "database"),
    ),
    "district_officer": _groups(
        _DESK, ("todo", "待推荐", "To recommend", "list-check"), _NOTICES,
        ("programme", "本区项目", "Our projects", "notes"),
        ("match", "配套经费", "Matching funds", "building-bank"),
        ("evidence", "本区产业图谱", "Our atlas", "database"),
    ),
    "member_user": _groups(
        _DESK, _TODO, _NOTICES, "-",
        ("mine", "我的企业", "My organisation", "building-factory-2"),
        ("apply", "申报与培育", "Applications", "clipboard-text"),
        ("rights", "专利与权利", "Patents and rights", "certificate"),
        ("alliance", "联盟与需求", "Alliance and needs", "users-group"),
        ("finance", "金融", "Finance", "building-bank"),
        ("protection", "维权", "Protection", "shield-half"),
        ("evidence", "产业图谱", "Atlas", "database"), "-", _PEOPLE,
    ),
    "expert": _groups(
        _DESK, ("todo", "我的任务", "My tasks", "list-check"), _NOTICES,
        ("sealed", "已封存", "Sealed", "lock"),
        ("recusal", "回避与酬劳", "Recusal and fees", "scale"),
        ("evidence", "产业图谱", "Atlas", "database"),
    ),
    "partner": _groups(
        _DESK, _TODO, _NOTICES,
        ("evidence", "产业图谱", "Atlas", "database"),
        ("orders", "委托", "Orders", "clipboard-text"),
        ("products", "产品与报价", "Products and offers", "building-bank"),
        ("materials", "已授权材料", "Granted materials", "archive"),
    ),
    "steward": _groups(
        _DESK, _TODO, _NOTICES, "-",
        ("audit", "审计日志", "Audit log", "history"),
        ("cases", "全部案件（只读）", "All cases (read only)", "archive"), "-",
        ("people", "用户", "Users", "users"),
        ("rules", "规则包", "Rule packs", "scale"),
        ("releases", "数据版本", "Releases", "database"),
        ("jobs", "任务", "Jobs", "settings"),
    ),
}  # fmt: skip
PUBLIC: tuple[Group, ...] = _groups(
    ("notices", "申报通知", "Calls", "news"),
    ("publicity", "公示公告", "Publications", "gavel"),
    ("pools", "专利池清单", "Patent pools", "stack-2"),
    ("licences", "开放许可", "Open licences", "certificate"),
    ("evidence", "产业图谱", "Atlas", "database"),
    ("verify", "查验编号", "Verify a code", "check"),
)
EVERYONE = frozenset(ROLES)
_entries: list[Entry] = []
_public: list[Entry] = []


def add(entry: Entry) -> None:
    """Put a page into the menu of its roles. RuntimeError for one that would never be drawn."""
    for role in entry.roles:
        if not any(group.name == entry.group for group in MENUS[role]):
            raise RuntimeError(f"menu entry {entry.url!r}: the menu of {role} has no group {entry.group!r}")
    if any(entry.url == each.url and entry.group == each.group and entry.roles & each.roles for each in _entries):
        raise RuntimeError(f"menu entry {entry.url!r} stands there already")
    _entries.append(entry)


def add_public(url: str, words: tuple[str, str], group: str) -> None:
    """Put a page into the head of the public pages."""
    if not any(each.name == group for each in PUBLIC):
        raise RuntimeError(f"public entry {url!r}: there is no group {group!r}")
    _public.append(Entry(url, words, group, frozenset()))


def menu_of(actor: Actor, path: str, counted: Callable[[Count], int] | None = None) -> list[Drawn]:
    """What an actor sees; the entry of the longest address that `path` begins with is current.

    `counted` gives a number that the page has asked for already.
    """
    mine = [entry for entry in _entries if actor.role in entry.roles and entry.allowed(actor)]
    return _drawn(MENUS[actor.role], mine, counted or (lambda count: count(actor)), path)


@dataclass(frozen=True)
class Jump:
    """A place that `g` and then `key` goes to."""

    key: str
    label: str
    url: str


def jumps_of(actor: Actor) -> list[Jump]:
    """Where the keys of an actor's menu lead; `s` to the lists over everything for whom no entry of it has that key."""
    mine = [entry for entry in _entries if entry.key and actor.role in entry.roles and entry.allowed(actor)]
    rows = [(entry.key, said(entry.words), _address(entry.url)) for entry in mine]
    if not any(key == "s" and url for key, _label, url in rows):
        rows.append(("s", _("搜索"), _address("find")))
    return [Jump(key, label, url) for key, label, url in rows if url]


def public_menu(path: str) -> list[Drawn]:
    """The head of the public pages."""
    return _drawn(PUBLIC, _public, lambda _count: 0, path)


def _drawn(groups: tuple[Group, ...], entries: list[Entry], counted: Callable[[Count], int], path: str) -> list[Drawn]:
    found: list[Drawn] = []
    line = False
    for group in groups:
        line = line or group.line
        lines = [_line(entry, counted) for entry in entries if entry.group == group.name and _address(entry.url)]
        if lines:
            label = said(group.words)
            found.append(Drawn(label, group.icon, line and bool(found), lines))
            line = False
    _mark([each for drawn in found for each in drawn.lines], path)
    return found


def _line(entry: Entry, counted: Callable[[Count], int]) -> Line:
    count = counted(entry.count) if entry.count else None
    return Line(said(entry.words), _address(entry.url) or "", entry.key, count, pages=entry.pages)


def _address(name: str) -> str | None:
    return _reversed(name, get_urlconf(), get_script_prefix())


@lru_cache(maxsize=1000)
def _reversed(name: str, _urls: object, _prefix: str) -> str | None:
    """Every page asks some thirty of them."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def _mark(lines: list[Line], path: str) -> None:
    fitting = [(length, line) for line in lines if (length := _fits(line, path))]
    if fitting:
        max(fitting, key=lambda each: each[0])[1].current = True


def _fits(line: Line, path: str) -> int:
    """How much of a path is the line's; 0 where it is not."""
    found = re.match(line.pages, path) if line.pages else None
    own = len(line.url) if path == line.url or (line.url != "/" and path.startswith(line.url)) else 0
    return max(own, found.end() if found else 0)
