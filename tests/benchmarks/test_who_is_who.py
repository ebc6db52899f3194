"""Names and inventors as they are measured: both sides account for all that was given, and goals are held."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from benchmarks.harness import alternate
from benchmarks.measuring import NotTheSame, Rounds, figure

from benchmarks import __main__ as command
from benchmarks import store, who_is_who

pytestmark = pytest.mark.slow  # of measuring, not of the product


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "ensure", partial(store.ensure, bench=tmp_path))


def _say(_text: str) -> None: ...


def test_names_are_measured_against_folding_them() -> None:
    told = who_is_who.names(Rounds(1, 1, {"names": 400}), _say)
    assert {side: answer["names"] for side, answer in told["answers"].items()} == {"ours": 400, "folding": 400}
    assert 0 < told["answers"]["ours"]["groups"] <= told["answers"]["ours"]["organisations"] < 400
    times, peak = told["ratios"]
    assert (times["of"], times["against"], times["goal"]) == ("ours", "folding", "≤ 80")
    assert (peak["goal"], peak["met"]) == ("≤ 6", True)
    assert told["data"] == {"names": 400, "synthetic": True}


def test_inventors_are_measured_against_their_names() -> None:
    told = who_is_who.inventors(Rounds(1, 1, {"inventors": 12_000}), _say)
    ours, by_name = told["answers"]["ours"], told["answers"]["by_name"]
    assert ours["mentions"] == by_name["mentions"] == told["data"]["mentions"]
    assert by_name["recall"] == 1, "a person that was made up has one name"
    assert by_name["precision"] < ours["precision"]
    [against, seconds, *accuracy] = told["ratios"]
    assert against["against"] == "by_name"
    assert seconds["goal"] == "≤ 3.6", "five minutes for a million, so much less for fewer"
    assert [each["median"] for each in accuracy] == [
        round(answer[measure], 3) for answer in (ours, by_name) for measure in ("precision", "recall")
    ]


def test_a_side_that_loses_something_is_no_opponent(monkeypatch: pytest.MonkeyPatch) -> None:
    def losing(sides: Any, *_others: Any) -> Any:
        series = alternate(sides, *_others)
        series["folding"].runs[-1].answer["names"] -= 1
        return series

    monkeypatch.setattr(who_is_who, "alternate", losing)
    with pytest.raises(NotTheSame, match="399"):
        who_is_who.names(Rounds(1, 1, {"names": 400}), _say)


def test_a_figure_tells_whether_its_goal_is_met() -> None:
    assert (figure("a", 2, least=1)["met"], figure("a", 2, most=1)["met"]) == (True, False)
    assert (figure("a", 2)["goal"], figure("a", 2)["met"]) == ("", True)


def test_sizes_are_told_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.arguments(["--size", "names=1000", "--size", "inventors=20"]).size == [
        ("names", 1000),
        ("inventors", 20),
    ]
    for wrong in ("names", "names=", "names=0", "places=10"):
        with pytest.raises(SystemExit):
            command.arguments(["--size", wrong])
    assert "names, inventors" in capsys.readouterr().err
