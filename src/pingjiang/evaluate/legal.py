"""How the legal state that is concluded from events agrees with the state that the same export prints in words.

Events and words come from one tool, but by different ways: the words are its own conclusion. The states are those by
events and documents alone (no word counts), on the day up to which the export reaches. An application whose words say
that nothing is known is not measured; one of which the events tell nothing counts as a disagreement of its own kind.
The baseline knows no events: in force where a grant is known, else pending.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from pingjiang import pipeline
from pingjiang.config import Settings
from pingjiang.engine import Lake, Session
from pingjiang.evaluate.task import Answer, Line, Task
from pingjiang.intervals import wilson
from pingjiang.legal import Fact, TermEnd, fold
from pingjiang.legal.vocabulary import LIVES, load_kinds

# What is to be known of a file before its figures are read.
_NOTES = {
    "uspto_peds_321.jsonl": [
        (
            "该文件只摘录了审查意见类事件（平均每案 77 个事件中的少数），没有授权事件，授权文本也没有日期："
            "「Patented Case」因此得不到印证。这是数据的限度，不是规则的。",
            "The file holds few of the events of a case, those of office actions, no event of grant, and grants of "
            "which no day is told: nothing bears out its 'Patented Case'. That is a limit of the data and not of the "
            "rules.",
        )
    ],
}
_FACTS = """
select f.application_id, f.kind, f.effective_date, f.known_date, f.origin, f.announced_date, f.authority, f.code,
  f.contract, f.applies, f.source_row
from f order by f.application_id
"""


def evaluate(truth: Path, settings: Settings) -> Answer:
    """{"life", "state", "baseline": shares that agree, "n", "intervals", "disagreements": [[said, concluded, n]]}.

    `state` is of those whose words say how they ended.
    """
    told = _told(truth, settings)
    lives = [(LIVES[said], LIVES[found], LIVES[plain]) for said, found, plain in told]
    states = [(said, found) for said, found, _ in told if LIVES[said] == "dead" and said != "ended"]
    n = len(told)
    agree = sum(said == found for said, found, _ in lives)
    exactly = sum(said == found for said, found in states)
    plain = sum(said == guessed for said, _, guessed in lives)
    kinds = Counter((said, found) for said, found in states if said != found)
    kinds.update((said, found) for said, found, _ in told if LIVES[said] != LIVES[found] and (said, found) not in kinds)
    return {
        "life": _share(agree, n),
        "state": _share(exactly, len(states)),
        "baseline": {"life": _share(plain, n)},
        "n": n,
        "states": len(states),
        "intervals": {"life": _interval(agree, n), "state": _interval(exactly, len(states))},
        "disagreements": [[said, found, count] for (said, found), count in kinds.most_common()],
        "tables": [
            {
                "zh": "不一致的种类",
                "en": "disagreements by kind",
                "columns": ["来源词 said", "由事件 by events", "件 applications"],
                "rows": [[said, found, count] for (said, found), count in kinds.most_common()],
            }
        ],
        "notes": [
            (
                "状态一致只计写明如何失效的词（驳回、撤回等）；其余词只说有效、在审或失效，比有效性。",
                "States are compared where words say how it ended; other words tell a life alone.",
            ),
            *_NOTES.get(truth.name, ()),
        ],
    }


def _told(truth: Path, settings: Settings) -> list[tuple[str, str, str]]:
    """Of each application the state that words say, that events tell, and that the baseline guesses."""
    from pingjiang.chain.tree import load as load_chain

    with tempfile.TemporaryDirectory(prefix="pingjiang-legal-") as folder:
        lake = Lake(Path(folder) / "lake")
        pipeline.import_files([truth], lake, settings=settings)
        pipeline.build(lake, load_chain("semiconductors"), settings=settings)
        release = lake.require_current()
        with Session(memory_limit=settings.memory_limit) as session:
            tables = release.open(session, "legal_fact", "legal_term")
            facts: dict[str, list[Fact]] = {}
            for application, *fact in session.rows(_FACTS, f=tables["legal_fact"]):
                facts.setdefault(application, []).append(Fact(*fact))
            terms = {
                application: TermEnd(ends, latest)
                for application, ends, latest in session.rows(
                    "select t.application_id, t.ends_date, t.latest_date from t", t=tables["legal_term"]
                )
            }
    return [told for application, own in facts.items() if (told := _compared(own, terms.get(application)))]


def _compared(facts: list[Fact], term: TermEnd | None) -> tuple[str, str, str] | None:
    said = [fact for fact in facts if fact.meaning.effect == "status" and fact.effective and fact.origin == "status"]
    if not said:
        return None
    word = max(said, key=lambda fact: (fact.effective, _stage(fact)))
    assert word.effective is not None
    others = [fact for fact in facts if fact.origin != "status" and fact.kind not in _WORDS]
    found = fold(others, word.effective, term)
    granted = any(fact.kind == "granted" and fact.effective and fact.effective <= word.effective for fact in others)
    return word.meaning.state or "unknown", found.state, "in_force" if granted else "published"


_WORDS = frozenset(name for name, kind in load_kinds().items() if kind.effect == "status")


def _stage(fact: Fact) -> int:
    """Of words on the publications of one application the one that tells most: a grant's before an application's."""
    return ("pending", "in_force", "dead", "elsewhere").index(LIVES[fact.meaning.state or "pending"])


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 6) if whole else None


def _interval(part: int, whole: int) -> list[float] | None:
    found = wilson(part, whole)
    return None if found is None else [round(end, 6) for end in found]


def _lines() -> list[Line]:
    return [
        Line("有效性一致", "lives agree", "life", "baseline.life", "n"),
        Line("状态一致", "states agree", "state", None, "states"),
    ]


def _task(name: str, truth: str, zh: str, en: str) -> Task:
    return Task(
        name=name, truth=truth, zh=f"法律状态：{zh}", en=f"legal state: {en}",
        held_out_zh="词表写定后测得；未按本文件的状态词调整状态规则。",
        held_out_en="Measured once the vocabulary stood; no rule of the state was fitted to the words of this file.",
        evaluate=evaluate, lines=_lines(),
    )  # fmt: skip


TASKS: tuple[Any, ...] = (
    _task("legal", "cn_exports/autodriving/patentics_thundersoft_511_with_address.xlsx", "Patentics 法律描述与法律状态",
          "lists of events against words of Patentics"),
    _task("legal-peds", "prosecution/uspto_peds_321.jsonl", "USPTO 审查记录与状态",
          "file histories against states of the USPTO"),
)  # fmt: skip
