"""The tagging desk of a lake: lists for experts, their codings as judgements, agreement, and a classifier of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from pingjiang import judgements as kept
from pingjiang.chain.classifier import applied, held_out, learning
from pingjiang.chain.classifier import kept as models
from pingjiang.config import Settings
from pingjiang.documents.target import fresh_file
from pingjiang.documents.workbook import write_workbook
from pingjiang.engine import Lake, Release, Session, Table, open_engine
from pingjiang.errors import DefinitionError, LakeCorrupt
from pingjiang.judgements import Decided, Judgement, Log
from pingjiang.judging import tag_lists
from pingjiang.judging.codings import Codings, codings, said_by
from pingjiang.judging.desk import Desk
from pingjiang.judging.tag_lists import Tag, TagList
from pingjiang.judging.tag_sheet import Shown, TagReceipt, adjudication_sheet, coding_sheet, read_sheet
from pingjiang.pipeline import require_built, seal_of
from pingjiang.query import parse
from pingjiang.query.corpus import TABLES, fields_of, prepare
from pingjiang.query.sql import to_sql

_SYMBOLS = 12  # that a sheet shows of a publication


class TagDesk:
    """Where lists are tagged. Opening it reads nothing."""

    def __init__(self, lake: Lake, *, settings: Settings | None = None) -> None:
        self._lake = lake
        self._settings = settings or Settings.from_environment()
        self._log = Log(lake.judgements)
        self._desk = Desk(lake, settings=self._settings)

    # -- lists ---------------------------------------------------------------------------------------

    def create(
        self, name: str, tags: Sequence[Tag], *, query: str | None = None, sample: int | None = None,
        seed: str = "1", experts: Sequence[str] = (), double: float = 0.0, due: date | None = None,
        exclusive: bool = False, who: str | None = None,
    ) -> TagList:  # fmt: skip
        """A new list: what a query finds in the current release (all of it for None), or a sample of that.

        The sample are the publications with the least hashes of (seed, publication): drawn the same by anybody.
        DefinitionError where nothing is found, or a list of that name is there.
        """
        release = require_built(self._lake)
        with open_engine(self._settings, self._lake.folder) as session:
            found = self._found(session, release, query)
            order = "md5(? || ' ' || f.publication_id), f.publication_id".replace("?", _quoted(seed))
            limit = "" if sample is None else f" limit {int(sample)}"
            rows = session.rows(f"select f.publication_id from f order by {order}{limit}", f=found)
            matching = found.count()
        if not rows:
            raise DefinitionError("没有找到文献。", "Nothing was found.", remedy=("请检查检索式。", "Check the query."))
        told = tag_lists.made(
            name, tags, [number for (number,) in rows], experts=experts, double=double, due=due, exclusive=exclusive,
            made_by=self._desk.who(who),
            drawn={
                "release": release.info["built"], "query": query, "matching": matching, "sample": sample, "seed": seed,
            },
        )  # fmt: skip
        tag_lists.write(self._lake, told)
        return told

    def _found(self, session: Session, release: Release, query: str | None) -> Table:
        """publication_id of what a query finds."""
        if query is None:
            return release.open(session, "publication")["publication"].sql("select self_.publication_id from self_")
        tree = parse(query)
        tables = prepare(session, release.open(session, *TABLES), fields_of(tree))
        return session.materialise(f"select distinct q.publication_id from ({to_sql(tree)}) as q", **tables)

    def lists(self) -> list[TagList]:
        """Every list of the lake."""
        return [self.named(name) for name in tag_lists.names(self._lake)]

    def named(self, name: str) -> TagList:
        """A list by its name."""
        return tag_lists.read(self._lake, name)

    def codings(self, told: TagList) -> Codings:
        """What people said of a list, as far as it is in force."""
        rows = self._log.read(seal_of(self._lake.require_current())).rows
        return codings(told, kept.in_force(rows))

    # -- sheets --------------------------------------------------------------------------------------

    def export(self, name: str, path: Path, *, who: str | None = None, overwrite: bool = False) -> int:
        """Write the sheet of a person, with what they have said so far, or of the whole list. Gives the rows."""
        told = self.named(name)
        items, said = told.of(who), said_by(self.codings(told), who)
        release = require_built(self._lake)
        shown = self._shown(release, [item.publication_id for item in items])
        sheet = coding_sheet(told, items, shown, who, said, str(release.info["built"]))
        with fresh_file(path, overwrite=overwrite) as unfinished:
            write_workbook(unfinished, [sheet], first_line=None)
        return len(items)

    def take(self, path: Path, *, who: str | None = None, adjudication: bool = False) -> TagReceipt:
        """Take the answers of a sheet: all that can be taken, as one batch. InputRefused where it is none."""
        subject = "adjudication" if adjudication else "tag"
        receipt, _, answers = read_sheet(
            path, self.named, lambda: self._desk.who(who), self._settings, subject=subject
        )  # fmt: skip
        if answers:
            seal = seal_of(require_built(self._lake))
            decided = kept.accept(self._log, [answer for _, answer in answers], seal)
            receipt.added, receipt.unchanged = len(decided.added), len(decided.unchanged)
            receipt.replaced = len(decided.replaced)
        receipt.check()
        return receipt

    def _shown(self, release: Release, publications: Sequence[str]) -> dict[str, Shown]:
        """What sheets show of publications; of one that the release does not hold any more its number alone."""
        found = {number: Shown(number, None, None, ()) for number in publications}
        with open_engine(self._settings, self._lake.folder) as session:
            rows = self._documents(session, release, publications).sql(
                "select self_.publication_id, coalesce(self_.title_zh, self_.title, self_.title_en) as title, "
                "coalesce(self_.abstract_zh, self_.abstract_en) as abstract, self_.symbols from self_"
            )
            for number, title, abstract, symbols in rows.rows():
                found[number] = Shown(number, title, abstract, tuple(symbols or ())[:_SYMBOLS])
        return found

    def _documents(self, session: Session, release: Release, publications: Sequence[str] | None = None) -> Table:
        tables = release.open(session, "publication", "publication_class")
        if publications is None:
            return applied.documents_table(tables["publication"], tables["publication_class"])
        wanted = session.from_arrow(pa.table({"publication_id": pa.array(sorted(publications), pa.string())}))
        only = "select self_.* from self_ semi join w on w.publication_id = self_.publication_id"
        few = {name: tables[name].sql(only, w=wanted) for name in tables}
        return applied.documents_table(few["publication"], few["publication_class"]).materialise()

    # -- where people differ -------------------------------------------------------------------------

    def export_open(self, name: str, path: Path, *, overwrite: bool = False) -> int:
        """Write the sheet of what is not agreed. Gives its rows. DefinitionError where everything is."""
        told = self.named(name)
        open_ones = self.codings(told).open()
        if not open_ones:
            raise DefinitionError(
                "没有分歧，无需裁定。", "People agree on all that they coded: there is nothing to adjudicate.",
                remedy=("先导入两位专家的标引。", "Import the codings of two experts first."),
            )  # fmt: skip
        release = require_built(self._lake)
        sheet = adjudication_sheet(told, open_ones, self._shown(release, list(open_ones)), str(release.info["built"]))
        with fresh_file(path, overwrite=overwrite) as unfinished:
            write_workbook(unfinished, [sheet], first_line=None)
        return len(open_ones)

    def say(
        self, name: str, publication: str, tag: str, verdict: str, *, adjudication: bool = False,
        who: str | None = None, why: str | None = None,
    ) -> Decided:  # fmt: skip
        """Code, or adjudicate, one publication. DefinitionError where the list does not hold it."""
        told = self.named(name)
        if publication not in {item.publication_id for item in told.items}:
            raise DefinitionError(
                f"标引任务 {name} 没有 {publication}。", f"List {name} does not hold {publication}.",
                remedy=("写表中的公开号。", "Write the number as its sheet does."),
            )  # fmt: skip
        subject = "adjudication" if adjudication else "tag"
        row = kept.judge(subject, told.key(told.tag(tag)), publication, verdict, who=self._desk.who(who), why=why)
        return kept.accept(self._log, [row], seal_of(require_built(self._lake)))

    def code(self, name: str, publication: str, verdicts: Mapping[str, str], *, who: str) -> Decided:
        """Code one publication by several tags at once: all of it is kept, or nothing.

        In an exclusive list yes of one tag is no of the others, said by the person. DefinitionError for two of them,
        and for a publication that is not among those which this person codes.
        """
        told, person = self.named(name), self._desk.who(who)
        mine = told.of(person if told.experts else None)
        if publication not in {item.publication_id for item in mine}:
            raise DefinitionError(
                f"{publication} 没有分给 {person} 标引。", f"{publication} is not for {person} to code.",
                remedy=("只标引分到的文献。", "Code what was given to you."),
            )  # fmt: skip
        said = {told.tag(tag).id: verdict for tag, verdict in verdicts.items()}
        held = [tag for tag, verdict in said.items() if verdict == "yes"]
        if told.exclusive and len(held) > 1:
            raise DefinitionError(
                "标签互斥，一件只能有一个“是”。", "Tags are exclusive: say yes of one at most.",
                remedy=("只留一个“是”。", "Keep one yes."),
            )  # fmt: skip
        if told.exclusive and held:
            said = {tag.id: "no" for tag in told.tags} | said
        rows = [kept.judge("tag", f"{told.name}/{tag}", publication, said[tag], who=person) for tag in said]
        return kept.accept(self._log, rows, seal_of(require_built(self._lake)))

    def undo_last(self, name: str, *, who: str) -> list[Judgement]:
        """Undo what a person coded last in a list, all tags of that publication: it is open again for them."""
        told = self.named(name)
        return kept.undo_last(
            self._log, who=self._desk.who(who), subject="tag", of=[told.key(tag) for tag in told.tags],
            seal=seal_of(self._lake.require_current()),
        )  # fmt: skip

    # -- the classifier ------------------------------------------------------------------------------

    def train(self, name: str) -> tuple[models.Kept, dict[str, dict[str, int]]]:
        """Learn the tags of a list from what is agreed or adjudicated; the earlier model of the list is replaced.

        Thresholds that people set stay. Gives the model, and of tags that were left out how much was said of them.
        """
        told = self.named(name)
        labels = self.codings(told).labels()
        enough = {tag: of for tag, of in labels.items() if learning.enough(of)}
        left = {
            tag.id: {"yes": sum(of.values()), "no": len(of) - sum(of.values())}
            for tag in told.tags
            for of in [labels.get(tag.id, {})]
            if tag.id not in enough
        }
        if not enough:
            learning.require_enough({tag.id: labels.get(tag.id, {}) for tag in told.tags})
        release = require_built(self._lake)
        with open_engine(self._settings, self._lake.folder) as session:
            publications = sorted(set().union(*enough.values()))
            found = applied.documents(self._documents(session, release, publications).arrow())
        there = {document.id for document in found}
        enough = {tag: {each: held for each, held in of.items() if each in there} for tag, of in enough.items()}
        learnt = learning.learn(found, enough)
        made = models.Kept(
            list=name, release=str(release.info["built"]), labels=learning.digest(enough), model=learnt.model,
            figures={tag: held_out.figures(learnt.left_out[tag], of) for tag, of in enough.items()},
            left_out={
                tag: {each: (learnt.left_out[tag][each], held) for each, held in sorted(of.items())}
                for tag, of in enough.items()
            },
            exclusive=told.exclusive,
            chosen={tag: each for tag, each in self._chosen(name).items() if tag in enough},
        )  # fmt: skip
        return models.write(self._lake.folder, made), left

    def _chosen(self, name: str) -> dict[str, Any]:
        try:
            return dict(models.read(self._lake.folder, name).chosen)
        except (DefinitionError, LakeCorrupt):  # there is none, or it is made anew because it is damaged
            return {}

    def thresholds(self, name: str, tag: str) -> tuple[models.Kept, list[dict[str, Any]]]:
        """The model of a list, and what thresholds of a tag mean: documents of the release above, and how right."""
        made, of = self._model(name, tag)
        scores = self._scores(made, of)
        values = np.array(list(scores.values()))
        left_out = made.left_out[of]
        known = {each: score for each, (score, _) in left_out.items()}
        truth = {each: held for each, (_, held) in left_out.items()}
        rows = held_out.steps(known, truth, list(values))
        at = made.threshold(of)
        rows.append({"threshold": at, "in_force": True, **held_out.at_threshold(known, truth, values, at)})
        return made, sorted(rows, key=lambda row: -row["threshold"])

    def set_threshold(
        self, name: str, tag: str, value: float, *, who: str | None = None, why: str | None = None
    ) -> models.Kept:
        """Set the threshold of a tag, by a person; it stays when the model is trained anew."""
        made, of = self._model(name, tag)
        if not math.isfinite(value):
            raise DefinitionError(
                f"门槛 {value} 不是数。", f"A threshold of {value} is no number.",
                remedy=("写一个数，如 0.4。", "Write a number, such as 0.4."),
            )  # fmt: skip
        chosen = {**made.chosen, of: {"value": float(value), "who": self._desk.who(who), "why": why}}
        return models.write(self._lake.folder, models.with_chosen(made, chosen))

    def suggest(self, name: str, tag: str | None = None, limit: int = 20) -> list[dict[str, Any]]:
        """Publications of the release that are coded by nobody, those first whose scores lie nearest the threshold.

        Of all tags, or one. Each tells the tag, the score, the threshold, and the terms that count most.
        """
        made, _ = self._model(name, tag)
        told = self.named(name)
        tags = made.model.tags if tag is None else (told.tag(tag).id,)
        coded = {publication for _, publication in self.codings(told).said}
        best: list[tuple[float, str, str, float]] = []
        release = require_built(self._lake)
        with open_engine(self._settings, self._lake.folder) as session:
            for found, scores in applied.scored_batches(made, self._documents(session, release)):
                for each in tags:
                    column = scores[:, made.model.tags.index(each)]
                    best += [
                        (abs(float(score) - made.threshold(each)), document.id, each, float(score))
                        for document, score in zip(found, column, strict=True)
                        if document.id not in coded and not np.isnan(score)
                    ]
                best = sorted(best)[: limit * len(tags)]
            first: dict[str, tuple[float, str, str, float]] = {}
            for row in best:
                first.setdefault(row[1], row)
            chosen = list(first.values())[:limit]
            documents = {
                each.id: each
                for each in applied.documents(self._documents(session, release, [row[1] for row in chosen]).arrow())
            }
        return [
            {
                "publication_id": number, "tag": each, "score": score, "threshold": made.threshold(each),
                "terms": [term for term, _ in made.model.reasons(documents[number], each)],
                "title": documents[number].text.partition(applied.BREAK)[0],
            }
            for _, number, each, score in chosen
        ]  # fmt: skip

    def suggest_cited(self, name: str, tag: str, limit: int = 20) -> list[dict[str, Any]]:
        """Publications that nobody has coded, and that cite or are cited by those which bear a tag; most links first.

        Each tells how many of these links it has. It needs no model.
        """
        told = self.named(name)
        made, of = self.codings(told), told.tag(tag).id
        bearing = [number for number, held in made.labels().get(of, {}).items() if held]
        coded = sorted({publication for _, publication in made.said})
        release = require_built(self._lake)
        with open_engine(self._settings, self._lake.folder) as session:
            tables = release.open(session, "citation", "publication")
            listed = {
                side: session.from_arrow(pa.table({"publication_id": pa.array(sorted(each), pa.string())}))
                for side, each in (("b", bearing), ("c", coded))
            }
            rows = session.sql(_CITED, citation=tables["citation"], p=tables["publication"], **listed)
            found = rows.sql(
                f"select self_.* from self_ order by self_.links desc, self_.publication_id limit {int(limit)}"
            ).dicts(order_by="links desc, publication_id")
        return [{**row, "tag": of} for row in found]

    def extend(self, name: str, publications: Sequence[str]) -> TagList:
        """Put more publications into a list, shared out among its experts."""
        return tag_lists.extend(self._lake, name, publications)

    def _model(self, name: str, tag: str | None) -> tuple[models.Kept, str]:
        """The model of a list, and the id of a tag that it has learnt."""
        told = self.named(name)
        made = models.read(self._lake.folder, name)
        of = made.model.tags[0] if tag is None else told.tag(tag).id
        made.require_tag(of)
        return made, of

    def _scores(self, made: models.Kept, tag: str) -> dict[str, float]:
        """Publications of the release of which the model knows a term, with their scores."""
        release, at = require_built(self._lake), made.model.tags.index(tag)
        with open_engine(self._settings, self._lake.folder) as session:
            return {
                document.id: float(score)
                for found, scores in applied.scored_batches(made, self._documents(session, release))
                for document, score in zip(found, scores[:, at], strict=True)
                if not np.isnan(score)
            }


_CITED = """
with linked as (
    select c.citing_id as publication_id, c.cited_id as other from citation as c
    union all
    select c.cited_id as publication_id, c.citing_id as other from citation as c
)
select p.publication_id, coalesce(p.title_zh, p.title, p.title_en) as title, count(distinct l.other) as links
from linked as l
semi join b on b.publication_id = l.other
anti join c on c.publication_id = l.publication_id
inner join p on p.publication_id = l.publication_id
group by p.publication_id, p.title_zh, p.title, p.title_en
"""


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
