"""Strategic emerging industries: the vendor's labels by the table, and that wrong placing would be seen."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from pingjiang.config import Settings
from pingjiang.engine import Session
from pingjiang.evaluate import sei, sei_text
from pingjiang.evaluate.reading import read_labelled
from pingjiang.evaluate.task import Answer


@pytest.fixture(scope="module")
def known(samples: Path) -> Settings:
    return replace(Settings.from_environment(), samples=samples)


def measured(known: Settings, name: str, *, main_only: bool = False) -> Answer:
    [task] = [each for each in sei.TASKS if each.name == name]
    return sei.evaluate(task.path(known), known, main_only=main_only)


@pytest.mark.slow
def test_all_symbols_bring_the_labels(known: Settings) -> None:
    toyota = measured(known, "sei")
    assert (toyota["mode"], toyota["incomplete"], toyota["n"]) == ("symbol", False, 4173)
    assert toyota["exact_set"] >= 0.98
    assert toyota["exact_set"] > toyota["baseline"]["exact_set"] + 0.5
    # What strict does not assign it lists: nothing of mode symbol is dropped.
    assert 0 < toyota["strict"]["recall"] < 0.05
    assert toyota["strict"]["candidates"] > 5000


@pytest.mark.slow
def test_chatbots_too(known: Settings) -> None:
    assert measured(known, "sei_chatbot")["exact_set"] >= 0.98


@pytest.mark.slow
def test_text_wins_back_what_the_main_symbol_does_not_tell(known: Settings, tmp_path: Path) -> None:
    """On publications filed from 2018 on: what taught was filed in other years, and is no publication of the file."""
    later = tmp_path / "later.csv"
    columns = (*sei_text.TEXTS, *sei_text.KEYS, sei_text.LABEL)
    [task] = [each for each in sei.TASKS if each.name == "sei"]
    with Session(threads=1) as session, later.open("w", encoding="utf-8", newline="") as handle:
        rows = read_labelled(session, task.path(known), (*columns, sei_text.SYMBOLS), known).dicts()
        writer = csv.writer(handle)
        writer.writerow([*columns, sei_text.MAIN])
        for row in rows:
            if (row["申请日"] or "") >= "2018":
                main = (row[sei_text.SYMBOLS] or "").split(";")[0]
                writer.writerow([(row[name] or "").replace("\n", " ") for name in columns] + [main])
    told = sei.evaluate(later, known)
    assert (told["incomplete"], told["mode"]) == (True, "symbol+text")
    assert 0.5 <= told["symbol"]["recall"] <= 0.6
    assert told["recall"] >= told["symbol"]["recall"] + 0.05
    assert told["precision"] >= 0.90
    for half in told["text"]["halves"]:
        assert half["taught"] > 1000
    [task] = [each for each in sei.TASKS if each.name == "sei_chatbot"]
    whole = sei.evaluate(task.path(known), known, main_only=True)
    assert whole["recall"] >= whole["symbol"]["recall"] + 0.02
    assert whole["precision"] >= 0.90


def teaching(number: int, year: int, text: str, label: str, main: str = "A01B1/00") -> sei_text.Row:
    return sei_text.Row(f"r{number}", (main,), text, frozenset({f"CN{number}A"}), year, label)


def test_text_adds_what_it_learnt_from_other_years_alone() -> None:
    """Made up: cars that speak bear 1.5, others do not; rows of the scored years teach the opposite, unheard."""
    words = {True: "语音 对话 识别", False: "齿轮 轴承 润滑"}
    both, one = "5.1 (x),1.5 (x)", "5.1 (x)"
    taught = [teaching(at, 2010 + at % 4, f"车辆 {words[at % 2 == 0]} {at}", (both, one)[at % 2]) for at in range(80)]
    liars = [teaching(100 + at, 2020, f"车辆 {words[at % 2 == 0]} {at}", (one, both)[at % 2]) for at in range(80)]
    scored = [teaching(300 + at, 2020, f"车辆 {words[at % 2 == 0]} 新 {at}", "") for at in range(20)]
    labels = {row.id: sei.label_codes(row.label) for row in (*taught, *liars)}
    by_table = {row.id: frozenset({"5.1"}) for row in (*taught, *liars, *scored)}
    added, told = sei_text.win_back(scored, [*taught, *liars], labels, by_table)
    assert [half["taught"] for half in told["halves"]] == [80]
    speaking = {row.id for row in scored if "语音" in row.text}
    assert set(added) <= speaking
    assert len(added) > len(speaking) / 2
    unknown = [replace(row, year=None) for row in scored]
    assert sei_text.win_back(unknown, taught, labels, by_table)[0] == {}


def test_training_leaves_out_the_file_and_what_it_shares(known: Settings, tmp_path: Path) -> None:
    [openai] = known.samples.glob("**/incopat_openai_73.xlsx") if known.samples else []
    folder = tmp_path / "samples"
    folder.mkdir()
    (folder / "incopat_one.xlsx").write_bytes(openai.read_bytes())
    (folder / "incopat_two.xlsx").write_bytes(openai.read_bytes())
    own = replace(known, samples=folder)
    with Session(threads=1) as session:
        rows = sei_text.read_rows(session, folder / "incopat_one.xlsx", own, "")
        assert len(rows) == 73
        assert sei_text.training_rows(session, folder / "incopat_one.xlsx", rows, own) == []
        rest = sei_text.training_rows(session, folder / "incopat_one.xlsx", rows[:40], own)
        assert 0 < len(rest) <= 33
        assert not {key for row in rest for key in row.keys} & {key for row in rows[:40] for key in row.keys}


@pytest.mark.slow
def test_without_texts_the_table_stands_alone_and_is_incomplete(known: Settings, tmp_path: Path) -> None:
    [task] = [each for each in sei.TASKS if each.name == "sei"]
    bare = tmp_path / "bare.csv"
    with Session(threads=1) as session, bare.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow([sei_text.MAIN, sei_text.LABEL])
        for row in read_labelled(session, task.path(known), ("IPC", sei_text.LABEL), known).dicts():
            writer.writerow([(row["IPC"] or "").split(";")[0], row[sei_text.LABEL] or ""])
    main = sei.evaluate(bare, known)
    assert (main["incomplete"], main["mode"], main["text"]) == (True, "symbol", None)
    assert 0.5 <= main["recall"] <= 0.6
    assert main["precision"] >= 0.98


def test_a_file_with_the_main_symbol_alone_implies_it(known: Settings, tmp_path: Path) -> None:
    file = tmp_path / "main.csv"
    file.write_text("IPC主分类,新兴产业分类\nG06N3/08,1.5 (人工智能)\nA01B1/00,\n", encoding="utf-8")
    told = sei.evaluate(file, known)
    assert (told["incomplete"], told["n"], told["unlabelled"]["n"]) == (True, 1, 1)


def test_scores_are_counted() -> None:
    labels = {"a": frozenset({"1.1", "1.2"}), "b": frozenset({"2.1"}), "c": frozenset({"3.1"})}
    found = {"a": frozenset({"1.1"}), "b": frozenset({"2.1"}), "x": frozenset({"9.1"})}
    told = sei.score(labels, found)
    assert (told["n"], told["precision"], told["recall"], told["exact_set"]) == (3, 1.0, 0.5, 1 / 3)
    assert sei.score({}, found)["precision"] is None
