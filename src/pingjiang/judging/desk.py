"""The desk of a lake: its releases on the one hand, its log of judgements on the other."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pingjiang import judgements as kept
from pingjiang.config import Settings
from pingjiang.engine import Lake, Release, open_engine
from pingjiang.errors import DefinitionError, LakeError
from pingjiang.judgements import Decided, Judgement, Log
from pingjiang.judging.pairs import Pair, all_pairs, occurring, undecided, with_examples
from pingjiang.judging.sheet import SheetReceipt, read_sheet, write_sheet
from pingjiang.pipeline import require_built, seal_of

_NAMED = ("organisation", "group")  # subjects that are judged by names as printed


class Desk:
    """Where people judge what the machine doubts. Opening it reads nothing."""

    def __init__(self, lake: Lake, *, settings: Settings | None = None) -> None:
        self._lake = lake
        self._settings = settings or Settings.from_environment()
        self._log = Log(lake.judgements)

    def who(self, given: str | None) -> str:
        """The person who judges: as given, else as PINGJIANG_WHO says, else the account. DefinitionError for nobody."""
        name = given or self._settings.who
        if name is None:
            try:
                name = pwd.getpwuid(os.getuid()).pw_name
            except KeyError:
                raise DefinitionError(
                    "不知道判断人是谁。",
                    "It is not known who judges.",
                    remedy=(
                        "用 --who 或环境变量 PINGJIANG_WHO 写明姓名。",
                        "Name the person by --who or PINGJIANG_WHO.",
                    ),
                ) from None
        return kept.person(name)

    # -- what is doubtful ----------------------------------------------------------------------------

    def pairs(self, limit: int | None = None) -> tuple[str, list[Pair], int]:
        """The release, its doubtful pairs that nobody has judged (with examples), and how many there are in all."""
        release = require_built(self._lake)
        judged = kept.in_force(self._log.read(seal_of(release)).rows)
        with open_engine(self._settings, self._lake.folder) as session:
            tables = release.open(
                session, "organisation_doubt", "organisation_alias", "publication_applicant", "publication"
            )
            every = all_pairs(tables["organisation_doubt"])
            open_ones = undecided(session, every, tables["organisation_alias"], judged)
            return _built(release), with_examples(session, open_ones[:limit], tables), len(open_ones)

    def export(self, path: Path, *, limit: int | None = None, overwrite: bool = False) -> tuple[str, int]:
        """Write the doubtful pairs as a spreadsheet. Returns the release and the number of pairs."""
        release, pairs, _ = self.pairs(limit)
        write_sheet(path, pairs, release, overwrite=overwrite)
        return release, len(pairs)

    # -- what people answer --------------------------------------------------------------------------

    def accept(
        self, a: str, b: str, verdict: str, *, subject: str = "organisation", who: str | None = None,
        why: str | None = None,
    ) -> Decided:  # fmt: skip
        """Judge a pair. LakeError where the folder is no lake with a release."""
        row = kept.judge(subject, a, b, verdict, who=self.who(who), why=why)
        return kept.accept(self._log, [row], seal_of(self._lake.require_current()))

    def undo(self, judgement_id: str, *, who: str | None = None, why: str | None = None) -> Judgement:
        """Undo a judgement, or an undoing."""
        seal = seal_of(self._lake.require_current())
        return kept.undo(self._log, judgement_id, who=self.who(who), why=why, seal=seal)

    def take(self, path: Path, *, who: str | None = None) -> SheetReceipt:
        """Take the answers of a spreadsheet: all that can be taken as one batch. InputRefused where it is none."""
        release = require_built(self._lake)
        with open_engine(self._settings, self._lake.folder) as session:
            known = all_pairs(release.open(session, "organisation_doubt")["organisation_doubt"])
        receipt, answers = read_sheet(path, known, lambda: self.who(who), self._settings)
        if answers:
            decided = kept.accept(self._log, [answer for _, answer in answers], seal_of(release))
            receipt.accepted = len(decided.added)
            receipt.unchanged += len(decided.unchanged)
            receipt.replaced = len(decided.replaced)
            receipt.conflicts = decided.conflicts
        receipt.check()
        return receipt

    # -- what was decided ----------------------------------------------------------------------------

    def history(self) -> dict[str, Any]:
        """All rows of the log, oldest first, and what must be told of them.

        {"rows": [{…, "in_force", "in_conflict", "occurs"}], "conflicts", "torn", "since": rows that no build knows}
        `occurs` is None where nothing was built, and for what is not judged by names of organisations.
        """
        release = self._lake.require_current()
        content = self._log.read(seal_of(release))
        counts = kept.counting(content.rows)
        conflicts = kept.conflicts(kept.in_force(content.rows))
        contradicting = {each for conflict in conflicts for each in conflict.ids}
        there = self.occurring(release, content.rows)
        seal = seal_of(release)
        return {
            "rows": [
                {
                    **row.as_dict(),
                    "in_force": counts[row.judgement_id] and row.verdict is not None,
                    "in_conflict": row.judgement_id in contradicting,
                    "occurs": None if there is None or row.subject not in _NAMED else there >= {row.a, row.b},
                }
                for row in content.rows
            ],
            "conflicts": [conflict.as_dict() for conflict in conflicts],
            "torn": content.torn,
            "since": len(content.rows) - (seal.count if seal else 0),
        }

    def occurring(self, release: Release, rows: Iterable[Judgement]) -> set[str] | None:
        """The names of these rows that occur in a release; None where it was not built."""
        if "organisation_alias" not in release.tables:
            return None
        with open_engine(self._settings, self._lake.folder) as session:
            alias = release.open(session, "organisation_alias").get("organisation_alias")
            return set() if alias is None else occurring(session, alias, {name for row in rows for name in row.pair})

    def dormant(self, rows: Sequence[Judgement]) -> list[str]:
        """The names of these rows that do not occur in what was built: their judgements wait for them."""
        there = self.occurring(self._lake.require_current(), rows)
        names = {name for row in rows if row.subject in _NAMED for name in row.pair}
        return [] if there is None else sorted(names - there)

    def restore(self) -> dict[str, Any]:
        """Write a damaged log anew, from the copy in the current release and from what is whole of it."""
        release = self._lake.require_current()
        copy: list[Judgement] = []
        if "judgement" in release.tables:
            with open_engine(self._settings, self._lake.folder) as session:
                rows = release.open(session, "judgement").get("judgement")
                try:
                    copy = [] if rows is None else kept.from_history(rows.dicts())
                except ValueError as error:
                    raise LakeError(
                        f"版本中的副本已损坏 · the copy in release {release.id} is damaged: {error}"
                    ) from error
        return asdict(self._log.restore(copy))


def _built(release: Release) -> str:
    return str(release.info["built"])
