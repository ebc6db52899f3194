"""Refusals of the library as plain data, in both languages."""

from __future__ import annotations

from typing import Any

from pingjiang.errors import PingjiangError, Words


def told(error: PingjiangError) -> dict[str, Any]:
    """What an error says: {zh, en, file, row, column, remedy_zh, remedy_en}; what it does not know is None."""
    zh, en = _pair(error.words)
    remedy = (None, None) if error.remedy_words is None else _pair(error.remedy_words)
    return {
        "zh": zh, "en": en, "file": error.file, "row": error.row, "column": error.column,
        "remedy_zh": remedy[0], "remedy_en": remedy[1],
    }  # fmt: skip


def _pair(words: Words) -> tuple[str, str]:
    return (words, words) if isinstance(words, str) else words
