"""Real numbers of one application in different tools have one identity, and different ones never do."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest

from pingjiang.identifiers import parse, parse_many, series_form
from pingjiang.identifiers.us_series import fits, kind_of_series, series_of
from tests.identifiers.columns import column, last_column, year_of

# (tool, files, publication column, application column, date column): all tools that give both numbers.
TOOLS = (
    ("lens", "drones/lens2016*.csv", "Publication Number", "Application Number", "Application Date"),
    ("lens", "drones/lens2017*.csv.gz", "publication_number", "application_number", "application_date"),
    ("lens", "formats/lens2021*.csv", "Publication Number", "Application Number", "Application Date"),
    ("patsnap", "drones/patsnap*.csv", "publication_number", "application_number", "application_date"),
    ("derwent", "drones/numbers_families*.csv.gz", "publication_number", "application_number", None),
    ("patentics", "cn_exports/autodriving/patentics_*.csv", "公开号", "申请号", "申请日"),
    ("patentics", "cn_exports/drone/patentics_*.xlsx", "Patentics", "申请号", "申请日"),
    ("incopat", "cn_exports/a*/incopat_*.xlsx", "公开（公告）号", "申请号", "申请日"),
)


@pytest.fixture(scope="module")
def told(samples: Path) -> dict[str, dict[str, set[str]]]:
    """publication identity -> tool -> identities of its application, filing years used where told."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for tool, files, publication, application, day in TOOLS:
        for path in sorted(samples.glob(files)):
            publications = parse_many(column(path, publication), what="publication")
            years = [year_of(text) for text in last_column(path, day)] if day else None
            applications = parse_many(column(path, application), what="application", year=years)
            for one, other in zip(publications.id, applications.id, strict=True):
                if one is not None and other is not None:
                    found[one][tool].add(other)
    return found


def test_tools_agree_on_the_application_of_a_publication(told: dict[str, dict[str, set[str]]]) -> None:
    """Of all publications that two or more tools have. Offices without rules of their own are not held to it."""
    compared, differ = Counter[str](), Counter[str]()
    for publication, by_tool in told.items():
        if len(by_tool) > 1:
            office = publication[:2]
            compared[office] += 1
            differ[office] += len(set.union(*by_tool.values())) > 1
    assert compared["US"] > 5_000
    assert compared["WO"] > 2_000
    for office in ("US", "WO"):
        assert differ[office] / compared[office] < 0.006, office
    for office in ("EP", "JP", "GB", "TW", "DE"):
        assert compared[office]
        assert differ[office] == 0, office
    assert differ["AU"] <= 2


def test_no_two_series_forms_of_one_tool_fall_together(samples: Path) -> None:
    """PatSnap and Patentics write US applications in full: what differs there must differ here."""
    texts: dict[str, set[str]] = defaultdict(set)
    for files, header in (("drones/patsnap*.csv", "application_number"), ("cn_exports/autodriving/*.csv", "申请号")):
        for path in samples.glob(files):
            cells = [cell for cell in column(path, header) if re.match(r"US\d\d/", cell)]
            for cell, id_ in zip(cells, parse_many(cells, what="application").id, strict=True):
                texts[str(id_)].add(cell.replace(",", ""))
    assert len(texts) > 10_000
    assert all(len(same) == 1 for same in texts.values())


def test_series_worked_out_from_year_and_serial_are_right(samples: Path, told: dict[str, dict[str, set[str]]]) -> None:
    """Lens and Derwent give year and serial of older applications, PatSnap and Patentics their series."""
    outcomes = Counter[str]()
    for path in [
        *samples.glob("drones/lens*"),
        *samples.glob("drones/numbers_families*"),
        *samples.glob("formats/lens*"),
    ]:
        names = ("publication_number", "application_number")
        if "2016" in path.name or "2021" in path.name:
            names = ("Publication Number", "Application Number")
        for publication, application in zip(column(path, names[0]), column(path, names[1]), strict=True):
            form = re.fullmatch(r"US ?(?:\d{3,8} A|(?:19|20)\d{5,8}A .*)", application)
            if form is None or not publication.startswith("US"):
                continue
            by_tool = told[parse(publication, what="publication").id]
            full = {id_ for tool in ("patsnap", "patentics") for id_ in by_tool[tool] if len(id_) == 10}
            if len(full) == 1:
                number = parse(application, what="application")
                outcomes["right" if number.id in full else "apart" if len(number.number) == 10 else "wrong"] += 1
    assert outcomes["right"] > 400
    assert outcomes["apart"] < 0.05 * outcomes.total()
    assert outcomes["wrong"] < 0.005 * outcomes.total()


@pytest.mark.parametrize(
    ("year", "serial", "kind", "series"),
    [(2010, 657848, "A", "12"), (1996, 653037, "A", "08"), (1978, 869458, "A", "05"), (2006, 645207, "A", "11"),
     (2005, 908739, "A", "10"), (2003, 490318, "P", "60"), (2014, 76360, "P", "62"), (2014, 940805, "P", "61"),
     (2016, 578323, "F", "29"), (1986, 859893, "F", "06"), (1965, 445937, "A", "04"), (1953, 395434, "A", "03")],
)  # fmt: skip
def test_series_of_known_applications(year: int, serial: int, kind: str, series: str) -> None:
    assert series_of(year, serial, kind) == series
    assert kind_of_series(series) == kind or kind == "F"
    assert fits(series, year, serial)


@pytest.mark.parametrize(
    ("year", "serial", "kind"),
    [(2006, 568466, "A"), (2007, 500000, "P"), (1992, 400001, "F"), (1900, 1, "A"), (2008, 990710, "A")],
)
def test_a_series_that_is_not_the_only_possible_one_is_not_named(year: int, serial: int, kind: str) -> None:
    """10/568,466 and 11/568,466 may both bear 2006; so with the others."""
    assert series_of(year, serial, kind) is None


def test_year_and_serial_of_unknown_series_stay_apart() -> None:
    number = parse("US 56846606 A", what="application")
    assert (number.id, number.docdb) == ("US2006568466", "US.56846606.A")
    assert {parse(f"US{series}/568466", what="application").id for series in (10, 11)}.isdisjoint({number.id})


@pytest.mark.parametrize(
    ("written", "published", "known_as"),
    [
        ("US2015722623", date(2016, 12, 1), "US14722623"),
        ("US2015722623", date(2018, 6, 19), None),  # by then 15/722,623 was given out too
        ("US2016236245", date(2017, 1, 5), "US15236245"),
        ("US2002959761", date(2003, 4, 3), "US09959761"),
        ("US2011931970", date(2011, 8, 11), "US12931970"),
        ("US2006568466", date(2007, 1, 4), None),  # 11/568,466 is of November 2006
        ("US2020930600", date(2021, 11, 18), None),  # numbers of series 15 that were left over
        ("US2014076360P", date(2015, 8, 6), "US62076360P"),
        ("US1903165585", date(1904, 6, 14), None),
        ("US14722623", date(2016, 12, 1), None),
        ("EP2015722623", date(2016, 12, 1), None),
    ],
)
def test_the_day_of_publication_leaves_one_series(written: str, published: date, known_as: str | None) -> None:
    assert series_form(written, published) == known_as


def test_the_series_that_the_day_of_publication_leaves_is_the_right_one(samples: Path) -> None:
    """Of real applications with series, filing year and day of publication, put as year and serial."""
    outcomes = Counter[str]()
    files = (
        *((path, "公开日") for path in samples.glob("cn_exports/autodriving/patentics_*.csv")),
        *((path, "公开日") for path in samples.glob("cn_exports/drone/patentics_*.xlsx")),
    )
    for path, header in files:
        cells = zip(column(path, "申请号"), last_column(path, "申请日"), last_column(path, header), strict=True)
        for number, filed, published in set(cells):
            full = re.fullmatch(r"US(0[4-9]|1\d)/(\d{3}),?(\d{3})", number)
            days = [re.fullmatch(r"(\d{4})\D?(\d\d)\D?(\d\d)", text or "") for text in (filed, published)]
            if full is None or None in days:
                continue
            filing, day = (date(*map(int, found.groups())) for found in days if found is not None)
            by_year = f"US{filing.year}{full[2]}{full[3]}"
            if filing < day and series_of(filing.year, int(full[2] + full[3]), "A") is None:
                form = series_form(by_year, day)
                right = f"US{full[1]}{full[2]}{full[3]}"
                outcomes["apart" if form is None else "right" if form == right else "wrong"] += 1
    assert outcomes["right"] > 5_000
    assert outcomes["wrong"] < 0.001 * outcomes["right"]
