"""The page on which anybody repeats a draw: one file without a network, to be saved and kept.

Its parts lie in `static/programme/draw/`: the site serves them apart, as its policy for scripts asks (`draw.html` with
`draw.js` and `draw.css` beside it works there and in a folder); `page` puts them into one file for download.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "static" / "programme" / "draw"
_STYLE = '<link rel="stylesheet" href="draw.css">'
_SCRIPT = '<script src="draw.js" defer></script>'


def page(text: str = "", published_hash: str = "", number: str = "", left: Sequence[str] = ()) -> str:
    """The page as one HTML file, filled in with a list, its hash, the number and who has left as far as given.

    To be sent as a file to save: its script stands inside, which pages of the site itself must not have.
    """
    made = (FOLDER / "draw.html").read_text(encoding="utf-8")
    script = (FOLDER / "draw.js").read_text(encoding="utf-8")
    style = (FOLDER / "draw.css").read_text(encoding="utf-8")
    # The script goes to the end of the body: what stands inside a page cannot wait for it as a file can.
    parts = {
        _STYLE: f"<style>\n{style}</style>",
        f"{_SCRIPT}\n": "",
        "</body>": f"<script>\n{script}</script>\n</body>",
        'rows="12" spellcheck="false">': f'rows="12" spellcheck="false">{html.escape(text)}',
        'rows="2" spellcheck="false">': f'rows="2" spellcheck="false">{html.escape(chr(10).join(left))}',
        '<input id="published"': f'<input id="published" value="{html.escape(published_hash)}"',
        '<input id="number"': f'<input id="number" value="{html.escape(number)}"',
    }
    for place, filling in parts.items():
        before, found, after = made.partition(place)
        if not found:
            raise ValueError(f"draw.html has no {place}")
        made = f"{before}{filling}{after}"
    return made
