"""What this app keeps. A call and an application have a case each, on which they move.

calls.py         Call, its tracks, questions on it and their answers, pre-checks of who thinks of applying
applications.py  Application, its sections, every draft of them, the versions that were handed in
districts.py     what the district says of an application, and its seal
checks.py        what the formal check found: answers of the officer, waivers
experts.py       the pool of experts, their employers by year, what they declare
panels.py        Panel, whom it reviews, conflicts, Review and its sealed sheets, what was opened and reckoned
decisions.py     the bureau's decision: items, sessions, verdicts; objections to its public notice
"""

from pingjiang.centre.programme.models.applications import Application, ApplicationVersion, Draft, Section
from pingjiang.centre.programme.models.calls import Call, CallAnswer, CallQuestion, CallTrack, PreCheck
from pingjiang.centre.programme.models.checks import CheckAnswer, CheckRun, Waiver, WaiverApproval
from pingjiang.centre.programme.models.decisions import (
    Decision,
    DecisionItem,
    Finding,
    LeftOut,
    Objection,
    RecalledNotice,
    Session,
    Verdict,
)
from pingjiang.centre.programme.models.districts import Recommendation, Seal
from pingjiang.centre.programme.models.experts import Declaration, DeclarationEnd, Employment, Expert
from pingjiang.centre.programme.models.panels import (
    Conflict,
    ConflictRuling,
    OpenedReview,
    Panel,
    PanelEntry,
    PanelResult,
    PanelSeat,
    PassedOver,
    Recusal,
    Review,
    Sheet,
    SupplementaryList,
)

__all__ = [
    "Application", "ApplicationVersion", "Call", "CallAnswer", "CallQuestion", "CallTrack", "CheckAnswer", "CheckRun",
    "Conflict", "ConflictRuling", "Decision", "DecisionItem", "Declaration", "DeclarationEnd", "Draft", "Employment",
    "Expert", "Finding", "LeftOut", "Objection", "OpenedReview", "Panel", "PanelEntry", "PanelResult", "PanelSeat",
    "PassedOver", "PreCheck", "RecalledNotice", "Recommendation", "Recusal", "Review", "Seal", "Section", "Session",
    "Sheet", "SupplementaryList", "Verdict", "Waiver", "WaiverApproval",
]  # fmt: skip
