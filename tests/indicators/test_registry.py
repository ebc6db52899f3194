"""The registry refuses what would differ between engines, by file and rule."""

from __future__ import annotations

import pytest

from pingjiang.errors import DefinitionError
from pingjiang.indicators import describe, load_all, parse

FRONT = {
    "name_zh": "名", "name_en": "name", "definition_zh": "定义", "definition_en": "definition", "source": "s",
    "year_kind": "filing", "key": "[unit, year]", "columns": "[unit, year, value]",
}  # fmt: skip
GOOD = (
    "select i.unit, i.filing_year as year, count(*) as value from item i\n"
    "group by i.unit, i.filing_year order by i.unit, i.filing_year"
)


def indicator(query: str = GOOD, **front: str) -> str:
    lines = "\n".join(f"{key}: {value}" for key, value in {**FRONT, **front}.items() if value)
    return f"/* ---\n{lines}\n--- */\n{query}\n"


def test_a_good_one_is_taken() -> None:
    found = parse("x", indicator())
    assert found.key == ("unit", "year")
    assert [column.label_en for column in found.columns] == ["Counting unit", "Year", "Items"]


def test_all_shipped_ones_are_found_and_good() -> None:
    assert len(load_all()) >= 17
    for entry in describe():
        assert entry["definition_zh"]
        assert entry["definition_en"]
        assert entry["source"]


@pytest.mark.parametrize(
    ("query", "rule"),
    [
        (GOOD.replace("count(*)", "count(*) * 0.5"), "decimal literal"),
        (GOOD.replace("count(*)", "count(*) / 2"), "cast one side to double"),
        (GOOD.replace("i.filing_year as", "filing_year as"), "has no table before it"),
        (GOOD.replace("select i.unit", "select i.*, i.unit"), "name the columns"),
        (GOOD.replace("item i", "items_of_yore i"), "no table of a release"),
        (GOOD.replace(" order by i.unit, i.filing_year", ""), "not by its whole key"),
        (GOOD.replace("order by i.unit, i.filing_year", "order by i.unit"), "not by its whole key"),
        (GOOD.replace("count(*)", "any_value(i.claim_count)"), "picks one of equals"),
        (GOOD.replace("count(*)", "arg_max(i.claim_count, i.filing_date)"), "picks one of equals"),
        (GOOD.replace("count(*)", "first(i.claim_count)"), "picks one of equals"),
        (GOOD.replace("count(*)", "len(list(i.claim_count order by i.claim_count))"), "len()"),
        (GOOD.replace("count(*)", "list(i.claim_count)"), "without order by"),
        (GOOD.replace("count(*)", "row_number() over (partition by i.unit order by count(*) desc)"), "end in a key"),
        (GOOD.replace("count(*) as value", "count(*) as number"), "the front matter says"),
        ("select t.unit, t.year, t.value from (" + GOOD.split(" order by", maxsplit=1)[0]
         + " order by i.unit limit 3) t order by t.unit, t.year", "limit without"),
        ("delete from item", "one query"),
        ("select from where", "no SQL"),
    ],
)  # fmt: skip
def test_a_query_that_breaks_a_rule_is_refused(query: str, rule: str) -> None:
    with pytest.raises(DefinitionError, match=rule.replace("(", r"\(").replace(")", r"\)")) as caught:
        parse("broken", indicator(query))
    assert "indicators/sql/broken.sql" in str(caught.value)


@pytest.mark.parametrize(
    ("front", "rule"),
    [
        ({"source": ""}, "lacks source"),
        ({"colour": "red"}, "no key 'colour'"),
        ({"key": "[year, unit]"}, "begins with 'unit'"),
        ({"key": "[unit, month]"}, "is no column"),
        ({"columns": "[unit, year, valeu]"}, "has no label"),
        ({"year_kind": "leap"}, "year_kind"),
        ({"parameters": "{top: no_such_rule}"}, "no rule"),
        ({"parameters": "{top: 1.5}"}, "whole number"),
    ],
)
def test_front_matter_that_breaks_a_rule_is_refused(front: dict[str, str], rule: str) -> None:
    with pytest.raises(DefinitionError, match=rule):
        parse("broken", indicator(**front))


def test_no_front_matter_at_all() -> None:
    with pytest.raises(DefinitionError, match="front matter"):
        parse("broken", GOOD)


def test_parameters_are_written_out() -> None:
    text = indicator(GOOD.replace("group by", "where i.claim_count <= $top and i.claim_count < $topmost group by"),
                     parameters="{top: 7, topmost: concentration_top}")  # fmt: skip
    assert "<= 7 and i.claim_count < 5" in parse("x", text).sql()


def test_a_kernel_turns_the_rows_of_the_query_into_the_indicator(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys
    import types

    import pyarrow as pa

    from pingjiang.engine import Session
    from pingjiang.indicators import run
    from tests.indicators.tables import Thing, fill

    module = types.ModuleType("pingjiang.indicators.kernels.double")

    def compute(rows: pa.Table) -> pa.Table:
        doubled = [2 * value for value in rows["value"].to_pylist()]
        return rows.set_column(rows.column_names.index("value"), "value", [doubled])

    module.compute = compute  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pingjiang.indicators.kernels", types.ModuleType("kernels"))
    monkeypatch.setitem(sys.modules, "pingjiang.indicators.kernels.double", module)
    with Session(threads=1) as session:
        fill(session, [Thing("publication"), Thing("publication")])
        [row] = run(parse("x", indicator(kernel="double")), session).to_pylist()
        assert row["value"] == 4
        with pytest.raises(DefinitionError, match="no kernel"):
            run(parse("x", indicator(kernel="nowhere")), session)
