"""Folds: header cells in Python (few), names of organisations in SQL (millions)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from pingjiang import definitions

# Japanese and Korean forms that stand before the name as often as behind it.
_LEADING_FORMS = ("kabushiki kaisha", "kk", "yugen kaisha", "株式会社", "주식회사")
_NOT_WORD = re.compile(r"[\W_]+")


def header_key(text: str) -> str:
    """A header cell as it is compared: NFKC, lower case, without spaces and punctuation.

    >>> header_key("公开（公告）号"), header_key("Publication  Number"), header_key("公开/公告日")
    ('公开公告号', 'publicationnumber', '公开公告日')
    """
    folded = unicodedata.normalize("NFKC", text).lower()
    return _NOT_WORD.sub("", folded) or folded.strip()


@cache
def organisation_legal_forms() -> tuple[str, ...]:
    """Legal forms that end a name, folded, longest first (`legal_forms.yaml`)."""
    shipped = definitions.shipped("pingjiang.text", "legal_forms.yaml")
    forms = {str(form) for forms in shipped.values() for form in forms}
    return tuple(sorted(forms, key=lambda form: (-len(form), form)))


def organisation_key_sql(column: str) -> str:
    """SQL that folds a name for comparison: NFKC, case, accents, punctuation, legal forms at its end.

    Place names, 集团 and words in brackets stay: they tell legal entities apart (rules.md §7).
    The result is '' for a name without a letter or digit.
    """
    latin = [form for form in organisation_legal_forms() if form.isascii()]
    chinese = [form for form in organisation_legal_forms() if not form.isascii()]
    folded = f"lower(strip_accents(nfc_normalize({_nfkc_sql(column)})))"
    # '&' and '+' carry meaning (AT&T); all else that is no letter or digit parts words.
    words = rf"trim(regexp_replace(regexp_replace({folded}, '[''’´`]', '', 'g'), '[^\p{{L}}\p{{N}}&+]+', ' ', 'g'))"
    # Initials written with stops come apart ('k k', 's a', 'l l c'): their joined form is on the list too.
    endings = "|".join(re.escape(form).replace(r"\ ", " ") for form in latin)
    without_latin = f"regexp_replace({words}, '( ({endings}))+$', '')"
    leading = "|".join(_LEADING_FORMS)
    without_leading = f"regexp_replace({without_latin}, '^({leading}) ', '')"
    chinese_endings = "|".join(chinese)
    return f"trim(regexp_replace({without_leading}, '({chinese_endings})$', ''))"


def shown_name_sql(column: str) -> str:
    """SQL: a name as it is shown: Latin letters and digits at half width, with the full stop and the ampersand.

    Brackets and commas stay: Chinese names are written with the full-width ones.
    """
    return _half_width_sql(column, [*filter(str.isalnum, map(chr, range(0x21, 0x7F))), ".", "&"])


def _nfkc_sql(column: str) -> str:
    """Full-width Latin letters, digits and signs to half width: the part of NFKC that names need."""
    return _half_width_sql(column, map(chr, range(0x20, 0x7F)))


def _half_width_sql(column: str, characters: Iterable[str]) -> str:
    half = "".join(characters)
    full = "".join("　" if each == " " else chr(ord(each) + 0xFEE0) for each in half)
    return "translate({}, '{}', '{}')".format(column, full, half.replace("'", "''"))
