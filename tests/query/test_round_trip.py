"""What is printed parses to the same tree; whatever is typed is parsed or refused, never a crash."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pingjiang.errors import QueryRefused
from pingjiang.query import echo, parse
from pingjiang.query.tree import Node
from tests.query.trees import WORDS, trees

# Pieces of queries, so that random texts come near to being some.
BITS = st.sampled_from(
    [*WORDS, "(", ")", "（", "）", "[", "]", "【", '"', "“", "”", "=", ":", "＝", ">=", "<", "==", ",", "，",
     "、", "TO", "*", "?",
     "AND", "OR", "NOT", "与", "或", "非", "3W", "12n", "#3", "##名", "#", "TI", "标题", "申请日", "IPC",
     "2015", "20150229",
     "H01L21/76", " ", "  ", "\n", "\\", "\x00", "\ue000", "￥", "𠮷", "'", "；", "PN", "CN1*", "APD", "LS",
     "有效", "CLN", "0", "999999999", "0001"]
)  # fmt: skip
TEXTS = st.lists(BITS, max_size=14).map(" ".join) | st.lists(BITS, max_size=14).map("".join) | st.text(max_size=60)


@given(trees())
@settings(max_examples=600, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_print_and_parse_back(tree: Node) -> None:
    for language in ("en", "zh"):
        printed = echo(tree, language)
        assert parse(printed) == tree, printed


def _never_crashes(text: str) -> None:
    try:
        tree = parse(text)
    except QueryRefused as refused:
        assert 1 <= refused.position <= len(text) + 1
        assert str(refused)
        assert refused.as_dict()["position"] == refused.position
    else:
        assert parse(echo(tree)) == tree
        assert parse(echo(tree, "zh")) == tree


@given(TEXTS)
@example('\\"')
@example('"a\\"')
@example("\\“")
@example('TI="\\\\" OR TI=\\\\')
@example("CLN<0")
@example("CLN>999999999")
@example("APD<0001 OR APD>99991231")
@example("(" * 100_000)
@example("(" * 70 + "a" + ")" * 70)
@example("NOT " * 3_000 + "a")
@example("a OR " * 5_000 + "a")
@example("PN=(" + " OR ".join(f"CN1100{n:05}A" for n in range(3_000)) + ")")
@settings(max_examples=1_000, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_whatever_is_typed_is_parsed_or_refused(text: str) -> None:
    _never_crashes(text)


@pytest.mark.slow
@given(TEXTS)
@settings(max_examples=100_000, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_a_hundred_thousand_texts(text: str) -> None:
    _never_crashes(text)
