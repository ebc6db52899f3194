"""Claims of formats that give a text instead of elements: where each begins, and what each depends on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pingjiang.sources.offices.dependency import depends_on
from pingjiang.sources.said import Claim, Said

# "1. A lamp", "1.一种灯", "1、一种灯"; "2.5 mm" begins no claim.
_NUMBER = re.compile(r"\s*(\d{1,4})\s*(?:[.．](?!\d)|[、)）:：])")


def split_claims(blocks: Iterable[str]) -> list[tuple[int | None, str]]:
    """Blocks of text (paragraphs, lines) as claims: (number, text). A claim begins where the next number is printed.

    Where no block begins with 1, all are one claim without a number. What stands before the first ("What is claimed
    is:") introduces the claims and is none.
    """
    kept = [block for block in (each.strip() for each in blocks) if block]
    claims: list[tuple[int, list[str]]] = []
    for block in kept:
        found = _NUMBER.match(block)
        if found is not None and int(found[1]) == len(claims) + 1:
            claims.append((int(found[1]), [block]))
        elif claims:
            claims[-1][1].append(block)
    if claims:
        return [(number, "\n".join(lines)) for number, lines in claims]
    return [(None, "\n".join(kept))] if kept else []


def split_text(text: str) -> list[tuple[int | None, str]]:
    """One text as claims: by its lines, or where they tell no more than one claim by the numbers inside it."""
    claims = split_claims(text.splitlines())
    if len(claims) > 1:
        return claims
    return _longer(split_claims(_cut(text)), claims)


def split_listed(blocks: Sequence[str]) -> list[tuple[int | None, str]]:
    """A list of claims, with the numbers printed in it; without any they are counted.

    One entry may hold all claims, or the words that introduce them.
    """
    if len(blocks) == 1:
        claims = split_text(blocks[0])
        return claims if len(claims) > 1 or claims[0][0] else [(1, blocks[0].strip())]
    if blocks and all(_NUMBER.match(block) for block in blocks[1:]):
        claims = split_claims(blocks)
        if claims[-1][0] is not None and len(claims) >= len(blocks) - 1:
            return claims
    return [(number, block.strip()) for number, block in enumerate(blocks, start=1)]


def _longer(first: list[tuple[int | None, str]], second: list[tuple[int | None, str]]) -> list[tuple[int | None, str]]:
    return first if len(first) > len(second) else second


def _cut(text: str) -> list[str]:
    """Pieces of a text, each from where the next number stands behind the end of a sentence."""
    pieces: list[str] = []
    begin, wanted = 0, 1
    for found in _INSIDE.finditer(text):
        before = text[: found.start()].rstrip()
        if int(found[1]) == wanted and (not before or before[-1] in _ENDS) and not before.endswith(_SHORT):
            pieces.append(text[begin : found.start()])
            begin, wanted = found.start(), wanted + 1
    return [*pieces, text[begin:]]


# A claim's number inside a text, before a capital letter or a Chinese character; what ends a sentence before it.
_INSIDE = re.compile(r"(?<![\d.])(\d{1,4})\s*(?:[.．](?!\d)|、)\s*(?=[A-Z\u4e00-\u9fff])")
_ENDS = ".;:。；："
_SHORT = ("FIG.", "Fig.", "fig.", "FIGS.", "Figs.", "No.", "no.", "Nos.")


def told_claims(numbered: Sequence[tuple[int | None, str]], language: str | None) -> list[Claim]:
    """Claims of one language, with what they refer to by their wording."""
    found: list[Claim] = []
    for number, text in numbered:
        claim = Claim(text=text, language=language, depends_on=depends_on(text, number))
        if number is not None:
            claim["number"] = number
        found.append(claim)
    return found


def tell_claims(said: Said, by_language: Sequence[Sequence[Claim]]) -> None:
    """Set `claims` of all languages, `claim_count` of the first, `first_claim` in English or Chinese if told."""
    groups = [group for group in by_language if group]
    if not groups:
        return
    said["claims"] = [claim for group in groups for claim in group]
    said["claim_count"] = str(len(groups[0]))
    liked = sorted(groups, key=lambda group: group[0].get("language") not in ("zh", "en"))
    said["first_claim"] = liked[0][0]["text"]
