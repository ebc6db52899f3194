"""One number, as offices, tools and people write it: identities, forms, refusals."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.identifiers import NumberUnreadable, What, cn_check_digit, parse, parse_many, split_dated

# Real numbers with their check characters (the second line's are 7 of 8 published ones).
_CHECKED = """
200710308494.X 201610158350.X 202221562055.8 202220786942.7 202123021163.2 202022432527.5 202022648948.1
202221922156.1 202110123456.7 201811107071.6 202211476956.X 97101765.4
"""
CHECKED = _CHECKED.split()


@pytest.mark.parametrize("text", CHECKED)
def test_check_digit_of_known_numbers(text: str) -> None:
    digits, check = text.split(".")
    assert cn_check_digit(digits) == check
    number = parse(text, what="application", authority="CN")
    assert (number.number, number.check, number.warnings) == (digits, check, ())


def test_a_wrong_check_digit_is_warned_of_never_refused() -> None:
    number = parse("89103229.2", what="application", authority="CN")
    assert number.warnings == ("check_digit",)
    assert (number.number, number.check, number.display) == ("89103229", "2", "CN89103229.2")


@pytest.mark.parametrize(
    "digits", ["", "1234567", "20181110707", "2018111070716", "20181110707X", "２０１８１１１０７０７１"]
)
def test_check_digit_wants_eight_or_twelve_digits(digits: str) -> None:
    with pytest.raises(ValueError, match="8 or 12"):
        cn_check_digit(digits)


@settings(deadline=None)
@given(st.text("0123456789", min_size=12, max_size=12), st.integers(0, 11), st.integers(1, 9))
def test_check_digit_sees_every_single_wrong_digit(digits: str, at: int, more: int) -> None:
    wrong = digits[:at] + str((int(digits[at]) + more) % 10) + digits[at + 1 :]
    assert cn_check_digit(wrong) != cn_check_digit(digits)


# Identity, then spellings of it, divided by " | ".
SAME: dict[What, dict[str, str]] = {
    "application": {
        "CN201811107071": (
            "CN201811107071.6 | ZL201811107071.6 | 2018111070716 | 201811107071.6 | CN 201811107071 A | "
            "CN2018111070716 | 201811107071 | zl 2018 1 1107071.6 | ＣＮ２０１８１１１０７０７１．６ | "
            "CNZL201811107071.6 | CN.201811107071.A | CN201811107071。6"
        ),
        "CN201710472509": "CN201710472509X | CN201710472509.X 20170619 | 201710472509.x",
        "CN200810072486": "CN20081072486 | CN200810072486.7",
        "CN202220035483U": "CN202220035483.9 | CN 202220035483 U",
        "CN85102475": "CN85102475 | CN 85102475 A | CN85102475.5",
        "US16854380": "US16/854380 | US16/854,380 | US 202016854380 A | US16854380A | US-16/854380",
        "US12657848": "US 65784810 A | US12/657848 | US2010657848A | US.65784810.A | US20100657848",
        "US62133061P": "US62133061P 2015-03-13 | US62/133,061 | US 201562133061 P 20150313 | US2015133061P",
        "US29578323F": "US2016578323F | US29/578,323 | US 201629578323 F",
        "US3564134D": "US 3564134D A | US3564134D | USD3564134A 1968-02-13",
        "WOEP2014078449": "PCT/EP2014/078449 | EP 2014078449 W | WO2014EP78449A | WOPCT/EP2014/078449 | WOEP14078449",
        "WOUS1999012817": "PCT/US99/12817 | US 9912817 W | WO1999US12817A | PCT/US1999/012817",
        "WOCN2017079453": "CN2017/079453 | PCT/CN2017/079453 | CN 2017079453 W",
        "EP18206603": "EP18206603.5 | EP182066035A | EP20180206603 | EP2018206603A | EP 18206603 A | EP20182066035",
        "JP2005123456": "特願2005-123456 | JP 2005123456 A | JP2005-123456 | JP20050123456",
        "JP1993196401": "JP 19640193 A | 特願平5-196401 | JP1993196401A | JPH05196401",
        "KR20050012345": "KR10-2005-0012345 | KR1020050012345 | KR 20050012345 A | KR200512345A",
        "KR20130006425U": "KR20130006425U | KR20-2013-0006425",
        "DE102021122756": "DE1020211227569A | DE 10 2021 122 756.9 | DE 102021122756 A | DE202110122756",
        "DE10131036": "DE20011031036 | DE 10131036 A",
        "TW104142068": "TW 104142068 A | TW104142068 | TW2015142068A | TW20154142068A",
        "TW99125738": "TW099125738 | TW 99125738 A",
        "GB202101041": "GB21010418A | GB2021001041 | GB2101041 | GB 202101041 A | GB20210001041",
        "FR201051751": "FR 1051751 A | FR2010051751 | FR201051751A | FR20100051751",
        "AU2016219013": "AU 2016/219013 A | AU 2016 219013 A 20160215 | AU2016219013 | AU20160219013",
        "CA3058634": "CA20193058634 | CA3058634A | CA 3058634",
        "NL1010536": "NL19981010536 | NL.1010536.A 19981112 | NL1010536A | NL 1010536",
        "NL2012345": "NL20142012345 | NL2012345A",
        "DE19712345": "DE19712345A | DE197 12 345.2 | DE19712345.2 | DE19971012345 19970324",
        "US10101234": "US.10123402.A 20020416 | US20020101234 20020416",
    },
    "publication": {
        "CN109462287A": "CN109462287A | CN 109462287 A | CN-109462287-A | cn109462287a | CN.109462287.A",
        "CN85102431A": "CN85102431A | CN1985102431A | CN 85102431 A",
        "US11355780B2": "US11355780B2 | US-11355780-B2 | US 11,355,780 B2 | US 11355780 B2 | US011355780B2",
        "US20110185700A1": "US20110185700A1 | US 2011/0185700 A1 | US2011185700A1 | US-2011185700-A1",
        "USRE48294E1": "USRE48294E1 | US RE48,294 E1 | USRE048294E1 | US 48294 E1 | USR48294E1",
        "USD800603S1": "USD800603S1 | US D0800603 S1 | US-D800603-S1 | USD800603S1 20171024",
        "WO2005123456A1": "WO2005123456A1 | WO 2005/123456 A1 | WO/2005/123456 A1 | WO05123456A1",
        "WO1998038851A1": "WO9838851A1 | WO 98/38851 A1 | WO1998038851A1 | WO199838851A1",
        "EP0021717A1": "EP21717A1 | EP 0021717 A1 | EP0021717A1 | EP-0021717-A1",
        "JPH0723487A": (
            "JP H0723487 A | JPH07023487A | 特開平7-23487 | JP7023487A | JP07023487A | 特开平７－２３４８７"
        ),
        "JP2005123456A": "JP2005123456A | 特開2005-123456 | JP-2005123456-A | 特開2005-123456号公報",
        "JPS63501208A": "JP63501208T | JP S63501208 A | 特表昭63-501208",
        "KR20150127557A": "KR2015127557A | KR20150127557A | KR1020150127557A | KR 10-2015-0127557 A",
        "KR102521398B1": "KR102521398B1 | KR2521398B1 | KR 10-2521398 B1",
        "KR200475295Y1": "KR200475295 (Y1) | KR200475295Y1 | KR475295Y1",
        "DE9420497U1": "DE199420497U1 | DE 9420497 U1",
        "AU1984027188A": "AU2718884A | AU 1984/027188 A | AU198427188A",
        "AUPO793397D0": "AUPO19977933D0 | AU PO793397 D0 | AU1997PO7933D0",
        "GB200907890D0": "GB0907890D0 | GB 200907890 D0",
    },
}


@pytest.mark.parametrize("invisible", "\u200b\u200e\u200f\u00ad\u202a\u202c\u2060\u2068\u2069\ufeff")
@pytest.mark.parametrize("at", [0, 2, 8, 12])
def test_what_has_no_width_is_not_there(invisible: str, at: int) -> None:
    text = "CN112345678A"
    put = text[:at] + invisible + text[at:]
    assert parse(put, what="publication").id == text
    assert parse_many([put], what="publication").id == [text]


@pytest.mark.parametrize(("what", "id_"), [(what, id_) for what, numbers in SAME.items() for id_ in numbers], ids=str)
def test_all_spellings_of_a_number_have_one_identity(what: What, id_: str) -> None:
    texts = SAME[what][id_].split(" | ")
    assert {text: parse(text, what=what).id for text in texts} == dict.fromkeys(texts, id_)


FORMS: list[tuple[What, str, str, str]] = [
    ("publication", "CN109462287A", "CN.109462287.A", "CN109462287A"),
    ("application", "CN201811107071", "CN.201811107071.A", "CN201811107071.6"),
    ("publication", "US11355780B2", "US.11355780.B2", "US 11,355,780 B2"),
    ("publication", "US20110185700A1", "US.2011185700.A1", "US 2011/0185700 A1"),
    ("publication", "USRE48294E1", "US.RE48294.E1", "US RE48,294 E1"),
    ("application", "US 202016854380 A", "US.202016854380.A", "US 16/854,380"),
    ("application", "US 65784810 A", "US.65784810.A", "US 12/657,848"),
    ("application", "US16/854380", "US.16854380", "US 16/854,380"),
    ("application", "PCT/EP2014/078449", "EP.2014078449.W", "PCT/EP2014/078449"),
    ("publication", "WO2014080385A2", "WO.2014080385.A2", "WO 2014/080385 A2"),
    ("publication", "JPH0723487A", "JP.H0723487.A", "JP H07-23487 A"),
    ("publication", "JP2005123456A", "JP.2005123456.A", "JP 2005-123456 A"),
    ("publication", "KR20150127557A", "KR.20150127557.A", "KR 10-2015-0127557 A"),
    ("publication", "KR102521398B1", "KR.102521398.B1", "KR 10-2521398 B1"),
    ("publication", "EP3188474A1", "EP.3188474.A1", "EP 3188474 A1"),
]


@pytest.mark.parametrize(("what", "text", "docdb", "display"), FORMS)
def test_forms(what: What, text: str, docdb: str, display: str) -> None:
    number = parse(text, what=what)
    assert (number.docdb, number.display) == (docdb, display)


@pytest.mark.parametrize(
    ("text", "id_"),
    [("8407913", "US8407913"), ("20150366316", "US20150366316"), ("D345393", "USD345393"), ("RE34567", "USRE34567"),
     ("PP12345", "USPP12345"), ("H1234", "USH1234"), ("T100001", "UST100001"), ("CN109462287A", "CN109462287A")],
)  # fmt: skip
def test_a_number_without_code_belongs_to_the_authority_given(text: str, id_: str) -> None:
    assert parse(text, what="publication", authority="us").id == id_


REFUSED: list[tuple[str, What, str]] = [
    ("", "publication", "empty"), ("  ", "publication", "empty"), ("-", "application", "empty"),
    ("NA", "application", "empty"), ("无", "publication", "empty"), ("－", "publication", "empty"),
    ("2.01E+12", "application", "spreadsheet_number"), ("2,01E+12", "application", "spreadsheet_number"),
    ("2.01811E+12", "application", "spreadsheet_number"), ("２．０１Ｅ＋１２", "application", "spreadsheet_number"),
    ("2E+12", "publication", "spreadsheet_number"), ("2.01e12", "publication", "spreadsheet_number"),
    ("8407913", "publication", "no_authority"), ("QQ1234567A", "publication", "no_authority"),
    ("16/854380", "application", "no_authority"), ("109462287A", "publication", "no_authority"),
    ("CN201811107071.6", "publication", "not_publication"), ("PCT/CN2017/079453", "publication", "not_publication"),
    ("US16/854380", "publication", "not_publication"), ("US 202016854380 A", "publication", "not_publication"),
    ("CN109462287A", "application", "not_application"), ("EP3188474A1", "application", "not_application"),
    ("US20130062463A1", "application", "not_application"), ("WO2014080385A2", "application", "not_application"),
    ("CN", "publication", "unreadable"), ("hello world", "publication", "no_authority"),
    ("CNABCDEFA", "publication", "unreadable"), ("CN1234A", "publication", "unreadable"),
    ("US99999999999999", "publication", "unreadable"), ("CN201841107071.6", "application", "unreadable"),
    ("WO2099000001A1", "publication", "unreadable"), ("US20119999999A1", "publication", "unreadable"),
    ("########", "application", "unreadable"), ("JPH40000001A", "publication", "unreadable"),
    ("特願平10-123456", "publication", "not_publication"), ("実願2005-1234", "publication", "not_publication"),
    ("JP特願2005-123456", "publication", "not_publication"), ("特開2005-123456", "application", "not_application"),
    ("特許第3456789号", "application", "not_application"), ("特公平7-12345", "application", "not_application"),
    ("ZL201811107071.6", "publication", "not_publication"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "what", "code"), REFUSED)
def test_what_is_no_number_is_refused_with_a_code(text: str, what: What, code: str) -> None:
    with pytest.raises(NumberUnreadable) as refusal:
        parse(text, what=what)
    assert (refusal.value.code, refusal.value.text) == (code, text)
    assert isinstance(refusal.value, ValueError)


@settings(deadline=None)
@given(st.decimals(min_value="1", max_value="9.99999", places=5), st.integers(7, 15), st.sampled_from(".,"))
def test_scientific_notation_is_never_a_number(mantissa: object, exponent: int, mark: str) -> None:
    text = f"{mantissa}E+{exponent}".replace(".", mark)
    for authority in (None, "CN", "US"):
        with pytest.raises(NumberUnreadable, match="spreadsheet_number"):
            parse(text, what="application", authority=authority)


def test_a_float_artefact_is_dropped_where_it_is_one() -> None:
    dropped = parse("8407913.0", what="publication", authority="US")
    assert (dropped.id, dropped.warnings) == ("US8407913", ("float_artefact",))
    long = parse("2018111070716.0", what="application")
    assert (long.id, long.check, long.warnings) == ("CN201811107071", "6", ("float_artefact",))


@settings(deadline=None)
@given(st.integers(2004, 2025), st.sampled_from("12389"), st.integers(1, 9_999_999), st.sampled_from([None, "CN"]))
def test_dot_zero_is_a_check_digit_only_if_it_is_the_right_one(
    year: int, type_: str, serial: int, authority: str | None
) -> None:
    digits = f"{year}{type_}{serial:07d}"
    number = parse(f"{digits}.0", what="application", authority=authority)
    right = cn_check_digit(digits)
    assert number.number == digits
    assert number.check == right
    assert number.warnings == (() if right == "0" else ("float_artefact",))
    # With a country code the cell never was a number: then it is a check digit, right or wrong.
    assert parse(f"CN{digits}.0", what="application").warnings == (() if right == "0" else ("check_digit",))


def test_dates_behind_or_before_a_number_are_split_off() -> None:
    assert split_dated("US62133061P 2015-03-13") == ("US62133061P", date(2015, 3, 13))
    assert split_dated("US62133061P,2015-03-13") == ("US62133061P", date(2015, 3, 13))
    assert split_dated("AT 33585 A 19850206") == ("AT 33585 A", date(1985, 2, 6))
    assert split_dated("2012.01.16 DE 202012000389.5") == ("DE 202012000389.5", date(2012, 1, 16))
    assert split_dated("USD994559A 0001-01-01") == ("USD994559A", None)
    assert split_dated("CN201811107071.6") == ("CN201811107071.6", None)
    assert split_dated("KR 10-2005-0012345") == ("KR 10-2005-0012345", None)


def test_short_forms_are_told_apart_by_the_year() -> None:
    def ids(text: str, *years: int) -> list[str]:
        return [parse(text, what="application", year=year).id for year in years]

    assert ids("EP20152625A", 2015, 2020) == ["EP15002625", "EP20152625"]
    assert ids("JP10026690A", 1998, 1990) == ["JP1998026690", "JP1990100266"]
    assert ids("DE202010123456", 2010, 2020) == ["DE202010123456U", "DE102020123456"]
    assert ids("GB2007659", 2020, 1959) == ["GB202007659", "GB195920076"]
    assert ids("US11311008", 2005, 2008) == ["US11311008", "US12113110"]


def test_without_a_year_a_short_form_of_two_meanings_is_warned_of() -> None:
    assert parse("US11311008", what="application").warnings == ("ambiguous",)
    assert parse("US11311008", what="application", year=2005).warnings == ()
    assert parse("DE202010123456", what="application").warnings == ("ambiguous",)
    assert parse("JP07119769B2", what="publication").warnings == ("ambiguous",)
    assert parse("JP07119769B2", what="publication", year=1988).id == "JPH07119769B2"
    assert parse("JP07119769B2", what="publication", year=2019).id == "JP7119769B2"
    assert parse("JP3000000B2", what="publication").warnings == ()


def test_a_year_that_fits_no_reading_does_not_make_a_number_unreadable() -> None:
    number = parse("US63302260P", what="application", year=2016)
    assert (number.id, number.warnings) == ("US63302260P", ("year_conflict",))
