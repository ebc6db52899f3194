"""Exports, read back by other libraries: the rows of the release, all of them, as they are."""

from __future__ import annotations

import datetime
import fcntl
import json
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from openpyxl.utils.escape import unescape

from pingjiang import pipeline
from pingjiang.config import Settings
from pingjiang.documents.tables import joined
from pingjiang.engine import Lake, Session
from pingjiang.errors import DefinitionError, LakeCorrupt, LakeError, NotALake
from pingjiang.exchange import described
from pingjiang.exchange.export import export, write_xlsx
from pingjiang.exchange.part import Chosen, Part
from pingjiang.schema import load_tables, table
from tests.exchange.conftest import Office
from tests.exchange.made import publish, record_row
from tests.made import incopat_file


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A lake of records with texts of every kind, unknown values, empty texts and lists, entries in entries."""
    lake = Lake(tmp_path_factory.mktemp("odd") / "lake")
    publish(lake, [record_row(number) for number in range(3_000)])
    return lake


def rows_of(lake: Lake, name: str) -> list[dict[str, Any]]:
    """The rows of the current release by the engine alone, in the order of the key."""
    with Session(threads=1) as session:
        order = ", ".join(f'"{column}"' for column in table(name).key)
        return lake.require_current().open(session)[name].dicts(order_by=order)


def plain(value: Any) -> Any:
    """As JSON has it."""
    return json.loads(json.dumps(value, default=lambda day: day.isoformat()))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().split(b"\n")[:-1]]


# -- JSON lines --------------------------------------------------------------------------------------


def test_json_lines_hold_every_row_nested_and_none_is_not_nothing(odd: Lake, tmp_path: Path) -> None:
    told = export(odd, "jsonl", tmp_path / "out", chosen=Chosen(tables=["record"]))
    found = lines(tmp_path / "out" / "record.jsonl")
    assert told.rows == {"record": 3_000}
    assert found == plain(rows_of(odd, "record"))
    assert {None, ""} <= {row["title"] for row in found}
    assert {None, 0, 2} == {None if row["applicants"] is None else len(row["applicants"]) for row in found}


def test_the_schema_beside_json_lines_describes_them(office: Office, tmp_path: Path) -> None:
    export(office.lake, "jsonl", tmp_path / "out")
    told = json.loads((tmp_path / "out" / "schema.json").read_text("utf-8"))
    release = office.lake.require_current()
    assert (told["release"], told["cutoff"]) == (release.id, "2020-03-17")
    assert set(told["tables"]) == set(release.tables) == set(load_tables())
    for name, entry in told["tables"].items():
        wanted = load_tables()[name]
        assert (entry["zh"], entry["en"], tuple(entry["key"])) == (wanted.zh, wanted.en, wanted.key)
        assert [(c["name"], c["zh"], c["en"]) for c in entry["columns"]] == [
            (c.name, c.zh, c.en) for c in wanted.columns
        ]
        [file] = entry["files"]
        rows = lines(tmp_path / "out" / file)
        assert len(rows) == entry["rows"] == release.rows(name)
        assert all(list(row) == [column["name"] for column in entry["columns"]] for row in rows)


# -- Parquet -----------------------------------------------------------------------------------------


def test_parquet_is_the_files_of_the_release_as_they_are(office: Office, tmp_path: Path) -> None:
    export(office.lake, "parquet", tmp_path / "out")
    release, told = office.lake.require_current(), json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    schema = json.loads((tmp_path / "out" / "schema.json").read_text("utf-8"))
    for name, files in release.tables.items():
        for path, file, entry in zip(schema["tables"][name]["files"], files, told["tables"][name], strict=True):
            assert (tmp_path / "out" / path).read_bytes() == (office.lake.folder / file.path).read_bytes()
            assert (entry["path"], entry["sha256"], entry["rows"]) == (path, file.sha256, file.rows)
            assert pq.read_table(tmp_path / "out" / path).column_names == [
                column["name"] for column in schema["tables"][name]["columns"]
            ]


def test_types_told_are_those_of_the_schema() -> None:
    """The words for Arrow's types against the engine's own, for every column of every table."""
    with Session(threads=1) as session:
        for name, wanted in load_tables().items():
            made = session.from_rows(wanted.engine_columns(), [])
            told = {field.name: described.engine_type(field.type) for field in made.arrow().schema}
            assert told == described.schema_columns(name) == {c: k.replace('"', "") for c, k in made.columns().items()}


# -- Excel -------------------------------------------------------------------------------------------


def cell(value: Any) -> Any:
    """A value as openpyxl gives it back: joined, days as times, early ones as text, nothing for an empty text."""
    value = joined(value)
    if isinstance(value, datetime.date):
        early = value < datetime.date(1900, 3, 1)
        return value.isoformat() if early else datetime.datetime.combine(value, datetime.time())
    return None if value == "" else value


def test_excel_holds_every_row_and_text_stays_text(odd: Lake, tmp_path: Path) -> None:
    export(odd, "xlsx", tmp_path / "out.xlsx", chosen=Chosen(tables=["record"]))
    book = openpyxl.load_workbook(tmp_path / "out.xlsx", read_only=True)
    head, *found = book["record"].iter_rows(values_only=True)
    columns = table("record").columns
    assert head == tuple(f"{column.zh} {column.name}" for column in columns)
    wanted = [tuple(cell(value) for value in row.values()) for row in rows_of(odd, "record")]
    # Excel reads _x005F_ as an underscore that does not begin a code; openpyxl leaves that to its caller.
    read = [tuple(unescape(value) if isinstance(value, str) else value for value in row) for row in found]
    assert [tuple(None if value == "" else value for value in row) for row in read] == wanted


def test_excel_tells_of_release_schema_and_sources(office: Office, tmp_path: Path) -> None:
    told = export(office.lake, "xlsx", tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert book.sheetnames == ["release", "schema", *sorted(load_tables())]
    release = str(list(book["release"].iter_rows(values_only=True)))
    assert all(text in release for text in (told.release, "2020-03-17", "导出.csv", "未说明 · not told"))
    schema = [row[:2] for row in book["schema"].iter_rows(min_row=2, values_only=True) if row[1]]
    assert schema == [(name, column.name) for name, each in sorted(load_tables().items()) for column in each.columns]


def test_a_large_table_takes_further_sheets_and_the_answer_says_so(odd: Lake, tmp_path: Path) -> None:
    from pingjiang.exchange.export import Exported

    told = Exported("", "xlsx", "")
    release = odd.require_current()
    with Part(release, Chosen(tables=["record"]), Settings.from_environment({})) as part:
        write_xlsx(part, tmp_path / "out.xlsx", told, lambda *_: None, last_row=1_400)
    assert told.sheets == {"record": ["record", "record (2)", "record (3)"]}
    book = openpyxl.load_workbook(tmp_path / "out.xlsx", read_only=True)
    keys = [row[4] for tab in told.sheets["record"] for row in book[tab].iter_rows(min_row=2, values_only=True)]
    assert keys == [row["key"] for row in rows_of(odd, "record")]
    assert "record (3)" in str(list(book["release"].iter_rows(values_only=True)))


# -- a part ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_rows_of_chosen_publications(office: Office, tmp_path: Path, kind: str) -> None:
    wanted = {"CN110000003A", "CN110000007A"}
    told = export(office.lake, kind, tmp_path / "out", chosen=Chosen(publications=["CN 110000003 A", "CN110000007A"]))
    assert (told.rows["publication"], told.rows["application"], told.rows["record"]) == (2, 2, 2)
    assert "item" in told.left_out and "item" not in told.rows and told.rows["publication_inventor"] == 4
    for name in ("publication", "record", "publication_applicant"):
        found = (
            lines(tmp_path / "out" / f"{name}.jsonl")
            if kind == "jsonl"
            else pq.read_table(tmp_path / "out" / name / "0001.parquet").to_pylist()
        )
        assert {row["publication_id"] for row in found} == wanted
    assert json.loads((tmp_path / "out" / "schema.json").read_text("utf-8"))["chosen"]["publications"]


def test_rows_of_a_node_are_those_of_all_below_it(office: Office, tmp_path: Path) -> None:
    with Session(threads=1) as session:
        session.name_tables(office.lake.require_current().open(session))
        [(node, publications)] = session.rows(
            "select c.ancestor_id, count(distinct p.publication_id) from publication_node p "
            "join chain_closure c on c.node_id = p.node_id join chain_node n on n.node_id = c.ancestor_id "
            "where n.level = 1 group by 1 order by 2 desc, 1 limit 1"
        )
    told = export(office.lake, "jsonl", tmp_path / "out", chosen=Chosen(nodes=[node], tables=["publication"]))
    assert told.rows == {"publication": publications}


def test_what_is_not_there_is_refused_by_name(office: Office, odd: Lake, tmp_path: Path) -> None:
    for chosen, says in (
        (Chosen(tables=["nonsense"]), "nonsense"),
        (Chosen(publications=["CN999999999A"]), "CN999999999A"),
        (Chosen(publications=["???"]), "无法辨认"),
        (Chosen(nodes=["nonsense"]), "环节"),
        (Chosen(publications=["CN110000003A"], tables=["item"]), "item"),
    ):
        with pytest.raises(DefinitionError, match=says):
            export(office.lake, "jsonl", tmp_path / "out", chosen=chosen)
    with pytest.raises(LakeError, match="R2000"):
        export(office.lake, "jsonl", tmp_path / "out", chosen=Chosen(release="R2000.01-1"))
    with pytest.raises(LakeError, match="build"):
        export(odd, "jsonl", tmp_path / "out", chosen=Chosen(publications=["CN110000003A"]))
    with pytest.raises(NotALake):
        export(Lake(tmp_path / "none"), "xlsx", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_kept_release_is_exported_as_it_was(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    first = pipeline.import_files([incopat_file(tmp_path / "a.csv", 3)], lake).release
    pipeline.import_files([incopat_file(tmp_path / "b.csv", 5)], lake)
    told = export(lake, "jsonl", tmp_path / "old", chosen=Chosen(release=first))
    assert (told.release, told.rows["record"]) == (first, 3)
    assert export(lake, "jsonl", tmp_path / "new").rows["record"] == 5
    [source] = json.loads((tmp_path / "old" / "schema.json").read_text("utf-8"))["sources"]
    assert (source["path"], source["format"]) == ("a.csv", "incopat")


# -- where it lands ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["xlsx", "jsonl", "parquet", "package"])
def test_nothing_of_others_is_replaced(office: Office, tmp_path: Path, kind: str) -> None:
    chosen, settings = Chosen(tables=["horizon"]), Settings.from_environment({"PINGJIANG_KEYS": str(tmp_path / "keys")})

    def write(out: Path, overwrite: bool) -> None:
        export(office.lake, kind, out, chosen=chosen, settings=settings, overwrite=overwrite)

    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "mine.txt").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for overwrite in (False, True):
        with pytest.raises(DefinitionError, match=r"没有覆盖.*--overwrite"):
            write(tmp_path / "folder", overwrite)
    with pytest.raises(DefinitionError, match="没有覆盖"):
        write(tmp_path / "link", False)
    assert (tmp_path / "folder" / "mine.txt").read_text() == "mine"
    write(tmp_path / "below" / "中文 名", False)
    with pytest.raises(DefinitionError, match="没有覆盖"):
        write(tmp_path / "below" / "中文 名", False)
    write(tmp_path / "below" / "中文 名", True)
    assert [path.name for path in (tmp_path / "below").iterdir()] == ["中文 名"]
    with pytest.raises(DefinitionError):
        write(Path("/"), True)


def test_two_do_not_write_one_file(office: Office, tmp_path: Path) -> None:
    with (tmp_path / ".out.lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(DefinitionError, match=r"另一进程.*Another process"):
            export(office.lake, "jsonl", tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert export(office.lake, "jsonl", tmp_path / "out").rows
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("kind", ["parquet", "package", "jsonl"])
def test_a_lake_that_was_changed_is_not_exported(tmp_path: Path, kind: str) -> None:
    lake = Lake(tmp_path / "lake")
    publish(lake, [record_row(1)])
    file = tmp_path / "lake" / lake.require_current().tables["record"][0].path
    file.write_bytes(file.read_bytes() + b"\0")
    settings = Settings.from_environment({"PINGJIANG_KEYS": str(tmp_path / "keys")})
    with pytest.raises(LakeCorrupt):
        export(lake, kind, tmp_path / "out", settings=settings)
    assert not list(tmp_path.glob("*out*")) + list(tmp_path.glob(".*out*"))
