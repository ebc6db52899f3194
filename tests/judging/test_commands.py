"""The commands as a user gives them, on a terminal and off it."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pingjiang.engine import Lake
from pingjiang.judgements import Log
from tests.commands import pingjiang
from tests.judging.conftest import APPLICANTS

A, B, C, D, _ = APPLICANTS
WHO = {"PINGJIANG_WHO": "张伟"}


def told(*arguments: str | Path) -> Any:
    done = pingjiang("identities", *arguments, "--json", **WHO)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_contract_of_review_accept_undo_and_list(lake: Lake, tmp_path: Path) -> None:
    options = ("--lake", lake.folder)
    review = told("review", *options)
    assert (review["total"], len(review["pairs"])) == (2, 2)
    assert {"row_id", "level", "name_a", "name_b", "score", "reasons", "families", "examples_a"} <= set(
        review["pairs"][0]
    )
    accepted = told("accept", A, B, "--verdict", "same", "--subject", "organisation", "--why", "同址", *options)
    [row] = accepted["added"]
    assert (row["who"], row["why"], accepted["dormant"], accepted["conflicts"]) == ("张伟", "同址", [], [])
    undone = told("undo", row["judgement_id"][:8], "--who", "李娜", *options)
    assert (undone["undoes"], undone["who"]) == (row["judgement_id"], "李娜")
    history = told("list", *options)
    assert [each["in_force"] for each in history["rows"]] == [False, False]
    exported = told("review", "--export", tmp_path / "a.xlsx", *options)
    assert exported["pairs"] == 2
    receipt = told("review", "--import", tmp_path / "a.xlsx", *options)
    assert (receipt["read"], receipt["accepted"], receipt["unchanged"], receipt["rejected"]) == (2, 0, 2, 0)
    assert told("restore", *options) == {"rows": 0, "lost": 0, "kept": None}


def test_what_is_shown_names_pair_evidence_and_what_to_do(lake: Lake) -> None:
    options = ("--lake", lake.folder)
    shown = pingjiang("identities", "review", *options).stdout
    assert A in shown and "CN110000001A" in shown and "共 2 对待判断" in shown and "2 pairs to judge" in shown
    pingjiang("identities", "accept", A, "[bold]不在", "--verdict", "same", *options, **WHO)
    shown = pingjiang(
        "identities", "accept", A, "[bold]不在", "--verdict", "different", "--who", "李娜", *options
    ).stdout
    assert "not in the data" in shown and "冲突" in shown and "[bold]不在" in shown
    listed = pingjiang("identities", "list", *options).stdout
    assert listed.count("in conflict") == 2 and "dormant" in listed and "rows since the last build" in listed
    with lake.judgements.open("ab") as handle:
        handle.write(b'{"half')
    assert "6 bytes that were never finished" in pingjiang("identities", "list", *options).stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("accept", "甲", "甲", "--verdict", "same"), "two names are one"),
        (("accept", "甲", "乙", "--verdict", "yes"), "is not one of"),
        (("accept", "甲", "乙"), "Missing option"),
        (("undo", "beef"), "There is no judgement"),
        (("review", "--export", "a.xlsx", "--import", "a.xlsx"), "exclude each other"),
        (("review", "--import", "没有.xlsx"), "no such file"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_remedy(lake: Lake, arguments: tuple[str, ...], words: str) -> None:
    done = pingjiang("identities", *arguments, "--lake", lake.folder, **WHO)
    assert done.returncode == 2
    assert words in done.stderr and "Remedy" in done.stderr and "Traceback" not in done.stderr
    assert Log(lake.judgements).read().rows == ()


def test_an_altered_line_is_told_with_place_and_remedy(lake: Lake) -> None:
    options = ("--lake", lake.folder)
    told("accept", A, B, "--verdict", "same", *options)
    lake.judgements.write_text(lake.judgements.read_text(encoding="utf-8").replace("张伟", "李娜"), encoding="utf-8")
    done = pingjiang("identities", "list", *options)
    assert done.returncode == 1
    assert "judgements.jsonl" in done.stderr and "第 1 行 row 1" in done.stderr and "identities restore" in done.stderr


def test_questions_are_answered_on_a_terminal(lake: Lake) -> None:
    """Same, taken back, different; a word that is no answer; and then enough."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "pingjiang", "identities", "review", "--lake", str(lake.folder)]
    environment = {**os.environ, **WHO, "COLUMNS": "200", "TERM": "dumb"}
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    shown = ""

    def until(words: str) -> None:
        nonlocal shown
        seen = ""
        while words not in seen:
            seen += os.read(ours, 65_536).decode(errors="replace")
        shown += seen

    for answer in ("s", "z", "异", "what", "u"):
        until("退出 q > ")
        os.write(ours, f"{answer}\n".encode())
    until("judged · 张伟")
    assert process.wait(30) == 0
    os.close(ours)
    assert "[1/2]" in shown and "[2/2]" in shown
    rows = json.loads(pingjiang("identities", "list", "--lake", lake.folder, "--json").stdout)["rows"]
    assert [(row["verdict"], row["a"], row["in_force"]) for row in rows] == [
        ("same", A, False),
        (None, A, False),
        ("different", A, True),
        ("unsure", C, True),
    ]
