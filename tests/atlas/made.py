"""Atlases counted by hand: plain Python over a list of items, an oracle for what the page counts itself.

`small()` is a made-up release, marked synthetic. `figures_of` counts any list of items.
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from statistics import mean, median
from typing import Any

from pingjiang.atlas.contract import AtlasData, ChainNode, Figure, Items, Meta
from pingjiang.atlas.figures import assemble
from pingjiang.schema.units import LEVELS

LABELS = {
    "year": ("年份", "Year", "year"),
    "value": ("数量", "Count", "count"),
    "complete": ("完整", "Complete", "bool"),
    "previous": ("上年", "Year before", "count"),
    "growth": ("增速", "Growth", "share"),
    "from_year": ("起年", "From", "year"),
    "to_year": ("止年", "To", "year"),
    "from_value": ("起年数量", "Count in first year", "count"),
    "to_value": ("止年数量", "Count in last year", "count"),
    "cagr": ("年复合增速", "CAGR", "share"),
    "level": ("层级", "Level", "key"),
    "rank": ("名次", "Rank", "count"),
    "organisation_id": ("机构编号", "Organisation id", "key"),
    "organisation": ("机构", "Organisation", "text"),
    "share": ("份额", "Share", "share"),
    "first_year": ("首个申请年", "First year", "year"),
    "last_year": ("最近申请年", "Last year", "year"),
    "organisations": ("机构数", "Organisations", "count"),
    "items": ("件数", "Items", "count"),
    "unknown_items": ("机构未知", "Without organisation", "count"),
    "cr5": ("CR5", "CR5", "share"),
    "hhi": ("HHI", "HHI", "ratio"),
    "hhi_normalised": ("HHI*", "HHI*", "ratio"),
    "active": ("在场机构", "Active organisations", "count"),
    "basis": ("地址口径", "Basis", "key"),
    "country": ("国家/地区", "Country or region", "country"),
    "province": ("省份", "Province", "text"),
    "city": ("城市", "City", "text"),
    "node_id": ("节点", "Node", "node"),
    "multiple": ("兼入其他节点", "Also in another node", "count"),
    "organisation_id_a": ("机构甲编号", "Id A", "key"),
    "organisation_a": ("机构甲", "Organisation A", "text"),
    "organisation_id_b": ("机构乙编号", "Id B", "key"),
    "organisation_b": ("机构乙", "Organisation B", "text"),
    "salton": ("Salton 系数", "Salton index", "ratio"),
    "unknown": ("未知", "Unknown", "count"),
    "mean_claims": ("平均", "Mean", "number"),
    "median_claims": ("中位", "Median", "number"),
    "p90_claims": ("九成位", "90th percentile", "number"),
    "median_days": ("中位天数", "Median days", "days"),
    "p95_days": ("95 分位天数", "95th percentile, days", "days"),
}
NAMES = {
    "filings_by_year": ("申请趋势", "Filings by year"),
    "grants_by_year": ("授权趋势", "Grants by year"),
    "growth_by_year": ("年增长率", "Growth by year"),
    "cagr": ("年复合增速", "Compound annual growth"),
    "top_organisations": ("机构排名", "Top organisations"),
    "concentration": ("集中度", "Concentration"),
    "new_entrants_by_year": ("新进入者", "New entrants by year"),
    "countries": ("国家和地区", "Countries and regions"),
    "cities": ("城市", "Cities"),
    "country_node": ("国家和地区×节点", "Country by node"),
    "city_node": ("城市×节点", "City by node"),
    "node_counts": ("节点数量", "Node counts"),
    "node_year": ("节点×年份", "Node by year"),
    "node_organisation": ("节点机构", "Organisations by node"),
    "co_applicants": ("合作申请", "Co-applicants"),
    "claim_counts": ("权利要求数", "Claim counts"),
    "grant_lag": ("授权时滞", "Grant lag"),
}
Row = list[Any]


@dataclass
class Item:
    """One counted thing. Organisations, nodes (leaves) and places are indexes."""

    publication_id: str
    title: str
    filing_year: int | None
    grant_year: int | None
    organisations: list[int]
    nodes: list[int]
    places: list[int]
    source_row: str
    claims: int | None = None
    lag: int | None = None


@dataclass
class World:
    """What items point to."""

    chain: list[ChainNode]
    organisations: list[list[str]]
    places: list[list[str | None]]
    last_complete_year: int
    items: list[Item] = field(default_factory=list)
    groups: list[list[str]] = field(default_factory=list)
    group_of: list[int] = field(default_factory=list)  # of each organisation

    def at(self, level: str) -> World:
        """The same with groups for organisations, where that is the level."""
        if level == "entity":
            return self
        items = [
            replace(item, organisations=sorted({self.group_of[o] for o in item.organisations})) for item in self.items
        ]
        return replace(self, organisations=self.groups, items=items)

    def leaves(self, node: int) -> set[int]:
        """The leaves below a node, by index; itself if it is one."""
        if self.chain[node]["is_leaf"]:
            return {node}
        own = self.chain[node]["node_id"]
        below = [i for i, n in enumerate(self.chain) if n["parent_id"] == own]
        return set().union(*(self.leaves(i) for i in below)) if below else set()


def figures_of(world: World, units: Sequence[str]) -> dict[str, Figure]:
    """Every figure of the contract, the same for each of `units`."""
    out: dict[str, Figure] = {}
    for name, (columns, count) in COUNTS.items():
        rows = list(count(world))
        zh, en = NAMES[name]
        out[name] = {
            "name_zh": zh,
            "name_en": en,
            "definition_zh": f"{zh}：按整数计数，每件在其每个归属中各计一次。",
            "definition_en": f"{en}: whole counting, an item counts once in each place it belongs to.",
            "source": "Σ",
            "columns": [
                {"name": c, "label_zh": LABELS[c][0], "label_en": LABELS[c][1], "kind": LABELS[c][2]}
                for c in columns.split()
            ],
            "units": {unit: {"period": _period(world, columns.split(), rows), "rows": rows} for unit in units},
        }
    return out


def _period(world: World, columns: Sequence[str], rows: Sequence[Row]) -> list[int]:
    """The years of a figure's own rows, else those of the filings."""
    own = [row[at] for row in rows for at, column in enumerate(columns) if column in ("year", "from_year", "to_year")]
    told = [year for year in own or [item.filing_year for item in world.items] if isinstance(year, int)]
    return [min(told), max(told)]


def _by_year(world: World, years: Iterable[int | None]) -> Iterable[Row]:
    for year, value in sorted(Counter(years).items(), key=lambda pair: (pair[0] is None, pair[0] or 0)):
        yield [year, value, year is not None and year <= world.last_complete_year]


def _filings(world: World) -> Iterable[Row]:
    return _by_year(world, (item.filing_year for item in world.items))


def _grants(world: World) -> Iterable[Row]:
    for row in _by_year(world, (i.grant_year for i in world.items if i.grant_year is not None)):
        yield [row[0], row[1], True]


def _growth(world: World) -> Iterable[Row]:
    counts = {year: value for year, value, complete in _filings(world) if complete}
    for year in sorted(counts):
        before = counts.get(year - 1, 0)
        previous = None if year == min(counts) else before
        yield [year, counts[year], previous, counts[year] / before - 1 if before else None]


def _cagr(world: World) -> Iterable[Row]:
    counts = {year: value for year, value, complete in _filings(world) if complete}
    last = max(counts)
    first = max(last - 10, min(counts))
    yield [first, last, counts[first], counts[last], (counts[last] / counts[first]) ** (1 / (last - first)) - 1]


def _shares(world: World) -> dict[int, float]:
    shares: dict[int, float] = defaultdict(float)
    known = [item for item in world.items if item.organisations]
    for item in known:
        for organisation in item.organisations:
            shares[organisation] += 1 / len(item.organisations) / len(known)
    return shares


def _ranked(world: World, items: Iterable[Item]) -> list[tuple[int, int]]:
    counts = Counter(o for item in items for o in item.organisations)
    return sorted(counts.items(), key=lambda pair: (-pair[1], world.organisations[pair[0]][0]))


def _rank(ranked: list[tuple[int, int]], value: int) -> int:
    """Equals share a rank."""
    return 1 + sum(other > value for _, other in ranked)


def _top(world: World) -> Iterable[Row]:
    shares = _shares(world)
    years = defaultdict(list)
    for item in world.items:
        for organisation in item.organisations:
            if item.filing_year is not None:
                years[organisation].append(item.filing_year)
    ranked = _ranked(world, world.items)[:100]
    for o, value in ranked:
        rank = _rank(ranked, value)
        first, last = min(years[o], default=None), max(years[o], default=None)
        yield [rank, *world.organisations[o], value, shares[o], first, last]


def _concentration(world: World) -> Iterable[Row]:
    shares = sorted(_shares(world).values(), reverse=True)
    n, hhi = len(shares), sum(share * share for share in shares)
    unknown = sum(not item.organisations for item in world.items)
    normalised = (hhi - 1 / n) / (1 - 1 / n) if n > 1 else None
    yield [n, len(world.items), unknown, sum(shares[:5]), hhi, normalised]


def first_years(world: World) -> dict[int, int]:
    """Organisation → the year of its first filing."""
    first: dict[int, int] = {}
    for item in world.items:
        if item.filing_year is not None:
            for organisation in item.organisations:
                first[organisation] = min(first.get(organisation, item.filing_year), item.filing_year)
    return first


def _entrants(world: World) -> Iterable[Row]:
    first = Counter(first_years(world).values())
    active = defaultdict(set)
    for item in world.items:
        if item.filing_year is not None:
            active[item.filing_year].update(item.organisations)
    for year in sorted(active):
        yield [year, first[year], len(active[year]), year <= world.last_complete_year]


def _places(world: World, width: int) -> Counter[tuple[Any, ...]]:
    counts: Counter[tuple[Any, ...]] = Counter()
    for item in world.items:
        counts.update({tuple(world.places[p][:width]) for p in item.places})
    return counts


def _order(key: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple((part is None, part or "") for part in key)


def _countries(world: World) -> Iterable[Row]:
    for key, value in sorted(_places(world, 2).items(), key=lambda pair: (-pair[1], _order(pair[0]))):
        yield [*key, value, value / len(world.items)]


def _cities(world: World) -> Iterable[Row]:
    for key, value in sorted(_places(world, 4).items(), key=lambda pair: (-pair[1], _order(pair[0]))):
        yield [*key, value]


def _place_nodes(width: int) -> Callable[[World], Iterable[Row]]:
    def count(world: World) -> Iterable[Row]:
        below = {i: {i} for i, each in enumerate(world.chain) if each["is_leaf"]}
        counts: Counter[tuple[Any, ...]] = Counter()
        for item in world.items:
            keys = {tuple(world.places[p][:width]) for p in item.places}
            for node, leaves in below.items():
                if leaves & set(item.nodes):
                    counts.update((*key, world.chain[node]["node_id"]) for key in keys)
        for key, value in sorted(counts.items(), key=lambda pair: _order(pair[0])):
            # Cities of nodes are counted in China only.
            if width == 2 or key[1] == "CN":
                yield [*key, value]

    return count


def _node_counts(world: World) -> Iterable[Row]:
    for index, node in enumerate(world.chain):
        leaves = world.leaves(index)
        inside = [item for item in world.items if leaves & set(item.nodes)]
        yield [node["node_id"], len(inside), sum(len(item.nodes) > 1 for item in inside)]
    yield [None, sum(not item.nodes for item in world.items), 0]


def _leaves(world: World) -> list[tuple[int, ChainNode]]:
    return [(index, node) for index, node in enumerate(world.chain) if node["is_leaf"]]


def _node_year(world: World) -> Iterable[Row]:
    for index, node in _leaves(world):
        leaves = world.leaves(index)
        years = [item.filing_year for item in world.items if leaves & set(item.nodes)]
        for row in _by_year(world, years):
            yield [node["node_id"], *row]


def _node_organisation(world: World) -> Iterable[Row]:
    for index, node in _leaves(world):
        leaves = world.leaves(index)
        inside = [item for item in world.items if leaves & set(item.nodes)]
        ranked = _ranked(world, inside)[:20]
        for o, value in ranked:
            yield [node["node_id"], _rank(ranked, value), *world.organisations[o], value]


def _co_applicants(world: World) -> Iterable[Row]:
    alone = Counter(o for item in world.items for o in item.organisations)
    pairs: Counter[tuple[int, int]] = Counter()
    for item in world.items:
        ids = sorted(item.organisations, key=lambda o: world.organisations[o][0])
        pairs.update(combinations(ids, 2))
    ranked = sorted(pairs.items(), key=lambda p: (-p[1], [world.organisations[o][0] for o in p[0]]))[:200]
    for (a, b), value in ranked:
        yield [
            *world.organisations[a],
            *world.organisations[b],
            value,
            value / math.sqrt(alone[a] * alone[b]),
        ]


def _percentile(values: list[int], part: float) -> float:
    values = sorted(values)
    at = part * (len(values) - 1)
    low = math.floor(at)
    return values[low] + (values[min(low + 1, len(values) - 1)] - values[low]) * (at - low)


def _claims(world: World) -> Iterable[Row]:
    for year in sorted({i.filing_year for i in world.items if i.filing_year is not None}):
        these = [i.claims for i in world.items if i.filing_year == year]
        known = [c for c in these if c is not None]
        tail = [mean(known), median(known), _percentile(known, 0.9)] if known else [None] * 3
        yield [year, len(these), len(these) - len(known), *tail]


def _lag(world: World) -> Iterable[Row]:
    for year in sorted({i.grant_year for i in world.items if i.grant_year is not None}):
        these = [i.lag for i in world.items if i.grant_year == year]
        known = [lag for lag in these if lag is not None]
        tail = [median(known), _percentile(known, 0.95)] if known else [None] * 2
        yield [year, len(these), len(these) - len(known), *tail]


def _by_level(count: Callable[[World], Iterable[Row]]) -> Callable[[World], Iterable[Row]]:
    return lambda world: ([level, *row] for level in LEVELS for row in count(world.at(level)))


COUNTS: dict[str, tuple[str, Callable[[World], Iterable[Row]]]] = {
    "filings_by_year": ("year value complete", _filings),
    "grants_by_year": ("year value complete", _grants),
    "growth_by_year": ("year value previous growth", _growth),
    "cagr": ("from_year to_year from_value to_value cagr", _cagr),
    "top_organisations": ("level rank organisation_id organisation value share first_year last_year", _by_level(_top)),
    "concentration": ("level organisations items unknown_items cr5 hhi hhi_normalised", _by_level(_concentration)),
    "new_entrants_by_year": ("level year value active complete", _by_level(_entrants)),
    "countries": ("basis country value share", _countries),
    "cities": ("basis country province city value", _cities),
    "country_node": ("basis country node_id value", _place_nodes(2)),
    "city_node": ("basis country province city node_id value", _place_nodes(4)),
    "node_counts": ("node_id value multiple", _node_counts),
    "node_year": ("node_id year value complete", _node_year),
    "node_organisation": ("level node_id rank organisation_id organisation value", _by_level(_node_organisation)),
    "co_applicants": (
        "level organisation_id_a organisation_a organisation_id_b organisation_b value salton",
        _by_level(_co_applicants),
    ),
    "claim_counts": ("year items unknown mean_claims median_claims p90_claims", _claims),
    "grant_lag": ("year items unknown median_days p95_days", _lag),
}


def columns_of(items: Sequence[Item]) -> Items:
    """The list of patents as columns."""
    names = [
        "publication_id",
        "title",
        "filing_year",
        "grant_year",
        "organisations",
        "nodes",
        "places",
        "source_row",
    ]  # the contract's order
    columns: dict[str, list[object]] = {name: [getattr(item, name) for item in items] for name in names}
    return {"n": len(items), "listed": len(items), "columns": columns}


def node(node_id: str, parent: str | None, level: int, position: int, zh: str, en: str, leaf: bool) -> ChainNode:
    """A chain node with a definition."""
    return {
        "node_id": node_id,
        "parent_id": parent,
        "level": level,
        "position": position,
        "is_leaf": leaf,
        "name_zh": zh,
        "name_en": en,
        "definition_zh": f"{zh}的技术。",
        "definition_en": f"Technology of {en.lower()}.",
        "rule_text": "#1 H01L21*" if leaf else None,
    }


def small_chain() -> list[ChainNode]:
    """Three segments; one with groups, one with leaves straight below, one leaf that stays empty."""
    return [
        node("up", None, 1, 1, "上游：材料", "Upstream: materials", False),
        node("mat", "up", 2, 1, "基础材料", "Base materials", False),
        node("wafer", "mat", 3, 1, "硅片", "Wafers", True),
        node("resist", "mat", 3, 2, "光刻胶", "Photoresist", True),
        node("gas", "up", 2, 2, "电子气体", "Electronic gases", True),
        node("mid", None, 1, 2, "中游：制造", "Midstream: processing", False),
        node("proc", "mid", 2, 1, "工艺", "Processing", False),
        node("etch", "proc", 3, 1, "刻蚀", "Etching", True),
        node("cmp", "proc", 3, 2, "抛光", "Polishing", True),
        node("down", None, 1, 3, "下游：封测", "Downstream: packaging", False),
        node("pack", "down", 2, 1, "封装", "Packaging", True),
        node("empty", "down", 2, 2, "空缺节点", "Empty node", True),
    ]


PLACES: list[list[str | None]] = [
    ["applicant", None, None, None],
    ["applicant", "CN", "江苏省", "苏州市"],
    ["applicant", "CN", "江苏省", None],
    ["applicant", "CN", "广东省", "深圳市"],
    ["applicant", "CN", None, None],
    ["applicant", "US", "CA", "San Jose"],
    ["applicant", "JP", None, "Tokyo"],
    ["applicant", "TW", None, "Hsinchu"],
    ["inventor", None, None, None],
    ["inventor", "CN", "江苏省", "苏州市"],
    ["inventor", "KR", None, "Suwon"],
    ["inventor", "US", "NY", None],
]


# Of the commonest organisation and of one of its group.
ALIASES: list[list[object]] = [
    ["o000", "Sample Works 0", 41, 1.0, ["words"]],
    ["o000", "SAMPLE WORKZ 0", 3, 0.87, ["spelling", "words"]],
    ["o001", "示例机构", 2, 1.0, ["words"]],
]


def small_world(seed: int = 1, size: int = 400, chain: list[ChainNode] | None = None) -> World:
    """A made-up world: skewed organisations, unknown years, owners and places, items in no node and in several."""
    dice = random.Random(seed)
    chain = chain or small_chain()
    leaves = [i for i, n in enumerate(chain) if n["is_leaf"] and n["node_id"] != "empty"]
    names = [f"示例机构{chr(0x4E00 + 37 * i)}" if i % 2 else f"Sample Works {i}" for i in range(40)]
    # Half of the organisations belong to groups of four, the others stand alone.
    group_of = [i // 4 if i < 20 else i - 15 for i in range(40)]
    world = World(
        chain,
        [[f"o{i:03d}", name] for i, name in enumerate(names)],
        PLACES,
        2020,
        groups=[[f"g{i:03d}", f"示例集团 {i}" if i < 5 else names[i + 15]] for i in range(25)],
        group_of=group_of,
    )
    for number in range(size):
        filed = None if dice.random() < 0.03 else 2005 + int(18 * dice.random() ** 0.7)
        granted = filed + dice.randint(1, 5) if filed and dice.random() < 0.7 else None
        owners = {int(40 * dice.random() ** 2.5) for _ in range(dice.choice((0, 1, 1, 1, 2, 3)))}
        applicant = dice.sample(range(1, 8), dice.choice((1, 1, 2))) if dice.random() > 0.1 else [0]
        inventor = dice.sample(range(9, 12), dice.choice((1, 2))) if dice.random() > 0.4 else [8]
        world.items.append(
            Item(
                publication_id=f"CN9{number:08d}A",
                title=("=一种示例结构" if number == 7 else f"一种示例结构及其制备方法 {number}"),
                filing_year=filed,
                grant_year=granted,
                organisations=sorted(owners),
                nodes=sorted(dice.sample(leaves, dice.choice((0, 1, 1, 1, 2, 3)))),
                places=sorted(applicant) + sorted(inventor),
                source_row=f"made:{seed}:{number + 2}",
                claims=None if dice.random() < 0.1 else dice.randint(1, 30),
                lag=None if granted is None else dice.randint(300, 1800),
            )
        )
    return world


def meta_of(world: World, **changes: Any) -> Meta:
    """The head of a made-up release; `changes` replace keys."""
    years = [item.filing_year for item in world.items if item.filing_year is not None]
    n = len(world.items)
    meta: Meta = {
        "title_zh": "示例产业图谱",
        "title_en": "Sample industry atlas",
        "release": "R2026.01-1",
        "created_at": "2026-01-05T10:00:00+08:00",
        "cutoff": "2022-12-31",
        "stale": False,
        "schema_version": "1.0",
        "chain": {"name": "sample", "version": "0.1", "name_zh": "示例产业", "name_en": "Sample industry"},
        "period": [min(years), max(years)],
        "synthetic": True,
        "sources": [
            {
                "file": "made.csv",
                "format": "made",
                "records": n,
                "licence": "CC0",
                "attribution": "Nobody",
                "cutoff": "2022-12-31",
            }
        ],
        "bias_zh": "样本由程序生成，国家之间的份额没有意义。",
        "bias_en": "The sample is made by a program; shares among countries mean nothing.",
        "horizon": {
            "last_complete_year": world.last_complete_year,
            "lag_months": 18,
            "grants_only": False,
            "note_zh": f"{world.last_complete_year} 年是最后一个完整年份。",
            "note_en": f"{world.last_complete_year} is the last complete year.",
        },
        "units": [
            {"id": "publication", "items": n, "told_apart": True, "note_zh": None, "note_en": None},
            {
                "id": "application",
                "items": n,
                "told_apart": False,
                "note_zh": "本数据没有申请号，一件公开当作一件申请。",
                "note_en": "These data bear no application numbers; each publication stands for an application.",
            },
        ],
    }
    return {**meta, **changes}  # type: ignore[typeddict-item]


def owners_of(world: World) -> dict[str, Any]:
    """Organisations and groups as an atlas holds them."""
    organisations = [(*own, group) for own, group in zip(world.organisations, world.group_of, strict=True)]
    return {"organisations": organisations, "groups": [tuple(group) for group in world.groups]}


def small(seed: int = 1, size: int = 400, chain: list[ChainNode] | None = None, **changes: Any) -> AtlasData:
    """A small synthetic atlas, two units or those given, all but the first without a list of their own."""
    world = small_world(seed, size, chain)
    meta = meta_of(world, **changes)
    units = [unit["id"] for unit in meta["units"]]
    return assemble(
        meta=meta,
        chain=world.chain,
        figures=figures_of(world, units),
        items={"publication": columns_of(world.items), **{unit: {"same_as": "publication"} for unit in units[1:]}},
        **owners_of(world),
        places=world.places,
        aliases=ALIASES,
        reasons={"words": ("词语相同", "the same words"), "spelling": ("拼写相近", "spelled alike")},
    )
