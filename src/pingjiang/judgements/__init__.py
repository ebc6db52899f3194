"""Human decisions: rows that are only ever added, above the machine, and undone by further rows."""

from pingjiang.judgements.clusters import Applied, apply_judgements, arrange, judged_table
from pingjiang.judgements.deciding import Decided, accept, merge, undo
from pingjiang.judgements.judgement import SUBJECTS, VERDICTS, Judgement, judge, parsed, person
from pingjiang.judgements.log import Content, Log, Restored, Seal
from pingjiang.judgements.standing import Conflict, at_level, conflicts, counting, digest, in_force

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
    "accept",
    "apply_judgements",
    "arrange",
    "at_level",
    "conflicts",
    "counting",
    "digest",
    "in_force",
    "judge",
    "judged_table",
    "merge",
    "parsed",
    "person",
    "undo",
]
