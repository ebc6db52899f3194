"""asked → doing → done, or withdrawn; doing may be handed back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from pingjiang.centre.casework import access, service
from pingjiang.centre.casework.models import Case
from pingjiang.centre.casework.workflow import Label, Move, Need, State, Workflow

AUTHOR, OFFICER, READER = "author", "officer", "reader"
effects: list[str] = []


def _amount_is_whole(_case: Case, given: Mapping[str, Any]) -> Label | None:
    return (
        None if given.get("amount", 1) == int(given.get("amount", 1)) else ("金额须为整数", "the amount must be whole")
    )


def _noted(*, case: Case, **_: Any) -> None:
    effects.append(case.state)
    if case.title == "失败":
        raise RuntimeError("an effect that breaks")


ERRAND = service.register(
    Workflow(
        name="errand",
        label=("事项", "Errand"),
        parties={AUTHOR: ("提出人", "Author"), OFFICER: ("承办人", "Officer"), READER: ("旁观", "Reader")},
        initial="draft",
        states=(
            State("draft", ("草稿", "Draft"), frozenset({AUTHOR}), frozenset({AUTHOR})),
            State("asked", ("已提出", "Asked"), frozenset({AUTHOR, OFFICER})),
            State("doing", ("办理中", "In hand"), frozenset({AUTHOR, OFFICER}), frozenset({OFFICER})),
            State("done", ("已办结", "Done"), frozenset({AUTHOR, OFFICER, READER}), end=True),
            State("withdrawn", ("已撤回", "Withdrawn"), frozenset({AUTHOR, OFFICER}), end=True),
        ),
        moves=(
            Move("ask", ("提出", "Ask"), ("draft",), "asked", frozenset({AUTHOR})),
            Move(
                "withdraw", ("撤回", "Withdraw"), ("draft", "asked"), "withdrawn", frozenset({AUTHOR}), positive=False,
            ),
            Move("take", ("受理", "Take"), ("asked",), "doing", frozenset({OFFICER})),
            Move(
                "back", ("退回", "Hand back"), ("doing",), "draft", frozenset({OFFICER}),
                note="required", positive=False,
            ),
            Move(
                "finish", ("办结", "Finish"), ("doing",), "done", frozenset({OFFICER}),
                needs=(Need("whole", _amount_is_whole, clause="三"),), then=(_noted,),
            ),
        ),
    )
)  # fmt: skip


access.register_parties(
    ERRAND,
    {
        AUTHOR: lambda actor: Q(owner=actor.organisation) if actor.role == "member_user" else None,
        OFFICER: lambda actor: Q(authority=actor.organisation) if actor.role == "programme_officer" else None,
        READER: lambda actor: Q() if actor.role == "steward" else None,
    },
)
