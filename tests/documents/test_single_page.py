"""One page from template, styles, scripts and data: what goes in comes out, and nothing else runs."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pingjiang.documents.single_page import render
from pingjiang.errors import DefinitionError

TEMPLATE = (
    '<html lang="{language}"><head><!--policy--><title><!--title--></title><!--styles--></head>'
    "<body><!--data--><!--scripts--></body></html>"
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def page(**changes: object) -> str:
    given_: dict[str, object] = {"template": TEMPLATE, "styles": [], "scripts": [], "data": {}, "title": "题"}
    return render(**{**given_, **changes})  # type: ignore[arg-type]


def data_of(text: str, key: str) -> object:
    found = re.search(rf'<script type="application/octet-stream" id="{key}">([^<]*)</script>', text)
    assert found
    return json.loads(gzip.decompress(base64.b64decode(found.group(1))))


@given(JSON)
def test_data_come_out_as_they_went_in(value: object) -> None:
    assert data_of(page(data={"some-data": value}), "some-data") == value


@given(st.text(max_size=60))
def test_a_title_is_text_and_no_markup(title: str) -> None:
    text = page(title=title)
    assert text.count("<title>") == 1 and text.count("<script") == 0
    inner = re.search(r"<title>(.*)</title>", text, re.DOTALL)
    assert inner and "<" not in inner.group(1)


def test_equal_input_gives_equal_text() -> None:
    assert page(data={"a": [1, "苏州"]}) == page(data={"a": [1, "苏州"]})


@given(st.lists(st.text(alphabet="abc();'\"</script>!-\n", max_size=40), max_size=4))
def test_the_policy_lets_exactly_these_scripts_run(scripts: list[str]) -> None:
    text = page(scripts=scripts)
    codes = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert len(codes) == len(scripts)
    hashes = {base64.b64encode(hashlib.sha256(code.encode()).digest()).decode() for code in codes}
    assert set(re.findall(r"'sha256-([^']+)'", text)) == hashes
    assert "default-src 'none'" in text and "unsafe-eval" not in text and "http:" not in text


def test_a_script_that_speaks_of_script_tags_stays_whole() -> None:
    text = page(scripts=["x='</script><b>'"])
    assert r"x='<\/script><b>'" in text


@pytest.mark.parametrize(
    "changes",
    [
        {"template": "<html></html>"},
        {"template": TEMPLATE + "<!--data-->"},
        {"styles": ["a{}</style>"]},
        {"data": {"Bad Id": 1}},
        {"data": {"nan": float("nan")}},
        {"data": {"object": object()}},
    ],
)
def test_refuses(changes: dict[str, object]) -> None:
    with pytest.raises(DefinitionError):
        page(**changes)


def test_inserted_text_is_not_read_as_a_mark() -> None:
    assert page(title="<!--data-->", styles=["/*{language}*/"], data={"k": 1}).count("octet-stream") == 1
