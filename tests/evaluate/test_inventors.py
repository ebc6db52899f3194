"""What is said of inventors is said of held-out blocks, of pairs that touch a label, and reads no label."""

from __future__ import annotations

import csv
import hashlib
import random
from pathlib import Path
from typing import Any

import pytest

from pingjiang.config import Settings
from pingjiang.errors import DefinitionError, InputRefused
from pingjiang.evaluate import inventors, run, task

COLUMNS = (
    "mention_id", "block", "patent_id", "first", "last", "city", "state", "country", "filing_date", "patent_date",
    "title", "assignees", "cpc_subclasses", "inventors", "true_inventor_id", "patentsview_id_2022",
)  # fmt: skip
SETTINGS = Settings.from_environment({})


def row(patent: int, first: str, last: str, **cells: str) -> dict[str, str]:
    told = {
        "mention_id": f"US{patent}-0", "block": f"fl:{first[:2].lower()}_ln:{last.lower()}", "patent_id": str(patent),
        "first": first, "last": last, "city": "Graz", "state": "", "country": "AT", "filing_date": "2010-01-05",
        "patent_date": "2012-01-03", "title": "Made up pump", "assignees": "Acme Pumps Inc.", "cpc_subclasses": "F04B",
        "inventors": f"{last}, {first}|Ferrante, Ugo", "true_inventor_id": "", "patentsview_id_2022": f"p{patent}",
    }  # fmt: skip
    return {**told, **cells}


def written(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def rows() -> list[dict[str, str]]:
    """Anna Adler is labelled in three patents; a stranger of her name works elsewhere; others fill the data."""
    other = {"assignees": "Zeta Foods AG", "cpc_subclasses": "A23L", "city": "Lima", "country": "PE",
             "inventors": "Adler, Anna|Rossi, Pia", "title": "Frozen noodles", "filing_date": "1991-01-05"}  # fmt: skip
    drawn = random.Random(5)
    names = [(a, b) for a in ("Bruno", "Clara", "David", "Emil") for b in ("Baum", "Conti", "Dorn", "Engel")]
    fill = [
        row(100 + n, *names[n % 16], assignees=f"Firm {n % 9}", cpc_subclasses=drawn.choice(["H01L", "G06F", "A61K"]),
            inventors=f"{names[n % 16][1]}, {names[n % 16][0]}|Moser, Lena{chr(97 + n % 26)}")
        for n in range(120)
    ]  # fmt: skip
    return [
        *(row(n, "Anna", "Adler", true_inventor_id="anna", patentsview_id_2022="pv") for n in (1, 2, 3)),
        row(4, "Anna", "Adler", **other, patentsview_id_2022="pv"),
        *fill,
    ]


def measured(path: Path, **options: str) -> dict[str, Any]:
    return run(task("inventors"), path, SETTINGS, (), options)


def test_pairs_that_touch_a_label_are_counted(tmp_path: Path) -> None:
    """PatentsView's column has the stranger with her: of six pairs three are right, and of half-weighed ones more."""
    answer = measured(written(tmp_path / "truth.csv", rows()))
    assert (answer["precision"], answer["recall"], answer["b3"]) == (1.0, 1.0, 1.0)
    reference = answer["reference"]
    assert (reference["precision"], reference["recall"], reference["f1"]) == (0.5, 1.0, pytest.approx(2 / 3, abs=1e-6))
    assert reference["weighed_by_half"]["precision"] == pytest.approx(3 / 4.5, abs=1e-6)
    assert reference["b_cubed"]["precision"] == 0.75 and reference["b_cubed"]["recall"] == 1.0
    assert answer["baseline"]["precision"] == answer["same_name"]["precision"] == 0.5
    assert answer["granted_before"] == "2022-01-01" and answer["blocks_held_out"] == 17


def test_no_label_and_no_result_of_others_is_read(tmp_path: Path) -> None:
    """With these columns told otherwise the very same mentions are one person."""
    told = rows()
    before = measured(written(tmp_path / "a.csv", told))
    for number, each in enumerate(told):
        each["patentsview_id_2022"] = f"x{number % 5}"
    after = measured(written(tmp_path / "b.csv", told))
    assert {name: before[name] for name in ("precision", "recall", "b3", "pairs")} == {
        name: after[name] for name in ("precision", "recall", "b3", "pairs")
    }
    for each in told[:3]:
        each["true_inventor_id"] = ""
    told[3]["true_inventor_id"] = "the stranger"
    alone = measured(written(tmp_path / "c.csv", told))
    assert alone["pairs"] == {"both": 0, "predicted": 0, "actual": 0} and alone["precision"] is None


def test_later_grants_are_left_out(tmp_path: Path) -> None:
    told = rows()
    told[2]["patent_date"] = "2022-01-01"
    path = written(tmp_path / "truth.csv", told)
    assert measured(path)["pairs"]["actual"] == 1
    assert measured(path, granted_before="2022-01-02")["pairs"]["actual"] == 3


def test_of_the_file_that_the_model_was_made_on_blocks_are_held_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path / "truth.csv", rows())
    monkeypatch.setattr(inventors, "DEVELOPMENT", hashlib.sha256(path.read_bytes()).hexdigest())
    blocks = {each["block"] for each in rows()}
    held = {block for block in blocks if int(hashlib.sha256(block.encode()).hexdigest(), 16) % 3 == 0}
    assert 0 < len(held) < len(blocks)
    assert measured(path)["blocks_held_out"] == len(held)


@pytest.mark.parametrize("day", ["2022", "January", "2022-13-01"])
def test_a_day_that_is_none_is_refused(tmp_path: Path, day: str) -> None:
    with pytest.raises(DefinitionError, match="granted-before"):
        measured(written(tmp_path / "truth.csv", rows()), granted_before=day)


def test_another_evaluation_has_no_such_option(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="granted_before"):
        run(task("organisations"), written(tmp_path / "a.csv", rows()), SETTINGS, (), {"granted_before": "2022-01-01"})


def test_a_mention_that_stands_twice_and_a_file_without_labels_are_refused(tmp_path: Path) -> None:
    told = rows()
    told[5]["mention_id"] = told[4]["mention_id"]
    with pytest.raises(InputRefused, match="stands twice"):
        measured(written(tmp_path / "a.csv", told))
    with pytest.raises(InputRefused, match="labelled"):
        measured(written(tmp_path / "b.csv", rows()), granted_before="1999-01-01")
