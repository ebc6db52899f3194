"""What publications are compared by: terms of their texts, and the text of which a vector is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from pingjiang.query.tokens import tokens

_CJK_BEGINS = "\u2e80"


def terms(text: str) -> Counter[str]:
    """The terms of a text with how often each stands in it.

    Texts are folded and cut as the query language cuts them (`query.tokens`). Chinese, Japanese and Korean signs in a
    row give pairs, one alone itself; another word of two letters or digits at least is a term; punctuation parts.

    >>> sorted(terms("固态電池, Solid-State battery A").items())
    [('battery', 1), ('solid', 1), ('state', 1), ('固态', 1), ('态电', 1), ('电池', 1)]
    """
    found: Counter[str] = Counter()
    run = ""
    for token in (*tokens(text), " "):
        if len(token) == 1 and token >= _CJK_BEGINS and token.isalnum():
            run += token
            continue
        if len(run) == 1:
            found[run] += 1
        for at in range(len(run) - 1):
            found[run[at : at + 2]] += 1
        run = ""
        if len(token) > 1:
            found[token] += 1
    return found


def is_chinese(text: str) -> bool:
    """Whether Chinese (or Japanese, Korean) signs stand in a text, but for a stray one."""
    signs = sum(char >= _CJK_BEGINS for char in text)
    return signs > 1 and signs * 4 > len(text)


def vector_text(title: str | None, abstract: str | None, characters: Mapping[str, int]) -> str:
    """The text of which the vector of a publication is made: title and beginning of the abstract; '' for none.

    characters: how many of the abstract, where it is 'chinese' or 'other'.
    """
    most = characters["chinese" if is_chinese(abstract or "") else "other"]
    return " ".join(part for part in (title, (abstract or "")[:most]) if part)
