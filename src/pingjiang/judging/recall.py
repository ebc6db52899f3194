"""Known patents beside a chain: which of them its leaves take, and of those missed, which block fails."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pingjiang.chain.blocks import Block, blocks_of, held_by
from pingjiang.chain.classifier.kept import Models
from pingjiang.chain.rule import PARTS
from pingjiang.chain.tree import Chain, Node
from pingjiang.config import Settings
from pingjiang.engine import Table
from pingjiang.errors import InputRefused
from pingjiang.files import KnownNames, RawTable, open_file
from pingjiang.identifiers import NumberUnreadable, parse
from pingjiang.intervals import Interval, wilson
from pingjiang.text import header_key

_NUMBER = {
    header_key(each)
    for each in ("公开号", "公开公告号", "公开（公告）号", "公开(公告)号", "公告号", "公开号 publication",
                 "publication", "publication_id", "publication number", "PN")
}  # fmt: skip
_LEAF = {header_key(each) for each in ("末级编号 leaf", "末级编号", "末级", "节点", "leaf", "node", "node_id")}


@dataclass(frozen=True, slots=True)
class Known:
    """A number of the list: its row, and the leaf where it belongs if the list says so."""

    row: int
    number: str
    leaf: str | None


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a known patent.

    outcome   'found', 'missed', or 'not there': the lake has no such publication, which says nothing of the chain
    leaves    that take it
    fails     of a missed one: leaf and rule that come nearest, and the blocks that do not let it in
    """

    row: int
    number: str
    leaf: str | None
    outcome: str
    publications: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    fails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recall:
    """found by (found + missed), with its interval; those that the lake does not have are not counted."""

    found: int
    missed: int
    not_there: int
    recall: float | None
    interval: Interval | None
    fates: tuple[Fate, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for a JSON answer."""
        return asdict(self)


def read_known(path: Path, chain: Chain, leaf: str | None, settings: Settings) -> list[Known]:
    """The list of a file: a column of publication numbers, and of leaves if it has one; or a number a line (.txt).

    `leaf`: where all of them belong that say nothing else. InputRefused names file, row, column and remedy.
    """
    leaves = {each.id for each in chain.leaves()}
    found = []
    for row, number, of in _lines(path) if path.suffix.lower() == ".txt" else _cells(path, settings):
        told = of or leaf
        if told is not None and told not in leaves:
            raise InputRefused(
                f"产业链 {chain.id} 没有末级 {told!r}。",
                f"Chain {chain.id} has no leaf {told!r}.",
                file=path.name,
                row=row,
                column="末级 leaf",
                remedy=(
                    "写末级的编号（chain outline export 可查）。",
                    "Write the id of a leaf (see chain outline export).",
                ),
            )
        try:
            parse(number, what="publication")
        except NumberUnreadable as error:
            raise InputRefused(
                f"{number!r} 不是公开号。", f"{number!r} is no publication number.", file=path.name, row=row,
                column="公开号 publication",
                remedy=("写国别加号码，如 CN109462287A。", "Write country and number, such as CN109462287A."),
            ) from error  # fmt: skip
        found.append(Known(row, number, told))
    if not found:
        raise InputRefused(
            "没有一个公开号。", "It holds no publication number.", file=path.name,
            remedy=("每行一个公开号。", "Write one publication number a line."),
        )  # fmt: skip
    return found


def _lines(path: Path) -> Iterator[tuple[int, str, None]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputRefused(
            "不能读作 UTF-8 文本。", "It cannot be read as text in UTF-8.", file=path.name,
            remedy=("另存为 UTF-8 文本，每行一个公开号。", "Save it as text in UTF-8, a number a line."),
        ) from error  # fmt: skip
    for row, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield row, line.strip(), None


def _cells(path: Path, settings: Settings) -> Iterator[tuple[int, str, str | None]]:
    known = KnownNames(lambda cells: sum(header_key(cell) in _NUMBER | _LEAF for cell in cells))
    for table in open_file(path, known=known, settings=settings):
        if not isinstance(table, RawTable):
            continue
        keys = [header_key(label) for label in table.header]
        at = next((place for place, key in enumerate(keys) if key in _NUMBER), None)
        if at is None:
            continue
        leaf_at = next((place for place, key in enumerate(keys) if key in _LEAF), None)
        for batch in table.batches():
            numbers = batch.data.column(at).to_pylist()
            leaves = [None] * len(numbers) if leaf_at is None else batch.data.column(leaf_at).to_pylist()
            for row, number, leaf in zip(batch.row_numbers.to_pylist(), numbers, leaves, strict=True):
                if number and number.strip():
                    yield row, number.strip(), (leaf or "").strip() or None
        return
    raise InputRefused(
        "没有公开号一列。", "It has no column of publication numbers.", file=path.name,
        remedy=("列名写“公开号”或 publication。", "Name the column 公开号 or publication."),
    )  # fmt: skip


def recall(
    chain: Chain,
    known: Sequence[Known],
    publication: Table,
    publication_class: Table,
    placed: Table,
    models: Models | None = None,
) -> Recall:
    """What became of each known patent under a chain whose placements are given."""
    there = _matched(known, publication)
    ids = sorted({each for found in there.values() for each in found})
    session = publication.session
    of = session.from_rows({"publication_id": "VARCHAR"}, [(each,) for each in ids])
    some = {
        name: session.materialise("select t.* from t semi join i on i.publication_id = t.publication_id", t=table, i=of)
        for name, table in (("publication", publication), ("classes", publication_class), ("placed", placed))
    }
    taken: dict[str, set[str]] = defaultdict(set)
    for row in some["placed"].dicts():
        taken[row["publication_id"]].add(row["node_id"])
    blocks = blocks_of(chain.leaves())
    held: dict[str, set[int]] = defaultdict(set)
    for number, publication_id in held_by(blocks, some["publication"], some["classes"], models).rows():
        held[publication_id].add(number)
    fates = tuple(_fate(each, there[each.row], taken, chain, blocks, held) for each in known)
    outcomes = [fate.outcome for fate in fates]
    found, missed = outcomes.count("found"), outcomes.count("missed")
    share = found / (found + missed) if found + missed else None
    return Recall(found, missed, outcomes.count("not there"), share, wilson(found, found + missed), fates)


def _matched(known: Sequence[Known], publication: Table) -> dict[int, list[str]]:
    """Row of the list → publications of that number; one without a kind is that of any kind."""
    session = publication.session
    read = [(each.row, parse(each.number, what="publication")) for each in known]
    wanted = session.from_rows(
        {"row_number": "BIGINT", "authority": "VARCHAR", "number": "VARCHAR", "kind": "VARCHAR"},
        [(row, number.authority, number.number, number.kind) for row, number in read],
    )
    found: dict[int, list[str]] = {each.row: [] for each in known}
    rows = session.sql(
        "select distinct w.row_number, p.publication_id from wanted as w inner join publication as p"
        " on p.authority = w.authority and p.number = w.number and (w.kind is null or p.kind = w.kind)",
        wanted=wanted, publication=publication,
    )  # fmt: skip
    for row, publication_id in rows.rows(order_by="row_number, publication_id"):
        found[row].append(publication_id)
    return found


def _fate(
    known: Known, there: Sequence[str], taken: Mapping[str, set[str]], chain: Chain, blocks: Sequence[Block],
    held: Mapping[str, set[int]],
) -> Fate:  # fmt: skip
    told = (known.row, known.number, known.leaf)
    if not there:
        return Fate(*told, "not there")
    leaves = tuple(sorted({leaf for each in there for leaf in taken.get(each, ())}))
    if known.leaf in leaves or (known.leaf is None and leaves):
        return Fate(*told, "found", tuple(there), leaves)
    wanted = [leaf for leaf in chain.leaves() if known.leaf in (None, leaf.id)]
    return Fate(*told, "missed", tuple(there), leaves, nearest(wanted, blocks, held.get(there[0], set())))


def nearest(leaves: Sequence[Node], blocks: Sequence[Block], held: set[int]) -> tuple[str, ...]:
    """Of the rule that lacks least of a publication: the blocks that keep it out, in words.

    Least: fewest blocks fail, then most hold, then the order of the chain.
    """
    ids = {leaf.id for leaf in leaves}
    rules: dict[tuple[str, int], list[Block]] = defaultdict(list)
    for block in blocks:
        if block.leaf in ids:
            rules[block.leaf, block.rule.number].append(block)

    def failing(of: Sequence[Block]) -> list[Block]:
        return [block for block in of if (block.number in held) == block.excludes]

    (leaf, number), best = min(
        rules.items(), key=lambda item: (len(failing(item[1])), -len(item[1]), item[1][0].number)
    )
    told = []
    for block in failing(best):
        zh, en = PARTS[block.name]
        how = "排除了它 excludes it" if block.excludes else "不含它 does not hold it"
        told.append(f"{leaf} #{number} {zh} {en} {how}: {block.text()}")
    return tuple(told)
