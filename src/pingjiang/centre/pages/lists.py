"""A list: filters, columns, order, size and page, all in the address; total, and the whole of it as a workbook.

    listing = Listing(request, rows, COLUMNS, filters=FILTERS, name="cases", order="-opened")
    return listing.answer("pages/list.html", {"title": …})

What the address says wrongly (an unknown column, a page beyond the last) is as if it were not said.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from operator import attrgetter
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import IntegerField, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import ngettext

from pingjiang.centre.documents.workbooks import workbook
from pingjiang.centre.pages.requests import ActorRequest
from pingjiang.centre.pages.words import said
from pingjiang.errors import Words

SIZES = (20, 50, 100)
Text = str | Promise | Words
_EXACT = 15  # decimal digits of a double
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Linked:
    """A text that leads somewhere; `under` is a second line that says why the row is here."""

    text: str
    url: str | None
    under: str = ""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Marked:
    """A state: `kind` is 'none', 'run', 'ok', 'warn', 'bad' or 'seal'."""

    text: str
    kind: str = "none"

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Amount:
    """An exact number with its decimals; in a workbook a number as well."""

    value: Decimal
    places: int

    def __str__(self) -> str:
        return f"{self.value:,.{self.places}f}".replace("-", "−")


@dataclass(frozen=True)
class Act:
    """Something to do with a row: a button that sends `name` = `value` to `url`. In no workbook."""

    text: str
    url: str
    name: str
    value: str

    def __str__(self) -> str:
        return ""


@dataclass(frozen=True)
class Column:
    """A column: `value` of a row is a text, number, day, Linked, Marked, or None where it is not known.

    `sort` names the field that orders the rows by it. `fixed` cannot be taken away, `shown` is there unasked, `act` is
    for things to do and goes into no workbook. A `code` is never broken over lines.
    """

    name: str
    label: Text
    value: Callable[[Any], object]
    sort: str | None = None
    number: bool = False
    code: bool = False
    fixed: bool = False
    shown: bool = True
    act: bool = False


@dataclass(frozen=True)
class Filter:
    """A filter: choices (value, label) and what a value does to the rows."""

    name: str
    label: Text
    choices: Sequence[tuple[str, Text]]
    apply: Callable[[Any, str], Any]


@dataclass(frozen=True)
class Search:
    """A field of free text over the rows."""

    label: Text
    apply: Callable[[Any, str], Any]


@dataclass(frozen=True)
class BatchAction:
    """What can be done with several rows at once: their keys are posted as `pick` to the URL of that name.

    The view takes `picked(request, rows)` and says how many it has done. An official act is none of these. `args`: what
    the URL is made of. What a page asks beside the rows is a template of its own, which it names as `batch`.
    """

    url: str
    label: Text
    positive: bool = True
    args: Sequence[object] = ()

    @property
    def address(self) -> str:
        """Where the keys are posted to."""
        return reverse(self.url, args=list(self.args))


@dataclass
class Choice:
    """One of several, as it is drawn."""

    value: str
    label: str
    chosen: bool
    url: str = ""


@dataclass
class Head:
    """A column's head: where a click on it leads, and how the rows are ordered by it now."""

    name: str
    label: str
    number: bool
    url: str = ""
    order: str = ""  # '', 'ascending', 'descending'


@dataclass
class Cell:
    """A cell: its value and how to draw it."""

    value: object
    kind: str  # 'text', 'link', 'mark', 'number', 'time', 'day', 'act', 'unknown'
    number: bool
    code: bool = False
    tagged: bool = False  # the first link of a row that is made up

    @property
    def told(self) -> bool:
        """Whether its value is drawn as it stands: what most cells are is asked first."""
        return self.kind in ("text", "number")


@dataclass
class Row:
    """A row: its cells, whether it is made up, its key, and what it is called."""

    cells: list[Cell]
    synthetic: bool
    key: object

    @property
    def name(self) -> str:
        """What stands in its first cell."""
        return str(self.cells[0].value)


@dataclass
class Listing:
    """A list of what a queryset holds, as the address of the request asks for it; or of what was worked out, as a list.

    `notes` are lines that the workbook says of itself beside filters and count.
    """

    request: ActorRequest
    rows: QuerySet[Any] | list[Any]
    columns: Sequence[Column]
    name: str
    order: str
    filters: Sequence[Filter] = ()
    search: Search | None = None
    empty: Text = ""  # what fills it, where nothing is there yet
    actions: Sequence[BatchAction] = ()
    synthetic_of: Callable[[Any], bool] = field(default=lambda row: bool(getattr(row, "synthetic", False)))
    notes: Sequence[str] = ()
    own: Sequence[str] = ()  # what the page's own fields beside the filters put into the address: see parts/list.html

    @property
    def asked(self) -> Mapping[str, str]:
        """What the address says, the last word of each."""
        return self.request.GET.dict()

    @cached_property
    def chosen(self) -> dict[str, str]:
        """Filters in force: name → value."""
        known = {each.name: {value for value, _label in each.choices} for each in self.filters}
        return {name: value for name, value in self.asked.items() if value and value in known.get(name, ())}

    @property
    def words(self) -> str:
        """The search words."""
        return self.asked.get("q", "").replace("\x00", "").strip()[:200] if self.search else ""

    @cached_property
    def found(self) -> Any:
        """The rows that pass all filters, in order; ties by key, so that pages do not overlap."""
        rows = self._filtered(self.chosen, self.words)
        sort, descending = self._order
        if isinstance(rows, list):
            value = attrgetter(sort.replace("__", "."))
            return sorted(rows, key=lambda row: ((it := value(row)) is None, it), reverse=descending)
        return rows.order_by(f"-{sort}" if descending else sort, "pk")

    def _filtered(self, chosen: Mapping[str, str], words: str) -> Any:
        rows: Any = self.rows
        for each in self.filters:
            if each.name in chosen:
                rows = each.apply(rows, chosen[each.name])
        return self.search.apply(rows, words) if self.search and words else rows

    @cached_property
    def _sorted_by(self) -> tuple[str, bool]:
        sortable = {column.name for column in self.columns if column.sort}
        asked = self.asked.get("sort", "")
        chosen = asked if asked.removeprefix("-") in sortable else self.order
        return chosen.removeprefix("-"), chosen.startswith("-")

    @property
    def _order(self) -> tuple[str, bool]:
        name, descending = self._sorted_by
        fields = {column.name: column.sort for column in self.columns}
        return fields.get(name) or name, descending

    @cached_property
    def shown(self) -> list[Column]:
        """The columns that are shown, in the list's own order."""
        if "cols" not in self.asked:
            return [column for column in self.columns if column.shown or column.fixed]
        names = set(self.request.GET.getlist("cols"))
        names |= set(self.asked["cols"].split(","))
        return [column for column in self.columns if column.name in names or column.fixed or column.act]

    @property
    def size(self) -> int:
        """Rows on a page."""
        asked = self.asked.get("size", "")
        return int(asked) if asked in {str(size) for size in SIZES} else SIZES[0]

    @cached_property
    def page(self) -> Page[Any]:
        """The page at hand; the last one where the address names one beyond."""
        return Paginator(self.found, self.size).get_page(self.asked.get("page"))

    @property
    def total(self) -> int:
        """All rows that were found."""
        return self.page.paginator.count

    @cached_property
    def lines(self) -> list[Row]:
        """The rows of the page. Tells the request where one of them is made up."""
        lines = [self._line(row) for row in self.page.object_list]
        if any(line.synthetic for line in lines):
            self.request.synthetic = True
        return lines

    def _line(self, row: Any) -> Row:
        line = Row([_cell(column, row) for column in self.shown], self.synthetic_of(row), getattr(row, "pk", None))
        links = [cell for cell in line.cells if cell.kind == "link"]
        if links and line.synthetic:
            links[0].tagged = True
        return line

    def address(self, **changes: str | None) -> str:
        """The address of this list with changes; whatever changes, the first page comes first."""
        query = self.request.GET.copy()
        query.pop("export", None)
        query.pop("pick", None)
        if "page" not in changes:
            query.pop("page", None)
        for name, value in changes.items():
            if value is None:
                query.pop(name, None)
            else:
                query[name] = value
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path

    @property
    def heads(self) -> list[Head]:
        """The heads of the shown columns."""
        by, descending = self._sorted_by
        heads = []
        for column in self.shown:
            head = Head(column.name, text_of(column.label), column.number)
            if column.sort:
                here = column.name == by
                head.order = ("descending" if descending else "ascending") if here else ""
                head.url = self.address(sort=f"-{column.name}" if here and not descending else column.name)
            heads.append(head)
        return heads

    @property
    def fields(self) -> list[tuple[str, str, list[Choice]]]:
        """The filters as they are drawn: name, label, choices."""
        return [
            (
                each.name,
                text_of(each.label),
                [Choice(value, text_of(label), self.chosen.get(each.name) == value) for value, label in each.choices],
            )
            for each in self.filters
        ]

    @property
    def chooser(self) -> list[Choice]:
        """The columns that can be shown or not."""
        shown = {column.name for column in self.shown}
        return [
            Choice(each.name, text_of(each.label), each.name in shown)
            for each in self.columns
            if not each.fixed and not each.act
        ]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a form on the list must send along: all that the address says but the page and the form's own fields."""
        own = {"page", "export", "pick", "q", "cols", *self.own, *(each.name for each in self.filters)}
        return [(name, value) for name, values in self.request.GET.lists() if name not in own for value in values]

    @property
    def kept_beside_columns(self) -> list[tuple[str, str]]:
        """The same for the form that chooses columns."""
        own = {"page", "export", "pick", "cols"}
        return [(name, value) for name, values in self.request.GET.lists() if name not in own for value in values]

    @property
    def kept_by_batch(self) -> list[tuple[str, str]]:
        """The same for the form that takes the rows that were picked."""
        own = {"page", "export", "pick"}
        return [(name, value) for name, values in self.request.GET.lists() if name not in own for value in values]

    @property
    def sizes(self) -> list[Choice]:
        """20, 50, 100."""
        return [Choice(str(size), str(size), size == self.size, self.address(size=str(size))) for size in SIZES]

    @property
    def before(self) -> str | None:
        """The address of the page before."""
        return self.address(page=str(self.page.number - 1)) if self.page.has_previous() else None

    @property
    def after(self) -> str | None:
        """The address of the page after."""
        return self.address(page=str(self.page.number + 1)) if self.page.has_next() else None

    @property
    def bare(self) -> str:
        """The address without filters and words."""
        changes: dict[str, str | None] = {each.name: None for each in self.filters}
        return self.address(q=None, **changes)

    @cached_property
    def too_narrow(self) -> list[tuple[str, int, str]]:
        """Where nothing is found: each filter with how many rows there are without it, and the address of that."""
        ways = []
        for each in self.filters:
            if each.name in self.chosen:
                rest = {name: value for name, value in self.chosen.items() if name != each.name}
                label = next(text_of(label) for value, label in each.choices if value == self.chosen[each.name])
                count = _count(self._filtered(rest, self.words))
                ways.append((f"{text_of(each.label)}＝{label}", count, self.address(**{each.name: None})))
        if self.words:
            ways.append((self.words, _count(self._filtered(self.chosen, "")), self.address(q=None)))
        return ways

    @property
    def export_url(self) -> str:
        """Where the workbook is."""
        return self.address(export="xlsx")

    def answer(self, template: str, context: Mapping[str, object]) -> HttpResponse:
        """The page, or the workbook where the address asks for it."""
        if self.asked.get("export") == "xlsx":
            return self.export(str(context.get("title", self.name)))
        _lines = self.lines  # read before the shell is drawn: it says whether anything is made up
        return render(self.request, template, {**context, "list": self})

    def export(self, title: str) -> HttpResponse:
        """All rows of all pages, or those that were picked, in the columns shown."""
        columns, synthetic = [column for column in self.shown if not column.act], False
        rows = []
        for row in self._all(self.request.GET.getlist("pick")[: SIZES[-1]]):
            synthetic = synthetic or self.synthetic_of(row)
            rows.append([plain(column.value(row)) for column in columns])
        about = [title, *self.notes, *self._said_of(len(rows))]
        heads = [text_of(column.label) for column in columns]
        synthetic = synthetic or self.request.actor.organisation.synthetic
        book = workbook(self.name, heads, rows, about, synthetic=synthetic)
        response = HttpResponse(book, content_type=XLSX)
        day = timezone.localdate().isoformat()
        response["Content-Disposition"] = content_disposition_header(True, f"{title}-{day}.xlsx") or "attachment"
        return response

    def _all(self, keys: Sequence[str]) -> Iterable[Any]:
        """The rows of all pages, or those of these keys."""
        keys = keys if self.picks else ()
        if isinstance(self.found, list):
            return [row for row in self.found if str(row.pk) in keys] if keys else self.found
        rows = self.found
        if keys:
            rows = rows.filter(pk__in=_keys(keys)) if isinstance(rows, QuerySet) else rows.picked(keys)
        found: Iterable[Any] = rows.iterator(chunk_size=1000)
        return found

    @property
    def picks(self) -> bool:
        """Whether rows can be picked: they have numbers; or other keys, and there is something to do with several."""
        if isinstance(self.rows, QuerySet):
            return isinstance(self.rows.model._meta.pk, IntegerField)
        return bool(self.actions)

    def _said_of(self, count: int) -> Iterator[str]:
        labels = {each.name: text_of(each.label) for each in self.filters}
        values = {each.name: dict(each.choices) for each in self.filters}
        for name, value in self.chosen.items():
            yield f"{labels[name]}: {text_of(values[name][value])}"
        if self.words:
            yield f"q: {self.words}"
        yield ngettext("共 %(count)s 行", "共 %(count)s 行", count) % {"count": count}
        yield timezone.localtime().strftime("%Y-%m-%d %H:%M")


def picked(request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Those of `rows` (what the actor sees) that a batch action names."""
    return rows.filter(pk__in=_keys(request.POST.getlist("pick")))


def _keys(given: Sequence[str]) -> list[int]:
    return [int(key) for key in given[: SIZES[-1]] if key.isascii() and key.isdecimal() and len(key) < 19]


def text_of(label: Text) -> str:
    """A label as the page says it."""
    return said(label) if isinstance(label, tuple) else str(label)


def plain(value: object) -> object:
    """A value as a cell of a workbook holds it."""
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if value is None or isinstance(value, bool | int | float | str | datetime.date):
        return value
    if isinstance(value, Amount):
        value = value.value
    if isinstance(value, Decimal):  # what a workbook's numbers cannot hold exactly is a text
        return float(value) if len(value.as_tuple().digits) <= _EXACT else str(value)
    return str(value)


def _count(rows: Any) -> int:
    return len(rows) if isinstance(rows, list) else int(rows.count())


def _cell(column: Column, row: Any) -> Cell:
    value = column.value(row)
    kinds: Iterable[tuple[type, str]] = (
        (Linked, "link"), (Marked, "mark"), (Act, "act"), (datetime.datetime, "time"), (datetime.date, "day"),
    )  # fmt: skip
    if value is None or value == "":
        return Cell(value, "unknown", column.number, column.code)
    kind = next((kind for type_, kind in kinds if isinstance(value, type_)), "number" if column.number else "text")
    return Cell(value, kind, column.number, column.code)
