"""Words and ranges of a query as values of a field: dates, numbers, symbols, codes.

Raises Unfit with what is wrong and how to write it; where it stands `parse` adds.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from pingjiang.errors import Unfit
from pingjiang.identifiers import NumberUnreadable, parse
from pingjiang.query.fields import Field
from pingjiang.query.raw import half_width
from pingjiang.query.symbols import parse_pattern
from pingjiang.query.tokens import pieces
from pingjiang.query.tree import Code, DateSpan, IntSpan, Known, Leaf, Number, Symbol, Term
from pingjiang.schema.codes import code_list

_DATE = re.compile(r"(\d{4})(?:(\d\d)(\d\d)?|[-./年](\d{1,2})(?:[-./月](\d{1,2})日?|月)?|年)?")
_GLUED = re.compile(r"[^\x00-\u2e7f](AND|OR|NOT)[^\x00-\u2e7f]")
_MOST = 999_999_999
_COMPARISONS = (">=", "<=", ">", "<")


def read_value(field: Field, text: str, mark: str, *, quoted: bool) -> Leaf:
    """What a word asks of a field; `mark` is '' or '=', '>=', '<=', '>', '<' before it."""
    if mark in _COMPARISONS:
        return _compared(field, text, mark)
    if text == "*" and not quoted:
        return Known()
    if field.is_words or field.kind == "node":
        return _term(field, text, whole=mark == "=", quoted=quoted)
    if field.kind == "date":
        low, high = _days(text)
        return DateSpan(low, high)
    if field.kind == "integer":
        return IntSpan(_integer(text), _integer(text))
    if field.kind == "symbol":
        return Symbol(parse_pattern(("=" if mark == "=" else "") + text).text)
    if field.kind == "number":
        return Number(_number(field, text))
    return Code(_code(field, text))


def read_range(field: Field, low: str, high: str) -> Leaf:
    """What `[low TO high]` asks of a field; `*` is an open end."""
    if field.kind == "date":
        first = None if low == "*" else _days(low)[0]
        last = None if high == "*" else _days(high)[1]
        if first and last and first > last:
            raise Unfit(f"{low} 晚于 {high}，请先写早的", f"{low} is later than {high}: write the earlier first")
        return _not_all(DateSpan(first, last))
    if field.kind == "integer":
        least, most = (None if end == "*" else _integer(end) for end in (low, high))
        if least is not None and most is not None and least > most:
            raise Unfit(f"{low} 大于 {high}，请先写小的", f"{low} is more than {high}: write the smaller first")
        return _not_all(IntSpan(least, most))
    if field.kind == "symbol":
        return Symbol(parse_pattern(f"{low}-{high}").text)
    raise Unfit(
        f"{field.zh}（{field.name}）不能用范围；范围用于日期、数量和分类号",
        f"{field.name} takes no range; dates, counts and class symbols do",
    )


def _not_all(span: DateSpan | IntSpan) -> Leaf:
    return Known() if span.low is None and span.high is None else span


def _compared(field: Field, text: str, mark: str) -> Leaf:
    if field.kind == "date":
        low, high = _days(text)
        day = timedelta(days=1)
        try:
            return {
                ">=": lambda: DateSpan(low, None),
                "<=": lambda: DateSpan(None, high),
                ">": lambda: DateSpan(high + day, None),
                "<": lambda: DateSpan(None, low - day),
            }[mark]()
        except OverflowError:
            raise Unfit(f"{text!r} 之外没有日期", f"there is no day beyond {text!r}") from None
    if field.kind == "integer":
        number = _integer(text) + {">": 1, "<": -1}.get(mark, 0)
        if not 0 <= number <= _MOST:
            raise Unfit(f"没有 {mark} {text} 的数量", f"there is no count {mark} {text}")
        return IntSpan(number, None) if mark[0] == ">" else IntSpan(None, number)
    raise Unfit(
        f"{field.zh}（{field.name}）不能比较大小，'{mark}' 只用于日期和数量",
        f"{field.name} cannot be compared: '{mark}' is for dates and counts",
    )


def _term(field: Field, text: str, *, whole: bool, quoted: bool) -> Term:
    if not quoted and (glued := _GLUED.search(text)):
        raise Unfit(
            f"{glued[1]} 两边要有空格，否则算作词的一部分；确是一个词请加引号",
            f"{glued[1]} wants spaces on both sides, else it is part of the word; put a word like this in quotes",
        )
    pieces(text, names=field.kind != "text")
    return Term(text, whole or field.kind == "node")


def _days(text: str) -> tuple[date, date]:
    """First and last day that a date means: of a year, a month, or one day."""
    match = _DATE.fullmatch(half_width(text).strip())
    try:
        if match is None:
            raise ValueError
        year = int(match[1])
        month = int(match[2] or match[4] or 0)
        day = int(match[3] or match[5] or 0)
        if not (match[2] or match[4]):
            return date(year, 1, 1), date(year, 12, 31)
        if not (match[3] or match[5]):
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        return date(year, month, day), date(year, month, day)
    except (ValueError, calendar.IllegalMonthError):
        raise Unfit(
            f"{text!r} 不是日期：请写 2015、201503、20150131 或 2015-01-31",
            f"{text!r} is no date: write 2015, 201503, 20150131 or 2015-01-31",
        ) from None


def _integer(text: str) -> int:
    digits = half_width(text).strip()
    if not (digits.isascii() and digits.isdigit() and int(digits[:12]) <= _MOST):
        raise Unfit(f"{text!r} 不是数量：请写整数，如 10", f"{text!r} is no count: write a whole number such as 10")
    return int(digits)


def _number(field: Field, text: str) -> str:
    """The compact form; what ends in '*' is taken as it is, without spaces."""
    compact = re.sub(r"[\s.]+", "", half_width(text)).upper()
    if compact.endswith("*"):
        if not re.fullmatch(r"[A-Z]{2}[A-Z0-9]+\*", compact):
            raise Unfit(
                f"{text!r}：截断的号码以国别代码开头，如 CN1123*",
                f"{text!r}: a truncated number begins with its country code, as in CN1123*",
            )
        return compact
    try:
        return parse(text, what=field.what or "publication").id
    except NumberUnreadable as error:
        raise Unfit(
            f"{text!r} 不是{field.zh}（{error.code}）：请写全，带国别代码，如 CN112345678B",
            f"{text!r} is no {field.en} ({error.code}): write it in full with its country code, as in CN112345678B",
        ) from None


def _code(field: Field, text: str) -> str:
    folded = half_width(text).strip().lower()
    if field.kind == "kind_code":
        if not re.fullmatch(r"[a-z]\d?\*?", folded):
            raise Unfit(f"{text!r} 不是文献种类：如 A、B2、B*", f"{text!r} is no kind code: such as A, B2, B*")
        return folded.upper()
    known = code_list(field.codes or "")
    if folded in known:
        return known[folded]
    if field.codes == "country" and re.fullmatch(r"[a-z]{2}", folded):
        return folded.upper()
    some = "、".join(sorted(set(known.values()))[:20])
    raise Unfit(
        f"{field.zh}（{field.name}）没有 {text!r}；可写如 {some}",
        f"{field.name} has no {text!r}; there are {some.replace('、', ', ')}",
    )
