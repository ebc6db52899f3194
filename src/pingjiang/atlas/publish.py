"""An atlas becomes two files: `atlas.html` (opens offline, carries its lists) and `atlas.xlsx`."""

from __future__ import annotations

import base64
import datetime
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from pingjiang.atlas import figures, layouts, sheets
from pingjiang.atlas.contract import AtlasData
from pingjiang.documents.single_page import render
from pingjiang.documents.workbook import write_workbook
from pingjiang.errors import PingjiangError
from pingjiang.identities.places import english_names
from pingjiang.system import naming

# In this order: later scripts use what earlier ones define.
_SCRIPTS = (
    "vendor/echarts.min.js",
    "js/drawing.js",
    "js/base.js",
    "js/words.js",
    "js/words_figures.js",
    "js/data.js",
    "js/state.js",
    "js/conditions.js",
    "js/compute.js",
    "js/traced.js",
    "js/export.js",
    "js/panel.js",
    "js/charts.js",
    "js/figures/wards.js",
    "js/figures/time.js",
    "js/figures/legal.js",
    "js/figures/places.js",
    "js/figures/tiles.js",
    "js/figures/heat.js",
    "js/figures/organisations.js",
    "js/figures/network.js",
    "js/figures/method.js",
    "js/aliases.js",
    "js/list.js",
    "js/app.js",
)
_STYLES = ("tokens.css", "atlas.css")
_PIXELS = re.compile(r"(?<![\w.#-])(\d+(?:\.\d+)?)px")
_PICTURE = re.compile(r"url\(([\w-]+\.svg)\)")
_ROOT_PIXELS = 16.0
_HAIRLINE = 2.0


def write_atlas(out: Path, data: AtlasData) -> tuple[Path, Path]:
    """Write `atlas.html` and `atlas.xlsx` into `out` and return their paths.

    Both are written beside their places and renamed when both are whole: a reader sees the old file or the new one,
    and where one cannot be written the other stays as it was. Raises OSError with the place, DefinitionError where
    `data` break the contract, PingjiangError where the chart library is missing.
    """
    figures.check(data)
    out.mkdir(parents=True, exist_ok=True)
    page, book = out / "atlas.html", out / "atlas.xlsx"
    with _beside(page) as new_page, _beside(book) as new_book, naming(out):
        new_page.write_bytes(html(data).encode("utf-8"))
        write_workbook(
            new_book,
            sheets.sheets(data),
            first_line=sheets.first_line(data),
            created=datetime.datetime.fromisoformat(data["meta"]["created_at"][:10]),
        )
        new_page.replace(page)
        new_book.replace(book)
    return page, book


def html(data: AtlasData) -> str:
    """The page as text. The same data give the same text."""
    folder = resources.files("pingjiang.atlas") / "page"
    meta = data["meta"]
    named = english_names()
    places = {name for place in data["places"] for name in place[2:] if name in named}
    return render(
        template=_text(folder / "atlas.html"),
        styles=[_style(folder, name) for name in _STYLES],
        scripts=[_script(folder, name) for name in _SCRIPTS],
        data={
            "atlas-data": data,
            "atlas-layouts": {**layouts.as_data(), "places_en": {name: named[name] for name in sorted(places)}},
        },
        title=f"{meta['title_zh']} · 平江图",
    )


def _text(path: Traversable) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as problem:
        if "vendor" in str(path):
            raise PingjiangError(
                "缺少图表库。",
                "The chart library is missing.",
                file=str(path),
                remedy=("请运行 `make setup`，它会取来。", "run `make setup`, which fetches it."),
            ) from problem
        raise


def _script(folder: Traversable, name: str) -> str:
    """A script; one of ours becomes a scope of its own, in which only `PJ` is shared."""
    text = _text(folder / name)
    return text if name.startswith("vendor/") else f'(() => {{\n"use strict";\n{text}}})();\n'


def _style(folder: Traversable, name: str) -> str:
    """A style sheet with its drawings folded in and its lengths made to grow with the root's font size.

    Styles are written in pixels; all but hairlines become rem, so that wall mode and the reader's own text
    size scale page and figures alike. Media queries stay as written.
    """
    lines = (
        line if line.lstrip().startswith("@media") else _PIXELS.sub(_rem, line)
        for line in _text(folder / name).splitlines()
    )
    return _PICTURE.sub(lambda match: _picture(folder / match.group(1)), "\n".join(lines))


def _rem(match: re.Match[str]) -> str:
    pixels = float(match.group(1))
    return match.group() if pixels <= _HAIRLINE else f"{pixels / _ROOT_PIXELS:g}rem"


def _picture(path: Traversable) -> str:
    packed = base64.b64encode(path.read_bytes()).decode("ascii")
    return f"url(data:image/svg+xml;base64,{packed})"


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A place for the unfinished file, gone at the end."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield unfinished
    finally:
        unfinished.unlink(missing_ok=True)
