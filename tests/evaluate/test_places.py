"""Places against labels: the bar of the issue, what is generated, and that a wrong reading would be seen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pingjiang.config import Settings
from pingjiang.evaluate import places
from pingjiang.identities.places import Place


@pytest.fixture(scope="module")
def answer(samples: Path) -> dict[str, object]:
    [task] = places.TASKS
    settings = replace(Settings.from_environment(), samples=samples)
    return places.evaluate(task.path(settings), settings)


def test_labels_reach_the_bar(answer: dict[str, dict[str, float]]) -> None:
    assert answer["first_chinese"]["n"] >= 180
    assert answer["all"]["n"] + answer["all"]["untold_n"] >= 500
    assert answer["all"]["right"] >= 0.98
    assert answer["first_chinese"]["right"] >= 0.98
    assert answer["all"]["right"] > answer["all"]["baseline"] + 0.2
    assert answer["all"]["untold_claimed"] == 0, "what a string does not tell is unknown"


def test_generated_addresses_reach_the_bar(answer: dict[str, dict[str, float]]) -> None:
    assert answer["synthetic"]["country_n"] == places.SYNTHETIC
    assert answer["synthetic"]["right"] >= 0.98


def test_generated_addresses_are_the_same_each_time_and_noisy() -> None:
    made = places.generated(400)
    assert made == places.generated(400)
    assert made != places.generated(400, seed=1)
    assert 0 < sum(not each.scored for each in made) < 100


def test_a_wrong_place_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "read_place", lambda *_: Place("CN", "安徽省", "宿州市"))
    scored = places._score(places.generated(50))
    assert scored["right"] < 0.1
    assert scored["wrong"] > 0.9


def test_own_labels_come_as_text(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text("address,country,province,city\n江苏省苏州市吴中区,CN,江苏省,苏州市\n", encoding="utf-8")
    told = places.evaluate(file, Settings.from_environment())
    assert told["all"]["right"] == 1.0
