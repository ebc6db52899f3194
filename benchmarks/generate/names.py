"""Synthetic names of applicants: brands, trades, legal forms, misspellings, Chinese firms, persons. Nobody's names."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq


def _words(text: str, by: str = " ") -> list[str]:
    return text.split(by)


_SYLLABLES = _words(
    "ba be bi bo bu da de di do du fa fe fi fo ga ge go ha he hi ho ka ke ki ko ku la le li lo lu ma me mi mo mu na ne "
    "ni no nu pa pe pi po ra re ri ro ru sa se si so su ta te ti to tu va ve vi vo wa wi ya yo za ze zo tron max dyne "
    "gen lux ster mann berg son ex ix on ar el"
)
_TRADES = _words(
    "Electronics,Technologies,Semiconductor,Pharmaceuticals,Chemical,Motors,Systems,Materials,Energy,Software,"
    "Instruments,Medical,Industries,Optics,Robotics,Holdings,Engineering,Power Systems,Research Laboratories,Display",
    ",",
)
_FORMS = _words(
    "Inc.|Corp.|Co., Ltd.|LLC|GmbH|AG|S.A.|Ltd|B.V.|K.K.|Corporation|Limited|N.V.|S.p.A.|Kabushiki Kaisha", "|"
)
_PLACES = _words("America Japan Shanghai Suzhou Deutschland Texas Taiwan Korea Europe Singapore")
_CITIES = _words("北京 上海 深圳 苏州 杭州 广州 南京 武汉 成都 西安 无锡 宁波")
_SIGNS = "华科中天海金新东南北江山明德信达创康美博宇恒瑞通联智云星光能宝龙泰安远航诚正元丰盛世嘉佳"
_BRANCHES = _words("科技 电子 生物 医药 材料 能源 汽车 机械 信息技术 光电 环保 新材料")
_CHINESE_FORMS = ("有限公司", "股份有限公司", "有限责任公司")


def names(count: int, seed: int = 7) -> list[str]:
    """So many distinct names, the same for a seed: 6 in 10 of firms in Latin letters, a quarter Chinese, the rest of
    persons. A brand has one entity or a few, rarely thirty; a tenth of spellings lack a letter."""
    draw = random.Random(seed)
    made: set[str] = set()
    while len(made) < count:
        kind = draw.random()
        if kind < 0.25:
            sign = "".join(draw.choice(_SIGNS) for _ in range(draw.choice((2, 3, 3, 4))))
            name = draw.choice(_CITIES) + sign + draw.choice(_BRANCHES)
            made.update(name + form for form in _CHINESE_FORMS[: draw.choice((1, 1, 1, 2))])
        elif kind < 0.4:
            made.add(f"{_brand(draw, 3)} {_brand(draw, 2)} {draw.choice('ABCDEFGH')}.")
        else:
            brand = _brand(draw, draw.choice((3, 4, 4)))
            made.update(_firm(draw, brand) for _ in range(min(int(draw.paretovariate(1.3)), 30)))
    return sorted(made)[:count]


def generate(folder: Path, count: int) -> dict[str, Any]:
    """`names.parquet` (name), each once."""
    pq.write_table(pa.table({"name": names(count)}), folder / "names.parquet")
    return {"names": count, "synthetic": True}


def _brand(draw: random.Random, syllables: int) -> str:
    return "".join(draw.choice(_SYLLABLES) for _ in range(syllables)).title()


def _firm(draw: random.Random, brand: str) -> str:
    words = [brand, *draw.sample(_TRADES, draw.choice((0, 1, 1, 2)))]
    if draw.random() < 0.2:
        words.append(draw.choice(_PLACES))
    text = " ".join(words)
    if draw.random() < 0.1:
        at = draw.randrange(len(text) - 1)
        text = text[:at] + text[at + 1 :]
    text += " " + draw.choice(_FORMS)
    return text.upper() if draw.random() < 0.4 else text
