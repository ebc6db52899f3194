"""Similar documents beside citations: whether what a publication cites is found as similar to it.

A citation is a hint and no truth: an examiner cites what meets a claim, and leaves out most of what is similar. Titles
and class symbols are all that is known of these publications. Those of one extended family and those of equal titles
are left out, among what is to be found and among what is listed.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np

from pingjiang.config import Settings
from pingjiang.engine import Lake, Session, Table
from pingjiang.evaluate.reading import imported
from pingjiang.evaluate.task import Answer, Line, Task
from pingjiang.identities import conclude_documents, conclude_families, conclude_particulars, conclude_parties
from pingjiang.intervals import bootstrap
from pingjiang.search.similar.arrays import Numbers
from pingjiang.search.similar.asking import lists, of_publication
from pingjiang.search.similar.build import build
from pingjiang.search.similar.method import METHODS, TERMS, VECTORS, Fusing, Method, shipped_method
from pingjiang.search.similar.opened import Index
from pingjiang.search.similar.ranking import Ranked, fused
from pingjiang.text import fold
from pingjiang.text.embeddings import shipped_encoder

_TITLES = ("lens2016_drones_5884.csv", "lens2017_drones_9071.csv.gz")  # beside the truth file
_GRID = {"weights": (0.5, 1, 2, 3, 4), "constants": (10, 30, 60)}
FIGURES = ("recall_10", "recall_100", "mrr")
_TEXT = (TERMS, VECTORS)


@dataclass(frozen=True)
class Query:
    """A citing publication: its family, what it cites, and what each method lists."""

    publication_id: str
    family: int
    cited: frozenset[int]
    lists: Mapping[str, Ranked]

    @property
    def held_out(self) -> bool:
        """By its number alone: an odd SHA-256."""
        return hashlib.sha256(self.publication_id.encode()).digest()[-1] % 2 == 1

    def by_family(self, families: Numbers) -> Query:
        """The same where a family is listed once, and is found by any of its publications."""
        cited = frozenset(int(families[ordinal]) for ordinal in self.cited)
        return replace(self, cited=cited, lists={name: one.one_each(families) for name, one in self.lists.items()})

    def figures(self, found: Ranked, groups: Numbers) -> tuple[float, ...]:
        """Recall among the first 10 and 100, and one over the rank of the first that is cited (0 where none is)."""
        at = np.flatnonzero(np.isin(groups[found.ordinals], list(self.cited)))
        shares = [float((at < most).sum()) / len(self.cited) for most in (10, 100)]
        return (*shares, 1 / (int(at[0]) + 1) if len(at) else 0.0)


def evaluate(truth: Path, settings: Settings) -> Answer:
    """Each method and their fusion over the queries held out from choosing its weights, and over all of them."""
    method = shipped_method()
    with (
        tempfile.TemporaryDirectory(prefix="pingjiang-evaluate-", dir=settings.temp_dir) as folder,
        Session(memory_limit=settings.memory_limit, threads=settings.threads, temp_folder=settings.temp_dir) as session,
    ):
        with imported([*(truth.parent / name for name in _TITLES), truth], settings) as lake:
            tables = _concluded(session, lake)
        told = build(
            session, tables, Path(folder), method, shipped_encoder(), threads=settings.threads,
            progress=lambda _what, _done, _total: None,
        )  # fmt: skip
        index = Index(Path(folder), {"release": "", **told})
        queries = list(_queries(session, index, tables, method))
        answer: Answer = {
            "publications": index.publications,
            "queries": len(queries),
            "pairs": sum(len(query.cited) for query in queries),
            "model": index.model,
        }
        return answer | measured(queries, method.fusing, index.families)


def measured(queries: Sequence[Query], fusing: Fusing, families: Numbers) -> Answer:
    """Figures of the half held out and of both, by family; publication by publication beside them."""
    once = [query.by_family(families) for query in queries]
    alone = np.arange(len(families))
    tuning = [query for query in once if not query.held_out]
    best, recall = chosen(tuning, fusing, families)
    return {
        "held_out": _half([query for query in once if query.held_out], fusing, families),
        "all": _half(once, fusing, families),
        "publications_held_out": _half([query for query in queries if query.held_out], fusing, alone),
        "publications_all": _half(queries, fusing, alone),
        "chance": _chance(families),
        "publications_chance": _chance(alone),
        "tuning": {
            "queries": len(tuning),
            "best": {"constant": best.constant, **best.weights},
            "recall_10": recall,
            "shipped": {"constant": fusing.constant, **fusing.weights},
        },
        "tables": [_weights_table(best, fusing)],
    }


def _chance(groups: Numbers) -> Answer:
    """Where any order is as likely: so many places among the first ten."""
    kinds = max(1, len(np.unique(groups)))
    return {"recall_10": 10 / kinds, "recall_100": 100 / kinds, "mrr": None}


def _weights_table(best: Fusing, shipped: Fusing) -> Answer:
    """What the tuning half would choose beside what is used."""
    rows = (("调参组所选 chosen on the tuning half", best), ("所用 used", shipped))
    return {
        "zh": "合并的权重", "en": "weights of the fusion",
        "columns": ["", "常数 constant", *(f"{_NAMES[name][0]} {name}" for name in METHODS)],
        "rows": [[words, one.constant, *(one.weights[name] for name in METHODS)] for words, one in rows],
    }  # fmt: skip


def chosen(queries: Sequence[Query], fusing: Fusing, groups: Numbers) -> tuple[Fusing, float | None]:
    """The weights and the constant of best recall among the first ten; of equals the first of the grid."""
    best, most = fusing, None
    for constant, vectors, symbols in product(_GRID["constants"], _GRID["weights"], _GRID["weights"]):
        tried = replace(fusing, constant=constant, weights=dict(zip(METHODS, (1, vectors, symbols), strict=True)))
        recall = _mean(query.figures(fused(query.lists, tried, groups).first(10), groups)[0] for query in queries)
        if recall is not None and (most is None or recall > most):
            best, most = tried, recall
    return best, most


def _half(queries: Sequence[Query], fusing: Fusing, groups: Numbers) -> Answer:
    """Figures by method, with intervals over families of citing publications."""
    ways: dict[str, tuple[str, ...]] = {**{name: (name,) for name in METHODS}, "text": _TEXT, "fused": METHODS}
    found = {
        name: [
            query.figures(fused({one: query.lists[one] for one in parts if one in query.lists}, fusing, groups), groups)
            for query in queries
        ]
        for name, parts in ways.items()
    }
    families: dict[int, list[float]] = defaultdict(lambda: [0.0] * (1 + len(ways) * len(FIGURES)))
    for at, query in enumerate(queries):
        row = [1.0, *(value for name in ways for value in found[name][at])]
        families[query.family] = [a + b for a, b in zip(families[query.family], row, strict=True)]
    parts = [families[family] for family in sorted(families)]
    places = {(name, figure): 1 + at for at, (name, figure) in enumerate(product(ways, FIGURES))}
    intervals = bootstrap(parts, [_share(at, 0) for at in places.values()])
    told: Answer = {name: {"n": len(queries), "intervals": {}} for name in ways}
    for (name, figure), interval in zip(places, intervals, strict=True):
        told[name][figure] = _mean(row[FIGURES.index(figure)] for row in found[name])
        told[name]["intervals"][figure] = interval
    to_terms = _share(places["fused", "recall_10"], places[TERMS, "recall_10"])
    told["ratio"] = {
        "recall_10": to_terms([sum(column) for column in zip(*parts, strict=True)]) if parts else None,
        "intervals": {"recall_10": bootstrap(parts, [to_terms])[0]},
        "n": len(queries),
    }
    return told


def _share(of: int, against: int) -> Callable[[Sequence[float]], float | None]:
    return lambda sums: sums[of] / sums[against] if sums[against] else None


def _mean(values: Iterable[float]) -> float | None:
    told = list(values)
    return float(np.mean(told)) if told else None


# -- the data ----------------------------------------------------------------------------------------


def _concluded(session: Session, lake: Lake) -> dict[str, Table]:
    """Publications with a title, their applications, symbols and citations."""
    record = lake.require_current().open(session, "record")["record"]
    documents = conclude_documents(session, record)
    particulars = conclude_particulars(session, record, documents.said, documents.publication)
    parties = conclude_parties(session, documents.said, record, particulars.cited, particulars.related)
    families = conclude_families(
        session, documents.publication, documents.application, parties.priority, parties.relation
    )
    titled = session.materialise("select p.* from p where p.title is not null", p=documents.publication)
    cited = session.materialise(
        "select c.citing_id, c.cited_id from c join p on p.publication_id = c.citing_id "
        "join q on q.publication_id = c.cited_id where c.citing_id <> c.cited_id",
        c=parties.citation,
        p=titled,
        q=titled,
    )
    return {
        "publication": titled,
        "application": families.application.materialise(),
        "publication_class": parties.classes.materialise(),
        "citation": cited,
    }


def _queries(session: Session, index: Index, tables: Mapping[str, Table], method: Method) -> Iterator[Query]:
    """The citing publications by their number, those that cite something of another family and title."""
    rows = session.rows("select c.citing_id, c.cited_id from c order by 1, 2", c=tables["citation"])
    cites: dict[str, list[str]] = defaultdict(list)
    for citing, cited in rows:
        cites[citing].append(cited)
    shown = index.shown(range(index.publications))
    _, titles = np.unique([fold(row["title"]) for row in shown], return_inverse=True)
    for citing in sorted(cites):
        ordinal = index.ordinal(citing)
        assert ordinal is not None
        allowed = (index.related(ordinal) == 0) & (titles != titles[ordinal])
        cited_here = {at for number in cites[citing] if (at := index.ordinal(number)) is not None and allowed[at]}
        if not cited_here:
            continue
        found = lists(index, of_publication(index, ordinal, method), allowed, method.fusing.depth)
        yield Query(citing, int(index.families[ordinal]), frozenset(cited_here), found)


_NAMES = {
    "terms": ("词项（BM25）", "terms (BM25)"),
    "vectors": ("向量", "vectors"),
    "symbols": ("分类号", "symbols"),
    "text": ("词项与向量合并", "terms and vectors fused"),
    "fused": ("三者合并", "all three fused"),
}
_FIGURE = {"recall_10": ("前 10 召回", "recall@10"), "recall_100": ("前 100 召回", "recall@100"), "mrr": ("MRR", "MRR")}


_HALVES = {
    "held_out": ("留出", "held out"),
    "all": ("全部", "all"),
    "publications_held_out": ("留出，逐件公开", "held out, by publication"),
    "publications_all": ("全部，逐件公开", "all, by publication"),
}


def _lines() -> Iterator[Line]:
    for half, (zh, en) in _HALVES.items():
        for figure, (figure_zh, figure_en) in _FIGURE.items():
            for name, (name_zh, name_en) in _NAMES.items():
                chance = "publications_chance" if half.startswith("publications") else "chance"
                baseline = f"{chance}.{figure}" if name == TERMS else f"{half}.terms.{figure}"
                yield Line(
                    f"{zh}：{name_zh}，{figure_zh}", f"{en}: {name_en}, {figure_en}", f"{half}.{name}.{figure}",
                    baseline, f"{half}.{name}.n",
                )  # fmt: skip
        yield Line(
            f"{zh}：合并为词项的几倍，前 10 召回", f"{en}: fused over terms alone, recall@10",
            f"{half}.ratio.recall_10", None, f"{half}.ratio.n",
        )  # fmt: skip


TASKS = (
    Task(
        "similar",
        "drones/numbers_families_citations_15776.csv.gz",
        "相似文献：引用的文献能否找到（无人机，只有标题与分类号）",
        "Similar documents: whether what is cited is found (drones, titles and symbols alone)",
        "引证只是旁证，不是真值：审查员引用的只是相似文献中的一小部分。与引用方扩展同族或标题相同的已排除；每族只列一次，"
        "另列逐件公开的数字；以每族一次为主，是看过两种数字之后定的。合并权重只用调参组"
        "（公开号 SHA-256 为偶数的引用方）选定；词项的基线是随机次序，其余的基线是词项（BM25）。",
        "A citation is a hint and no truth: examiners cite little of what is similar. What is of the citing one's "
        "extended family or of its title is left out; a family is listed once, and figures publication by publication "
        "stand beside (that families come first was decided when both had been seen). Weights of the fusion were "
        "chosen on the tuning half alone (citing publications whose number's SHA-256 is even); the baseline of terms "
        "is any order, that of the others is terms (BM25).",
        evaluate,
        tuple(_lines()),
    ),
)
