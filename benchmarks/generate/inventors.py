"""Generated mentions of inventors: names fall off as names do, persons work in teams of an organisation and move.

Synthetic: nobody's names. Each mention tells the person that was meant.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

TEAM = 3  # inventors of a document, on average
OF_PERSON = 8  # documents of a person, on average
SEED = 20_260_701
_STARTS = [*"bc", "ch", *"dfghjklmnpqrs", "sh", *"twxyz"]
_ENDS = ["a", "ai", "an", "ang", "e", "en", "i", "iao", "ing", "o", "ong", "u"]
SYLLABLES = [start + end for start in _STARTS for end in _ENDS]
HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 700)]


def generate(folder: Path, mentions: int) -> dict[str, Any]:
    """`mention.parquet` (mention_id, document, name, country, city, year, person) and `document.parquet`.

    About so many mentions; how many it became is given back.
    """
    drawn = np.random.default_rng(SEED)
    persons = max(mentions // OF_PERSON, 10)
    names = _names(drawn, persons)
    organisation = drawn.integers(0, max(persons // 60, 2), persons)
    team = organisation * 8 + drawn.integers(0, 8, persons)
    order = np.argsort(team, kind="stable")
    documents = mentions // TEAM
    start = drawn.integers(0, persons, documents)
    size = 1 + drawn.poisson(TEAM - 1, documents)
    document = np.repeat(np.arange(documents), size)
    offset = np.arange(len(document)) - np.repeat(np.cumsum(size) - size, size)
    spread = drawn.integers(0, 4, len(document))
    person = order[(np.repeat(start, size) + offset * 2 + spread) % persons]
    pairs = np.unique(document * np.int64(persons) + person)
    document, person = np.divmod(pairs, persons)
    first = order[start]
    year = 1995 + drawn.integers(0, 28, documents)
    moved = drawn.random(documents) < 0.15
    applicant = np.where(moved, drawn.integers(0, max(persons // 60, 2), documents), organisation[first])
    city = (organisation % 400)[first]
    pq.write_table(
        pa.table(
            {
                "mention_id": pa.array([f"m{n}" for n in range(len(person))]),
                "document": pa.array([f"d{n}" for n in document]),
                "name": pa.array([names[n] for n in person]),
                "country": pa.array(["CN"] * len(person)),
                "city": pa.array([f"city {n}" for n in city[document]]),
                "year": pa.array(year[document].astype(np.float64)),
                "person": pa.array(person.astype(np.int64)),
            }
        ),
        folder / "mention.parquet",
    )
    words = (team[first][:, None] * 7 + drawn.integers(0, 12, (documents, 6))) % 4_000
    pq.write_table(
        pa.table(
            {
                "document": pa.array([f"d{n}" for n in range(documents)]),
                "organisation": pa.array([f"o{n}" for n in applicant]),
                "class": pa.array([f"H{n % 120:02}{chr(65 + n % 20)}" for n in team[first]]),
                "title": pa.array([" ".join(_word(n) for n in row) for row in words.tolist()]),
            }
        ),
        folder / "document.parquet",
    )
    return {"mentions": len(person), "persons": int(np.unique(person).size), "synthetic": True}


def _word(number: int) -> str:
    letters = []
    for _ in range(5):
        number, at = divmod(number, 26)
        letters.append(chr(97 + at))
    return "".join(letters)


def _names(drawn: np.random.Generator, persons: int) -> list[str]:
    """Half in Latin letters, half in Han; surnames fall off steeply, given names less."""
    family = np.floor(200 * drawn.random(persons) ** 3).astype(np.int64)
    one, two = (np.floor(400 * drawn.random(persons) ** 2).astype(np.int64) for _ in range(2))
    two = np.where(drawn.random(persons) < 0.3, -1, two)
    latin = drawn.random(persons) < 0.5
    given = len(SYLLABLES)
    return [
        f"{SYLLABLES[f]}, {SYLLABLES[a % given]} {SYLLABLES[b % given] if b >= 0 else ''}" if is_latin
        else HAN[f] + HAN[300 + a] + (HAN[300 + b] if b >= 0 else "")
        for f, a, b, is_latin in zip(family.tolist(), one.tolist(), two.tolist(), latin.tolist(), strict=True)
    ]  # fmt: skip
