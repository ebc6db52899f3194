"""Publications with titles, abstracts and symbols (synthetic): words of made-up Chinese and English, often and rare."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.generate.vocabulary import SUBCLASSES

_WORDS, _PORTION = 20_000, 20_000
_TITLE, _ABSTRACT = 6, 45  # words


def _vocabularies(draw: np.random.Generator) -> tuple[list[str], list[str]]:
    signs = [chr(0x4E00 + int(at)) for at in draw.permutation(3_000)]
    chinese = ["".join(signs[int(at)] for at in draw.integers(0, 3_000, 2)) for _ in range(_WORDS)]
    letters = "abcdefghiklmnoprstuv"
    english = ["".join(letters[int(at)] for at in draw.integers(0, 20, 3 + number % 6)) for number in range(_WORDS)]
    return chinese, english


def generate(folder: Path, count: int) -> dict[str, Any]:
    """Write publication.parquet, application.parquet and publication_class.parquet; two in five are English."""
    draw = np.random.default_rng(20_261_128)
    chinese, english = _vocabularies(draw)
    odds = 1 / np.arange(5, _WORDS + 5)
    odds /= odds.sum()
    writers: dict[str, pq.ParquetWriter] = {}
    symbols = 0
    for start in range(0, count, _PORTION):
        size = min(_PORTION, count - start)
        words = draw.choice(_WORDS, (size, _TITLE + _ABSTRACT), p=odds)
        is_english = draw.random(size) < 0.4
        texts = [
            (" " if latin else "").join((english if latin else chinese)[int(at)] for at in row)
            for row, latin in zip(words, is_english, strict=True)
        ]
        parts = _split(texts, is_english.tolist())
        ids = [f"CN{100_000_000 + number}A" for number in range(start, start + size)]
        classes = [
            (publication, f"{SUBCLASSES[int(at) % len(SUBCLASSES)]}{1 + int(at) // 20 % 60}/{10 + int(at) % 80:02}")
            for publication, chosen in zip(ids, draw.integers(0, 90_000, (size, 4)), strict=True)
            for at in set(chosen.tolist())
        ]
        symbols += len(classes)
        for name, table in _tables(ids, parts, is_english.tolist(), classes).items():
            if name not in writers:
                writers[name] = pq.ParquetWriter(folder / f"{name}.parquet", table.schema)
            writers[name].write_table(table)
    for writer in writers.values():
        writer.close()
    return {"documents": count, "symbols": symbols}


def _split(texts: list[str], is_english: list[bool]) -> list[tuple[str, str]]:
    """(title, abstract): a Chinese word has two signs."""
    found = []
    for text, latin in zip(texts, is_english, strict=True):
        if latin:
            words = text.split(" ")
            found.append((" ".join(words[:_TITLE]), " ".join(words[_TITLE:])))
        else:
            found.append((text[: 2 * _TITLE], text[2 * _TITLE :]))
    return found


def _tables(
    ids: list[str], parts: list[tuple[str, str]], is_english: list[bool], classes: list[tuple[str, str]]
) -> dict[str, pa.Table]:
    text = pa.string()
    nothing = pa.nulls(len(ids), text)
    abstracts = [part[1] for part in parts]
    return {
        "publication": pa.table({
            "publication_id": ids, "authority": ["CN"] * len(ids), "number": [one[2:-1] for one in ids],
            "application_id": [f"{one}-application" for one in ids], "title": [part[0] for part in parts],
            "title_zh": nothing, "title_en": nothing,
            "abstract_zh": pa.array([None if en else one for one, en in zip(abstracts, is_english, strict=True)], text),
            "abstract_en": pa.array([one if en else None for one, en in zip(abstracts, is_english, strict=True)], text),
            "publication_date": pa.nulls(len(ids), pa.date32()), "standing": nothing,
        }),
        "application": pa.table({
            "application_id": [f"{one}-application" for one in ids], "family_id": ids, "extended_family_id": ids,
        }),
        "publication_class": pa.table({
            "publication_id": [one[0] for one in classes], "symbol": [one[1] for one in classes],
        }),
    }  # fmt: skip
