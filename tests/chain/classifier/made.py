"""Made-up documents that a classifier can learn: synthetic words, one of which tells the tag."""

from __future__ import annotations

import random

from pingjiang.chain.classifier.features import Document


def made(count: int, seed: int = 7) -> tuple[list[Document], dict[str, bool]]:
    """Documents, of which about a third bear the tag: they say 固态 or have the symbol H01M10/0562, mostly."""
    drawn = random.Random(seed)
    words = ["battery", "electrode", "separator", "vehicle", "cooling", "housing", "电池", "外壳", "冷却"]
    documents, labels = [], {}
    for number in range(count):
        held = drawn.random() < 0.35
        text = " ".join(drawn.choices(words, k=6)) + (" 固态电解质" if held and drawn.random() < 0.9 else "")
        symbols = ("H01M10/0562",) if held and drawn.random() < 0.8 else ("H01M50/20",)
        documents.append(Document(f"CN{number:06}A", text, symbols))
        labels[documents[-1].id] = held
    return documents, labels
