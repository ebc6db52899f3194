"""The registry refuses what would differ between engines, by file and rule."""

from __future__ import annotations

import re
import sys
import types

import pyarrow as pa
import pytest
import sqlglot
from sqlglot import exp

from pingjiang.engine import Session
from pingjiang.errors import DefinitionError
from pingjiang.indicators import describe, load_all, parse, run
from pingjiang.indicators.rules import check_query
from tests.indicators.tables import Thing, fill

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


def test_a_definition_says_the_numbers_of_its_query() -> None:
    limited = GOOD.replace("group by", "where i.claim_count < $top group by")
    found = parse(
        "x", indicator(limited, definition_zh="前 $top 家", definition_en="first $top", parameters="{top: 7}")
    )
    assert (found.definition_zh, found.definition_en) == ("前 7 家", "first 7")
    assert "前 100 家" in load_all()["top_organisations"].definition_zh
    with pytest.raises(DefinitionError, match=r"sql/x\.sql:5: parameter \$top is not declared"):
        parse("x", indicator(definition_en="first $top"))


BY_ITEM = "select i.unit, i.filing_year as year, {} as value from item i order by i.unit, i.filing_year"
WINDOWED = (
    "with placed as (select o.unit, o.organisation_number, count(*) as n from item_organisation o\n"
    "group by o.unit, o.organisation_number), ranked as (select p.unit, p.n as year,\n"
    "{} as place from placed p)\n"
    "select r.unit, r.year, max(r.place) as value from ranked r group by r.unit, r.year order by r.unit, r.year"
)
PLAIN = WINDOWED.format("1")
TWICE = (
    "with a as (select i.unit, i.item_id from item i union all select j.unit, j.item_id from item j), b as (\n"
    "select a.unit, 1 as year, row_number() over (order by a.unit, a.item_id) as value from a)\n"
    "select b.unit, b.year, max(b.value) as value from b group by b.unit, b.year order by b.unit, b.year"
)
LISTED = GOOD.replace("count(*)", "array_length({})")


@pytest.mark.parametrize(
    ("query", "rule"),
    [
        (GOOD.replace("count(*)", "count(*) * 0.5"), "decimal literal 0.5"),
        (GOOD.replace("count(*)", "count(*) * 1e3"), "decimal literal 1e3"),
        (GOOD.replace("count(*)", "count(*) * cast('0.5' as double)"), "decimal literal 0.5"),
        (GOOD.replace("count(*)", "cast(count(*) as decimal(18, 3))"), "cast to DECIMAL"),
        (GOOD.replace("count(*)", "cast(count(*) as float)"), "cast to"),
        (GOOD.replace("count(*)", "count(*) / 2"), "cast one side to double"),
        (GOOD.replace("count(*)", "max(case when cast(i.claim_count as double) > 1 then 3 end / 2)"), "cast one side"),
        (GOOD.replace("count(*)", "sum(cast(1 as double) / i.claim_count)"), "sum() of doubles"),
        (GOOD.replace("count(*)", "avg(cast(i.claim_count as double))"), "avg() of doubles"),
        (GOOD.replace("i.filing_year as", "filing_year as"), "has no table before it"),
        (GOOD.replace("order by i.unit", "order by unit"), "has no table before it"),
        (GOOD.replace("i.filing_year as", "x.filing_year as"), "nothing that is read here is called 'x'"),
        (GOOD.replace("count(*)", "max(i.claims)"), "'i' has no such column"),
        (GOOD.replace("select i.unit", "select i.*, i.unit"), "name the columns"),
        (GOOD.replace("item i", "items_of_yore i"), "no table of a release"),
        (GOOD.replace("item i", "item i join horizon using (cutoff_date)"), "say with `on`"),
        (GOOD.replace("item i", "item i natural join horizon h"), "say with `on`"),
        (GOOD.replace("item i", "item i full join horizon h on true"), "full join"),
        (GOOD.replace("item i", "item i cross join item i"), "name of its own"),
        (GOOD.replace("item i", "read_csv('x.csv') i"), "no table of a release"),
        (GOOD.replace("item i", "item i tablesample 10%"), "another result at each run"),
        (GOOD.replace("count(*)", "count(*) * random()"), "another result at each run"),
        (GOOD.replace("count(*)", "max(year(current_date))"), "another result at each run"),
        (GOOD.replace("count(*)", "max(now())"), "another result at each run"),
        (GOOD.replace("count(*)", "(select max(h.lag_months) from horizon h)"), "a query inside an expression"),
        (GOOD.replace("group by", "where i.unit in (select h.x from horizon h) group by"), "inside an expression"),
        (GOOD.replace(" order by i.unit, i.filing_year", ""), "not by its whole key"),
        (GOOD.replace("order by i.unit, i.filing_year", "order by i.unit"), "not by its whole key"),
        (BY_ITEM.format("i.claim_count"), "does not tell rows apart: i.item_id"),
        (GOOD.replace("group by i.unit, i.filing_year", "group by all"), "group by: name"),
        (GOOD.replace("group by i.unit, i.filing_year", "group by 1, 2"), "group by a number"),
        (GOOD.replace("count(*)", "any_value(i.claim_count)"), "picks one of equals"),
        (GOOD.replace("count(*)", "arbitrary(i.claim_count)"), "picks one of equals"),
        (GOOD.replace("count(*)", "arg_max(i.claim_count, i.filing_date)"), "picks one of equals"),
        (GOOD.replace("count(*)", "max_by(i.claim_count, i.filing_date)"), "picks one of equals"),
        (GOOD.replace("count(*)", "first(i.claim_count)"), "picks one of equals"),
        (GOOD.replace("count(*)", "mode(i.claim_count)"), "picks one of equals"),
        (LISTED.format("list(i.claim_count order by i.claim_count)").replace("array_length", "len"), "len()"),
        (LISTED.format("list(i.claim_count)"), "a list without list_sort(): equal rows are left, order by i.item_id"),
        (LISTED.format("list(i.claim_count order by i.claim_count)"), "order by i.item_id too"),
        (LISTED.format("string_agg(i.item_key, ',' order by i.filing_date)"), "order by i.item_id too"),
        (WINDOWED.format("row_number() over (partition by p.unit order by p.n desc)"), "order by p.organ"),
        (WINDOWED.format("row_number() over (order by p.n desc, p.organisation_number)"), "order by p.unit too"),
        (WINDOWED.format("lag(p.n) over (partition by p.unit order by p.n)"), "order by p.organisation_number too"),
        (WINDOWED.format("ntile(4) over (partition by p.unit order by p.n)"), "order by p.organisation_number too"),
        (WINDOWED.format("sum(p.n) over (order by p.n rows between 1 preceding and current row)"), "order by p.org"),
        (PLAIN.replace("placed p)", "placed p qualify row_number() over (order by p.n) = 1)"), "qualify"),
        (PLAIN.replace("placed p)", "placed p order by p.n limit 9)"), "limit: equal rows are left"),
        (PLAIN.replace("placed p)", "placed p limit 9)"), "limit: equal rows are left"),
        (PLAIN.replace("placed p)", "placed p union all select q.unit, q.n, 1 from placed q limit 9)"), "limit of a"),
        (PLAIN.replace("select p.unit", "select distinct on (p.n) p.unit"), "distinct on"),
        (TWICE, "no key can be seen"),
        (GOOD.replace("count(*) as value", "count(*) as number"), "the front matter says"),
        (GOOD.replace("count(*) as value", "count(*) as value, 1 as more"), "the front matter says"),
        (GOOD.replace("count(*) as value", "count(*) as value, 1 as value"), "two columns are called 'value'"),
        (GOOD.replace("count(*)", "count(*) + $top"), "parameter $top is not declared"),
        ("with recursive " + GOOD.replace("select", "a as (select 1 as x) select", 1), "with recursive"),
        ("delete from item", "one query"),
        ("select from where", "no SQL"),
    ],
)  # fmt: skip
def test_a_query_that_breaks_a_rule_is_refused(query: str, rule: str) -> None:
    with pytest.raises(DefinitionError, match=re.escape(rule)) as caught:
        parse("broken", indicator(query))
    assert re.match(r"indicators/sql/broken\.sql:\d+: ", str(caught.value))


@pytest.mark.parametrize(
    "query",
    [
        GOOD.replace("count(*)", "cast(count(*) as double) / 2"),
        GOOD.replace("count(*)", "sum(i.claim_count // 2)"),
        GOOD.replace("count(*)", "sum(cast(i.claim_count as double) order by i.item_id)"),
        LISTED.format("list_sort(list(i.claim_count))"),
        LISTED.format("list(i.claim_count order by i.claim_count, i.item_id)"),
        WINDOWED.format("row_number() over (partition by p.unit order by p.n desc, p.organisation_number)"),
        WINDOWED.format("rank() over (partition by p.unit order by p.n desc)"),
        WINDOWED.format("sum(p.n) over (partition by p.unit order by p.n)"),
        WINDOWED.format("1").replace("placed p)", "placed p order by p.organisation_number, p.unit limit 9)"),
        GOOD.replace("item i", "item i semi join item_node n on n.item_id = i.item_id"),
    ],
)
def test_a_query_that_keeps_the_rules_is_taken(query: str) -> None:
    assert parse("good", indicator(query)).query == query


def test_the_line_of_a_broken_rule_is_told() -> None:
    text = indicator(GOOD.replace("\ngroup by", "\n\nwhere i.claim_count > 0.5\ngroup by"))
    with pytest.raises(DefinitionError, match=r"broken\.sql:13: decimal literal"):
        parse("broken", text)
    assert text.splitlines()[12] == "where i.claim_count > 0.5"
    with pytest.raises(DefinitionError, match=r"broken\.sql:7: year_kind"):
        parse("broken", indicator(year_kind="leap"))


# -- each shipped indicator, broken in each way -----------------------------------------------------------

SHIPPED = sorted(load_all())


def refused(name: str, tree: exp.Select) -> str:
    found = load_all()[name]
    with pytest.raises(DefinitionError) as caught:
        check_query(name, tree.sql(dialect="duckdb"), key=found.key, columns=[c.name for c in found.columns])
    return str(caught.value)


def tree_of(name: str) -> exp.Select:
    tree = sqlglot.parse_one(load_all()[name].sql(), dialect="duckdb")
    assert isinstance(tree, exp.Select)
    return tree


@pytest.mark.parametrize("name", SHIPPED)
def test_each_column_needs_its_table(name: str) -> None:
    # A dozen of them, all over the query.
    count = len(list(tree_of(name).find_all(exp.Column)))
    for at in range(0, count, 1 + count // 12):
        tree = tree_of(name)
        column = list(tree.find_all(exp.Column))[at]
        column.set("table", None)
        assert "has no table before it" in refused(name, tree)


@pytest.mark.parametrize("name", SHIPPED)
def test_each_number_is_whole(name: str) -> None:
    for at in range(len(list(tree_of(name).find_all(exp.Literal)))):
        tree = tree_of(name)
        literal = list(tree.find_all(exp.Literal))[at]
        if literal.is_int and not isinstance(literal.parent, exp.Interval):
            literal.replace(exp.Literal.number(literal.name + ".0"))
            assert "decimal literal" in refused(name, tree)


@pytest.mark.parametrize("name", SHIPPED)
def test_each_term_of_the_key_is_needed_in_the_order(name: str) -> None:
    for column in load_all()[name].key:
        tree = tree_of(name)
        given = {each.alias_or_name: each.unalias().sql() for each in tree.selects}
        order = tree.args["order"]
        left = [each for each in order.expressions if each.this.sql() != given[column]]
        tree.set("order", exp.Order(expressions=left) if left else None)
        assert "not by its whole key" in refused(name, tree)


@pytest.mark.parametrize("name", SHIPPED)
def test_each_row_number_needs_all_its_order(name: str) -> None:
    numbers = [w for w in tree_of(name).find_all(exp.Window) if isinstance(w.this, exp.RowNumber)]
    for at in range(len(numbers)):
        tree = tree_of(name)
        window = [w for w in tree.find_all(exp.Window) if isinstance(w.this, exp.RowNumber)][at]
        window.args["order"].expressions[-1].pop()
        assert "equal rows are left" in refused(name, tree)


@pytest.mark.parametrize("name", SHIPPED)
def test_each_division_needs_its_cast(name: str) -> None:
    for at in range(len(list(tree_of(name).find_all(exp.Div)))):
        tree = tree_of(name)
        division = list(tree.find_all(exp.Div))[at]
        for cast in [c for c in division.find_all(exp.Cast) if c.to.is_type("double")]:
            cast.replace(cast.this)
        assert "cast one side to double" in refused(name, tree)


@pytest.mark.parametrize("name", SHIPPED)
def test_each_column_of_the_result_is_declared(name: str) -> None:
    for at in range(len(load_all()[name].columns)):
        tree = tree_of(name)
        tree.selects[at].replace(exp.alias_(tree.selects[at].unalias(), "another"))
        assert "the front matter says" in refused(name, tree)


@pytest.mark.parametrize(
    ("front", "rule"),
    [
        ({"source": ""}, "lacks source"),
        ({"colour": "red"}, "no key 'colour'"),
        ({"key": "[year, unit]"}, "begins with 'unit'"),
        ({"key": "[unit, month]"}, "is no column"),
        ({"columns": "[unit, year, valeu]"}, "has no label"),
        ({"year_kind": "leap"}, "year_kind"),
        ({"units": "[firm, publication]"}, "firms and patents never mix"),
        ({"parameters": "{top: no_such_rule}"}, "no rule"),
        ({"parameters": "{top: 1.5}"}, "whole number"),
        ({"parameters": "{top: true}"}, "whole number"),
        ({"parameters": "{top: 5}"}, "does not use the parameter $top"),
        ({"parameters": "[top]"}, "are a mapping"),
        ({"columns": "[unit, year, value, value]"}, "each once"),
        ({"key": "unit"}, "list of names"),
        ({"name_zh": "[名"}, "is no YAML"),
    ],
)
def test_front_matter_that_breaks_a_rule_is_refused(front: dict[str, str], rule: str) -> None:
    with pytest.raises(DefinitionError, match=re.escape(rule)) as caught:
        parse("broken", indicator(**front))
    assert re.match(r"indicators/sql/broken\.sql:\d+: ", str(caught.value))


@pytest.mark.parametrize("name", sorted(FRONT))
def test_nothing_of_the_front_matter_may_be_missing(name: str) -> None:
    with pytest.raises(DefinitionError, match=f"lacks {name}"):
        parse("broken", indicator(**{name: ""}))


def test_no_front_matter_at_all() -> None:
    with pytest.raises(DefinitionError, match="front matter"):
        parse("broken", GOOD)


def test_parameters_are_written_out() -> None:
    text = indicator(GOOD.replace("group by", "where i.claim_count <= $top and i.claim_count < $topmost group by"),
                     parameters="{top: 7, topmost: concentration_top}")  # fmt: skip
    assert "<= 7 and i.claim_count < 5" in parse("x", text).sql()


def test_a_kernel_turns_the_rows_of_the_query_into_the_indicator(monkeypatch: pytest.MonkeyPatch) -> None:
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
