"""A workflow is data: states, moves, by whom, what they need, what follows. Checked where it is written down.

    PARTIES  of a workflow are words of its own ('author', 'officer'); who is which, its app's access says
    STATE    who sees a case in it, who edits; an end has no way out, and is good news, bad news or neither
    MOVE     from states to a state by parties; `needs` are rules that may refuse, `then` what follows in the same
             transaction; `note` says whether a reason is compulsory

Knows no web and no database: a case is whatever the rules take.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pingjiang.errors import DefinitionError, PingjiangError

Label = tuple[str, str]  # Chinese, English
NOTES = ("none", "optional", "required")
NEWS = ("good", "bad", "neither")


class Refused(PingjiangError):
    """A move is not made. `rule` names why: 'state', 'party', 'note', or a need's own name. Nothing was changed."""

    def __init__(self, rule: str, zh: str, en: str, *, clause: str | None = None) -> None:
        self.rule = rule
        self.clause = clause
        words = (zh, en) if clause is None else (f"{zh}（{clause}）", f"{en} ({clause})")
        super().__init__(*words)
        self.words: tuple[str, str] = words


@dataclass(frozen=True)
class Need:
    """One rule: `test` gets the case and what the move was given, and answers None or the two texts of a refusal.

    `of_many` says the same of many cases at once, as key of the case → refusal: for moves that many make together, and
    that are given nothing.
    """

    name: str
    test: Callable[[Any, Mapping[str, Any]], Label | None]
    clause: str | None = None
    of_many: Callable[[Sequence[Any]], Mapping[int, Label]] | None = None

    @classmethod
    def set_based(cls, name: str, of_many: Callable[[Sequence[Any]], Mapping[int, Label]]) -> Need:
        """A rule that says of many at once what it says of one, and looks at nothing that a move is given."""
        return cls(name, lambda case, _given: of_many([case]).get(case.pk), of_many=of_many)

    def refusal(self, cases: Sequence[Any]) -> Refused | None:
        """The refusal of the first of many cases that this says no to, with what the case is called."""
        found = self.of_many(cases) if self.of_many is not None else _one_by_one(self.test, cases)
        case = next((each for each in cases if each.pk in found), None)
        if case is None:
            return None
        zh, en = found[case.pk]
        return Refused(self.name, f"“{case.title}”：{zh}", f"'{case.title}': {en}", clause=self.clause)


def _one_by_one(test: Callable[[Any, Mapping[str, Any]], Label | None], cases: Sequence[Any]) -> dict[int, Label]:
    return {case.pk: refusal for case in cases if (refusal := test(case, {})) is not None}


@dataclass(frozen=True)
class State:
    """A state of a case. `news` says of an end what it is to whoever opened the case: reached, refused, or dropped."""

    name: str
    label: Label
    sees: frozenset[str]
    edits: frozenset[str] = frozenset()
    end: bool = False
    news: str = "good"


@dataclass(frozen=True)
class Move:
    """A way from states to a state."""

    name: str
    label: Label
    sources: tuple[str, ...]
    target: str
    by: frozenset[str]
    needs: tuple[Need, ...] = ()
    then: tuple[Callable[..., None], ...] = ()
    note: str = "optional"
    official: bool = False  # signs, seals or publishes: asked once more, drawn in seal red
    positive: bool = True
    effect: Label = ("", "")  # what an official act brings about, told when it is asked for once more


@dataclass(frozen=True)
class Workflow:
    """States and moves. DefinitionError at import names what is wrong with it.

    `along` tells the keys of other cases that moves of this one move, too.
    """

    name: str
    label: Label
    parties: Mapping[str, Label]
    states: tuple[State, ...]
    moves: tuple[Move, ...]
    initial: str
    along: Callable[[Any], Iterable[int]] | None = None
    _by_name: dict[str, State] = field(init=False, repr=False, compare=False)
    _moves: dict[str, Move] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {state.name: state for state in self.states})
        object.__setattr__(self, "_moves", {move.name: move for move in self.moves})
        for problem in self._problems():
            raise DefinitionError(f"workflow {self.name}: {problem}")

    def state(self, name: str) -> State:
        """A state by name."""
        return self._by_name[name]

    def move(self, name: str) -> Move | None:
        """A move by name, None where there is none."""
        return self._moves.get(name)

    def open_to(self, state: str, parties: Iterable[str]) -> list[Move]:
        """Moves that these parties may make from a state, the negative first; their needs are not asked yet."""
        who = set(parties)
        found = [move for move in self.moves if state in move.sources and move.by & who]
        return sorted(found, key=lambda move: move.positive)

    def check(self, state: str, name: str, parties: Iterable[str], note: str) -> Move:
        """The move, if these parties may make it from this state with this note; else Refused. Needs come after."""
        move = self.move(name)
        if move is None:
            raise Refused("move", f"没有“{name}”这一步", f"there is no move '{name}'")
        if not move.by & set(parties):
            raise Refused("party", f"您不能办理“{move.label[0]}”", f"'{move.label[1]}' is not yours to do")
        if state not in move.sources:
            here = self.state(state).label
            raise Refused(
                "state", f"当前为“{here[0]}”，不能“{move.label[0]}”", f"the case is '{here[1]}': no '{move.label[1]}'"
            )
        if move.note == "required" and not note.strip():
            raise Refused("note", f"“{move.label[0]}”须填写意见", f"'{move.label[1]}' needs a reason")
        return move

    def diagram(self) -> str:
        """The workflow as a Mermaid state diagram in Chinese, for the manual."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        lines += [f'    state "{state.label[0]}" as {state.name}' for state in self.states]
        for move in self.moves:
            lines += [f"    {source} --> {move.target}: {move.label[0]}" for source in move.sources]
        lines += [f"    {state.name} --> [*]" for state in self.states if state.end]
        return "\n".join(lines)

    def _problems(self) -> Iterable[str]:
        yield from _twice("state", [state.name for state in self.states])
        yield from _twice("move", [move.name for move in self.moves])
        if self.initial not in self._by_name:
            yield f"its first state '{self.initial}' is none of its states"
        for state in self.states:
            yield from _unknown(f"state '{state.name}'", state.sees | state.edits, self.parties)
            if state.edits - state.sees:
                yield f"state '{state.name}': {sorted(state.edits - state.sees)} edit what they do not see"
            if state.news not in NEWS:
                yield f"state '{state.name}': news is one of {', '.join(NEWS)}"
            if state.news != "good" and not state.end:
                yield f"state '{state.name}' is no end: it is no news yet"
        for move in self.moves:
            yield from self._problems_of(move)
        yield from self._unreached()

    def _problems_of(self, move: Move) -> Iterable[str]:
        yield from _unknown(f"move '{move.name}'", move.by, self.parties)
        yield from _unknown(f"move '{move.name}'", {*move.sources, move.target}, self._by_name)
        if move.note not in NOTES:
            yield f"move '{move.name}': note is one of {', '.join(NOTES)}"
        if not move.sources or not move.by:
            yield f"move '{move.name}' has no source or nobody to make it"
        for source in move.sources:
            state = self._by_name.get(source)
            if state and move.by - state.sees:
                yield f"move '{move.name}': {sorted(move.by - state.sees)} do not see '{source}'"

    def _unreached(self) -> Iterable[str]:
        reached, todo = set(), [self.initial]
        while todo:
            name = todo.pop()
            if name not in reached:
                reached.add(name)
                todo += [move.target for move in self.moves if name in move.sources]
        for state in self.states:
            leaves = any(state.name in move.sources for move in self.moves)
            if state.name not in reached:
                yield f"state '{state.name}' is never reached"
            if state.end and leaves:
                yield f"state '{state.name}' is an end, yet moves leave it"
            if not state.end and not leaves:
                yield f"no move leaves state '{state.name}': declare it an end"


def _twice(what: str, names: list[str]) -> Iterable[str]:
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{what} '{name}' stands twice"


def _unknown(where: str, names: Iterable[str], known: Mapping[str, object]) -> Iterable[str]:
    for name in sorted(set(names) - set(known)):
        yield f"{where} names '{name}', which there is not"
