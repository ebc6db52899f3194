"""One of two languages, where words are data: labels of workflows, names of organisations, refusals.

Texts of pages go through gettext; these do not.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

from pingjiang.centre.accounts.roles import ROLES
from pingjiang.errors import PingjiangError, Words


def is_english() -> bool:
    """Whether the page at hand speaks English; otherwise it speaks Chinese."""
    return (get_language() or "").startswith("en")


def said(words: Words) -> str:
    """The text of a pair (Chinese, English) in the language of the page; a single text as it is."""
    return words if isinstance(words, str) else words[int(is_english())]


def named(row: Any, field: str = "name") -> str:
    """`name_en` or `name_zh` of a row; the Chinese one where there is no English."""
    if row is None:
        return ""
    english = getattr(row, f"{field}_en", "") if is_english() else ""
    return str(english or getattr(row, f"{field}_zh"))


def role_label(role: str) -> str:
    """A role by name, in words."""
    return said(ROLES[role].words) if role in ROLES else role


def refusal(error: PingjiangError) -> str:
    """What an error says, in the language of the page where it has both."""
    return said(getattr(error, "words", None) or error.message)
