"""How readers set fields of `Said`: only where there is something to say, texts by their language."""

from __future__ import annotations

from collections.abc import Iterable

from pingjiang.files.xml import Element, text_of
from pingjiang.sources.said import Said

_OWN_FIELD = ("zh", "en")
# Codes of countries that sources write where a language belongs.
_LANGUAGES = {"cn": "zh", "jp": "ja", "kr": "ko"}


def tell(said: Said, field: str, value: object) -> None:
    """Set a field where there is something to say: text that is not blank, a list with entries."""
    value = value.strip() if isinstance(value, str) else value
    if value:
        said[field] = value  # type: ignore[literal-required]


def tell_text(said: Said, field: str, texts: Iterable[tuple[str | None, str | None]]) -> None:
    """Set `title` or `abstract` from (language, text) pairs: Chinese and English have fields of their own.

    The field itself holds the first text of another language, or of none, where there is neither: readers of these
    documents read Chinese or English sooner than what else an office translates. Of one language the first text counts.
    """
    found: dict[str, str] = {}
    for printed, text in texts:
        code = language(printed)
        if text and text.strip():
            found.setdefault(f"{field}_{code}" if code in _OWN_FIELD else field, text)
    if len(found) > 1:
        found.pop(field, None)
    for name, text in found.items():
        tell(said, name, text)


def language(printed: str | None) -> str | None:
    """The two letters of a language: "zh" of "ZH", "zh-CN" and, as some sources write, "CN"."""
    code = (printed or "").strip().lower()[:2]
    return _LANGUAGES.get(code, code) or None


def words(element: Element | None) -> str | None:
    """The text of an element, white space single; quick where it holds nothing but text."""
    if element is None or len(element):
        return text_of(element)
    return " ".join((element.text or "").split()) or None


def tag(element: Element) -> str:
    """The local name of an element."""
    name: str = element.tag
    return name.rpartition("}")[2]
