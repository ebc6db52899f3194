"""SQL that reads legal events out of a cell of text, where an export holds their list in one.

2  2021.09.03 公开 公开            an entry begins with its day (and maybe numbers before that), its words follow

2022.11.11 专利权的转移 专利权的转移
变更前权利人=…                     lines below are details, name=value
登记生效日=2022.11.01              one of them may tell from when it holds

决定日:20151119                    or a block, by empty lines, with the day and the words of a decision
决定:撤销…驳回决定。
"""

from __future__ import annotations

from typing import Protocol

from pingjiang.schema.tables import ENGINE_TYPES
from pingjiang.sources.formats import Format
from pingjiang.text import header_key

_BLANK = r"[ \t\r\x{A0}\x{3000}]"
_DAY = r"[0-9]{4}[./-][0-9]{1,2}[./-][0-9]{1,2}"
_TYPE = ENGINE_TYPES["events"]


class _Cells(Protocol):
    """What is needed of a `Mapper`."""

    spec: Format

    def column(self, header: str) -> str: ...
    def any_date(self, text: str, *, of_cells: bool = False) -> str: ...
    @property
    def mapping(self) -> object: ...


def event_list(cells: _Cells) -> str:
    """SQL: the events that a row's cells list; NULL where they list none."""
    spec, headers = cells.spec, cells.mapping.get("events", ())  # type: ignore[attr-defined]
    parts = []
    for header in headers:
        if header_key(header) in spec.events.get("dated", ()):
            parts.append(_dated(cells, cells.column(header)))
        elif header_key(header) in spec.events.get("decisions", ()):
            parts.append(_decisions(cells, cells.column(header)))
    if not parts:
        return f"cast(null as {_TYPE})"
    lists = [f"coalesce({part}, cast([] as {_TYPE}))" for part in parts]
    joined = lists[0] if len(lists) == 1 else f"list_concat({', '.join(lists)})"
    return f"nullif({joined}, cast([] as {_TYPE}))"


def _dated(cells: _Cells, cell: str) -> str:
    marked = f"regexp_replace({cell}, '(^|\\n){_BLANK}*(?:[0-9]+{_BLANK}+)*({_DAY}){_BLANK}+', chr(30) || '\\2 ', 'g')"
    entries = f"list_filter(string_split({marked}, chr(30)), lambda e: regexp_matches(e, '^{_DAY} '))"
    words = r"trim(regexp_extract(e, '^\S+ ([^\r\n]*)', 1))"
    # The heading of the gazette stands before the event, and mostly both are the same.
    half = f"(length({words}) - 1) // 2"
    once = (
        f"case when substr({words}, 1, {half}) = substr({words}, {half} + 2) and substr({words}, {half} + 1, 1) = ' ' "
        f"then substr({words}, 1, {half}) else {words} end"
    )
    names = "|".join(cells.spec.events.get("effective", ()))
    effective = rf"nullif(regexp_extract(e, '(?:^|\n)(?:{names}){_BLANK}*[=:：]{_BLANK}*([0-9][0-9.年月/-]*)', 1), '')"
    holds = cells.any_date(effective) if names else "cast(null as date)"
    return _struct(entries, cells.any_date(r"regexp_extract(e, '^\S+')"), holds, once, _lines(first=2))


def _decisions(cells: _Cells, cell: str) -> str:
    blocks = rf"string_split_regex({cell}, '\r?\n{_BLANK}*\r?\n')"
    entries = f"list_filter({blocks}, lambda e: contains(e, '决定日'))"
    day = cells.any_date(r"nullif(regexp_extract(e, '决定日[=:：] *([0-9./年月-]+)', 1), '')")
    words = r"nullif(trim(regexp_extract(e, '(?:^|\n)决定[=:：]([^\r\n]*)', 1)), '')"
    return _struct(entries, day, "cast(null as date)", words, _lines(first=1))


def _lines(first: int) -> str:
    """SQL: the lines of an entry from one on, without empty ones."""
    every = r"string_split_regex(e, '\r?\n')"
    return f"list_filter(list_transform({every}[{first}:], lambda line: trim(line)), lambda line: line <> '')"


def _struct(entries: str, day: str, effective: str, words: str, details: str) -> str:
    empty = "cast(null as varchar)"
    return (
        f"list_transform({entries}, lambda e: {{'code': {empty}, 'date': {day}, 'effective_date': {effective}, "
        f"'authority': {empty}, 'text': {words}, 'details': {details}}})"
    )
