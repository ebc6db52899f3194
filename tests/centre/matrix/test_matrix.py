"""Every URL × every method × everybody, against the table."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction
from django.test import override_settings

from pingjiang.centre.accounts.roles import ROLES
from pingjiang.centre.api.models import SCOPES, issue
from pingjiang.centre.evidence import opening
from tests.centre.matrix import city as cities
from tests.centre.matrix import people, resolver
from tests.centre.matrix.asking import Ledger, Said, Who, address, alike, ask
from tests.centre.matrix.city import City, Thing
from tests.centre.matrix.table import MODULES, ROWS, SIGN_IN, Row

# For the database to be there: the city is seeded around all tests, by one worker.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("matrix")]
PLACES = resolver.places()
WITH_IDS = [row for row in ROWS if row.of]
NOWHERE = 10**9  # no row has come that far
# Numbers that none has, and that no database can hold.
BEYOND = (0, 2**31, 2**63 - 1, 2**63, 10**30)


@dataclass(frozen=True)
class Scene:
    """The city, and what its database held when all was ready.

    not_found   how what is hidden reads, by row and who asked: what is missing has to read like it
    """

    city: City
    ledger: Ledger
    not_found: dict[tuple[int, Who], str] = field(default_factory=dict)


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Seeded once; each request is undone, and all of it at the end."""
    folder = tmp_path_factory.mktemp("matrix") / "site"
    quick = patch("django.test.client.store_rendered_templates")  # a copy of every context, of which nobody asks
    here = override_settings(SITE_FOLDER=folder, SITE_CLAMD="")
    with django_db_blocker.unblock(), quick, here, transaction.atomic():
        city = cities.build()
        for module in MODULES:
            if hasattr(module, "seed"):
                module.seed(city)
        gc.collect()
        gc.freeze()  # what is there stays: no need to go through it again and again
        yield Scene(city, Ledger())
        gc.unfreeze()
        transaction.set_rollback(True)
    opening.close_idle()


def everybody(row: Row) -> Iterator[tuple[Who, Any]]:
    """Who asks, and the answer that the table gives."""
    for role in ROLES:
        for relation in people.relations(role):
            yield (role, relation), row.expected(role, relation)
    yield from row.outside.items()


def thing_of(scene: Scene, row: Row) -> Thing:
    return scene.city.things[row.of] if row.of else Thing("", people.NOBODY, "", {})


def path_of(scene: Scene, row: Row, **other: Any) -> str:
    path = address(row, PLACES[row.url], {**thing_of(scene, row).ids, **other})
    assert path is not None, (row.url, other)
    return path


def test_every_url_and_method_has_a_row_and_every_row_a_url() -> None:
    there = {(name, method) for name, place in PLACES.items() for method in place.methods}
    told = {(row.url, row.method) for row in ROWS}
    assert not there - told, f"URLs without a row in tests/centre/*/rows.py: {sorted(there - told)}"
    assert not told - there, f"rows without a URL: {sorted(told - there)}"


def test_rows_are_whole() -> None:
    """No row twice, no answer for nobody, nothing said twice, a thing exactly where an id stands in the address."""
    names = [str(row) for row in ROWS if not row.sent]
    assert len(names) == len(set(names)), sorted({name for name in names if names.count(name) > 1})
    for row in ROWS:
        assert bool(row.of) == bool(PLACES[row.url].kinds) or row.method == "POST", row
        assert set(row.outside) == set(people.OUTSIDE), row
        said = [each for whom in row.gets.values() for each in whom]
        assert len(said) == len(set(said)) and set(said) <= people.EVERYONE, row
        assert bool(row.scope) == (PLACES[row.url].is_api and row.scope in SCOPES), row


# The first row of each URL, method and thing. The others send or ask something else for the same.
FIRST = {(row.url, row.method, row.of): row for row in reversed(ROWS)}


def told_apart(row: Row) -> Iterator[tuple[Who, Any]]:
    """Those of everybody whom the first row for the same does not turn away, as this one would."""
    first = FIRST[row.url, row.method, row.of]
    turned_away = () if first is row else [each for each in everybody(first) if each[1] in (404, 401, SIGN_IN)]
    return (each for each in everybody(row) if each not in turned_away)


def one_of_each(people: Iterator[tuple[Who, Any]]) -> Iterator[tuple[Who, Any]]:
    """Of each role one for each answer that the table gives it: those whom the table itself does not tell apart."""
    asked: set[tuple[str, Any]] = set()
    for who, expected in people:
        role = who if isinstance(who, str) else who[0]
        if (role, expected) not in asked:
            asked.add((role, expected))
            yield who, expected


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_answers(scene: Scene, row: Row) -> None:
    """Each gets what the table says, reads nothing that is not theirs, and what is refused changes nothing."""
    _answers(scene, row, one_of_each(told_apart(row)))


@pytest.mark.slow
@pytest.mark.parametrize("row", ROWS, ids=str)
def test_answers_to_everybody(scene: Scene, row: Row) -> None:
    """In every relation of every role, whatever is sent."""
    _answers(scene, row, everybody(row))


def _answers(scene: Scene, row: Row, people: Iterator[tuple[Who, Any]]) -> None:
    path, wrong = path_of(scene, row), []
    for who, expected in people:
        said = ask(scene.city, scene.ledger, row, path, who)
        if said.answer == 404:
            scene.not_found[id(row), who] = alike(said, path)
        if said.answer != expected:
            wrong.append(f"{who}: {said.answer} instead of {expected}")
        if said.changed and not (row.writes or said.answer == 302 or (said.answer == 200 and row.method != "GET")):
            wrong.append(f"{who}: {said.answer}, and yet something was changed")
        wrong += [f"{who}: {problem}" for problem in read(scene.city, row, path, who, said)]
    assert not wrong, "\n".join([str(row), *wrong])


def read(city: City, row: Row, path: str, who: Who, said: Said) -> Iterator[str]:
    """What an answer tells that it must not, or does not tell that it must."""
    text = said.text.replace(path, "")
    for thing in city.things.values():
        sees = who in thing.sees or (thing.public and row.outside[people.ANONYMOUS] == 200)
        if thing.mark and not sees and not thing.public and thing.mark in text:
            yield f"reads of '{thing.name}'"
        if thing.name in row.shows and said.answer == 200 and (thing.label in text) != sees:
            yield f"'{thing.name}' {'is missing' if sees else 'is shown'}"


@pytest.mark.parametrize("row", [row for row in ROWS if row.scope], ids=str)
def test_a_token_without_the_scope_is_refused(scene: Scene, row: Row) -> None:
    path = path_of(scene, row)
    for role in ROLES:
        with transaction.atomic():
            scopes = sorted(set(SCOPES) - {row.scope})
            secret = issue(scene.city.own(role), "矩阵", scopes, 30)[1]
            said = ask(scene.city, scene.ledger, row, path, (role, people.OWN), secret=secret)
            transaction.set_rollback(True)
        assert said.answer == 403 and '"scope"' in said.text, (row, role, said.answer)


def guesses(scene: Scene, row: Row, small: int) -> Iterator[dict[str, Any]]:
    """Addresses near to that of a thing: small numbers, its neighbours, and beyond; texts with another last letter."""
    ids = thing_of(scene, row).ids
    for name, kind in PLACES[row.url].kinds.items():
        if kind == "int":
            near = {*range(1, small), ids[name] - 1, ids[name] + 1}
            yield from ({name: number} for number in (*sorted(near), *BEYOND))
        elif name not in ("form", "format"):
            yield {name: ids[name][:-1] + ("3" if ids[name][-1] != "3" else "4")}


def known(scene: Scene, row: Row, ids: dict[str, Any]) -> tuple[Thing, Row | None] | None:
    """The thing that stands at these ids of a URL, and its own row there."""
    names = PLACES[row.url].kinds
    own = {each.of: each for each in ROWS if each.url == row.url and each.method == row.method}
    families = {name.partition(":")[0] for name in own}
    for thing in scene.city.things.values():
        known_here = thing.name.partition(":")[0] in families
        if known_here and all(thing.ids.get(name) == ids[name] for name in names):
            return thing, own.get(thing.name)
    return None


def guessers(row: Row) -> list[Who]:
    """One who sees nearly all, the firm whose things they are, and one outside."""
    return [("steward", people.ADMIN), ("member_user", people.OWN), people.ANONYMOUS]


GUESSED = {row.url: row for row in reversed(WITH_IDS) if row.method == "GET" and PLACES[row.url].kinds}


@pytest.mark.parametrize("row", GUESSED.values(), ids=str)
def test_a_guessed_id_is_not_found(scene: Scene, row: Row) -> None:
    """Whatever number is tried: what there is and is seen answers as its row says, all else is not found."""
    _guessed(scene, row, 2)


@pytest.mark.slow
@pytest.mark.parametrize("row", GUESSED.values(), ids=str)
def test_no_small_number_is_found(scene: Scene, row: Row) -> None:
    _guessed(scene, row, 12)


def _guessed(scene: Scene, row: Row, small: int) -> None:
    wrong = []
    for other in guesses(scene, row, small):
        ids = {**thing_of(scene, row).ids, **other}
        path = address(row, PLACES[row.url], ids)
        if path is None:
            continue
        found = known(scene, row, ids)
        for who in guessers(row):
            outside = row.outside.get(str(who))  # what there is not, nobody is told of in another way
            missing = outside if outside in (SIGN_IN, 401) else 404
            expected = {missing}
            if PLACES[row.url].is_api and set(other.values()) & set(BEYOND):
                expected = expected | {422}  # no number of a row
            if found is not None:
                thing, own = found
                expected = {dict(everybody(own))[who]} if own else {200 if who in thing.sees else missing}
            said = ask(scene.city, scene.ledger, row, path, who)
            if said.answer not in expected or said.changed:
                wrong.append(f"{path} as {who}: {said.answer} instead of {expected}")
    assert not wrong, "\n".join(wrong)


NUMBERED = {(row.url, row.method): row for row in WITH_IDS if "int" in PLACES[row.url].kinds.values()}


@pytest.mark.parametrize("row", NUMBERED.values(), ids=str)
def test_what_is_hidden_reads_like_what_is_missing(scene: Scene, row: Row) -> None:
    """On every method, for one of each role that gets 404; and nobody gets anything else for what is missing."""
    kinds = PLACES[row.url].kinds
    name = next(name for name, kind in kinds.items() if kind == "int")
    path, missing = path_of(scene, row), path_of(scene, row, **{name: NOWHERE})
    asked: set[str] = set()
    for who, expected in everybody(row):
        role = who if isinstance(who, str) else who[0]
        if expected not in (404, row.outside.get(role)) or role in asked:
            continue
        asked.add(role)
        gone = ask(scene.city, scene.ledger, row, missing, who)
        assert gone.answer == row.outside.get(role, 404) and not gone.changed, (who, gone)
        hidden = scene.not_found.get((id(row), who))
        if hidden is None:
            hidden = alike(ask(scene.city, scene.ledger, row, path, who), path)
        assert gone.answer != expected or hidden == alike(gone, missing), (row, who)
    for who in set(row.gets.get(200, ())) | set(row.gets.get(422, ())):
        assert ask(scene.city, scene.ledger, row, missing, who).answer == 404, who
        break


@pytest.mark.parametrize("name", [name for name, place in PLACES.items() if not place.is_api])
def test_methods_that_no_row_names_change_nothing(scene: Scene, name: str) -> None:
    row = next(each for each in ROWS if each.url == name)
    for method in {"GET", "POST", "DELETE"} - PLACES[name].methods:
        for who in (people.ANONYMOUS, ("steward", people.ADMIN)):
            said = ask(scene.city, scene.ledger, row, path_of(scene, row), who, method=method)
            assert said.answer != 500 and (not said.changed or row.writes), (method, who, said.answer)
            if method in ("GET", "POST"):
                assert said.answer in (405, SIGN_IN), (method, who, said.answer)


FORMS = {row.url: row for row in ROWS if row.method == "POST" and not PLACES[row.url].is_api}


@pytest.mark.parametrize("row", FORMS.values(), ids=str)
def test_a_form_without_its_token_is_refused(scene: Scene, row: Row) -> None:
    for who in (people.ANONYMOUS, ("steward", people.ADMIN), ("programme_officer", people.OWN)):
        said = ask(scene.city, scene.ledger, row, path_of(scene, row), who, csrf=True)
        assert said.answer == 403 and not said.changed, (row, who, said.answer)
