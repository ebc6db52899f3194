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
