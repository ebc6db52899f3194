"""How a publication lies in the index: the fields, and the words that stand in them.

Each field of words is there thrice, as `tokens` of the query language cuts it, every value between START and END:

    u_TI   its tokens
    b_TI   at each place the token with the one behind it, where both are single characters (Chinese), else the token
    c_TI   runs of tokens that are common (`runs`), without places

so words in a row are a phrase, a value that is just that is a phrase with both ends, and no phrase leaves its value.
All else is one field of keys ("PT=invention") and whole numbers; class symbols are numbers in the order of their keys.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import tantivy

from pingjiang.query.fields import load_fields

VERSION = 2  # of all that an index holds; one of another version is made anew
START, END = "<<", ">>"  # longer than any sign, which is a token alone: no text holds them
DATES = {"APD": "filing_date", "PD": "publication_date", "GD": "grant_date", "PRD": "priority_date"}
CODES = {"PT": "patent_type", "KD": "kind", "PNC": "authority"}
BASIS = {"applicant": "COUNTRY", "inventor": "INC"}
SCHEMES = ("IPC", "CPC")
NUMBERS = (*DATES, "CLN", *SCHEMES)
NODE = "NODE"
_LONGEST = 200  # characters of a token; longer ones are known by their beginning and a digest
_CUT = "<…"


def word_fields() -> list[str]:
    """The fields of words that are not made of others."""
    return [field.name for field in load_fields().values() if field.is_words and field.parts == (field.name,)]


def schema() -> tantivy.Schema:
    """The fields of the index."""
    made = tantivy.SchemaBuilder()
    made.add_unsigned_field("ordinal", indexed=True, fast=True)
    made.add_text_field("key", tokenizer_name="raw", index_option="basic")
    for name in NUMBERS:
        made.add_integer_field(f"n_{name}", indexed=True, fast=True)
    for name in (*word_fields(), NODE):
        for way in "ub":
            made.add_text_field(f"{way}_{name}", tokenizer_name="whitespace", index_option="position")
        made.add_text_field(f"c_{name}", tokenizer_name="whitespace", index_option="basic")
    return made.build()


def short(token: str) -> str:
    """A token as the index holds it: one of immoderate length is cut, and never equals another."""
    if len(token) <= _LONGEST:
        return token
    return f"{token[:_LONGEST]}{_CUT}{hashlib.sha256(token.encode()).hexdigest()[:32]}"


def is_cut(token: str) -> bool:
    """Whether `short` would cut it."""
    return len(token) > _LONGEST


def paired(found: Sequence[str]) -> list[str]:
    """The tokens of a value as `b_` holds them."""
    return [
        f"{token}<{after}" if pairs(token, after) else token
        for token, after in zip(found, [*found[1:], END], strict=True)
    ]


def pairs(token: str, after: str) -> bool:
    """Whether two tokens in a row are held as a pair."""
    return len(token) == len(after) == 1 and not token.isascii() and not after.isascii()


def field_texts(values: Iterable[Sequence[str]]) -> tuple[str, str]:
    """What `u_` and `b_` are given for the values of a field, each as tokens."""
    whole: list[str] = []
    double: list[str] = []
    for value in values:
        found = [START, *map(short, value), END]
        whole += found
        double += paired(found)
    return " ".join(whole), " ".join(double)


def key(field: str, value: str) -> str:
    """A code or number as the index holds it."""
    return f"{field}={value}"


def known(field: str) -> str:
    """That something is known of a field."""
    return f"?{field}"
