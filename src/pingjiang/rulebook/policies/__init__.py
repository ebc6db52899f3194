"""Policy packs: what a policy asks for, clause by clause, as data; what it says of a case; what a change would turn.

    pack = policy("suzhou_2018_116")                       # the version of today; a case names its own
    outcomes = check(pack, {"bodies": 102, …}, "patent")   # one outcome a rule: pass, fail, waivable, expert, unknown
    simulate(pack, {"industry_bodies": 150}, cases)        # which cases turn, and why

Facts are by field (`pack.fields` says type, unit and words). Numbers are int or Decimal, never float; `Quantity`
says another unit of the same measure. What is unknown passes nothing and fails nothing.
"""

from pingjiang.rulebook.policies.checking import (
    Outcome,
    Waiver,
    check,
    rules_of,
    verdict,
)
from pingjiang.rulebook.policies.facts import read_facts, show
from pingjiang.rulebook.policies.model import (
    Budget,
    Check,
    Criterion,
    Field,
    Function,
    Ground,
    Indicator,
    Material,
    Named,
    Pack,
    Panel,
    Parameter,
    PolicyRule,
    Provision,
    Section,
    Sheet,
    Step,
    Stratum,
    Words,
)
from pingjiang.rulebook.policies.reading import dump_pack, load_policies, parse_pack, policy
from pingjiang.rulebook.policies.saying import asked, basis
from pingjiang.rulebook.policies.sheets import SheetFault, sheet_faults, total, wants_comment
from pingjiang.rulebook.policies.simulation import Case, Simulation, Turned, simulate, thresholds, with_thresholds
from pingjiang.rulebook.policies.tracks import of_track, on_track
from pingjiang.rulebook.policies.units import UNITS, Quantity, Unit, shown

__all__ = [
    "UNITS",
    "Budget",
    "Case",
    "Check",
    "Criterion",
    "Field",
    "Function",
    "Ground",
    "Indicator",
    "Material",
    "Named",
    "Outcome",
    "Pack",
    "Panel",
    "Parameter",
    "PolicyRule",
    "Provision",
    "Quantity",
    "Section",
    "Sheet",
    "SheetFault",
    "Simulation",
    "Step",
    "Stratum",
    "Turned",
    "Unit",
    "Waiver",
    "Words",
    "asked",
    "basis",
    "check",
    "dump_pack",
    "load_policies",
    "of_track",
    "on_track",
    "parse_pack",
    "policy",
    "read_facts",
    "rules_of",
    "sheet_faults",
    "show",
    "shown",
    "simulate",
    "thresholds",
    "total",
    "verdict",
    "wants_comment",
    "with_thresholds",
]
