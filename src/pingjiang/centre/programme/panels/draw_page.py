"""The page on which anybody repeats a draw: one file without a network, to be saved and kept; or a page of the site.

`draw.html` is its body; script and style lie in `static/programme/draw/`. The policy of the site lets no script stand
inside a page: there the page links to both, under the names that `static()` gives. In the file to save both stand
inside.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path

BODY = Path(__file__).with_name("draw.html")
STATIC = "programme/draw"  # draw.css and draw.js, as static files are named
FOLDER = Path(__file__).parents[1] / "static" / STATIC
_STYLE = '<link rel="stylesheet" href="draw.css">'
_SCRIPT = '<script src="draw.js" defer></script>'


def page(
    text: str = "",
    published_hash: str = "",
    number: str = "",
    left: Sequence[str] = (),
    links: tuple[str, str] | None = None,
) -> str:
    """The page as HTML, filled in with a list, its hash, the number and who has left as far as given.

    `links`: addresses of style and script, for a page of the site; without them one whole file, to be sent as a
    download.
    """
    made = BODY.read_text(encoding="utf-8")
    parts = {**(_whole() if links is None else _linked(*links)), **_filled(text, published_hash, number, left)}
    for place, filling in parts.items():
        before, found, after = made.partition(place)
        if not found:
            raise ValueError(f"draw.html has no {place}")
        made = f"{before}{filling}{after}"
    return made


def _linked(style: str, script: str) -> dict[str, str]:
    return {
        _STYLE: _STYLE.replace("draw.css", html.escape(style)),
        _SCRIPT: _SCRIPT.replace("draw.js", html.escape(script)),
    }


def _whole() -> dict[str, str]:
    style = (FOLDER / "draw.css").read_text(encoding="utf-8")
    script = (FOLDER / "draw.js").read_text(encoding="utf-8")
    # The script goes to the end of the body: what stands inside a page cannot wait for it as a file can.
    return {
        _STYLE: f"<style>\n{style}</style>",
        f"{_SCRIPT}\n": "",
        "</body>": f"<script>\n{script}</script>\n</body>",
    }


def _filled(text: str, published_hash: str, number: str, left: Sequence[str]) -> dict[str, str]:
    codes = "\n".join(left)
    return {
        'rows="12" spellcheck="false">': f'rows="12" spellcheck="false">{html.escape(text)}',
        'rows="2" spellcheck="false">': f'rows="2" spellcheck="false">{html.escape(codes)}',
        '<input id="published"': f'<input id="published" value="{html.escape(published_hash)}"',
        '<input id="number"': f'<input id="number" value="{html.escape(number)}"',
    }
