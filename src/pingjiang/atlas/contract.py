"""What an atlas is made of: the shape of the data that travel inside the page.

`figures.assemble` checks that data have this shape; the page (`page/js/data.js`) reads it.
"""

from __future__ import annotations

from typing import NotRequired, TypeAlias, TypedDict

from pingjiang.schema.units import Unit

Cell: TypeAlias = str | int | float | bool | None
KINDS = frozenset(
    {"key", "year", "count", "share", "ratio", "days", "number", "text", "bool", "node", "organisation", "country"}
)

# Every figure of the atlas and the columns that the page reads of it. More columns are shown in tables.
FIGURES: dict[str, tuple[str, ...]] = {
    "filings_by_year": ("year", "value", "complete"),
    "grants_by_year": ("year", "value", "complete"),
    "growth_by_year": ("year", "value", "previous", "growth"),
    "cagr": ("from_year", "to_year", "from_value", "to_value", "cagr"),
    "top_organisations": (
        "level",
        "rank",
        "organisation_id",
        "organisation",
        "value",
        "share",
        "first_year",
        "last_year",
    ),
    "concentration": ("level", "organisations", "items", "unknown_items", "cr5", "hhi", "hhi_normalised"),
    "new_entrants_by_year": ("level", "year", "value", "active", "complete"),
    "countries": ("basis", "country", "value", "share"),
    "cities": ("basis", "country", "province", "city", "value"),
    "country_node": ("basis", "country", "node_id", "value"),
    "city_node": ("basis", "country", "province", "city", "node_id", "value"),
    "node_counts": ("node_id", "value", "multiple"),
    "node_year": ("node_id", "year", "value", "complete"),
    "node_organisation": ("level", "node_id", "rank", "organisation_id", "organisation", "value"),
    "co_applicants": (
        "level",
        "organisation_id_a",
        "organisation_a",
        "organisation_id_b",
        "organisation_b",
        "value",
        "salton",
    ),
    "claim_counts": ("year", "items", "unknown", "mean_claims", "median_claims", "p90_claims"),
    "grant_lag": ("year", "items", "unknown", "median_days", "p95_days"),
}
# The list of patents: one entry an item and column, all of one length.
ITEM_COLUMNS = (
    "publication_id",
    "title",
    "filing_year",
    "grant_year",
    "organisations",
    "nodes",
    "places",
    "source_row",
)


class ChainName(TypedDict):
    """Which chain the release was built with."""

    name: str
    version: str
    name_zh: str
    name_en: str


class SourceNote(TypedDict):
    """One imported file as the reader may see it."""

    file: str
    format: str
    records: int
    licence: str | None
    attribution: str | None
    cutoff: str | None


class UnitNote(TypedDict):
    """A counting unit: how many items, and whether the data tell them apart."""

    id: Unit
    items: int
    told_apart: bool
    note_zh: str | None
    note_en: str | None


class Horizon(TypedDict):
    """Which years can still grow, and the same in words."""

    last_complete_year: int | None
    lag_months: int | None
    grants_only: bool
    note_zh: str
    note_en: str


class Meta(TypedDict):
    """What stands on the page's head, foot and method page. Dates are ISO 8601 text."""

    title_zh: str
    title_en: str
    release: str
    created_at: str
    cutoff: str | None
    stale: bool  # more was imported after the release was built
    schema_version: str | int
    chain: ChainName
    period: list[int]
    synthetic: bool
    sources: list[SourceNote]
    bias_zh: str | None
    bias_en: str | None
    horizon: Horizon
    units: list[UnitNote]


class ChainNode(TypedDict):
    """One node of the industry chain. Segments have level 1 and no parent; leaves take publications."""

    node_id: str
    parent_id: str | None
    level: int
    position: int
    is_leaf: bool
    name_zh: str
    name_en: str
    definition_zh: str | None
    definition_en: str | None
    rule_text: str | None


class Column(TypedDict):
    """One column of a figure; `kind` is one of KINDS."""

    name: str
    label_zh: str
    label_en: str
    kind: str


class FigureRows(TypedDict):
    """A figure's rows for one counting unit, and the first and last year they cover."""

    period: list[int]
    rows: list[list[Cell]]


class Figure(TypedDict):
    """One indicator as it is shown: words, columns, rows a counting unit."""

    name_zh: str
    name_en: str
    definition_zh: str
    definition_en: str
    source: str | None
    columns: list[Column]
    units: dict[str, FigureRows]


class Items(TypedDict):
    """The list of patents of one unit, or the unit whose list it shares.

    `organisations`, `nodes`, `places` of an item are indexes into the atlas's lists of that name (`nodes`:
    into `chain`); organisations are legal entities. `listed` < `n` where the list was too long to travel in the page.
    """

    n: NotRequired[int]
    listed: NotRequired[int]
    columns: NotRequired[dict[str, list[object]]]
    same_as: NotRequired[str]


class AtlasData(TypedDict):
    """All that a page and a workbook need. An organisation is [id, name, index of its group], a group [id, name].

    aliases: organisation_id, a name as printed, mentions, score, reasons; of those most mentioned.
    reasons: reason → its words in Chinese and English.
    """

    meta: Meta
    chain: list[ChainNode]
    figures: dict[str, Figure]
    items: dict[str, Items]
    organisations: list[tuple[str, str, int]]
    groups: list[tuple[str, str]]
    places: list[list[str | None]]
    aliases: list[list[object]]
    reasons: dict[str, tuple[str, str]]
