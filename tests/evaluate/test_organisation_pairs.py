"""Our labels: whole, without text, and refused where a cell holds another name."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from pingjiang import evaluate
from pingjiang.config import Settings
from pingjiang.errors import InputRefused
from pingjiang.evaluate import organisation_pairs as measured

pytestmark = pytest.mark.xdist_group("evaluate")
LABELS = Path(measured.__file__).parent / "labels"
FILES = ("organisation_pairs_zh.csv", "organisation_pairs_en.csv")


def rows(name: str) -> list[dict[str, str]]:
    with (LABELS / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("name", FILES)
def test_labels_are_addresses_and_verdicts(name: str) -> None:
    told = rows(name)
    assert tuple(told[0]) == measured.COLUMNS
    pairs = set()
    for row in told:
        for side in "ab":
            assert re.fullmatch(r"[0-9a-f]{8}", row[f"check_{side}"])
            assert int(row[f"row_{side}"]) > 1
            assert int(row[f"element_{side}"]) > 0
        assert row["entity"] in ("same", "different", "unsure")
        assert row["group"] in ("same", "different", "unsure")
        assert (row["entity"] == "unsure") == (row["sure"] == "1")
        assert row["entity"] != "same" or row["group"] == "same"
        pairs.add(frozenset((row["check_a"], row["check_b"])))
    assert len(pairs) == len(told)


def test_there_are_as_many_as_were_asked_for_and_halves_are_halves() -> None:
    for name, least in zip(FILES, (600, 300), strict=True):
        scored = [row for row in rows(name) if row["entity"] != "unsure"]
        assert len(scored) >= least
        held_out = sum(measured.half_of(row) == "held_out" for row in scored)
        assert abs(held_out / len(scored) - 0.5) < 0.06
        for verdict in ("same", "different"):
            assert sum(row["entity"] == verdict for row in scored) >= 0.3 * len(scored)


@pytest.mark.slow
def test_every_address_holds_the_name_that_was_judged(samples: Path) -> None:
    settings = Settings.from_environment({"PINGJIANG_SAMPLES": str(samples), "PINGJIANG_MEMORY_LIMIT": "3GB"})
    answer = evaluate.run(evaluate.task("organisation_pairs_zh"), LABELS / FILES[0], settings)
    for method in ("whole_build", "names_alone"):
        assert answer["held_out"][method]["entity"]["f1"] >= answer["held_out"]["baseline"]["entity"]["f1"]
    halves = [answer[half]["baseline"]["entity"]["n"] for half in ("held_out", "tuning")]
    assert sum(halves) == answer["all"]["baseline"]["entity"]["n"] == 922 - answer["unsure"]


def test_a_cell_that_holds_another_name_is_refused_by_its_address(samples: Path, tmp_path: Path) -> None:
    (tmp_path / "cn_exports/misc").mkdir(parents=True)
    sample = "cn_exports/misc/cnipa_disc_format_199_with_address.xlsx"
    (tmp_path / sample).write_bytes((samples / sample).read_bytes())
    row = next(row for row in rows(FILES[0]) if row["file_a"] == sample)
    row |= {"file_b": sample, "row_b": row["row_a"], "element_b": row["element_a"], "check_b": "00000000"}
    labels = tmp_path / "labels.csv"
    with labels.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, measured.COLUMNS)
        writer.writeheader()
        writer.writerow(row)
    settings = Settings.from_environment({"PINGJIANG_SAMPLES": str(tmp_path), "PINGJIANG_MEMORY_LIMIT": "1GB"})
    with pytest.raises(InputRefused, match=rf"row {row['row_a']}, .*labels\.csv"):
        measured.evaluate(labels, settings)
