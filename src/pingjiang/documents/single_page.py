"""One HTML file that needs no network: template, styles, scripts and data folded into one text.

The page carries a content policy of its own: only the scripts put in here run, nothing is fetched.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import re
from collections.abc import Mapping, Sequence

from pingjiang.errors import DefinitionError

# One place each in the template, as comments so that the template is a page by itself.
_MARKS = ("language", "policy", "title", "styles", "data", "scripts")
_ID = re.compile(r"[a-z][a-z0-9-]*")


def render(
    *,
    template: str,
    styles: Sequence[str],
    scripts: Sequence[str],
    data: Mapping[str, object],
    title: str,
    lang: str = "zh-CN",
) -> str:
    """The page as text. Equal input gives equal text.

    `template` holds each of the marks language, policy, title, styles, data, scripts once, written
    `<!--styles-->`, or `{language}` inside a tag. Each entry of `data` becomes a
    `<script type="application/octet-stream" id=KEY>` with gzipped JSON in base64. Raises DefinitionError
    for a template without its marks, a style that would end its own tag, or data that is no JSON.
    """
    codes = [_code(text) for text in scripts]
    parts = {
        "language": html.escape(lang, quote=True),
        "policy": _policy(codes),
        "title": html.escape(title),
        "styles": "".join(f"<style>{_style(text)}</style>" for text in styles),
        "data": "".join(_data(key, value) for key, value in data.items()),
        "scripts": "".join(f"<script>{text}</script>" for text in codes),
    }
    return _fill(template, parts)


def _fill(template: str, parts: Mapping[str, str]) -> str:
    """The template with each mark replaced, in one pass, so that no inserted text is read as a mark."""
    for mark in _MARKS:
        found = template.count(f"<!--{mark}-->") + template.count("{" + mark + "}")
        if found != 1:
            raise DefinitionError(f"the page template has the mark '{mark}' {found} times instead of once")
    pattern = re.compile("|".join(rf"<!--{mark}-->|\{{{mark}\}}" for mark in _MARKS))
    return pattern.sub(lambda match: parts[match.group().strip("<!->{}")], template)


def _code(text: str) -> str:
    """A script, safe inside its tag. Inside JavaScript strings `<\\/script` says the same."""
    return re.sub(r"</(script)", r"<\\/\1", text, flags=re.IGNORECASE).replace("<!--", "<\\!--")


def _style(text: str) -> str:
    if re.search(r"</style", text, flags=re.IGNORECASE):
        raise DefinitionError("a style sheet holds '</style' and would end its own tag")
    return text


def _data(key: str, value: object) -> str:
    if not _ID.fullmatch(key):
        raise DefinitionError(f"{key!r} cannot be the id of a data block: lower case, digits, hyphens")
    try:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError) as problem:
        raise DefinitionError(f"data block {key!r} is not JSON: {problem}") from problem
    # mtime=0: the same data give the same bytes.
    packed = base64.b64encode(gzip.compress(text.encode("utf-8"), compresslevel=9, mtime=0)).decode("ascii")
    return f'<script type="application/octet-stream" id="{key}">{packed}</script>'


def _policy(codes: Sequence[str]) -> str:
    """A content policy: these scripts, inline styles, images made in the page, nothing from outside."""
    digests = (base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii") for text in codes)
    sources = " ".join(f"'sha256-{digest}'" for digest in digests) or "'none'"
    rules = (
        "default-src 'none'",
        f"script-src {sources}",
        "style-src 'unsafe-inline'",
        "img-src data: blob:",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return f'<meta http-equiv="Content-Security-Policy" content="{"; ".join(rules)}">'
