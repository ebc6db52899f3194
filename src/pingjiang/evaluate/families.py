"""Families against what files say of them: lists of members, or the number of documents.

A vendor's list is no truth: it knows members that the data lack, and each has its own idea of a family. So this is
agreement, pair by pair: two applications of the file, each with a list of members; the file puts them together where
a list of one names a document of the other, we do where they have one family. What differs is sorted by what is known
of both. Pairs of one family hang together: no interval is given.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import pyarrow as pa

from pingjiang import pipeline
from pingjiang.config import Settings
from pingjiang.engine import Lake, Session, Table
from pingjiang.evaluate.pairs import ratio, rounded
from pingjiang.evaluate.reading import read_labelled
from pingjiang.evaluate.task import Answer, Line, Task, measures
from pingjiang.identifiers import parse_many
from pingjiang.identities import conclude_documents, conclude_families, conclude_particulars, conclude_parties

Pair = tuple[str, str]
_SHOWN = 10


@dataclass(frozen=True)
class Concluded:
    """What a file's rows are concluded to be: families and claims of each application, application of each number."""

    families: Mapping[str, Mapping[str, str]]  # 'simple' or 'extended' → application → family
    claims: Mapping[str, frozenset[str]]
    application: Mapping[str, str]  # 'CN/109462287' → application
    members: Mapping[str, str]  # application → what `record` holds of its members, by "; "
    flags: Mapping[str, int]


def conclude(session: Session, truth: Path, settings: Settings) -> Concluded:
    """Import one file as a lake would, and conclude its applications and families."""
    with tempfile.TemporaryDirectory(prefix="pingjiang-evaluate-", dir=settings.temp_dir) as folder:
        lake = Lake(Path(folder) / "lake")
        pipeline.import_files([truth], lake)
        record = lake.require_current().open(session, "record")["record"]
        documents = conclude_documents(session, record)
        told = conclude_particulars(session, record, documents.said, documents.publication)
        parties = conclude_parties(session, documents.said, record, told.cited, told.related)
        found = conclude_families(
            session, documents.publication, documents.application, parties.priority, parties.relation
        )
        return Concluded(
            {
                "simple": _mapping(session, found.application, "application_id", "family_id"),
                "extended": _mapping(session, found.application, "application_id", "extended_family_id"),
            },
            _claims(session, parties.priority, documents.publication),
            _mapping(session, documents.publication, "authority || '/' || t.number", "application_id"),
            dict(session.rows(_MEMBERS, s=documents.said, p=documents.publication)),
            dict(session.rows("select f.reason, count(*) from f group by f.reason", f=found.flag)),
        )


_MEMBERS = """
select p.application_id, array_to_string(flatten(list(s.family_members)), '; ')
from s join p on p.publication_id = s.publication_id
where s.family_members is not null group by p.application_id
"""


def _mapping(session: Session, table: Table, key: str, value: str) -> dict[str, str]:
    return dict(session.rows(f"select t.{key}, t.{value} from t", t=table))


def _claims(session: Session, priority: Table, publication: Table) -> dict[str, frozenset[str]]:
    rows = session.rows(
        "select coalesce(p.application_id, c.publication_id), list(distinct c.priority_id) from c "
        "left join p on p.publication_id = c.publication_id group by coalesce(p.application_id, c.publication_id)",
        c=priority,
        p=publication,
    )
    return {application: frozenset(claimed) for application, claimed in rows}


# -- lists of members --------------------------------------------------------------------------------


def evaluate_lists(
    columns: Mapping[str, tuple[str | None, str]], separator: str, *notes: tuple[str, str]
) -> Callable[[Path, Settings], Answer]:
    """`columns`: name of the figure → (column of the file, None for the one that `record` holds; which family)."""
    return partial(_evaluate_lists, columns, separator, notes)


def _evaluate_lists(
    columns: Mapping[str, tuple[str | None, str]],
    separator: str,
    notes: Sequence[tuple[str, str]],
    truth: Path,
    settings: Settings,
) -> Answer:
    with Session(
        memory_limit=settings.memory_limit, threads=settings.threads, temp_folder=settings.temp_dir
    ) as session:
        found = conclude(session, truth, settings)
        answer: Answer = {"applications": len(found.families["simple"]), "flags": found.flags}
        kinds: Counter[tuple[str, str, str]] = Counter()
        for name, (column, family) in columns.items():
            told = _listed(session, truth, column, separator, found, settings)
            theirs = {_pair(a, b) for a, members in told.items() for b in members if a != b and b in told}
            ours = set(_together(found.families[family], told))
            answer[name] = agreement(ours, theirs, len(told))
            # What knows applications alone puts no two together.
            answer[name]["baseline"] = agreement(set(), theirs, len(told))
            for pair in theirs - ours:
                kinds[name, "只在文件中 only in the file", why_apart(pair, found, family)] += 1
            for pair in ours - theirs:
                kinds[name, "只在本平台 only here", why_together(pair, found)] += 1
        answer["notes"] = notes
        answer["kinds"] = [[*kind, count] for kind, count in kinds.most_common()]
        rows = [[*kind, count, _share(answer, kind, count)] for kind, count in kinds.most_common(_SHOWN)]
        answer["tables"] = (
            []
            if not rows
            else [
                {
                    "zh": "差异的种类（前十）",
                    "en": "kinds of difference, the ten largest",
                    "columns": [
                        "对照 against",
                        "方向 side",
                        "种类 kind",
                        "对数 pairs",
                        "占该方向全部 share of its side",
                    ],
                    "rows": rows,
                }
            ]
        )
        return answer


def _share(answer: Answer, kind: tuple[str, str, str], count: int) -> float | None:
    pairs = answer[kind[0]]["pairs"]
    whole = pairs["theirs"] if "file" in kind[1] else pairs["ours"]
    return rounded(ratio(count, whole))


def agreement(ours: set[Pair], theirs: set[Pair], applications: int) -> dict[str, Any]:
    """Of our pairs the share that the file has too (precision), of its pairs the share that we have (recall)."""
    both = len(ours & theirs)
    return {
        "precision": rounded(ratio(both, len(ours))),
        "recall": rounded(ratio(both, len(theirs))),
        "f1": rounded(ratio(2 * both, len(ours) + len(theirs))),
        "pairs": {"both": both, "ours": len(ours), "theirs": len(theirs)},
        "n": applications,
    }


def _listed(
    session: Session, truth: Path, column: str | None, separator: str, found: Concluded, settings: Settings
) -> dict[str, set[str]]:
    """Application → those that its list of members names, as far as the data hold them; those with a list alone."""
    if column is None:
        told = [(application, text.split(";")) for application, text in found.members.items()]
    else:
        rows = read_labelled(session, truth, ("publication_number", column), settings)
        filled = session.rows(
            f"select r.publication_number, r.{column} from r where r.{column} not in ('', '-') order by r.row_number",
            r=rows,
        )
        numbers = _numbers([number for number, _ in filled])
        told = [
            (found.application[number], text.split(separator))
            for number, (_, text) in zip(numbers, filled, strict=True)
            if number in found.application
        ]
    # A day may stand behind a number.
    flat = [(application, words[0]) for application, members in told for each in members if (words := each.split())]
    listed: dict[str, set[str]] = {application: set() for application, _ in told}
    for (application, _), number in zip(flat, _numbers([text for _, text in flat]), strict=True):
        if number in found.application:
            listed[application].add(found.application[number])
    return listed


def _numbers(texts: list[str]) -> list[str]:
    """'CN/109462287' of each publication number; '' where it cannot be read."""
    parsed = parse_many(texts, what="publication")
    return [f"{a}/{n}" if a else "" for a, n in zip(parsed.authority, parsed.number, strict=True)]


def _pair(a: str, b: str) -> Pair:
    return (a, b) if a < b else (b, a)


def _together(family: Mapping[str, str], told: Iterable[str]) -> Iterator[Pair]:
    members: dict[str, list[str]] = {}
    for application in sorted(told):
        members.setdefault(family[application], []).append(application)
    for own in members.values():
        yield from combinations(own, 2)


# -- why it differs ------------------------------------------------------------------------------------


def why_apart(pair: Pair, found: Concluded, family: str) -> str:
    """What is known of two applications that a file puts together and we do not."""
    one, other = (found.claims.get(application, frozenset()) for application in pair)
    if not one or not other:
        return "其中一件在文件中没有优先权 no priority of one of them in the file"
    if family == "extended":
        if _serials(one | {pair[0]}) & _serials(other | {pair[1]}):
            return "同一号码的两种写法（美国年号与序列号） one number, written by year and by series (US)"
        return "连接它们的申请不在数据中 what connects them is not in the data"
    if _serials(one) == _serials(other):
        return "同一号码的两种写法（美国年号与序列号） one number, written by year and by series (US)"
    foreign = {number for number in one ^ other if number.startswith("WO")}
    if foreign and one - foreign == other - foreign:
        return "只差国际申请号 they differ by an international application alone"
    if one ^ other <= set(pair):
        return "只差本件申请号 they differ by their own numbers alone"
    if one < other or other < one:
        return "一件的优先权是另一件的一部分 the priorities of one are a part of the other's"
    if one & other:
        return "优先权部分相同 some priorities in common"
    if found.families["extended"][pair[0]] == found.families["extended"][pair[1]]:
        return "优先权不同，经其他申请相连 no priority in common, connected through others"
    return "优先权不同且不相连 no priority in common, not connected in these data"


def why_together(pair: Pair, found: Concluded) -> str:
    """What is known of two applications that we put together and a file does not."""
    one, other = (found.claims.get(application, frozenset()) for application in pair)
    if pair[0] in other or pair[1] in one:
        return "一件要求另一件的优先权 one claims the priority of the other"
    if one and one == other:
        return "优先权完全相同，文件分为两族 the same priorities, two families in the file"
    if one & other:
        return "有共同的优先权 a priority in common"
    return "经其他申请相连 connected through others"


def _serials(numbers: Iterable[str]) -> set[str]:
    """US numbers by their last six digits, whatever year or series stands before; others as they are."""
    return {f"US…{number.rstrip('PFAU')[-6:]}" if number.startswith("US") else number for number in numbers}


# -- numbers of documents ------------------------------------------------------------------------------


def _evaluate_sizes(number: str, columns: Mapping[str, str], truth: Path, settings: Settings) -> Answer:
    with Session(
        memory_limit=settings.memory_limit, threads=settings.threads, temp_folder=settings.temp_dir
    ) as session:
        found = conclude(session, truth, settings)
        rows = read_labelled(session, truth, (number, *columns.values()), settings).arrow()
        answer: Answer = {"applications": len(found.families["simple"]), "flags": found.flags}
        for family, column in columns.items():
            answer[family] = _sizes(found, found.families[family], rows[number], rows[column])
        return answer


def _sizes(found: Concluded, family: Mapping[str, str], numbers: pa.Array, sizes: pa.Array) -> dict[str, Any]:
    """Two of one family must have one size, and no family can hold more documents here than its file says."""
    known: dict[str, int] = {}
    documents: Counter[str] = Counter()
    for number, size in zip(_numbers(numbers.to_pylist()), sizes.to_pylist(), strict=True):
        if number in found.application and size:
            application = found.application[number]
            known[application] = int(size)
            documents[family[application]] += 1
    pairs = list(_together(family, known))
    spread = Counter(known.values())
    n = sum(spread.values())
    told = {family[application]: size for application, size in known.items()}
    return {
        "equal": rounded(ratio(sum(known[a] == known[b] for a, b in pairs), len(pairs))),
        "chance": rounded(ratio(sum(count * (count - 1) for count in spread.values()), n * (n - 1))),
        "not_larger": rounded(ratio(sum(documents[each] <= size for each, size in told.items()), len(told))),
        "pairs": len(pairs),
        "families": len(told),
        "n": n,
    }


# -- the tasks -------------------------------------------------------------------------------------------

_HELD_OUT = (
    "对照的是各厂商自己的同族，不是真值；没有留出部分：本件申请号、晚于申请日的优先权、美国年号写法这三条规则是看过"
    "与 DWPI、Lens 的差异后定的（decisions/0016）。基准是“一件申请自成一族”，它不把任何两件放在一起。",
    "These are the vendors' own families, no truth, and nothing was held out: three rules (own numbers, claims later "
    "than the filing, US numbers by year) were decided after looking at what differs from DWPI and Lens "
    "(decisions/0016). The baseline takes each application for a family and puts no two together.",
)
_SIMPLE, _EXTENDED = ("简单同族", "simple family"), ("扩展同族", "extended family")


def _lines(name: str, ours: tuple[str, str], theirs: str) -> list[Line]:
    return measures(f"{ours[0]}对 {theirs}", f"{ours[1]} against {theirs}", name, f"{name}.baseline")


def _size_lines(name: str, words: tuple[str, str]) -> list[Line]:
    zh, en = words
    return [
        Line(f"{zh}：同族两件的规模相同", f"{en}: two of one have one size", f"{name}.equal", f"{name}.chance",
             f"{name}.pairs"),
        Line(f"{zh}：不比文件所说的大", f"{en}: not larger than the file says", f"{name}.not_larger", None,
             f"{name}.families"),
    ]  # fmt: skip


TASKS = (
    Task(
        "families",
        "drones/numbers_families_citations_15776.csv.gz",
        "同族，对照 DWPI 与 INPADOC",
        "families against DWPI and INPADOC",
        *_HELD_OUT,
        evaluate_lists(
            {"inpadoc": ("inpadoc_family_members", "extended"), "dwpi": ("dwpi_family_numbers", "simple")}, ";",
            ("本文件的优先权号是整个 Derwent 族的，不只是该件申请的，所以扩展同族的一致程度偏高。",
             "The priority numbers of this file are those of the whole Derwent family, not of the application alone: "
             "extended families agree more than they would elsewhere."),
        ),
        [*_lines("inpadoc", _EXTENDED, "INPADOC"), *_lines("dwpi", _SIMPLE, "DWPI")],
    ),
    Task(
        "families_patsnap",
        "drones/patsnap_families_8728.csv",
        "同族，对照 PatSnap",
        "families against PatSnap",
        *_HELD_OUT,
        evaluate_lists(
            {"simple": ("family_members", "simple"), "extended": ("inpadoc_family_members", "extended")}, "|",
            ("本文件每件申请只有一个优先权号，族内很少有两件同在文件中。",
             "This file tells one priority an application, and seldom holds two of a family."),
        ),
        [*_lines("simple", _SIMPLE, "PatSnap"), *_lines("extended", _EXTENDED, "PatSnap (INPADOC)")],
    ),
    Task(
        "families_patentics",
        "cn_exports/autodriving/patentics_thundersoft_511_with_address.xlsx",
        "同族，对照 Patentics 的“同族”列",
        "families against Patentics",
        *_HELD_OUT,
        evaluate_lists(
            {"extended": (None, "extended"), "simple": (None, "simple")}, ";",
            ("列出的同族成员没有一件在文件中，无从比较；Patentics 的 csv 只有同族件数，没有优先权。",
             "None of the members listed is in the file: there is nothing to compare. Patentics' csv files tell "
             "numbers of members, and no priorities."),
        ),
        [*_lines("extended", _EXTENDED, "Patentics"), *_lines("simple", _SIMPLE, "Patentics")],
    ),
    *(
        Task(
            f"families_lens_{year}",
            path,
            f"同族规模，对照 Lens（{year}）",
            f"sizes of families against Lens ({year})",
            "文件只说族内文献的件数：同族两件的件数应相同，族不应比文件所说的大。基准是任意两件件数相同的机会。",
            "The file tells how many documents a family has: two of one must be told the same, and "
            "none may be larger here. The baseline is the chance that any two are told the same.",
            partial(_evaluate_sizes, number, {"simple": simple, "extended": extended}),
            [*_size_lines("simple", _SIMPLE), *_size_lines("extended", _EXTENDED)],
        )
        for year, path, number, simple, extended in (
            (2017, "drones/lens2017_drones_9071.csv.gz", "publication_number", "simple_family_size",
             "extended_family_size"),
            (2021, "formats/lens2021_3779.csv", "Publication Number", "Simple Family Size", "Extended Family Size"),
        )
    ),
)  # fmt: skip
