"""An index that is open: the first and all of a result agree, and it answers to the end."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from pingjiang.engine import Lake
from pingjiang.query import parse
from pingjiang.search import ensure
from tests.search.conftest import SETTINGS


@pytest.mark.parametrize("query", ["芯片", "电池", "NOT 电池", "没有这个词", "标题=(电池 1W 膜)"])
def test_the_first_are_the_beginning_of_all(kept_lake: Lake, query: str) -> None:
    index, _ = ensure(kept_lake, settings=SETTINGS)
    asked = index.query(parse(query))
    everything = index.ordinals(asked)
    assert np.array_equal(everything, np.unique(everything))
    for most in (1, 7, 100):
        total, first = index.first(asked, most)
        assert total == len(everything)
        assert np.array_equal(first, everything[:most])


def test_an_index_that_is_removed_answers_to_the_end(lake: Lake) -> None:
    index, _ = ensure(lake, settings=SETTINGS)
    shutil.rmtree(lake.folder / "search")
    found = index.ask(parse("标题=(电池 1W 膜)"))
    assert len(found) == 8
    assert index.facets.counted(found)["year"]["different"] == 8
    assert [row["title"] for row in index.shown(found)] == ["锂電池隔膜及其制备方法"] * 8
    assert index.said("TI", found) and index.said("AB", found)
