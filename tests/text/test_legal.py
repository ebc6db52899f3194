"""Legal forms: where they stand, whose they are, and what of a name they leave."""

from __future__ import annotations

import re

import pytest
from cleanco.termdata import terms_by_country

from pingjiang.text import fold, read_name
from pingjiang.text.legal import form_words, legal_forms, without_forms

# Whose forms applicants of patents bear most, of those that cleanco tells by country.
COUNTRIES = (
    "Australia", "Austria", "Belgium", "Brazil", "Czech Republic", "Denmark", "Estonia", "Finland", "France", "Germany",
    "Hong Kong", "Hungary", "India", "Ireland", "Israel", "Italy", "Japan", "Malaysia", "Mexico", "Netherlands",
    "Norway", "Poland", "Portugal", "Russia", "Singapore", "Slovakia", "Slovenia", "Spain", "Sweden", "Switzerland",
    "United Kingdom", "United States of America",
)  # fmt: skip


def test_at_least_25_jurisdictions() -> None:
    jurisdictions = {code for form in legal_forms().values() for code in form.of}
    assert len(jurisdictions) >= 25
    assert all(re.fullmatch("[A-Z]{2}", code) for code in jurisdictions)


def test_forms_that_another_library_knows() -> None:
    """cleanco's list: three quarters of its forms; its others are rare, or too short to tell from words."""
    known = {word for key in ("at", "before") for word in form_words(key)}
    theirs = {fold(word) for country in COUNTRIES for word in terms_by_country[country]} - {"&"}
    assert len(theirs) > 100
    assert len(theirs & known) / len(theirs) > 0.75, sorted(theirs - known)


@pytest.mark.parametrize(
    ("name", "core", "countries"),
    [
        ("Toyota Jidosha Kabushiki Kaisha", "toyota jidosha", ["JP"]),
        ("K.K. Toshiba", "toshiba", ["JP"]),
        ("(株)東芝", "东芝", ["JP", "KR"]),
        ("㈱東芝", "东芝", ["JP", "KR"]),
        ("東芝株式会社", "东芝", ["JP", "KR"]),
        ("삼성전자주식회사", "삼성전자", ["KR"]),
        ("주식회사 엘지화학", "엘지화학", ["KR"]),
        ("华为技术有限公司", "华为技术", []),
        ("中科创达软件股份有限公司", "中科创达软件", []),
        ("中国石油天然气股份有限公司大庆分公司", "中国石油天然气大庆分公司", []),
        ("Bosch GmbH & Co. KG", "bosch", ["AT", "DE"]),
        ("Bosch G.m.b.H.", "bosch", ["AT", "CH", "DE"]),
        ("Siemens Aktiengesellschaft Österreich", "siemens osterreich", ["AT", "CH", "DE"]),
        ("Koninklijke Philips N.V.", "koninklijke philips", ["BE", "NL"]),
        ("Fiat S.p.A.", "fiat", ["CL", "IT"]),
        ("Grupo Bimbo, S.A. de C.V.", "grupo bimbo", ["MX"]),
        ("CD Projekt Sp. z o.o.", "cd projekt", ["PL"]),
        ("Škoda Auto a.s.", "skoda auto", ["CZ", "DK", "EE", "LV", "NO", "SK", "TR"]),
        ("Telefonaktiebolaget LM Ericsson (publ)", "telefonaktiebolaget lm ericsson", []),
        ("Nokia Oyj", "nokia", ["FI"]),
        ("Tata Motors Pvt. Ltd.", "tata motors", ["IN", "LK", "PK"]),
        ("Petronas Sdn. Bhd.", "petronas", ["BN", "MY"]),
        ("Creative Technology Pte Ltd", "creative technology", ["SG"]),
        ("BHP Pty Ltd", "bhp", ["AU", "ZA"]),
        ('ООО "Ромашка"', "ромашка", ["RU"]),
        ("ПАО Газпром", "газпром", ["RU"]),
        ("OOO Romashka", "romashka", ["RU"]),
        ("PT Astra International Tbk", "astra international", ["ID"]),
        ("Vestel Elektronik Sanayi ve Ticaret A.Ş.", "vestel elektronik", ["TR"]),
        ("Microsoft Technology Licensing, LLC", "microsoft technology licensing", ["US"]),
        ("Tesla, Inc.", "tesla", ["CA", "PH", "US"]),
        ("AT&T Corp.", "at&t", ["CA", "PH", "US"]),
    ],
)
def test_without_its_form(name: str, core: str, countries: list[str]) -> None:
    read = read_name(name)
    assert (read.core, read.countries) == (core, countries)
    assert read.forms or "publ" in name


@pytest.mark.parametrize("name", ["公司", "Ltd", "株式会社", "GmbH & Co KG", "AG"])
def test_something_is_left_of_a_name_that_is_all_form(name: str) -> None:
    assert read_name(name).core


def test_nothing_but_forms_is_taken_away(printed_names: list[str]) -> None:
    """What is left is made of the name's own letters, in their order, and never empty."""
    for name in printed_names[::7]:
        folded = fold(name)
        core, forms = without_forms(folded)
        assert bool(core) == bool(folded), name
        assert forms or core == folded, name
        letters = iter(re.sub(r"\W", "", folded))
        assert all(letter in letters for letter in re.sub(r"\W", "", core)), name
