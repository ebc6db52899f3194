"""How a number is written for people and in DOCDB form. Plain strings in, plain strings out."""

from __future__ import annotations

from pingjiang.identifiers.us_series import series_of


def _thousands(digits: str) -> str:
    return f"{int(digits):,}" if digits.isdigit() else digits


def _us(number: str, kind: str | None, what: str) -> str:
    tail = f" {kind}" if kind else ""
    if what == "application":
        if len(number) == 8 and number.isdigit():
            return f"US {number[:2]}/{number[2:5]},{number[5:]}"
        return _with_kind("US", number, kind, what)
    if len(number) == 11 and number.isdigit():
        return f"US {number[:4]}/{number[4:]}{tail}"
    if kind == "P0":
        return f"US {number[:2]}/{number[2:5]},{number[5:]} P0"
    letters = number.rstrip("0123456789")
    digits = number[len(letters) :]
    return f"US {letters}{_thousands(digits) if digits else ''}{tail}"


def _cn(number: str, kind: str | None, what: str, check: str | None) -> str:
    if what == "application":
        return f"CN{number}.{check}" if check else f"CN{number}"
    return f"CN{number}{kind or ''}"


def _wo(number: str, kind: str | None, what: str) -> str:
    if what == "application":
        if kind == "W" and number[:2].isalpha():
            return f"PCT/{number[:6]}/{number[6:]}"
        return f"WO {number}" + (f" {kind}" if kind and kind != "W" else "")
    tail = f" {kind}" if kind else ""
    return f"WO {number[:4]}/{number[4:]}{tail}" if len(number) == 10 and number.isdigit() else f"WO {number}{tail}"


def _jp(number: str, kind: str | None, what: str) -> str:
    if number[0] in "SHRTM" and number[1:3].isdigit():
        body = f"{number[:3]}-{number[3:]}"
    elif len(number) == 10 and number.isdigit():
        body = f"{number[:4]}-{number[4:]}"
    else:
        body = number
    return _with_kind("JP", body, kind, what)


def _kr(number: str, kind: str | None, what: str) -> str:
    if len(number) == 11 and number.isdigit():
        body = f"{'20' if kind and kind[0] in 'UY' else '10'}-{number[:4]}-{number[4:]}"
    elif len(number) == 9 and number[:2] in ("10", "20") and what == "publication":
        body = f"{number[:2]}-{number[2:]}"
    else:
        body = number
    return _with_kind("KR", body, kind, what)


def kind_goes_without_saying(authority: str, number: str, kind: str | None) -> bool:
    """True for an application of the usual kind: W for international ones, else A.

    Not where the number ends in a letter that would then be taken for its kind.
    """
    if authority == "WO":
        return kind == "W"
    return kind == "A" and (not number[-1].isalpha() or number[-1] in "DX" or not number[-2:-1].isdigit())


def _with_kind(authority: str, body: str, kind: str | None, what: str) -> str:
    if what == "application" and kind_goes_without_saying(authority, body, kind):
        return f"{authority} {body}"
    return f"{authority} {body}" + (f" {kind}" if kind else "")


def shown(authority: str, number: str, kind: str | None, what: str, check: str | None) -> str:
    """The form for people: Chinese numbers compact, others in the way their office prints them."""
    if authority == "CN":
        return _cn(number, kind, what, check)
    if authority == "US":
        return _us(number, kind, what)
    if authority == "WO":
        return _wo(number, kind, what)
    if authority == "JP":
        return _jp(number, kind, what)
    if authority == "KR":
        return _kr(number, kind, what)
    return _with_kind(authority, number, kind, what)


def docdb_parts(authority: str, number: str, kind: str | None, what: str, year: int | None) -> list[str]:
    """Country, number, kind as DOCDB writes them, or country and number where there is no kind."""
    if authority == "US" and number.isdigit():
        if what == "publication" and len(number) == 11:
            number = number[:4] + number[5:]
        elif what == "application":
            return _docdb_us_application(number, kind, year)
    elif authority == "WO" and what == "application" and kind == "W":
        return [number[:2], number[2:], "W"]
    return [authority, number, kind] if kind else [authority, number]


def _docdb_us_application(number: str, kind: str | None, year: int | None) -> list[str]:
    """DOCDB puts the year last, in two digits, up to 2010, and first, in four digits, from 2011 on.

    The older form leaves the series out; it is given only where series and year can be read back from it.
    """
    kind = kind or "A"
    if len(number) == 10:  # year and serial, series unknown
        year, serial = int(number[:4]), int(number[4:])
        old = 1912 <= year <= 2011 and series_of(year, serial, kind, newest=12) is None
        return ["US", f"{serial}{number[2:4]}" if old else number, kind]
    if len(number) != 8:
        return ["US", number, kind]
    if year is None:
        return ["US", number]
    if 1912 <= year <= 2010 and series_of(year, int(number[2:]), kind, newest=12) == number[:2]:
        return ["US", f"{int(number[2:])}{year % 100:02d}", kind]
    return ["US", f"{year}{number}", kind]
