"""A classifier on the publications of a release: their documents, their scores, and the rules that ask it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa

from pingjiang.chain.classifier.features import Document
from pingjiang.chain.classifier.kept import Kept, Models
from pingjiang.engine import Session, Table
from pingjiang.errors import DefinitionError

_TEXTS = ("title", "title_zh", "title_en", "abstract_zh", "abstract_en")
_DOCUMENTS = f"""
with named as (
    select distinct c.publication_id, c.symbol
    from publication_class as c
    where c.scheme in ('IPC', 'CPC') and c.symbol is not null
),
listed as (
    select n.publication_id, list_sort(list(n.symbol)) as symbols from named as n group by n.publication_id
)
select p.publication_id, {", ".join(f"p.{name}" for name in _TEXTS)}, l.symbols
from publication as p
left join listed as l on l.publication_id = p.publication_id
"""
BREAK = " . "  # a sign between texts: no pair of words reaches across
_COLUMNS = {"publication_id": pa.string(), "rule_no": pa.int64(), "said": pa.string()}


def documents_table(publication: Table, publication_class: Table) -> Table:
    """What a classifier reads of publications: (publication_id, texts, symbols), a row each."""
    return publication.session.sql(_DOCUMENTS, publication=publication, publication_class=publication_class)


def documents(rows: pa.Table) -> list[Document]:
    """Rows of `documents_table` as documents. Each text once: a title is often printed as its own translation."""
    columns = [rows[name].to_pylist() for name in _TEXTS]
    texts = (BREAK.join(dict.fromkeys(text for text in each if text)) for each in zip(*columns, strict=True))
    return [
        Document(number, text, tuple(symbols or ()))
        for number, text, symbols in zip(
            rows["publication_id"].to_pylist(), texts, rows["symbols"].to_pylist(), strict=True
        )
    ]


def scored_batches(kept: Kept, rows: Table, size: int = 20_000) -> Iterator[tuple[list[Document], np.ndarray]]:
    """Documents of `documents_table` with their scores, a column a tag, in portions of bounded size."""
    for batch in rows.batches(size):
        found = documents(pa.Table.from_batches([batch]))
        yield found, kept.model.scores(found)


def classified(
    session: Session,
    asked: Sequence[tuple[int, str]],
    candidates: Table,
    publication: Table,
    publication_class: Table,
    models: Models,
) -> Table:
    """publication_id, rule_no, said ('classifier battery/solid 0.93 ≥ 0.61') of what the classifiers of rules take.

    asked       (rule_no, 'list/tag') of the rules that ask one
    candidates  publication_id, rule_no: what the other conditions of rules let through; others are not scored
    A publication that people labelled is taken as they said ('tag battery/solid judged yes'), whatever its score. One
    of which a classifier knows no term is not taken: nothing is known of it.
    """
    for _, name in asked:
        if name.partition("/")[0] not in models:
            raise DefinitionError(
                f"规则用了分类器 {name}，这里没有数据湖可以取它。",
                f"A rule asks classifier {name}, and there is no lake here to take it from.",
                remedy=("请用 --lake 指明数据湖。", "Name the lake by --lake."),
            )
    rules = session.from_rows({"rule_no": "BIGINT"}, [(number,) for number, _ in asked])
    wanted = session.materialise(
        "select distinct c.publication_id from candidates as c semi join rules as r on r.rule_no = c.rule_no",
        candidates=candidates,
        rules=rules,
    )
    rows = documents_table(publication, publication_class).sql(
        "select self_.* from self_ semi join w on w.publication_id = self_.publication_id", w=wanted
    )
    taken = session.mapped(rows.materialise(), lambda part: _taken(documents(part), asked, models))
    return session.materialise(
        "select t.publication_id, t.rule_no, t.said from t"
        " semi join c on c.publication_id = t.publication_id and c.rule_no = t.rule_no",
        t=taken,
        c=candidates,
    )


def _taken(found: Sequence[Document], asked: Sequence[tuple[int, str]], models: Mapping[str, Kept]) -> pa.Table:
    by_list: dict[str, list[tuple[int, str]]] = {}
    for number, name in asked:
        by_list.setdefault(name.partition("/")[0], []).append((number, name.partition("/")[2]))
    rows: list[tuple[str, int, str]] = []
    for name, rules in by_list.items():
        kept = models[name]
        scores = kept.model.scores(found)
        taken = kept.taken(scores)
        for number, tag in rules:
            threshold, labelled, at = kept.threshold(tag), kept.left_out[tag], kept.model.tags.index(tag)
            for document, score, bears in zip(found, scores[:, at], taken[:, at], strict=True):
                if document.id in labelled:  # what people said of it stands above the machine
                    said = f"tag {name}/{tag} judged yes" if labelled[document.id][1] else None
                else:
                    said = f"classifier {name}/{tag} {score:.4f} ≥ {threshold:.4f}" if bears else None
                if said is not None:
                    rows.append((document.id, number, said))
    values = list(zip(*rows, strict=True)) if rows else [()] * len(_COLUMNS)
    return pa.table(
        {name: pa.array(list(column), kind) for (name, kind), column in zip(_COLUMNS.items(), values, strict=True)}
    )
