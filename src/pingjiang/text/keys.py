"""Keys: header cells in Python (few), names of organisations in SQL (millions), and names as they are shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from pingjiang.text.folding import CJK
from pingjiang.text.legal import form_words

_IS_CJK = re.compile(f"[{CJK}]")
_NOT_WORD = re.compile(r"[\W_]+")


def header_key(text: str) -> str:
    """A header cell as it is compared: NFKC, lower case, without spaces and punctuation.

    >>> header_key("公开（公告）号"), header_key("Publication  Number"), header_key("公开/公告日")
    ('公开公告号', 'publicationnumber', '公开公告日')
    """
    folded = unicodedata.normalize("NFKC", text).lower()
    return _NOT_WORD.sub("", folded) or folded.strip()


_MOST_INITIALS = 4  # letters of a form that may be written with stops


@cache
def _form_words(key: str) -> tuple[str, ...]:
    """Legal forms that stand at the end of names ("at") or in front of them ("before"), longest first.

    Initials written with stops come apart in SQL ("k k", "l l c"): both forms are among them.
    """
    words = list(form_words(key))
    words += [" ".join(word) for word in words if word.isascii() and word.isalpha() and len(word) <= _MOST_INITIALS]
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def organisation_key_sql(column: str) -> str:
    """SQL that folds a name for comparison: NFKC, case, accents, punctuation, legal forms at its ends.

    The measure of what `names.read_name` adds: it knows no other script and no word of another language.
    Place names, 集团 and words in brackets stay: they tell legal entities apart (rules.md §7).
    The result is '' for a name without a letter or digit.
    """
    folded = f"lower(strip_accents(nfc_normalize({_nfkc_sql(column)})))"
    # '&' and '+' carry meaning (AT&T); all else that is no letter or digit parts words.
    words = rf"trim(regexp_replace(regexp_replace({folded}, '[''’´`]', '', 'g'), '[^\p{{L}}\p{{N}}&+]+', ' ', 'g'))"
    spaced = [word for word in _form_words("at") if not _IS_CJK.search(word)]
    glued = [word for word in _form_words("at") if _IS_CJK.search(word)]
    without_endings = f"regexp_replace({words}, '( ({_any_of(spaced)}))+$', '')"
    without_leading = f"regexp_replace({without_endings}, '^({_any_of(_form_words('before'))}) ', '')"
    return f"trim(regexp_replace({without_leading}, '({_any_of(glued)})$', ''))"


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", " ") for word in words)


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
