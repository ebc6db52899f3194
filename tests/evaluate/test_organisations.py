"""`evaluate organisations`: what it takes, and the figures that are known of AIR-UMass."""

from __future__ import annotations

import csv
import gzip
import hashlib
import math
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from pingjiang import evaluate
from pingjiang.config import Settings
from pingjiang.engine import Session
from pingjiang.errors import InputRefused
from pingjiang.evaluate import organisations

# One run over the whole truth file, two minutes, serves the slow tests here.
pytestmark = pytest.mark.xdist_group("evaluate")


def settings(samples: Path | None = None) -> Settings:
    told = {"PINGJIANG_MEMORY_LIMIT": "3GB"} | ({"PINGJIANG_SAMPLES": str(samples)} if samples else {})
    return Settings.from_environment(told)


@pytest.fixture(scope="module")
def answer(samples: Path) -> dict[str, Any]:
    task = evaluate.task("organisations")
    return evaluate.run(task, samples / task.truth, settings(samples))


@pytest.mark.slow
def test_the_baseline_is_the_one_that_is_known(answer: dict[str, Any]) -> None:
    """P 1.000 over distinct names: names that fold to one are of one label."""
    baseline = answer["baseline"]
    assert baseline["distinct_names"]["precision"] == 1.0
    assert 0.03 < baseline["distinct_names"]["recall"] < 0.06
    assert baseline["mentions"]["recall"] == pytest.approx(0.948, abs=2e-3)
    assert answer["labelled"] == {"names": 2269, "mentions": 185250, "without_name": 0}


@pytest.mark.slow
def test_halves_make_up_the_whole(answer: dict[str, Any], samples: Path) -> None:
    with gzip.open(samples / organisations.TRUTH, "rt", encoding="utf-8") as stream:
        labels = Counter(
            label for label, _ in {(row["unique_id"], row["organization"]) for row in csv.DictReader(stream)}
        )
    actual = sum(math.comb(count, 2) for count in labels.values())
    for level in ("group", "entity"):
        pairs = [answer[half]["distinct_names"][level]["pairs"] for half in ("tuning", "held_out")]
        whole = answer["distinct_names"][level]["pairs"]
        assert sum(each["actual"] for each in pairs) == whole["actual"] == actual
        assert sum(each["both"] for each in pairs) == whole["both"]


@pytest.mark.slow
def test_strangers_are_many_and_their_kinds_are_told(answer: dict[str, Any]) -> None:
    assert answer["strangers"]["names"] >= 15_000
    assert set(answer["missed"]) == {"tuning", "held_out"}
    missed = sum(answer["missed"]["held_out"].values())
    scored = answer["held_out"]["distinct_names"]["group"]["pairs"]
    assert missed == scored["actual"] - scored["both"]


@pytest.mark.slow
def test_the_program_is_no_worse_than_folding(answer: dict[str, Any]) -> None:
    for level in ("group", "entity"):
        assert answer["distinct_names"][level]["f1"] >= answer["baseline"]["distinct_names"]["f1"]


def test_the_half_of_a_label_is_the_parity_of_its_hash() -> None:
    for label in ("e59", "X6_1", "苏州"):
        odd = int(hashlib.sha256(label.encode()).hexdigest(), 16) % 2
        assert organisations.half_of(label) == ("held_out" if odd else "tuning")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("mention_id,unique_id\n1,a\n", "organization"),
        ("mention_id,unique_id,organization\n1,a,IBM\n1,b,Sony\n", "mention_id"),
        ("mention_id,unique_id,organization\n1,,IBM\n", "no labelled name"),
        ("mention_id,unique_id,organization\n1,a\n", "row 2"),
    ],
)
def test_a_file_that_is_no_truth_file_is_refused(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "truth.csv"
    path.write_text(text, encoding="utf-8")
    with Session(threads=1) as session, pytest.raises(InputRefused, match=told):
        organisations.read_truth(session, path, settings())


def test_a_row_without_a_label_is_a_stranger(tmp_path: Path) -> None:
    path = tmp_path / "truth.csv.gz"
    path.write_bytes(gzip.compress(b"mention_id,unique_id,organization\n1,a,IBM\n2,a,IBM\n3,,IBM\n4,b,\n"))
    with Session(threads=1) as session:
        labelled, without = organisations.read_truth(session, path, settings())
        rows = session.rows("select l.name, l.label, l.mentions from l order by l.label nulls last", l=labelled)
    assert rows == [("IBM", "a", 2), ("IBM", None, 1)]
    assert without == 1
