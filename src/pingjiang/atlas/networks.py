"""Networks laid out: where each organisation stands, the same at every run; and the whole of one as GraphML.

Groups of partners stand apart: each is laid out by springs and repulsion from a fixed start in a fixed number of steps,
then they are set beside each other like words on a page. At most `MOST` organisations are laid out, those of the
strongest pairs; how many are left out is told.
"""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

MOST = 150
_WIDTH = 1000.0
_REACH, _STEPS, _FLAT = 54.0, 160, 2.0
_TALLEST = 440.0  # of one group of partners
_GOLDEN = 2.39996  # radians; a sunflower's
_LABEL, _SPACE, _LINE = 130.0, 12.0, 17.0
_LETTER = 11.5  # pixels of a Chinese character
_LATIN = 0.56  # of it, any other character
_LETTERS = 11  # of a name that are shown, counted in Chinese characters
_HUBS = 12  # organisations that are named whatever lies beneath, but for another name
Pair = tuple[str, str, int]


@dataclass(frozen=True)
class Dot:
    """Where an organisation stands. `label`: its name as far as there is room, '' where it would cover another's;
    `label_y` is the line that it stands on."""

    key: str
    x: float
    y: float
    radius: float
    label: str
    label_y: float


@dataclass(frozen=True)
class Drawn:
    """A network laid out: lines as (a, b, value, from, to), dots, its size, and how many are left out."""

    lines: Sequence[tuple[str, str, int, tuple[float, float], tuple[float, float]]]
    dots: Sequence[Dot]
    width: float
    height: float
    left_out: int


def pairs_of(rows: Iterable[Mapping[str, Any]]) -> list[Pair]:
    """Rows of the indicator `co_applicants` of one unit and level as pairs."""
    return [(row["organisation_id_a"], row["organisation_id_b"], row["value"]) for row in rows]


def lay_out(pairs: Sequence[Pair], most: int = MOST, names: Mapping[str, str] | None = None) -> Drawn:
    """The strongest pairs laid out, of so many organisations at most; `names` of those that are not called by key."""
    kept, keys = _strongest(pairs, most)
    number = {key: at for at, key in enumerate(keys)}
    ends = np.array([(number[a], number[b]) for a, b, _value in kept], dtype=int).reshape(-1, 2)
    weight = np.zeros(len(keys))
    for (a, b), (_a, _b, value) in zip(ends, kept, strict=True):
        weight[a] += value
        weight[b] += value
    radius = 3.5 + np.minimum(11, np.sqrt(weight) * 1.05)
    at, height = _arranged(ends, weight, radius)
    place = [(round(float(x), 1), round(float(y), 1)) for x, y in at]
    lines = [(a, b, value, place[number[a]], place[number[b]]) for a, b, value in kept]
    every = {key for a, b, _value in pairs for key in (a, b)}
    called = [shortened((names or {}).get(key, key)) for key in keys]
    return Drawn(lines, _labelled(keys, called, at, weight, radius), _WIDTH, round(height, 1), len(every) - len(keys))


def as_graphml(pairs: Sequence[Pair], names: Mapping[str, str], about: str) -> bytes:
    """All pairs as GraphML, which Gephi, Cytoscape, igraph and VOSviewer's converters read."""
    root = ET.Element("graphml", {"xmlns": "http://graphml.graphdrawing.org/xmlns"})
    for name, on, kind in (("name", "node", "string"), ("items", "edge", "int")):
        ET.SubElement(root, "key", {"id": name, "for": on, "attr.name": name, "attr.type": kind})
    graph = ET.SubElement(root, "graph", {"id": "co_applicants", "edgedefault": "undirected"})
    ET.SubElement(graph, "desc").text = _printable(about)
    for key in sorted({key for a, b, _value in pairs for key in (a, b)}):
        ET.SubElement(ET.SubElement(graph, "node", {"id": key}), "data", {"key": "name"}).text = _printable(
            names.get(key, key)
        )
    for a, b, value in pairs:
        ET.SubElement(ET.SubElement(graph, "edge", {"source": a, "target": b}), "data", {"key": "items"}).text = str(
            value
        )
    out = io.BytesIO()
    ET.ElementTree(root).write(out, encoding="utf-8", xml_declaration=True)
    return out.getvalue()


def _printable(text: str) -> str:
    """Without the characters that XML cannot hold."""
    return "".join(letter for letter in text if letter >= " " or letter in "\t\n")


def _strongest(pairs: Sequence[Pair], most: int) -> tuple[list[Pair], list[str]]:
    kept: list[Pair] = []
    keys: dict[str, None] = {}
    for pair in sorted(pairs, key=lambda each: (-each[2], each[0], each[1])):
        more = [key for key in pair[:2] if key not in keys]
        if len(keys) + len(more) > most:
            break
        keys |= dict.fromkeys(more)
        kept.append(pair)
    return kept, list(keys)


def _arranged(ends: Any, weight: Any, radius: Any) -> tuple[Any, float]:
    """Where all stand, and how tall that is."""
    at = np.zeros((len(weight), 2))
    if not len(weight):
        return at, 0.0
    links = coo_matrix((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(len(weight), len(weight)))
    _count, label = connected_components(links, directed=False)
    groups = [np.flatnonzero(label == each) for each in np.unique(label)]
    groups = [own[np.lexsort((own, -weight[own]))] for own in groups]
    groups.sort(key=lambda own: (-len(own), -float(weight[own[0]]), int(own[0])))
    x = y = tall = 0.0
    for own in groups:
        settled = _settled(own, ends)
        low, high = settled.min(axis=0), settled.max(axis=0)
        wide = high[0] - low[0]
        if wide > _WIDTH - _LABEL:
            settled[:, 0] = (settled[:, 0] - low[0]) * (_WIDTH - _LABEL) / wide
            wide, low = _WIDTH - _LABEL, np.array([0.0, low[1]])
        if high[1] - low[1] > _TALLEST:
            settled[:, 1] = low[1] + (settled[:, 1] - low[1]) * _TALLEST / (high[1] - low[1])
            high = settled.max(axis=0)
        width, high_box = wide + _LABEL, high[1] - low[1] + 2 * (float(radius[own].max()) + _LINE)
        if x + width > _WIDTH + 1:
            x, y, tall = 0.0, y + tall + _SPACE, 0.0
        at[own] = settled - low + [x + _LABEL / 2, y + float(radius[own].max()) + _LINE]
        x, tall = x + width + _SPACE, max(tall, high_box)
    return at, y + tall


def _settled(own: Any, ends: Any) -> Any:
    """Springs along the links, repulsion among all; wider than tall."""
    number = {int(key): at for at, key in enumerate(own)}
    links = np.array([(number[int(a)], number[int(b)]) for a, b in ends if int(a) in number], dtype=int)
    order = np.arange(len(own))
    at = _REACH * np.sqrt(order)[:, None] * np.stack([np.cos(order * _GOLDEN), 0.6 * np.sin(order * _GOLDEN)], axis=1)
    if len(own) == 2:
        return np.array([[0.0, 0.0], [0.0, 34.0]])
    for step in range(_STEPS):
        apart = (at[:, None] - at[None]) * [1, _FLAT]
        far = np.maximum((apart**2).sum(axis=2), 1)
        move = (_REACH**2 * apart / far[..., None]).sum(axis=1) / [1, _FLAT]
        along = at[links[:, 1]] - at[links[:, 0]]
        pull = along * np.hypot(along[:, 0], along[:, 1])[:, None] / _REACH
        np.add.at(move, links[:, 0], pull)
        np.add.at(move, links[:, 1], -pull)
        size = np.maximum(np.hypot(move[:, 0], move[:, 1]), 1e-9)
        at = at + move / size[:, None] * np.minimum(size, 12 * (1 - step / _STEPS))[:, None]
    return at


def _width(letter: str) -> float:
    return 1.0 if letter > "\u2e7f" else _LATIN


def shortened(name: str) -> str:
    """A name as far as there is room for it beside a dot."""
    room = _LETTERS - sum(map(_width, name))
    if room >= 0:
        return name
    kept = name
    while kept and sum(map(_width, kept)) > _LETTERS - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"


Box = tuple[float, float, float, float]


def _free(box: Box, taken: Iterable[Box]) -> bool:
    return all(box[2] < o[0] or box[0] > o[2] or box[3] < o[1] or box[1] > o[3] for o in taken)


def _labelled(keys: Sequence[str], called: Sequence[str], at: Any, weight: Any, radius: Any) -> list[Dot]:
    """Larger ones speak first, below their dot or above it; a name that would cover another is left to the pointer.

    The largest are named even where small dots lie beneath: a map whose capitals have no names tells nothing.
    """
    stand = [(x - r, y - r, x + r, y + r) for (x, y), r in zip(at.tolist(), radius.tolist(), strict=True)]
    said: list[Box] = []
    dots: dict[int, Dot] = {}
    for place, each in enumerate(np.lexsort((np.arange(len(keys)), -weight)).tolist()):
        x, y, r = (round(float(value), 1) for value in (at[each][0], at[each][1], radius[each]))
        half = sum(map(_width, called[each])) * _LETTER / 2
        lines = [round(y + r + 11, 1), round(y - r - 4, 1)]
        boxes = [(x - half, line - 9, x + half, line + 3) for line in lines]
        found = next((n for n, box in enumerate(boxes) if _free(box, [*stand, *said])), None)
        if found is None and place < _HUBS:
            found = next((n for n, box in enumerate(boxes) if _free(box, said)), None)
        if found is not None:
            said.append(boxes[found])
        dots[each] = Dot(keys[each], x, y, r, called[each] if found is not None else "", lines[found or 0])
    return [dots[number] for number in range(len(keys))]
