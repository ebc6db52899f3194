"""Synthetic documents for a classifier: titles, abstracts and symbols put together of made-up words, half Chinese."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from benchmarks.generate.vocabulary import PARTS, RELATIONS, STEPS, THINGS

_SYMBOLS = ("H01M10/0562", "H01M50/20", "G01S17/931", "B60W30/06", "H01L21/768", "G06T7/73", "B25J15/08", "H05K7/20")
_NOISE = 0.1  # of documents whose symbol is another's


def documents(count: int, seed: int = 7) -> list[dict[str, Any]]:
    """So many, the same for a seed: {"id", "text", "symbols", "topic"}; the topic is the number of a thing."""
    draw = random.Random(seed)
    made = []
    for number in range(count):
        topic, language = draw.randrange(len(THINGS)), draw.randrange(2)
        thing, end = THINGS[topic][language], "。" if language == 0 else ". "
        sentences = [thing]
        for _ in range(6):
            one, two = draw.choice(PARTS)[language], draw.choice(PARTS)[language]
            sentences.append(f"{one} {draw.choice(RELATIONS)[language]} {two}, {draw.choice(STEPS)[language]}")
        if draw.random() < 0.7:  # the others name it in the title alone
            sentences.append(thing)
        symbol = _SYMBOLS[draw.randrange(8) if draw.random() < _NOISE else topic % 8]
        made.append({"id": f"CN{number:08}A", "text": end.join(sentences), "symbols": [symbol], "topic": topic})
    return made


def generate(folder: Path, count: int) -> dict[str, Any]:
    """`documents.jsonl`, a document a line."""
    with (folder / "documents.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(each, ensure_ascii=False) + "\n" for each in documents(count))
    return {"documents": count, "synthetic": True}


def read(path: Path) -> list[dict[str, Any]]:
    """The documents of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
