"""From a doubt to another top list, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pingjiang import pipeline
from pingjiang.config import Settings
from pingjiang.engine import Lake, Session, Table
from pingjiang.errors import DefinitionError, LakeCorrupt, LakeError
from pingjiang.judging import Desk
from tests.judging.conftest import APPLICANTS, CHAIN
from tests.made import INCOPAT, incopat_row, write_csv

A, B, C, D, _ = APPLICANTS


def top(lake: Lake) -> dict[str, int]:
    [entry] = [each for each in pipeline.indicators(lake, names=["top_organisations"])["indicators"]
               if each["unit"] == "publication"]  # fmt: skip
    return {row["organisation"]: row["value"] for row in entry["rows"] if row.get("level", "entity") == "entity"}


def all_rows(lake: Lake, *but: str) -> dict[str, list[tuple[Any, ...]]]:
    """Rows of all tables. Items are told by what they count: their numbers are those of one release, in any order."""
    with Session(threads=1) as session:
        tables = lake.require_current().open(session)
        item = tables["item"].sql("select self_.item_id, self_.unit || ' ' || self_.item_key as item from self_")
        return {
            name: sorted((_by_key(rows, item) if "item_id" in rows.columns() else rows).rows(), key=repr)
            for name, rows in tables.items() if name not in but
        }  # fmt: skip


def _by_key(rows: Table, item: Table) -> Table:
    return rows.sql(
        "select i.item, self_.* exclude (item_id) from self_ left join i on i.item_id = self_.item_id", i=item
    )


def build(lake: Lake) -> pipeline.BuildResult:
    return pipeline.build(lake, CHAIN)


# -- the whole way -----------------------------------------------------------------------------------


def test_a_judgement_changes_the_top_list_and_its_undoing_restores_everything(lake: Lake, desk: Desk) -> None:
    before, tables = top(lake), all_rows(lake, "judgement")
    assert before == APPLICANTS
    told = desk.accept(A, B, "same", why="同一单位改名")
    assert top(lake) == before, "until the next build"
    assert not build(lake).unchanged
    assert top(lake) == {A: 10, C: 3, D: 2, "无关大学": 5}
    reason = f"judgement {told.added[0].judgement_id}"
    with Session(threads=1) as session:
        names = lake.require_current().open(session, "organisation_alias")["organisation_alias"].dicts()
    assert {row["name"]: row["reasons"] for row in names if len(row["reasons"]) > 1} == {
        A: ["words", reason],
        B: ["words", reason],
    }
    assert build(lake).unchanged, "of the same judgements"
    desk.undo(told.added[0].judgement_id)
    result = build(lake)
    assert (result.unchanged, result.judgements) == (False, {"rows": 2, "in_force": 0, "conflicts": [], "torn": 0})
    assert top(lake) == before
    assert all_rows(lake, "judgement") == tables


def test_a_judgement_makes_no_release_and_outlives_all_of_them(lake: Lake, desk: Desk, tmp_path: Path) -> None:
    lake.keep = 2
    releases = [release.id for release in lake.releases()]
    for number in range(60):
        desk.accept(A, f"某公司{number}", "different")
    assert [release.id for release in lake.releases()] == releases
    desk.accept(A, B, "same")
    for number in range(2):  # with what they build these are more than are kept
        rows = [incopat_row(100 + number, **{"申请人": "新的公司"})]
        pipeline.import_files([write_csv(tmp_path / f"{number}.csv", INCOPAT, rows)], lake)
        build(lake)
    assert not {release.id for release in lake.releases()} & set(releases)
    assert len(desk.history()["rows"]) == 61
    assert top(lake)[A] == 10


@pytest.mark.slow
def test_a_name_that_comes_later_wakes_its_judgement(lake: Lake, desk: Desk, tmp_path: Path) -> None:
    told = desk.accept(A, "合成半导体实验室", "same")
    assert desk.dormant(told.added) == ["合成半导体实验室"]
    build(lake)
    assert desk.history()["rows"][0]["occurs"] is False
    assert top(lake)[A] == 6
    rows = [incopat_row(200, **{"申请人": "合成半导体实验室"})]
    pipeline.import_files([write_csv(tmp_path / "b.csv", INCOPAT, rows)], lake)
    build(lake)
    assert top(lake)[A] == 7
    assert desk.history()["rows"][0]["occurs"] is True
    assert desk.dormant(told.added) == []


def test_conflicts_are_told_by_the_answer_the_history_and_the_build(lake: Lake, desk: Desk) -> None:
    desk.accept(A, B, "same")
    told = desk.accept(A, B, "different", subject="group", who="李娜")
    assert len(told.conflicts) == 1
    result = build(lake)
    assert result.judgements["conflicts"] == [told.conflicts[0].text()]
    assert top(lake) == APPLICANTS, "'different' counts as long as the conflict stands"
    assert [row["in_conflict"] for row in desk.history()["rows"]] == [True, True]
    with Session(threads=1) as session:
        kept = lake.require_current().open(session, "judgement")["judgement"].dicts()
    assert [(row["in_force"], row["in_conflict"], row["occurs"]) for row in kept] == [(True, True, True)] * 2


def test_a_release_says_up_to_which_judgement_it_was_built(lake: Lake, desk: Desk) -> None:
    desk.accept(A, B, "same")
    build(lake)
    assert desk.history()["since"] == 0
    first = lake.require_current()
    desk.accept(C, D, "same")
    assert desk.history()["since"] == 1
    build(lake)
    entries = pipeline.indicators(lake, names=["top_organisations"], release=first.id)["indicators"]
    [entry] = [entry for entry in entries if entry["unit"] == "publication"]
    entities = {row["organisation"]: row["value"] for row in entry["rows"] if row["level"] == "entity"}
    assert entities == {A: 10, C: 3, D: 2, "无关大学": 5}
    assert top(lake) == {A: 10, C: 5, "无关大学": 5}


# -- what is doubtful --------------------------------------------------------------------------------


def pairs_of(desk: Desk) -> list[tuple[str, str]]:
    return [(pair.name_a, pair.name_b) for pair in desk.pairs()[1]]


def test_doubtful_pairs_come_with_their_weight_and_their_evidence(desk: Desk) -> None:
    release, pairs, total = desk.pairs()
    assert release == "R" + release[1:]
    assert [(pair.name_a, pair.name_b, pair.families) for pair in pairs] == [(A, B, 4), (C, D, 2)]
    assert total == 2
    assert 0 < pairs[0].score < 1
    assert "拼写相近 · spelled alike" in pairs[0].reasons
    assert [each["publication_id"] for each in pairs[0].examples_a] == [f"CN{110000000 + at}A" for at in (1, 2, 3)]
    assert len(desk.pairs(1)[1]) == 1 and desk.pairs(1)[2] == 2


@pytest.mark.parametrize("verdict", ["same", "different", "unsure"])
def test_what_was_judged_is_doubtful_no_more_until_it_is_undone(lake: Lake, desk: Desk, verdict: str) -> None:
    told = desk.accept(B, A, verdict)
    assert pairs_of(desk) == [(C, D)]
    build(lake)
    assert pairs_of(desk) == [(C, D)]
    desk.undo(told.added[0].judgement_id)
    if verdict == "same":  # one organisation in what was built; two after the next build
        build(lake)
    assert pairs_of(desk) == [(A, B), (C, D)]


def test_what_follows_from_judgements_is_doubtful_no_more(desk: Desk) -> None:
    first = desk.accept(A, "无关大学", "same")
    desk.accept("无关大学", B, "different")
    assert pairs_of(desk) == [(C, D)]
    desk.undo(first.added[0].judgement_id)
    assert pairs_of(desk) == [(A, B), (C, D)]
    desk.accept(A, B, "different", subject="group")
    assert pairs_of(desk) == [(C, D)], "of two groups, so two entities"
    desk.accept(C, D, "same", subject="group")
    assert pairs_of(desk) == [(C, D)], "of one group, and still one entity or two"


# -- who, and what is refused ------------------------------------------------------------------------


def test_who_judges_is_given_or_set_or_the_account(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Desk(lake, settings=Settings.from_environment({"PINGJIANG_WHO": " 张伟 "})).who(None) == "张伟"
    desk = Desk(lake, settings=Settings.from_environment({}))
    assert desk.who("李娜") == "李娜"
    monkeypatch.setattr("pingjiang.judging.desk.os.getuid", lambda: 0)
    with pytest.raises(DefinitionError, match="shared account") as told:
        desk.who(None)
    assert "--who" in str(told.value.remedy)
    monkeypatch.setattr("pingjiang.judging.desk.os.getuid", lambda: 4_000_000_000)
    with pytest.raises(DefinitionError, match="not known who judges"):
        desk.who(None)


def test_where_there_is_no_lake_nothing_is_judged(tmp_path: Path) -> None:
    desk = Desk(Lake(tmp_path / "lake"), settings=Settings.from_environment({"PINGJIANG_WHO": "张伟"}))
    for attempt in (lambda: desk.accept("a", "b", "same"), lambda: desk.undo("abcd"), desk.history, desk.pairs):
        with pytest.raises(LakeError):
            attempt()
    assert list(tmp_path.iterdir()) == []


def test_a_log_that_was_altered_stops_all_and_is_restored(lake: Lake, desk: Desk) -> None:
    desk.accept(A, B, "same")
    build(lake)
    after = top(lake)
    desk.accept(C, D, "different")
    text = lake.judgements.read_text(encoding="utf-8")
    for damaged in (text.replace("same", "diff", 1), text.splitlines(keepends=True)[1], ""):
        lake.judgements.write_text(damaged, encoding="utf-8")
        for attempt in (desk.pairs, desk.history, lambda: desk.accept(A, C, "unsure"), lambda: build(lake)):
            with pytest.raises(LakeCorrupt, match="restore"):
                attempt()
        assert top(lake) == after, "the release stands"
        desk.restore()
        assert desk.history()["rows"][0]["verdict"] == "same"
        assert not desk.history()["conflicts"]
    assert build(lake).judgements["in_force"] >= 1
    assert top(lake) == after
