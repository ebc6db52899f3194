"""One SQL, several engines, the same numbers: every indicator and every step of a build."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from benchmarks.generate import release as generated
from benchmarks.generate.register import register
from tools import servers

from pingjiang import pipeline
from pingjiang.chain.place import place
from pingjiang.chain.tree import load as load_chain
from pingjiang.config import Settings
from pingjiang.engine import Lake, Session, open_engine
from pingjiang.engine.translate import to_spark
from pingjiang.errors import DefinitionError, EngineLost, EngineUnavailable, QueryFailed
from pingjiang.identities import Items
from pingjiang.indicators import registry
from pingjiang.indicators.registry import load as load_indicator
from pingjiang.indicators.run import run
from pingjiang.judgements import Log, accept, judge
from pingjiang.query import parse as parse_query
from pingjiang.query.corpus import prepare
from pingjiang.query.sets import expand
from pingjiang.query.sql import to_sql
from pingjiang.schema import load_tables, table
from tests.chain import made as made_chains
from tests.chain.classifier.test_applied import PAPERS
from tests.chain.classifier.test_kept import trained
from tests.faults.disks import good, unnamed
from tests.faults.processes import children
from tests.legal import made as legal
from tests.made import INCOPAT, incopat_row, write_csv
from tests.query import made as made_queries
from tests.query import test_conformance as conformance

pytestmark = pytest.mark.xdist_group("second_engine")
SETTINGS = Settings.from_environment({})
PUBLICATIONS = 52_200
ITEM_TABLES = (
    "item", "counted_organisation", "item_organisation", "organisation_year", "organisation_total", "item_node",
    "item_place", "item_district",
    "item_country",
    "item_in_several_countries", "located",
)  # fmt: skip


@contextmanager
def installed() -> Iterator[None]:
    """Where a server is missing: fail in CI, skip elsewhere."""
    try:
        yield
    except servers.NotInstalled as missing:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(str(missing))


@pytest.fixture(scope="session")
def sail_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with installed(), servers.sail(tmp_path_factory.mktemp("sail")) as url:
        yield url


@pytest.fixture(scope="session")
def spark_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with installed(), servers.spark(tmp_path_factory.mktemp("spark")) as url:
        yield url


@pytest.fixture(params=["sail", pytest.param("spark", marks=pytest.mark.slow)])
def url(request: pytest.FixtureRequest) -> str:
    """Sail; and Spark standalone among the slow tests."""
    return str(request.getfixturevalue(f"{request.param}_url"))


def test_these_tests_share_one_worker(request: pytest.FixtureRequest) -> None:
    """Else every worker starts every server. pytest-xdist says in a test's name which group it sees."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        pytest.skip("one process has all tests")
    assert request.node.nodeid.endswith("@second_engine"), "this pytest and this pytest-xdist know no groups"


# -- indicators --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All tables of a generated release, a folder a table."""
    folder = tmp_path_factory.mktemp("release")
    rows = generated.generate(folder, generated.Parameters(PUBLICATIONS, organisations=20_000))
    assert rows["publication"] >= 50_000
    with Session(memory_limit="2GB") as session:
        tables = generated.open_release(session, folder)
        counted = ("publication", "application", "simple_family", "extended_family", "organisation",
                   "publication_applicant", "publication_node", "publication_place")  # fmt: skip
        items = Items(session, **{name: tables[name] for name in counted})
        for name in ITEM_TABLES:
            (folder / name).mkdir()
            shaped = session.sql(f"select {table(name).select_list()} from made", made=getattr(items, name))
            session.copy_to_parquet(shaped.name, folder / name / "0.parquet")
        (folder / "legal_state").mkdir()
        states = session.sql(_STATES.format(columns=table("legal_state").select_list()), a=tables["application"])
        session.copy_to_parquet(states.name, folder / "legal_state" / "0.parquet")
    return folder


# Synthetic states, by the day of filing.
_STATES = """
with made as (
  select
    a.application_id, date '2024-12-31' as at_date, 'made' as state,
    case day(a.filing_date) % 4 when 0 then 'in_force' when 1 then 'pending' when 2 then 'dead' else 'unknown' end
      as life,
    cast(null as date) as since_date, cast(null as varchar) as kind, cast(null as varchar) as source_row,
    false as computed, cast(null as varchar[]) as overlays, cast(null as varchar) as last_state,
    cast(null as date) as last_date, cast(null as date) as known_date
  from a
)
select {columns} from made
"""


def computed(folder: Path, engine: str | None) -> dict[str, list[dict[str, Any]]]:
    """Every indicator that the registry knows, over the release in a folder."""
    names = [path.name for path in sorted(folder.iterdir()) if path.name in load_tables()]
    with open_engine(SETTINGS, folder, engine) as session:
        session.name_tables({name: session.read_parquet(sorted((folder / name).iterdir())) for name in names})
        return {name: run(load_indicator(name), session).to_pylist() for name in registry.names()}


@pytest.fixture(scope="module")
def by_duckdb(release: Path) -> dict[str, list[dict[str, Any]]]:
    return computed(release, None)


def differences(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Cells that differ: floats by more than 1e-9 of their size, all else by anything, its type too."""
    found: list[tuple[Any, ...]] = []
    if len(ours) != len(theirs):
        found.append(("rows", len(ours), len(theirs)))
    for number, (one, other) in enumerate(zip(ours, theirs, strict=False)):
        for column in one:
            a, b = one[column], other[column]
            close = isinstance(a, float) and isinstance(b, float) and math.isclose(a, b, rel_tol=1e-9, abs_tol=0)
            if not close and (type(a) is not type(b) or a != b):
                found.append((number, column, a, b))
    return found


def test_every_indicator_agrees(release: Path, by_duckdb: dict[str, list[dict[str, Any]]], url: str) -> None:
    by_cluster = computed(release, url)
    assert by_cluster.keys() == by_duckdb.keys() == set(registry.names())
    told = {name: differences(by_duckdb[name], by_cluster[name])[:3] for name in by_duckdb}
    assert {name: found for name, found in told.items() if found} == {}
    assert all(by_duckdb.values())


def test_a_difference_would_be_seen() -> None:
    row = {"unit": "publication", "year": 2020, "value": 7, "share": 0.5}
    assert differences([row], [row]) == []
    for column, other in (("year", 2021), ("value", 7.0), ("share", 0.5 + 1e-8), ("unit", None), ("share", None)):
        assert len(differences([row], [{**row, column: other}])) == 1
    assert len(differences([row], [])) == 1


# -- the build ---------------------------------------------------------------------------------------


def concluded(lake: Lake) -> dict[str, list[dict[str, Any]]]:
    """All concluded tables of the current release, sorted. Items bear their keys, not their numbers."""
    release = lake.require_current()
    with Session() as session:
        tables = release.open(session)
        named = session.materialise("select i.item_id, i.unit || ' ' || i.item_key as item from i", i=tables["item"])
        found: dict[str, list[dict[str, Any]]] = {}
        for name, rows in tables.items():
            if name in pipeline.SAID_TABLES:
                continue
            keyed = "select n.item, r.* exclude (item_id) from r join n on n.item_id = r.item_id"
            shown = session.sql(keyed, r=rows, n=named) if "item_id" in rows.columns() else rows
            found[name] = sorted(shown.dicts(), key=_without_floats)
    return found


def _without_floats(row: dict[str, Any]) -> tuple[str, list[float]]:
    """What a row is sorted by: a float may differ in its last digit, and must not change the order of rows."""
    floats = [value for value in row.values() if isinstance(value, float)]
    return repr([value for value in row.values() if not isinstance(value, float)]), floats


def agree(lake: Lake, url: str) -> dict[str, list[dict[str, Any]]]:
    """Build with both engines and compare every table, row by row. Returns what the embedded one made."""
    chain = load_chain("semiconductors")
    pipeline.build(lake, chain)
    ours = concluded(lake)
    copy = Lake(lake.folder.with_name(lake.folder.name + "-copy"))
    subprocess.run(["cp", "-r", str(lake.folder), str(copy.folder)], check=True)
    (copy.folder / "CURRENT").write_text(f"{lake.releases()[1].id}\n")
    built = pipeline.build(copy, chain, engine=url)
    assert built.engine == url and not built.unchanged
    release = copy.require_current()
    release.verify()
    assert release.info["engine"] == url
    theirs = concluded(copy)
    assert ours.keys() == theirs.keys()
    told = {name: differences(ours[name], theirs[name])[:3] for name in ours}
    assert {name: found for name, found in told.items() if found} == {}
    assert not list(copy.folder.glob("engine-*"))
    return ours


def made_lake(folder: Path) -> Lake:
    parties = ("Ａ电子（苏州）有限公司; É. Müller & Söhne GmbH", "三星電子株式会社; 三星電器株式会社", "")
    numbers = [(f"CN1{n // 2:08d}{'AB'[n % 2]}", f"CN2018{10000000 + n // 2}", parties[n % 3]) for n in range(60)]
    rows = [
        incopat_row(n, **{"公开（公告）号": publication, "申请号": application, "申请人": applicants})
        for n, (publication, application, applicants) in enumerate(numbers)
    ]
    lake = Lake(folder / "lake")
    # Chains, circles, own numbers and impossible days; with the numbers above they make families of every kind.
    claims = [
        ("EP3500001A1", "EP19000001", "2019-01-01", "CN201810000001; CN201810000002 2018-05-01"),
        ("EP3500008A1", "EP19000008", "2019-02-01", "CN201810000001; CN201810000002 2018-05-01"),
        ("EP3500002A1", "EP19000002", "2019-01-02", "EP19000001; EP19000002"),
        ("EP3500003A1", "EP19000003", "2019-01-02", "EP19000004"),
        ("EP3500004A1", "EP19000004", "2019-01-02", "EP19000003"),
        ("EP3500005A1", "EP18000005", "2018-01-02", "EP19000001; EP19000003"),
        ("US11000006B2", "US16/000006", "2019-03-01", "US2018722623A 2018-02-01; PCT/CN2018/123456"),
        ("US11000007B2", "US15/722623", "2018-02-01", ""),
        *((f"EP36000{n:02}A1", f"EP200000{n:02}", "2020-01-01", f"EP200000{n - 1:02}") for n in range(10, 24)),
    ]
    header = ("公开号", "申请号", "申请日", "优先权号")
    files = [write_csv(folder / "a.csv", INCOPAT, rows), write_csv(folder / "b.csv", header, claims)]
    register(folder / "register.csv", 40, nodes=["刻蚀", "衬底与外延", "film-deposition"])
    told = (legal.first_export(folder / "l1.csv"), legal.later_export(folder / "l2.csv"))
    pipeline.import_files([*files, folder / "register.csv", *told], lake)
    pairs = (("É. Müller & Söhne GmbH", "三星電子株式会社", "same"), ("三星電子株式会社", "不在其中", "different"))
    accept(Log(lake.judgements), [judge("organisation", a, b, verdict, who="张伟") for a, b, verdict in pairs])
    return lake


@pytest.mark.slow
def test_the_whole_build_agrees(tmp_path: Path, url: str) -> None:
    made = agree(made_lake(tmp_path), url)
    assert all(made[name] for name in ("publication", "legal_fact", "legal_term", "legal_unknown_code"))
    assert made["register_firm"]
    assert {reason for reason in ("itself", "later", "circular") if reason in str(made["priority_flag"])} == {
        "itself", "later", "circular",
    }  # fmt: skip
    assert len(made["application"]) > len(made["simple_family"]) > len(made["extended_family"])


@pytest.mark.slow
def test_the_commands_run_on_a_cluster(tmp_path: Path, sail_url: str) -> None:
    lake = str(made_lake(tmp_path).folder)

    def told(*words: str) -> dict[str, Any]:
        command = [sys.executable, "-m", "pingjiang", *words, "--lake", lake, "--json"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        return dict(json.loads(done.stdout))

    built = told("build", "--engine", sail_url)
    assert built["engine"] == sail_url and built["release"] == Lake(Path(lake)).require_current().id
    assert all(isinstance(seconds, float) for seconds in built["seconds"].values()) and "documents" in built["seconds"]
    assert told("indicators", "--engine", sail_url) == told("indicators")


@pytest.mark.slow
def test_a_lake_with_updates_agrees(tmp_path: Path, url: str) -> None:
    """What an import concluded is put together with what was built by the same SQL."""
    lake = made_lake(tmp_path)
    pipeline.build(lake, load_chain("semiconductors"))
    pipeline.import_files([write_csv(tmp_path / "b.csv", INCOPAT, [incopat_row(n) for n in range(500, 540)])], lake)
    ours, theirs = pipeline.indicators(lake), pipeline.indicators(lake, engine=url)
    assert ours["updated"] == theirs["updated"] != ours["release"]
    for one, other in zip(ours["indicators"], theirs["indicators"], strict=True):
        assert one.keys() == other.keys()
        assert differences(one["rows"], other["rows"]) == [], one["name"]


@pytest.mark.slow
def test_the_build_of_real_exports_agrees(tmp_path: Path, samples: Path, url: str) -> None:
    lake = Lake(tmp_path / "lake")
    files = (
        "cn_exports/autodriving/patentics_apollo_51.csv", "cn_exports/ai/incopat_openai_73.xlsx",
        "cn_exports/misc/cnipa_disc_format_199_with_address.xlsx", "formats/uspto/xml2014/US08926509.xml",
        "formats/uspto/xml2014/US08927118.xml", "formats/espacenet_search_results.xls",
        "formats/epo/ops/legal/example_3.xml", "formats/uspto/peds/app_1_input.json",
    )  # fmt: skip
    pipeline.import_files([samples / name for name in files], lake)
    made = agree(lake, url)
    assert all(made[name] for name in ("claim", "citation", "publication_inventor", "publication_place"))


@pytest.mark.slow
def test_the_build_of_many_real_exports_agrees(tmp_path: Path, samples: Path, sail_url: str) -> None:
    lake = Lake(tmp_path / "lake")
    files = (
        "cn_exports/autodriving/incopat_toyota_5048.xlsx", "cn_exports/autodriving/patentics_aptiv_3384.csv",
        "cn_exports/autodriving/patentics_thundersoft_511_with_address.xlsx", "formats/lens2021_3779.csv",
        "drones/derwent_1_500.ciw", "formats/patentscope_10000.csv",
        "patentsview/semiconductor_H01L_patents_18902.csv.gz",
    )  # fmt: skip
    pipeline.import_files([samples / name for name in files], lake)
    agree(lake, sail_url)


# -- one expression ----------------------------------------------------------------------------------

EXPRESSIONS = (
    "regexp_replace(t.a, '^a', 'X')", "regexp_replace(t.a, 'a', 'X', 'g')",
    "regexp_replace(t.a, '(a)(b)?', '[\\2\\1]', 'g')",
    "regexp_replace(t.a, '[^\\p{L}\\p{N}&+]+', ' ', 'g')", "regexp_extract(t.a, '([a-z]+)b', 1)",
    "regexp_extract(t.a, 'b.')", "regexp_matches(t.a, '^a')", "regexp_full_match(t.a, 'a|ab')",
    "regexp_matches(t.a, '[\\x{4E00}-\\x{9FFF}]')", "regexp_extract(t.a, '(?:^|[^\\p{Latin}])(b[\\p{Latin}]*)', 1)",
    "string_split(t.a, ',')", "string_split(t.a, '|')", "string_split_regex(t.a, '[,;]+')",
    "strip_accents(t.a)", "lower(strip_accents(nfc_normalize(t.a)))", "translate(t.a, 'ab', 'x')",
    "try_strptime(t.a, '%Y%m%d')", "try_cast(t.a as bigint)", "cast(t.n as varchar)", "t.n // 3", "t.n % 3",
    "cast(t.n as double) / 3", "coalesce(nullif(t.a, ''), '?')", "list_sort(list_distinct([t.a, 'b', t.a]))",
    "array_to_string([t.a, 'x'], ';')", "list_transform([1, 2], lambda x: x + t.n)", "md5(t.a)", "left(t.a, 2)",
    "length(t.a)", "t.a is distinct from 'a'", "starts_with(t.a, 'a')", "substr(t.a, 2)", "trim(t.a)",
    "t.d - to_months(cast(t.n as integer))", "year(t.d)", "date_diff('day', date '2020-02-01', t.d)",
    "cast(t.d as varchar)", "least(t.n, 2)", "greatest(t.n, null)", "cast('x' as enum('x', 'y'))", "t.a || '!'",
    "concat_ws('-', t.a, null, 'z')", "lpad(cast(t.n as varchar), 3, '0')", "case when t.n > 1 then 'b' end",
    "list_filter([t.n, 7], lambda x: x > 3)", "contains(t.a, 'b')", "[t.n, 5][2]", "array_length([t.n, 5])",
)  # fmt: skip
WORDS = (
    "", "a", "ab", "aab,b;c", "Ünïcödé Straße", "电池|Battery", "20200131", "20209999", "a.b$1\\", " b  c ",
    "\u304b\u3099が", "e\u0301É", "12", "x" * 50, "AT&T+", "𠀀b",
)  # fmt: skip


def evaluated(folder: Path, engine: str | None, *queries: str) -> list[list[tuple[Any, ...]]]:
    with open_engine(SETTINGS, folder, engine) as session:
        columns = {"i": "BIGINT", "a": "VARCHAR", "n": "BIGINT", "d": "DATE"}
        days = ["2020-03-31", "1999-12-31", None]
        rows = [(i, word, i % 5, days[i % 3]) for i, word in enumerate((*WORDS, None))]
        given = session.from_rows(columns, rows)
        return [session.rows(query, t=given) for query in queries]


def test_expressions_mean_the_same(tmp_path: Path, url: str) -> None:
    queries = [f"select t.i, {expression} as x from t order by t.i" for expression in EXPRESSIONS]
    ours, theirs = evaluated(tmp_path, None, *queries), evaluated(tmp_path, url, *queries)
    for expression, one, other in zip(EXPRESSIONS, ours, theirs, strict=True):
        told = [(row[0], _day(row[1])) for row in one], [(row[0], _day(row[1])) for row in other]
        assert told[0] == told[1], expression


def _day(value: Any) -> Any:
    """A day as a day: engines differ in whether a day less some months is one, or midnight of it."""
    return value.date() if hasattr(value, "date") else value


QUERIES = (
    "select unnest([t.a, 'z']) as x, generate_subscripts([t.a, 'z'], 1) as place, t.i from t order by t.i, place",
    "select t.n, median(t.i) as m, quantile_cont(t.i, cast(9 as double) / 10) as q from t group by t.n order by t.n",
    "select t.n, arg_min(t.a, {'none': t.d is null, 'day': t.d, 'i': t.i}) as x from t group by t.n order by t.n",
    "select t.n, arg_max(t.i, t.i) filter (where t.i < 9) as x, bool_or(t.i > 12) as b, count_if(t.i > 3) as c "
    "from t group by t.n order by t.n",
    "select t.n, string_agg(t.a, ',' order by t.i) as x from t group by t.n order by t.n",
    "select u.* exclude (d) from (select t.* replace (t.n + 1 as n) from t) u order by u.i",
    "select t.i from t anti join (select 3 as n) o on o.n = t.n order by t.i",
    "select t.i from t semi join (select 3 as n) o on o.n = t.n order by t.i",
    "select count(*) as c, max(x.r) as m from (select row_number() over () as r from t) x",
    "select t.n, t.i from t order by t.d nulls last, t.i limit 5",
    "with recursive r(k) as (select 1 union all select r.k + 1 from r where r.k < 5) select sum(r.k) as s from r",
)  # fmt: skip


def test_queries_mean_the_same(tmp_path: Path, url: str) -> None:
    queries = [query for query in QUERIES if "recursive" not in query]
    for query, one, other in zip(
        queries, evaluated(tmp_path, None, *queries), evaluated(tmp_path, url, *queries), strict=True
    ):
        rows = [[{str(at): cell for at, cell in enumerate(row)} for row in found] for found in (one, other)]
        assert differences(*rows) == [], query


@pytest.mark.parametrize("text", ["regexp_replace(t.a, 'a', 'b')", "regexp_replace(t.a, '(a)', '\\1b', 'g')"])
def test_what_engines_say_differently_is_refused(text: str) -> None:
    with pytest.raises(DefinitionError, match="no SQL for both engines"):
        to_spark(f"select {text} as x from t", {})


def test_queries_of_the_language_agree(tmp_path: Path, sail_url: str) -> None:
    """Every third query of the conformance file, on the tables of a made-up release."""
    queries = conformance.ANSWERED[::3]
    with open_engine(SETTINGS, tmp_path, sail_url) as session:
        tables = prepare(session, made_queries.tables(session, made_queries.rows()))
        kept = {name: table.materialise() for name, table in tables.items()}
        for case in queries:
            found = session.rows(to_sql(expand(parse_query(case["query"]), conformance.SETS)), **kept)
            assert {conformance.SHORT[row[0]] for row in found} == set(case["hits"]), case["query"]


def test_rules_that_ask_a_classifier_agree(tmp_path: Path, sail_url: str) -> None:
    path = tmp_path / "chain.yaml"
    rules: list[dict[str, Any]] = [{"symbols": ["H01M10"], "classifier": "battery/solid"}, {"query": "TI=vehicle"}]
    text = made_chains.chain_text({"leaf": rules, "other": [{"classifier": "battery/solid"}]})
    path.write_text(text, encoding="utf-8")
    found = []
    for url in (None, sail_url):
        with open_engine(SETTINGS, tmp_path, url) as session:
            tables = made_chains.tables(session, PAPERS)
            placed = place(load_chain(path), *tables, {"battery": trained(count=60)})
            found.append(placed["publication_node"].rows(order_by="node_id, publication_id"))
    assert found[0] == found[1]
    assert any("classifier battery/solid" in reason for *_, reason in found[0])


def test_accents_fall_away_alike(tmp_path: Path, sail_url: str) -> None:
    letters = [chr(code) for code in (*range(0x21, 0x483), *range(0x48A, 0x530), *range(0x1E00, 0x2000))]
    texts = ["".join(letters[at : at + 50]) for at in range(0, len(letters), 50)]
    found = []
    for engine in (None, sail_url):
        with open_engine(SETTINGS, tmp_path, engine) as session:
            given = session.from_rows({"a": "VARCHAR"}, [(text,) for text in texts])
            found.append(session.rows("select t.a, strip_accents(t.a) as b from t order by t.a", t=given))
    differing = [
        (char, one, other)
        for (text, ours), (_, theirs) in zip(*found, strict=True)
        for char, one, other in zip(text, ours, theirs, strict=False)
        if len(ours) == len(theirs) and one != other
    ]
    assert [text for (text, ours), (_, theirs) in zip(*found, strict=True) if ours != theirs and not differing] == []
    assert differing == []


# -- faults ------------------------------------------------------------------------------------------


def test_an_engine_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match=r"连不上.*cannot be reached"):
        open_engine(SETTINGS, tmp_path, f"sc://127.0.0.1:{servers.free_port()}")
    with pytest.raises(DefinitionError, match="sc://HOST:PORT"):
        open_engine(SETTINGS, tmp_path, "spark://127.0.0.1:7077")


def test_sql_that_the_engine_refuses_is_told_with_it(tmp_path: Path, sail_url: str) -> None:
    with open_engine(SETTINGS, tmp_path, sail_url) as session, pytest.raises(QueryFailed, match="nothing") as told:
        session.rows("select x.a from nothing x")
    assert "JVM" not in str(told.value)


def test_a_cluster_that_does_not_see_the_folder_is_told(tmp_path: Path) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    apart = ["unshare", "--mount", "--", "sh", "-c", f'mount -t tmpfs none "{hidden}" && exec "$@"', "sh"]
    if subprocess.run([*apart, "true"], capture_output=True).returncode != 0:
        pytest.skip("mount namespaces need root")
    with servers.sail(tmp_path, apart) as url, pytest.raises(EngineUnavailable, match=r"看不到.*does not see"):
        open_engine(SETTINGS, hidden, url)
    assert list(hidden.iterdir()) == []


@pytest.mark.slow
def test_a_cluster_that_dies_while_it_works_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The client by itself would try for more than ten minutes."""
    monkeypatch.setattr("pingjiang.engine.spark._RETRIES", 3)
    lake = made_lake(tmp_path)
    before, others = lake.require_current().id, set(children(os.getpid()))
    with installed(), servers.sail(tmp_path) as url:
        [server] = set(children(os.getpid())) - others

        def dies(step: str, _done: int, _total: int) -> None:
            if step == "chain":
                os.killpg(server, signal.SIGKILL)

        with pytest.raises(
            EngineLost, match=r"中途不再应答.*answers no more \(.+\); the last good release stands"
        ) as told:
            pipeline.build(lake, load_chain("semiconductors"), engine=url, progress=dies)
    assert told.value.exit_code == 1 and told.value.remedy
    assert "RPC that terminated" not in str(told.value)
    assert good(lake.require_current()) == before
    assert unnamed(lake) == set() and not list(lake.folder.glob("engine-*"))
    assert pipeline.build(lake, load_chain("semiconductors")).rows["publication"]


@pytest.mark.slow
def test_a_build_killed_on_a_cluster_leaves_the_last_release(tmp_path: Path, sail_url: str) -> None:
    lake = made_lake(tmp_path)
    before = lake.require_current().id
    command = [sys.executable, "-m", "pingjiang", "build", "--lake", str(lake.folder), "--engine", sail_url]
    for seconds in (1.5, 3.0):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(seconds)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        current = lake.require_current()
        current.verify()
        assert current.id == before or "built" in current.info
    made = subprocess.run([*command, "--json"], capture_output=True, text=True, check=True)
    assert f'"engine": "{sail_url}"' in made.stdout and '"seconds"' in made.stdout
    lake.require_current().verify()
