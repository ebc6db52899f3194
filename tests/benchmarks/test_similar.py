"""The two sides of the measurement of similar documents list the same by terms."""

from __future__ import annotations

from pathlib import Path

from benchmarks.baseline import similar_scipy
from benchmarks.generate import similar_documents

from benchmarks import ours_similar


def test_both_sides_list_the_same(tmp_path: Path) -> None:
    made = similar_documents.generate(tmp_path, 300)
    assert made["documents"] == 300
    told = ours_similar.make(tmp_path, tmp_path / "index", ours_similar.Drawn())
    similar_scipy.make(tmp_path, tmp_path)
    asked = [f"CN{100_000_000 + number}A" for number in (0, 7, 299)]
    ours = ours_similar.asked(tmp_path / "index", asked, everything=False)()["found"]
    theirs = similar_scipy.asked(tmp_path, asked)()["found"]
    assert told["publications"] == 300
    for mine, other in zip(ours, theirs, strict=True):
        assert len(mine) == len(other) == 50
        assert len(set(mine) & set(other)) >= 48  # scores of single precision may tie at the end of a list
    assert ours_similar.asked(tmp_path / "index", asked, everything=True)()["milliseconds"]
