"""Which claims a claim refers to, by its wording, for formats that do not mark it.

Words of ten languages stand before or behind the numbers ("according to claim 1 or 2", "nach einem der Ansprüche
1 bis 3", "根据权利要求1至3中任一项所述", "請求項1", "제1항에 있어서"). "Any of the preceding claims" means all before.
A claim refers to earlier ones: numbers that are not below its own are not taken, where its own is known.
"""

from __future__ import annotations

import re

# "4(c)" and "4a" mean claim 4; a measure ("2 mm", "5 %") is no claim.
_ONE = r"\d{1,3}(?!\d|\.\d|\s?(?:%|°|wt|mol|[munkcµ]?m\b|[mk]?g\b|ml\b))(?:\s?\([a-z]+\)|[a-z](?![a-z])|항|项|項)*"
_RANGE = r"\s*(?:-|－|–|—|~|～|to|through|bis|à|a|al|tot|至|到|乃至|から|내지)\s*"
_WORD = (
    r"(?:claims?|ansprüchen?|ansprüche|anspruchs?|patentansprüchen?|patentansprüche|patentanspruchs?|revendications?|"
    r"reivindicaci[oó]n(?:es)?|conclusies?|rivendicazion[ei]|(?:权利要求|權利要求)\s?第?|請求項|请求项|"
    r"申請專利範圍第|クレーム|제)"
)
_AND = (
    r"(?:\s*(?:,|;|/|、|，)?\s*(?:and/or|and|or|und/oder|und|oder|sowie|et/ou|et|ou|o|y|e|en|of|"
    r"和[/／]或|和|或者|或|以及|及|與|又は|または|및|또는)\s*|\s*[,;、，/]\s*)"
)
_SOME = rf"{_ONE}(?:{_RANGE}(?:{_WORD}\s*|第\s?)?{_ONE})?"
_LIST = re.compile(
    rf"{_WORD}\s*(?:nos?\.|nr\.|n°)?\s*(?P<list>{_SOME}"
    rf"(?:{_AND}(?:(?:any|either)\s(?:one\s)?of\s)?(?:{_WORD}\s*|第\s?)?{_SOME})*)",
    re.IGNORECASE,
)
_SPAN = re.compile(
    rf"(\d{{1,3}})(?:\s?\([a-z]+\)|[a-z](?![a-z])|항|项|項)*(?:{_RANGE}(?:{_WORD}\s*|第\s?)?(\d{{1,3}}))?(?=\D|$)",
    re.IGNORECASE,
)
_ALL_BEFORE = re.compile(
    r"\b(?:preceding|foregoing|previous|prior|above)\s+claims?\b|\bclaims?\s+above\b"
    r"|\b(?:vorhergehenden|vorangehenden|vorstehenden|vorherigen|vorangegangenen)\s+(?:patent)?anspr"
    r"|\brevendications?\s+(?:précédente|qui précède)|\breivindicaciones\s+(?:anteriores|precedentes)"
    r"|\b(?:voorgaande|voorafgaande)\s+conclusies|\brivendicazioni\s+precedenti"
    r"|(?:前述|上述|以上|前面)(?:任一|任意一?|各)?(?:项|項)?(?:的)?(?:权利要求|權利要求|請求項)",
    re.IGNORECASE,
)
_LIKELY = re.compile(
    r"claim|anspr|revendic|reivindic|conclusie|rivendic|要求|請求|请求|專利範圍|クレーム|항", re.IGNORECASE
)


def depends_on(text: str, own: int | None = None) -> list[int]:
    """Numbers of the claims that a claim refers to, in order; none for an independent claim.

    own: the claim's number, where it is known.

    >>> depends_on("3. A lamp as claimed in claim 1 or 2, wherein …", 3)
    [1, 2]
    >>> depends_on("5. 根据权利要求1至3中任一项所述的方法", 5)
    [1, 2, 3]
    >>> depends_on("4. Vorrichtung nach einem der vorhergehenden Ansprüche", 4)
    [1, 2, 3]
    """
    if _LIKELY.search(text) is None:
        return []
    found: set[int] = set()
    for match in _LIST.finditer(text):
        for first, last in _SPAN.findall(match["list"]):
            found |= set(range(int(first), int(last) + 1)) if last else {int(first)}
    if own is not None and _ALL_BEFORE.search(text):
        found |= set(range(1, own))
    return sorted(number for number in found if number > 0 and (own is None or number < own))
