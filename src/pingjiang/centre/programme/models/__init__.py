"""What this app keeps. A call and an application have a case each, on which they move.

calls.py         Call, its tracks, questions on it and their answers, pre-checks of who thinks of applying
applications.py  Application, its sections, every draft of them, the versions that were handed in
districts.py     what the district says of an application, and its seal
checks.py        what the formal check found: answers of the officer, waivers
decisions.py     the bureau's decision: items, sessions, verdicts; objections to its public notice
"""

from pingjiang.centre.programme.models.applications import Application, ApplicationVersion, Draft, Section
from pingjiang.centre.programme.models.calls import Call, CallAnswer, CallQuestion, CallTrack, PreCheck
from pingjiang.centre.programme.models.checks import CheckAnswer, CheckRun, Waiver, WaiverApproval
from pingjiang.centre.programme.models.decisions import Decision, DecisionItem, Finding, Objection, Session, Verdict
from pingjiang.centre.programme.models.districts import Recommendation, Seal

__all__ = [
    "Application", "ApplicationVersion", "Call", "CallAnswer", "CallQuestion", "CallTrack", "CheckAnswer", "CheckRun",
    "Decision", "DecisionItem", "Draft", "Finding", "Objection", "PreCheck", "Recommendation", "Seal", "Section",
    "Session", "Verdict", "Waiver", "WaiverApproval",
]  # fmt: skip
