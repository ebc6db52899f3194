"""A synthetic register of firms (企业名录), labelled so in every row: credit codes with valid check digits, names,
addresses in real cities, output in 万元, nodes of a chain, several years.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pingjiang.identifiers.credit_code import credit_check_digit, organisation_check_digit

HEADERS = (
    "统一社会信用代码", "企业名称", "曾用名", "地址", "类型", "行业代码", "产值(万元)", "从业人数", "产业链环节",
    "年份", "来源",
)  # fmt: skip
LABEL = "合成数据 synthetic"
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# Division, and how an address there begins.
_PLACES = (
    ("320500", "江苏省苏州市工业园区"), ("320200", "江苏省无锡市滨湖区"), ("310115", "上海市浦东新区"),
    ("440300", "广东省深圳市南山区"), ("330100", "浙江省杭州市余杭区"), ("110108", "北京市海淀区"),
    ("420100", "湖北省武汉市东湖新技术开发区"), ("340100", "安徽省合肥市高新区"), ("370100", "山东省济南市历下区"),
)  # fmt: skip
_KINDS = (
    ("企业", "91", "有限公司"),
    ("企业", "91", "股份有限公司"),
    ("研究院", "12", "研究院"),
    ("高校", "12", "大学"),
)
_SYLLABLES = "华新安达恒瑞博远创智科力天元中正联合东方宏光明海德信诚"
_INDUSTRIES = ("C3971", "C3973", "C3841", "C3670", "M7320", "C2651", "I6513")


@dataclass(frozen=True)
class Firm:
    """One made-up firm."""

    code: str
    name: str
    former: str
    address: str
    kind: str


def credit_code(chance: random.Random, division: str, kind: str) -> str:
    """A credit code of that division and kind (two characters), both check digits right; of nobody."""
    eight = "MA" + "".join(chance.choice(_ALPHABET) for _ in range(6))
    seventeen = kind + division + eight + organisation_check_digit(eight)
    return seventeen + credit_check_digit(seventeen)


def firms(count: int, *, seed: int = 7) -> Iterator[Firm]:
    """Made-up firms, no two of one code."""
    chance = random.Random(seed)
    seen: set[str] = set()
    while len(seen) < count:
        division, place = chance.choice(_PLACES)
        kind, authority, ending = chance.choice(_KINDS)
        code = credit_code(chance, division, authority)
        if code in seen:
            continue
        seen.add(code)
        word = "".join(chance.choice(_SYLLABLES) for _ in range(3))
        name = f"合成{word}{len(seen)}{'科技' if ending.endswith('公司') else ''}{ending}"
        former = f"合成{word}旧名{len(seen)}有限公司" if chance.random() < 0.2 else ""
        yield Firm(code, name, former, f"{place}合成路{chance.randrange(1, 999)}号", kind)


def register(
    path: Path, count: int, *, years: Sequence[int] = (2023, 2024), nodes: Sequence[str] = (), seed: int = 7
) -> int:
    """Write a register of `count` firms over these years as csv. Returns the number of rows."""
    chance = random.Random(seed + 1)
    rows = 0
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        out = csv.writer(handle)
        out.writerow(HEADERS)
        for firm in firms(count, seed=seed):
            node = chance.choice(nodes) if nodes else ""
            industry = chance.choice(_INDUSTRIES)
            for year in years:
                output = f"{chance.randrange(100, 900_000) / 10:.1f}"
                out.writerow(
                    [firm.code, firm.name, firm.former, firm.address, firm.kind, industry, output,
                     chance.randrange(5, 5_000), node, year, LABEL]
                )  # fmt: skip
                rows += 1
    return rows
