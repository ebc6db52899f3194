"""A workflow that is wrong is refused where it is written down."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from pingjiang.centre.casework.workflow import Move, Refused, State, Workflow
from pingjiang.errors import DefinitionError

A, B = frozenset({"a"}), frozenset({"b"})
STATES = (State("one", ("一", "One"), A | B, A), State("two", ("二", "Two"), A | B, end=True))
GO = Move("go", ("走", "Go"), ("one",), "two", A)


def workflow(**changes: Any) -> Workflow:
    values: dict[str, Any] = {
        "name": "w", "label": ("流", "W"), "parties": {"a": ("甲", "A"), "b": ("乙", "B")}, "states": STATES,
        "moves": (GO,), "initial": "one",
    }  # fmt: skip
    return Workflow(**{**values, **changes})


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"states": (*STATES, STATES[0])}, "state 'one' stands twice"),
        ({"moves": (GO, GO)}, "move 'go' stands twice"),
        ({"initial": "zero"}, "first state 'zero'"),
        ({"moves": (dataclasses.replace(GO, target="three"),)}, "names 'three'"),
        ({"moves": (dataclasses.replace(GO, by=frozenset({"c"})),)}, "names 'c'"),
        ({"moves": (dataclasses.replace(GO, by=frozenset()),)}, "nobody to make it"),
        ({"moves": (dataclasses.replace(GO, note="maybe"),)}, "note is one of"),
        ({"states": (STATES[0], STATES[1], State("x", ("", ""), A, end=True))}, "'x' is never reached"),
        ({"states": (STATES[0], dataclasses.replace(STATES[1], end=False))}, "declare it an end"),
        ({"moves": (GO, Move("back", ("", ""), ("two",), "one", A))}, "is an end, yet moves leave it"),
        ({"states": (State("one", ("", ""), B, A), STATES[1])}, "edit what they do not see"),
        ({"states": (State("one", ("", ""), B), STATES[1])}, "do not see 'one'"),
        ({"states": (STATES[0], dataclasses.replace(STATES[1], news="sad"))}, "news is one of"),
        ({"states": (dataclasses.replace(STATES[0], news="bad"), STATES[1])}, "no news yet"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(DefinitionError, match=says):
        workflow(**changes)


def test_each_refusal_names_its_rule() -> None:
    needing = workflow(moves=(dataclasses.replace(GO, note="required"),))
    for state, move, parties, note, rule in (
        ("one", "fly", {"a"}, "", "move"),
        ("one", "go", {"b"}, "", "party"),
        ("two", "go", {"a"}, "", "state"),
        ("one", "go", {"a"}, "  ", "note"),
    ):
        with pytest.raises(Refused) as caught:
            needing.check(state, move, parties, note)
        assert caught.value.rule == rule
    assert needing.check("one", "go", {"a", "b"}, "因为").name == "go"


def test_the_diagram_has_every_state_and_every_way() -> None:
    text = workflow().diagram()
    assert "one --> two: 走" in text and "two --> [*]" in text and "[*] --> one" in text
