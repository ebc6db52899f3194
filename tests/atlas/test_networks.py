"""Networks: how many are laid out, that they stand alike at every run, that the whole goes out."""

from __future__ import annotations

import time
import xml.etree.ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.atlas import networks

NAMES = st.sampled_from([f"o{number}" for number in range(40)])
PAIRS = st.lists(
    st.tuples(NAMES, NAMES, st.integers(1, 50)).filter(lambda pair: pair[0] < pair[1]),
    max_size=60, unique_by=lambda pair: pair[:2],
)  # fmt: skip


@given(pairs=PAIRS, most=st.integers(2, 30))
@settings(max_examples=12, deadline=None)
def test_what_is_laid_out_and_what_is_left_out_is_all(pairs: list[networks.Pair], most: int) -> None:
    drawn = networks.lay_out(pairs, most)
    every = {key for a, b, _value in pairs for key in (a, b)}
    shown = {dot.key for dot in drawn.dots}
    assert len(shown) == len(drawn.dots) <= most
    assert shown <= every and drawn.left_out == len(every) - len(shown)
    assert {key for a, b, *_rest in drawn.lines for key in (a, b)} == shown
    weakest = min((line[2] for line in drawn.lines), default=0)
    assert all(
        value <= weakest or {a, b} <= shown
        for a, b, value in pairs
        if (a, b) not in {(x[0], x[1]) for x in drawn.lines}
    )
    assert all(0 <= dot.x <= drawn.width and 0 <= dot.y <= drawn.height for dot in drawn.dots)
    assert networks.lay_out(list(reversed(pairs)), most) == drawn, "the order in which pairs come does not matter"


def test_five_thousand_are_bounded_and_quick() -> None:
    pairs = [(f"o{number:04}", f"o{(number * 7 + 1) % 5000:04}", 1 + number % 9) for number in range(5000)]
    pairs = [(min(a, b), max(a, b), value) for a, b, value in pairs if a != b]
    begun = time.process_time()
    drawn = networks.lay_out(pairs)
    assert time.process_time() - begun < 3
    assert len(drawn.dots) <= networks.MOST == 150
    assert len(drawn.dots) + drawn.left_out == 5000
    root = ET.fromstring(networks.as_graphml(pairs, {"o0001": "<甲> & \x07乙"}, "R1"))
    space = "{http://graphml.graphdrawing.org/xmlns}"
    assert len(root.findall(f".//{space}node")) == 5000 and len(root.findall(f".//{space}edge")) == len(pairs)
    names = {node.get("id"): node.findtext(f"{space}data") for node in root.iter(f"{space}node")}
    assert names["o0001"] == "<甲> & 乙" and names["o0002"] == "o0002"


def test_nobody_files_together() -> None:
    drawn = networks.lay_out([])
    assert (list(drawn.dots), list(drawn.lines), drawn.left_out) == ([], [], 0)
