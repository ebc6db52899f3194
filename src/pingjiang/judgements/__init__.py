"""Human decisions: rows that are only ever added, above the machine, and undone by further rows."""

from pingjiang.judgements.clusters import Applied, apply_judgements, arrange, judged_table, lifted
from pingjiang.judgements.deciding import Decided, accept, merge, undo, undo_last
from pingjiang.judgements.history import from_history, history_table
from pingjiang.judgements.judgement import SUBJECTS, VERDICTS, Judgement, judge, parsed, person
from pingjiang.judgements.log import Content, Log, Restored, Seal
from pingjiang.judgements.standing import (
    Conflict,
    Sets,
    at_level,
    concerns,
    conflicts,
    counting,
    digest,
    in_force,
    summary,
)

__all__ = [
    "SUBJECTS",
    "VERDICTS",
    "Applied",
    "Conflict",
    "Content",
    "Decided",
    "Judgement",
    "Log",
    "Restored",
    "Seal",
    "Sets",
    "accept",
    "apply_judgements",
    "arrange",
    "at_level",
    "concerns",
    "conflicts",
    "counting",
    "digest",
    "from_history",
    "history_table",
    "in_force",
    "judge",
    "judged_table",
    "lifted",
    "merge",
    "parsed",
    "person",
    "summary",
    "undo",
    "undo_last",
]
