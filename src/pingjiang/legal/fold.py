"""The state of one right at a date: what its facts come to.

A fact is an event in the one vocabulary. The state is a function of the set of facts: their order, and how often one is
told, change nothing. Facts count from their effective date, whenever they were announced; with `known`, only those that
had been imported by then. The same for all applications at once: states.py, and a test that both agree.

In short, and in this order:
    void from the start, if it was invalidated as a whole, whenever that was decided
    ended, if an end has not been undone: by a restoration, or by what shows it alive later (a fee, a pledge, a licence)
    expired, where no source tells an end and the term is over, unless a source shows it alive behind its term
    in force, if it was granted or was shown alive; pending, as far as it has come
    unknown, where nothing is known; where documents alone are known and time has gone on since; where a source says
    that it is dead, not since when, and nothing shows it alive in between
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pingjiang.legal.vocabulary import LIVES, OVERLAYS, STAGES, Kind, load_kinds


@dataclass(frozen=True, slots=True)
class Fact:
    """An event in the one vocabulary.

    effective  from when it holds; a word of an export: the day of the export, as near as it is known
    known      when it was imported first; None: nobody noted it, and it counts as always known
    origin     event | status (a word for the state) | document | bibliography
    contract   number of the contract or registration, where it is told
    applies    whether it bears on this right: an event of another office does not
    """

    kind: str
    effective: date | None
    known: date | None = None
    origin: str = "event"
    announced: date | None = None
    authority: str | None = None
    code: str | None = None
    contract: str | None = None
    applies: bool = True
    source_row: str = ""

    @property
    def meaning(self) -> Kind:
        """What it means."""
        return load_kinds()[self.kind]


@dataclass(frozen=True, slots=True)
class TermEnd:
    """When the term ends by computation: `ends` is the first day on which it is over.

    latest  where it is not known whether the term was extended: when it is over in any case
    """

    ends: date
    latest: date


@dataclass(frozen=True, slots=True)
class State:
    """The state at a date.

    because     the facts that made it, the deciding one first; empty where nothing tells
    computed    whether it is the end of the term that was computed, not told
    last        the state that was known last, and from when, where the present one is unknown
    """

    state: str
    because: tuple[Fact, ...] = ()
    overlays: tuple[tuple[str, Fact], ...] = ()
    computed: bool = False
    since: date | None = None
    last: str | None = None
    last_since: date | None = None

    @property
    def life(self) -> str:
        """pending, in_force, dead, elsewhere or unknown."""
        return LIVES[self.state]


def _order(fact: Fact) -> tuple[date, str, str, str]:
    return fact.effective or date.max, fact.kind, fact.code or "", fact.source_row


def fold(facts: Iterable[Fact], at: date, term: TermEnd | None = None, known: date | None = None) -> State:
    """The state at the end of the day `at`, as known on the day `known` (now, unless given)."""
    told = sorted(
        {
            fact
            for fact in facts
            if fact.applies
            and fact.effective is not None
            and (known is None or fact.known is None or fact.known <= known)
        },
        key=_order,
    )
    found = _state(told, at, term)
    return State(
        found.state, found.because, tuple(_overlays(told, at)), found.computed, found.since, found.last,
        found.last_since,
    )  # fmt: skip


def _state(told: Sequence[Fact], at: date, term: TermEnd | None) -> State:
    past = [fact for fact in told if _day(fact) <= at]
    if not past:
        return State("unknown")
    if void := _void(told, "void"):
        return _because(void)
    revived = _last(past, _revives_by(told))
    ends = [fact for fact in _ends(past) if revived is None or _day(fact) > revived]
    corrected = _last(past, lambda fact: fact.meaning.effect == "corrected_end")
    ends += [fact for fact in past if fact.meaning.effect == "final" and (corrected is None or _day(fact) > corrected)]
    if ends:
        return _because(min(ends, key=lambda fact: (fact.meaning.general, _order(fact))))
    granted = [fact for fact in past if fact.meaning.effect == "granted" or fact.meaning.lives]
    if granted and term is not None and term.ends <= at and not _alive_behind(told, term.ends):
        if at >= term.latest:
            return State("expired", (_first(granted),), computed=True, since=term.latest)
        return _unknown(_in_force(told, past, granted))
    alive = _in_force(told, past, granted) if granted else _pending(past)
    return _unknown(alive) if alive.state != "unknown" and _lost_sight(told, past, at) else alive


def _day(fact: Fact) -> date:
    assert fact.effective is not None
    return fact.effective


def _first(facts: Sequence[Fact]) -> Fact:
    """The grant that came first; else what first showed the right alive."""
    return min(facts, key=lambda fact: (fact.meaning.effect != "granted", _order(fact)))


def _because(fact: Fact) -> State:
    return State(fact.meaning.state or "unknown", (fact,), since=fact.effective)


def _unknown(known: State) -> State:
    return State("unknown", last=known.state, last_since=known.since)


def _last(facts: Iterable[Fact], wanted: Callable[[Fact], bool]) -> date | None:
    return max((_day(fact) for fact in facts if wanted(fact)), default=None)


def _void(told: Sequence[Fact], effect: str) -> Fact | None:
    """The decision by which it is void, as a whole or in part, whenever it came; None where it was annulled."""
    annulled = _last(told, lambda fact: fact.meaning.effect == "annulled")
    return next(
        (fact for fact in told if fact.meaning.effect == effect and (annulled is None or _day(fact) > annulled)), None
    )


def _revives_by(told: Sequence[Fact]) -> Callable[[Fact], bool]:
    """Which facts undo an earlier end. A grant does once: a grant printed again does not."""
    granted = min((_day(fact) for fact in told if fact.meaning.effect == "granted"), default=None)

    def revives(fact: Fact) -> bool:
        return fact.meaning.revives or (fact.meaning.effect == "granted" and fact.effective == granted)

    return revives


def _alive_behind(told: Sequence[Fact], ends: date) -> bool:
    return any(fact.meaning.lives and _day(fact) >= ends for fact in told)


def _ends(past: Sequence[Fact]) -> list[Fact]:
    """Ends that may be undone. What ends an application alone is none of a right that has been granted."""
    granted = any(fact.meaning.effect == "granted" for fact in past)
    return [fact for fact in past if fact.meaning.ends and not (granted and fact.meaning.of_application)]


def _in_force(told: Sequence[Fact], past: Sequence[Fact], granted: Sequence[Fact]) -> State:
    """In force since the grant, or since it was restored behind an end."""
    narrowed = _void(told, "narrowed")
    first = _first(granted)
    ended = max(map(_day, _ends(past)), default=None)
    # What revived it at once: the first sign of life behind the last end.
    back = [fact for fact in past if fact.meaning.revives and ended is not None and _day(fact) >= ended]
    deciding = back[0] if back and _day(back[0]) > _day(first) else first
    because = tuple(dict.fromkeys([deciding, first, *([narrowed] if narrowed else [])]))
    return State("invalid_part" if narrowed else "in_force", because, since=deciding.effective)


def _pending(past: Sequence[Fact]) -> State:
    """As far as the application has come; what goes on as other applications is told where nothing else is."""
    reopened = _last(past, lambda fact: fact.meaning.effect == "reopened" or fact.meaning.reopens)
    if elsewhere := [fact for fact in past if fact.meaning.state == "national_phase"]:
        return _because(elsewhere[0])
    for stage in reversed(STAGES):
        reached = [
            fact
            for fact in past
            if fact.meaning.stage == stage and (stage != "allowed" or reopened is None or _day(fact) > reopened)
        ]
        if reached:
            return State(stage, (reached[0],), since=reached[0].effective)
    return State("unknown")


def _lost_sight(told: Sequence[Fact], past: Sequence[Fact], at: date) -> bool:
    """Whether it was alive when last seen, and at `at` nobody can tell."""
    seen_later = any(_shows_alive(fact) and _day(fact) >= at for fact in told)
    if seen_later:
        return False
    followed = any(fact.origin in ("event", "status") and fact.meaning.bears for fact in told)
    if not followed:
        return True
    dead = any(fact.meaning.effect == "status" and fact.meaning.ends and _day(fact) > at for fact in told)
    dated = any(fact.meaning.effect in ("end", "final") and _day(fact) > at for fact in told)
    return dead and not dated


def _shows_alive(fact: Fact) -> bool:
    """Whether the application or right has not ended on the day of a fact."""
    meaning = fact.meaning
    return meaning.revives or meaning.effect == "granted" or meaning.stage is not None


def _overlays(told: Sequence[Fact], at: date) -> Iterable[tuple[str, Fact]]:
    """What lies on the right, each with the fact by which it began last."""
    past = [fact for fact in told if _day(fact) <= at]
    for overlay in OVERLAYS:
        mine = [fact for fact in past if fact.meaning.overlay == overlay]
        over = [fact for fact in mine if fact.meaning.effect == "off"]
        on = [fact for fact in mine if fact.meaning.effect == "on" and not any(_closes(off, fact) for off in over)]
        if on:
            yield overlay, on[-1]


def _closes(off: Fact, on: Fact) -> bool:
    """Of several contracts one that ends leaves the others, where their numbers tell them apart."""
    same = off.contract is None or on.contract is None or off.contract == on.contract
    return same and _day(off) >= _day(on)
