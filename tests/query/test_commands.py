"""`query check` and `query translate`, as a user runs them."""

from __future__ import annotations

import json
import subprocess

from tests.commands import pingjiang


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return pingjiang("query", *words)


def test_check_shows_the_brackets_in_both_languages() -> None:
    done = run("check", "TI=a OR TI=b AND TI=c")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["标题=a 或 (标题=b 与 标题=c)", "TI=a OR (TI=b AND TI=c)"]


def test_check_as_json() -> None:
    told = json.loads(run("check", "标题=电池 AND #1", "--set", "#1=申请人=华为", "--json").stdout)
    assert told == {
        "echo": "TI=电池 AND #1",
        "echo_zh": "标题=电池 与 #1",
        "sets": ["#1"],
        "expanded": "TI=电池 AND PA=华为",
        "expanded_zh": "标题=电池 与 申请人=华为",
        "fields": ["PA", "TI"],
    }


def test_a_query_that_breaks_off_ends_with_2_and_points() -> None:
    done = run("check", "TI=(电池 隔膜)")
    assert done.returncode == 2
    assert "第 8 个字符 At character 8" in done.stderr
    assert done.stderr.splitlines()[-2:] == ["    TI=(电池 隔膜)", "        \u3000\u3000 ^"]
    told = json.loads(run("check", "TI=(电池 隔膜)", "--json").stdout)["error"]
    assert (told["kind"], told["position"]) == ("QueryRefused", 8)


def test_translate_lists_what_is_not_said() -> None:
    done = run("translate", "--from", "incopat", "tiab=(空调 (s) 蒸发器) and ap=格力")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[:2] == ["##untranslated-1 与 申请人=格力", "##untranslated-1 AND PA=格力"]
    assert "##untranslated-1" in lines[2]
    assert "tiab=(空调 (s) 蒸发器)" in lines[2]
    told = json.loads(run("translate", "--from", "incopat", "R=(CN1) and ap=格力", "--json").stdout)
    assert (told["complete"], told["query"], told["untranslated"][0]["text"]) == (
        False,
        "##untranslated-1 AND PA=格力",
        "R=(CN1)",
    )


def test_translate_from_elsewhere_is_refused() -> None:
    done = run("translate", "--from", "google", "a")
    assert done.returncode == 2
    assert "incopat" in done.stderr
