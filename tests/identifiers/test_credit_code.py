"""Unified social credit codes: known codes, both check digits, python-stdnum as a second opinion."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from stdnum.cn import uscc

from pingjiang.identifiers import CreditCodeRefused, check_credit_code, complete_credit_code
from pingjiang.identifiers.credit_code import credit_check_digit, organisation_check_digit

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def test_known_codes() -> None:
    code = check_credit_code("91110000600037341L")
    assert (code.authority, code.kind, code.division, code.organisation) == ("9", "1", "110000", "60003734-1")
    assert check_credit_code("91320500MA1ABCD11N").division == "320500"
    assert organisation_check_digit("60003734") == "1"
    assert credit_check_digit("91110000600037341") == "L"


@pytest.mark.parametrize(
    "text",
    ["９１１１００００６０００３７３４１Ｌ", "91110000600037341l", " 9111 0000 6000 3734 1L ", "91110000-60003734-1L"],
)
def test_widths_case_and_separators_mean_nothing(text: str) -> None:
    assert check_credit_code(text).code == "91110000600037341L"


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "empty"), ("  ", "empty"), ("9111000060003734", "length"), ("91110000600037341LL", "length"),
     ("9111000060003734IL", "character"), ("91110000O00037341L", "character"), ("9111A000600037341L", "character"),
     ("91110000600037342L", "organisation_check"), ("91110000600037341M", "check"), ("92110000600037341L", "check")],
)  # fmt: skip
def test_what_is_no_code_is_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(CreditCodeRefused) as refusal:
        check_credit_code(text)
    assert (refusal.value.code, refusal.value.text) == (reason, text)


@st.composite
def codes(draw: st.DrawFn, authority: str = ALPHABET) -> str:
    head = draw(st.sampled_from(authority)) + draw(st.sampled_from("12359"))
    eight = draw(st.text(ALPHABET, min_size=8, max_size=8))
    seventeen = head + draw(st.text("0123456789", min_size=6, max_size=6)) + eight + organisation_check_digit(eight)
    return seventeen + credit_check_digit(seventeen)


@settings(deadline=None)
@given(codes())
def test_codes_with_both_check_digits_are_read(code: str) -> None:
    assert check_credit_code(code).code == code


@settings(deadline=None)
@given(codes(), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_seen(code: str, at: int, char: str) -> None:
    assume(char != code[at] and (not 2 <= at <= 7 or char.isdigit()))
    with pytest.raises(CreditCodeRefused):
        check_credit_code(code[:at] + char + code[at + 1 :])


@settings(deadline=None)
@given(codes(authority="159"))
def test_python_stdnum_agrees_where_it_is_right(code: str) -> None:
    """It wants eight digits in front, so it can say nothing of authorities that are letters (N, Y)."""
    assert uscc.is_valid(code)
    assert uscc.calc_check_digit(code[:17]) == code[17]


@pytest.mark.parametrize("text", ["6000373", "600037341", "6000373a", "6000373-"])
def test_check_digit_functions_want_their_length_and_alphabet(text: str) -> None:
    with pytest.raises(ValueError, match="organisation code"):
        organisation_check_digit(text)
    with pytest.raises(ValueError, match="credit code"):
        credit_check_digit(text)


@given(st.from_regex("[19][1-5][0-9]{6}", fullmatch=True), st.text(ALPHABET, min_size=8, max_size=8))
def test_a_completed_code_is_right_to_others_too(registered: str, eight: str) -> None:
    assert uscc.is_valid(complete_credit_code(registered, eight).code)
