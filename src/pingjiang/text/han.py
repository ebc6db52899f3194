"""One form for each Chinese character however it is written: traditional, simplified, Japanese (shinjitai).

For comparison alone: 乾, 幹 and 干 fall together, which no conversion for display may do. The characters and their
kin are those of OpenCC's tables (opencc-purepy).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

# CJK ideographs of the basic plane, extension A and the radicals that look like them come by NFKC.
_HAN = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000))
_MORE_KIN = {
    "鉱": "矿",
    "砿": "矿",
    "鑛": "矿",
    "竜": "龙",
    "嶋": "岛",
    "嶌": "岛",
}  # Japanese forms that OpenCC leaves alone


@cache
def one_form() -> Mapping[int, str]:
    """Character (code point) → the one that stands for it and all its kin; made for `str.translate`.

    Idempotent: what stands for others stands for itself, and is the simplified one. Whatever OpenCC makes of a single
    character of a name, simplified, traditional or Japanese, folds as that character does.
    """
    from opencc_purepy import OpenCC  # loading its tables takes a fifth of a second, which few commands need

    characters = "".join(chr(code) for block in _HAN for code in block)
    kin: dict[str, str] = {}

    def root(char: str) -> str:
        while kin.setdefault(char, char) != char:
            kin[char] = char = kin[kin[char]]
        return char

    simplified = dict(_pairs(OpenCC("t2s"), characters))
    for config in ("t2s", "s2t", "jp2t"):
        for one, other in _pairs(OpenCC(config), characters):
            if one != other:
                kin[root(one)] = root(other)
    for one, other in _MORE_KIN.items():
        kin[root(one)] = root(other)
    groups: dict[str, list[str]] = {}
    for char in kin:
        groups.setdefault(root(char), []).append(char)
    table: dict[int, str] = {}
    for group in groups.values():
        # The simplified of most of them; ties by code point.
        votes = [simplified.get(char, char) for char in group]
        chosen = min(set(votes), key=lambda char: (-votes.count(char), char))
        table |= {ord(char): chosen for char in group if char != chosen}
    return table


def _pairs(converter: object, characters: str) -> list[tuple[str, str]]:
    made = converter.convert("\n".join(characters)).split("\n")  # type: ignore[attr-defined]
    return list(zip(characters, made, strict=True))
