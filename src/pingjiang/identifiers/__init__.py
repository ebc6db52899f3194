"""Patent numbers, credit codes and class symbols: parse, check, show.

Floor 0: this room imports the standard library only, so anything may use it.

    parse(text, what=...)              one number -> PatentNumber, or NumberUnreadable with a code
    parse_many(texts, what=...)        the same for a column -> ParsedNumbers (parallel lists), cached, fast
    split_dated(text)                  'US62133061P 2015-03-13' -> ('US62133061P', date(2015, 3, 13))
    is_grant, patent_type              what a publication is, from office + kind + date; None where unknown
    is_grant_many, patent_type_many    the same for columns
    series_form                        a US application known by year and serial, under its series if that is certain
    normalise, normalise_many          a class symbol (IPC, CPC, LOC) in its one display form
    is_below, sort_key                 order and ancestry of class symbols
    cn_check_digit                     check character of a Chinese application number
    check_credit_code                  unified social credit code (GB 32100), both check digits
    complete_credit_code               the same code from what stands before the two
"""

from pingjiang.identifiers.bulk import parse_many
from pingjiang.identifiers.classes import (
    ClassSymbol,
    Scheme,
    is_below,
    normalise,
    normalise_many,
    sort_key,
)
from pingjiang.identifiers.credit_code import CreditCode, CreditCodeRefused, check_credit_code, complete_credit_code
from pingjiang.identifiers.kinds import (
    PatentType,
    is_grant,
    is_grant_many,
    patent_type,
    patent_type_many,
)
from pingjiang.identifiers.number import NumberUnreadable, PatentNumber, What, cn_check_digit
from pingjiang.identifiers.parsed import ParsedNumbers
from pingjiang.identifiers.patent import parse, split_dated
from pingjiang.identifiers.us_series import series_form, series_of

__all__ = [
    "ClassSymbol",
    "CreditCode",
    "CreditCodeRefused",
    "NumberUnreadable",
    "ParsedNumbers",
    "PatentNumber",
    "PatentType",
    "Scheme",
    "What",
    "check_credit_code",
    "cn_check_digit",
    "complete_credit_code",
    "is_below",
    "is_grant",
    "is_grant_many",
    "normalise",
    "normalise_many",
    "parse",
    "parse_many",
    "patent_type",
    "patent_type_many",
    "series_form",
    "series_of",
    "sort_key",
    "split_dated",
]
