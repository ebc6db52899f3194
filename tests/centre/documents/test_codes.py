"""Verification codes: every slip of the hand is found, and what people type is understood."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from pingjiang.centre.documents import codes

RANDOM = st.text(st.sampled_from(codes.ALPHABET), min_size=7, max_size=7)
YEARS = st.integers(2000, 2099)


def test_thirty_one_characters_none_taken_for_another() -> None:
    assert len(set(codes.ALPHABET)) == len(codes.ALPHABET) == 31 and not set("01ILO") & set(codes.ALPHABET)


@given(YEARS, RANDOM)
def test_a_code_is_understood_as_people_type_it(year: int, random: str) -> None:
    code = codes.from_random(year, random)
    for typed in (code, code.lower(), code.replace("-", ""), code.replace("-", " "), f" {code.replace('-', '—')} ",
                  code.translate({ord(char): ord(char) + 0xFEE0 for char in code})):  # fmt: skip
        assert codes.parse(typed) == code


@given(YEARS, RANDOM)
def test_every_wrong_character_and_every_exchange_is_found(year: int, random: str) -> None:
    code = codes.from_random(year, random).replace("-", "")
    for at in range(2, len(code)):
        alphabet = "0123456789" if at < 4 else codes.ALPHABET
        for other in set(alphabet) - {code[at]}:
            assert codes.parse(code[:at] + other + code[at + 1 :]) is None
    for one, two in itertools.combinations(range(4, len(code)), 2):
        if code[one] != code[two]:
            changed = list(code)
            changed[one], changed[two] = code[two], code[one]
            assert codes.parse("".join(changed)) is None


@given(st.text(st.sampled_from("PJ26-7QK4M2XDＰ２① \0é汉"), max_size=20))
def test_other_texts_are_no_codes(text: str) -> None:
    found = codes.parse(text)
    assert found is None or codes.parse(found) == found


def test_new_codes_differ() -> None:
    assert len({codes.new(2026) for _ in range(5000)}) == 5000
