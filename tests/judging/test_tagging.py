"""Lists, their sheets, agreement and adjudication on a small lake: nothing that a person said is lost or made up."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from typer.testing import CliRunner

from pingjiang import judgements as kept
from pingjiang import pipeline
from pingjiang.chain.classifier.kept import with_chosen
from pingjiang.chain.tree import load
from pingjiang.cli import app
from pingjiang.config import Settings
from pingjiang.engine import Lake
from pingjiang.errors import DefinitionError, InputRefused, LakeCorrupt
from pingjiang.judgements import Log
from pingjiang.judging.sample_sheet import VERDICTS
from pingjiang.judging.tag_lists import TagList, tag_of
from pingjiang.judging.tagging import TagDesk
from tests.made import write_csv

TAGS = [tag_of("solid=固态|solid state"), tag_of("cooling=冷却|cooling")]
Rows = list[list[Any]]


@pytest.fixture
def tagging(lake: Lake) -> TagDesk:
    return TagDesk(lake, settings=Settings.from_environment({"PINGJIANG_WHO": "王芳"}))


@pytest.fixture
def told(tagging: TagDesk) -> TagList:
    return tagging.create("电池", TAGS, experts=["张伟", "李娜"], double=0.5)


def edit(path: Path, change: Callable[[list[Any], Rows], tuple[list[Any], Rows] | None]) -> Path:
    """Give header and rows of a sheet to `change`, as a spreadsheet would, and save what it makes."""
    book = openpyxl.load_workbook(path)
    page = book.active
    cells = [[cell.value for cell in row] for row in page.iter_rows()]
    at = next(number for number, row in enumerate(cells) if str(row[0]).startswith("编号"))
    header, rows = cells[at], cells[at + 1 :]
    header, rows = change(header, rows) or (header, rows)
    page.delete_rows(at + 1, len(cells))
    for row in [header, *rows]:
        page.append(row)
    book.save(path)
    return path


def column(header: list[Any], tag: str) -> int:
    return next(at for at, label in enumerate(header) if f"‹{tag}›" in str(label))


def answer(path: Path, verdict: Callable[[str, str], str | None]) -> Path:
    """Answer every cell by (publication, tag)."""

    def change(header: list[Any], rows: Rows) -> None:
        for row in rows:
            for tag in ("solid", "cooling"):
                said = verdict(row[2], tag)
                row[column(header, tag)] = None if said is None else VERDICTS[said]

    return edit(path, change)


def export(tagging: TagDesk, path: Path, who: str | None = None) -> Path:
    tagging.export("电池", path, who=who, overwrite=True)
    return path


# -- lists -------------------------------------------------------------------------------------------


def test_a_list_is_shared_out_and_half_of_it_twice(told: TagList) -> None:
    twice = [item for item in told.items if len(item.coders) == 2]
    assert len(told.items) == 20 and len(twice) == 10
    assert {who for item in told.items for who in item.coders} == {"张伟", "李娜"}
    assert abs(len(told.of("张伟")) - len(told.of("李娜"))) <= 1


def test_a_sample_is_drawn_the_same_by_anybody(tagging: TagDesk) -> None:
    one, two = (tagging.create(name, TAGS, sample=7, seed="s") for name in ("a", "b"))
    other = tagging.create("c", TAGS, sample=7, seed="t")
    numbers = [[item.publication_id for item in told.items] for told in (one, two, other)]
    assert numbers[0] == numbers[1] != numbers[2] and one.drawn["matching"] == 20


def test_a_query_says_what_is_in_a_list(tagging: TagDesk) -> None:
    assert len(tagging.create("大学", TAGS, query="PA=无关大学").items) == 5
    with pytest.raises(DefinitionError, match="Nothing was found"):
        tagging.create("无", TAGS, query="PA=没有这家")


@pytest.mark.parametrize(
    "bad",
    [
        {"tags": []}, {"tags": [TAGS[0], TAGS[0]]}, {"name": "a/b"}, {"experts": ["root"]},
        {"double": 0.5}, {"double": 0.5, "experts": ["张伟"]},
    ],
)  # fmt: skip
def test_a_list_that_makes_no_sense_is_refused(tagging: TagDesk, bad: dict[str, Any]) -> None:
    given = {"name": "x", "tags": TAGS} | bad
    with pytest.raises(DefinitionError):
        tagging.create(given.pop("name"), given.pop("tags"), **given)
    assert tagging.lists() == []


def test_a_list_is_not_replaced_and_a_damaged_one_is_told(tagging: TagDesk, told: TagList, lake: Lake) -> None:
    with pytest.raises(DefinitionError):
        tagging.create("电池", TAGS)
    assert tagging.named("电池") == told
    (lake.folder / "tagging" / "电池.json").write_text("{", encoding="utf-8")
    with pytest.raises(LakeCorrupt):
        tagging.named("电池")


# -- sheets ------------------------------------------------------------------------------------------


def test_a_sheet_comes_back_whatever_was_done_to_its_rows(tagging: TagDesk, told: TagList, tmp_path: Path) -> None:
    said = {(item.publication_id, tag): random.Random(f"{item}{tag}").choice(["yes", "no", "unsure", None])
            for item in told.items for tag in ("solid", "cooling")}  # fmt: skip
    path = answer(export(tagging, tmp_path / "a.xlsx", "张伟"), lambda number, tag: said[number, tag])
    gone: list[str] = []

    def disorder(header: list[Any], rows: Rows) -> tuple[list[Any], Rows]:
        random.Random(4).shuffle(rows)
        gone.extend(row[2] for row in rows[:3])
        order = list(range(len(header)))
        random.Random(5).shuffle(order)  # whole columns moved, and one of their own inserted
        return [*(header[at] for at in order), "我的列"], [[*(row[at] for at in order), "字"] for row in rows[3:]]

    receipt = tagging.take(edit(path, disorder))
    own = {item.publication_id for item in told.of("张伟")} - set(gone)
    expected = {(tag, number): verdict for (number, tag), verdict in said.items() if number in own and verdict}
    made = tagging.codings(told)
    assert {key: of["张伟"] for key, of in made.said.items()} == expected
    assert (receipt.added, receipt.rejected, receipt.ignored) == (len(expected), 0, ["我的列"])
    assert receipt.absent == len(told.items) - len(own)
    again = tagging.take(path)
    assert (again.added, again.unchanged) == (0, len(expected))


def test_what_was_edited_is_told_by_row_and_column(tagging: TagDesk, told: TagList, tmp_path: Path) -> None:
    path = answer(export(tagging, tmp_path / "a.xlsx", "张伟"), lambda number, tag: "yes")

    def spoil(header: list[Any], rows: Rows) -> None:
        rows[0][2] = "CN999A"  # a number
        rows[1][0] = "T-000000000000"  # an id
        rows[2][column(header, "solid")] = "大概"
        rows[3][header.index("标引人 who")] = "root"
        rows[4][1] = "别的任务"
        rows.append(["", "电池", "CN1A", "插入", "是", "否", None, None, None, None])
        rows.append([*rows[5][:4], "否", *rows[5][5:]])  # copied, and said otherwise

    receipt = tagging.take(edit(path, spoil))
    found = {(each.column, each.value) for each in receipt.rejects}
    assert ("公开号 publication", "CN999A") in found and ("编号 id", "T-000000000000") in found
    assert (
        (TAGS[0].label, "大概") in found and ("标引人 who", "root") in found and ("标引任务 list", "别的任务") in found
    )
    assert len([each for each in receipt.rejects if "不同结论" in each.reason]) == 2
    assert receipt.rejected == 8 and receipt.rows == len(told.of("张伟")) + 2
    assert all("·" in each.reason for each in receipt.rejects if each.column != "标引人 who")
    assert receipt.added == 2 * receipt.taken


def test_an_edited_heading_is_refused_and_a_deleted_column_is_told(
    tagging: TagDesk, told: TagList, tmp_path: Path
) -> None:
    def rename(header: list[Any], rows: Rows) -> None:
        header[column(header, "solid")] = "固体"

    path = answer(export(tagging, tmp_path / "a.xlsx", "张伟"), lambda number, tag: "yes")
    with pytest.raises(InputRefused, match="固体"):
        tagging.take(edit(path, rename))
    assert not Log(tagging._lake.judgements).read().rows

    def cut(header: list[Any], rows: Rows) -> tuple[list[Any], Rows]:
        at = column(header, "solid")
        return header[:at] + header[at + 1 :], [row[:at] + row[at + 1 :] for row in rows]

    path = answer(export(tagging, tmp_path / "b.xlsx", "张伟"), lambda number, tag: "yes")
    receipt = tagging.take(edit(path, cut))
    assert receipt.missing == ["solid"] and receipt.added == receipt.taken


def test_another_file_is_no_sheet(tagging: TagDesk, told: TagList, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("公开号,标题\nCN1A,x\n", encoding="utf-8")
    with pytest.raises(InputRefused, match="tag export"):
        tagging.take(path)


def test_a_sheet_shows_what_a_person_said_and_nobody_else(tagging: TagDesk, told: TagList, tmp_path: Path) -> None:
    tagging.take(answer(export(tagging, tmp_path / "a.xlsx", "张伟"), lambda number, tag: "yes"))
    seen: dict[str, set[Any]] = {}

    def look(header: list[Any], rows: Rows) -> None:
        seen["cells"] = {row[column(header, "solid")] for row in rows}

    edit(export(tagging, tmp_path / "b.xlsx", "张伟"), look)
    assert seen["cells"] == {VERDICTS["yes"]}
    edit(export(tagging, tmp_path / "c.xlsx", "李娜"), look)
    assert seen["cells"] == {None}


# -- agreement and adjudication ----------------------------------------------------------------------


def coded(tagging: TagDesk, tmp_path: Path) -> None:
    """张伟 says yes to all; 李娜 says no to the cooling of half of them."""
    tagging.take(answer(export(tagging, tmp_path / "a.xlsx", "张伟"), lambda number, tag: "yes"))
    tagging.take(
        answer(
            export(tagging, tmp_path / "b.xlsx", "李娜"),
            lambda number, tag: "no" if tag == "cooling" and int(number[-3:-1]) % 2 else "yes",
        )
    )


def test_where_people_differ_there_is_no_label_until_it_is_adjudicated(
    tagging: TagDesk, told: TagList, tmp_path: Path
) -> None:
    coded(tagging, tmp_path)
    made = tagging.codings(told)
    open_ones = made.open()
    both = {item.publication_id for item in told.items if len(item.coders) == 2}
    assert open_ones and set(open_ones) <= both and all(set(of) == {"cooling"} for of in open_ones.values())
    assert not set(open_ones) & set(made.labels()["cooling"])
    found = {row["tag"]: row for row in made.agreement(told)}
    assert found["solid"]["n"] == 10 and found["solid"]["kappa"] is None  # all answers are of one kind
    assert found["cooling"]["kappa"] == pytest.approx(0.0)  # one who always says yes agrees by chance alone
    path = tmp_path / "open.xlsx"
    assert tagging.export_open("电池", path) == len(open_ones)
    with pytest.raises(InputRefused, match="adjudicate --import"):
        tagging.take(path)

    def decide(header: list[Any], rows: Rows) -> None:
        for row in rows:
            assert row[column(header, "solid")] == "—" and "李娜 否 no" in row[header.index("各人意见 said")]
            row[column(header, "cooling")] = "否"

    receipt = tagging.take(edit(path, decide), adjudication=True)
    after = tagging.codings(told)
    assert receipt.added == len(open_ones) and after.open() == {}
    assert all(after.labels()["cooling"][number] is False for number in open_ones)
    assert after.agreement(told) == made.agreement(told)  # what the experts said stays


def test_a_decision_can_be_undone_and_what_was_said_before_holds_again(
    tagging: TagDesk, told: TagList, tmp_path: Path
) -> None:
    coded(tagging, tmp_path)
    before = tagging.codings(told).open()
    number = next(iter(before))
    [row] = tagging.say("电池", number, "冷却", "yes", adjudication=True, why="读了全文").added
    assert number not in tagging.codings(told).open()
    kept.undo(Log(tagging._lake.judgements), row.judgement_id, who="王芳")
    assert tagging.codings(told).open() == before
    with pytest.raises(DefinitionError, match="does not hold"):
        tagging.say("电池", "CN1A", "冷却", "yes")


def test_who_changes_their_mind_counts_once(tagging: TagDesk, told: TagList) -> None:
    number = told.items[0].publication_id
    for verdict in ("yes", "unsure", "no"):
        tagging.say("电池", number, "solid", verdict, who="张伟")
    made = tagging.codings(told)
    assert made.said["solid", number] == {"张伟": "no"} and made.labels()["solid"] == {number: False}


# -- the classifier ----------------------------------------------------------------------------------


def test_trained_suggested_extended_and_built(tagging: TagDesk, lake: Lake, tmp_path: Path) -> None:
    told = tagging.create("少", TAGS, sample=14)
    with pytest.raises(DefinitionError, match="Too few labels"):
        tagging.train("少")
    for at, item in enumerate(told.items[:12]):
        tagging.say("少", item.publication_id, "solid", "yes" if at % 3 == 0 else "no")
    made, left = tagging.train("少")
    assert made.model.tags == ("solid",) and left == {"cooling": {"yes": 0, "no": 0}}
    assert tagging.train("少")[0].sha256 == made.sha256
    found = tagging.suggest("少", limit=3)
    coded_ones = {item.publication_id for item in told.items[:12]}
    assert len(found) == 3 and not coded_ones & {row["publication_id"] for row in found}
    gaps = [abs(row["score"] - row["threshold"]) for row in found]
    assert gaps == sorted(gaps)
    before = {item.publication_id for item in told.items}
    longer = tagging.extend("少", [row["publication_id"] for row in found])
    assert {item.publication_id for item in longer.items} >= before
    with pytest.raises(DefinitionError, match="no number"):
        tagging.set_threshold("少", "solid", float("nan"))
    tagging.set_threshold("少", "固态", -100.0, why="全要")
    _, rows = tagging.thresholds("少", "solid")
    assert [row["documents"] for row in rows if row.get("in_force")] == [20]
    assert tagging.train("少")[0].threshold("solid") == -100.0  # what people set stays
    path = lake.folder / "classifiers" / "少.json"
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(LakeCorrupt, match="tag train"):
        tagging.suggest("少")
    tagging.train("少")
    tagging.set_threshold("少", "固态", -100.0)
    chain = tmp_path / "chain.yaml"
    chain.write_text(
        "chain: c\nversion: '1'\nname: {zh: 链, en: c}\nnodes:\n- id: leaf\n  name: {zh: 叶, en: leaf}\n"
        "  definition: {zh: 叶, en: leaf}\n  rules: [{classifier: 少/solid}]\n",
        encoding="utf-8",
    )
    release = pipeline.build(lake, load(chain))
    assert release.rows["publication_node"] == 20 - 8  # all but those that people said no of
    assert release.rows["judgement"] == 12
    assert pipeline.build(lake, load(chain)).unchanged
    tagging.set_threshold("少", "solid", 100.0)
    rebuilt = pipeline.build(lake, load(chain))
    assert not rebuilt.unchanged and rebuilt.rows["publication_node"] == 4  # what people said yes of, and no more


def test_a_chain_whose_model_is_not_there_is_not_built(lake: Lake, tmp_path: Path) -> None:
    chain = tmp_path / "chain.yaml"
    chain.write_text(
        "chain: c\nversion: '1'\nname: {zh: 链, en: c}\nnodes:\n- id: leaf\n  name: {zh: 叶, en: leaf}\n"
        "  definition: {zh: 叶, en: leaf}\n  rules: [{classifier: 无/solid}]\n",
        encoding="utf-8",
    )
    before = lake.require_current().id
    with pytest.raises(DefinitionError, match="tag train"):
        pipeline.build(lake, load(chain))
    assert lake.require_current().id == before


# -- commands ----------------------------------------------------------------------------------------


def test_the_commands_make_the_round(lake: Lake, tmp_path: Path) -> None:
    def run(*words: str) -> str:
        found = CliRunner().invoke(app, ["tag", *words, "--lake", str(lake.folder)], catch_exceptions=False)
        assert found.exit_code == 0, found.output
        return found.output

    assert "20 件" in run("create", "x", "--tag", "t=标签|tag", "--expert", "张伟", "--expert", "李娜", "--double", "1",
                         "--due", "2026-12-31", "--who", "王芳")  # fmt: skip
    for who, name in (("张伟", "a"), ("李娜", "b")):
        path = tmp_path / f"{name}.xlsx"
        run("export", "x", str(path), "--expert", who)

        def change(header: list[Any], rows: Rows, who: str = who) -> None:
            for at, row in enumerate(rows):
                row[column(header, "t")] = "是" if at % 2 or (who == "李娜" and at == 0) else "否"

        edit(path, change)
        assert "采用 taken 20" in run("import", str(path))
    assert "kappa 0.9" in run("kappa", "x")
    assert "待裁定 open 1" in run("adjudicate", "x")
    assert "2026-12-31" in run("status") and '"open": 1' in run("status", "x", "--json")
    assert "查准 precision" in run("train", "x")
    assert "有效 in force" in run("threshold", "x", "t") and "threshold" in run("threshold", "x", "t", "--json")
    assert '"suggested"' in run("suggest", "x", "--json")


def test_what_is_cited_by_what_bears_a_tag_is_suggested(tagging: TagDesk, lake: Lake, tmp_path: Path) -> None:
    told = tagging.create("引证", TAGS)
    one, two, three = (item.publication_id for item in told.items[:3])
    header = ["application_number", "publication_number", "cited_patents", "citing_patents", "dwpi_family_numbers"]
    rows = [
        ["US16/000001", "US11000001B2", f"{one};{two}", "", ""],
        ["US16/000002", "US11000002B2", one, "", ""],
        ["US16/000003", "US11000003B2", three, "", ""],
    ]
    pipeline.import_files([write_csv(tmp_path / "cited.csv", header, rows)], lake)
    pipeline.build(lake, load("semiconductors"))
    for number, verdict in ((one, "yes"), (two, "yes"), (three, "no")):
        tagging.say("引证", number, "solid", verdict)
    found = {row["publication_id"]: row["links"] for row in tagging.suggest_cited("引证", "固态")}
    assert found == {"US11000001B2": 2, "US11000002B2": 1}
    assert [row["publication_id"] for row in tagging.suggest_cited("引证", "solid", 1)] == ["US11000001B2"]


def test_exclusive_tags_are_one_at_most(tagging: TagDesk, lake: Lake, tmp_path: Path) -> None:
    told = tagging.create("单选", TAGS, exclusive=True)
    path = tmp_path / "a.xlsx"
    tagging.export("单选", path)
    numbers = [item.publication_id for item in told.items]

    def fill(header: list[Any], rows: Rows) -> None:
        for row in rows:
            at = numbers.index(row[2])
            row[column(header, "solid" if at % 2 else "cooling")] = "是"
            if at == 0:
                row[column(header, "solid")] = "是"

    receipt = tagging.take(edit(path, fill))
    assert receipt.rejected == 1 and "互斥" in receipt.rejects[0].reason
    labels = tagging.codings(told).labels()
    assert labels["solid"] == {number: bool(numbers.index(number) % 2) for number in numbers[1:]}
    assert all(labels["solid"][number] != labels["cooling"][number] for number in numbers[1:])
    made, _ = tagging.train("单选")
    scores = np.array([[0.9, 0.8], [0.2, 0.95], [-9.0, -9.0], [np.nan, np.nan]])
    chosen = {tag: {"value": 0.5, "who": "王芳", "why": None} for tag in made.model.tags}
    assert with_chosen(made, chosen).taken(scores).tolist() == [[True, False], [False, True], [False] * 2, [False] * 2]
    both = replace(with_chosen(made, chosen), exclusive=False)
    assert both.taken(scores).tolist() == [[True, True], [False, True], [False] * 2, [False] * 2]


# -- one publication at a time -----------------------------------------------------------------------


def test_all_tags_of_a_publication_are_said_and_undone_together(tagging: TagDesk, told: TagList) -> None:
    one, two = (item.publication_id for item in told.of("张伟")[:2])
    tagging.code("电池", one, {"solid": "yes", "cooling": "no"}, who="张伟")
    tagging.code("电池", two, {"solid": "no", "cooling": "unsure"}, who="张伟")
    assert {row.b for row in tagging.undo_last("电池", who="张伟")} == {two}
    assert {number for _, number in tagging.codings(told).said} == {one}
    assert len(tagging.undo_last("电池", who="张伟")) == 2 and tagging.undo_last("电池", who="张伟") == []
    foreign = next(item.publication_id for item in told.items if "张伟" not in item.coders)
    with pytest.raises(DefinitionError):
        tagging.code("电池", foreign, {"solid": "yes"}, who="张伟")


def test_yes_of_one_is_no_of_the_others_where_tags_exclude_each_other(tagging: TagDesk) -> None:
    told = tagging.create("互斥", TAGS, exclusive=True)
    number = told.items[0].publication_id
    tagging.code("互斥", number, {"solid": "yes"}, who="张伟")
    tagging.code("互斥", number, {"cooling": "yes"}, who="张伟")
    assert {tag: of["张伟"] for (tag, _), of in tagging.codings(told).said.items()} == {"solid": "no", "cooling": "yes"}
    with pytest.raises(DefinitionError):
        tagging.code("互斥", number, {"cooling": "yes", "solid": "yes"}, who="张伟")
