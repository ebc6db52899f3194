"""No answer of the site depends on a score under seal.

The same city is asked twice: once with the sheets of one review as they are, once with every mark and comment another,
sealed as saving seals them. Every URL and operation of the API is asked by every role; whatever is answered must be the
same, byte for byte, but for forms' tokens. Only who writes the sheets sees a difference, and is seen to see it.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from pingjiang.centre.accounts.roles import ROLES
from pingjiang.centre.casework import history
from pingjiang.centre.casework.models import Event, Notice
from pingjiang.centre.evidence import opening
from pingjiang.centre.facts.models import Fact
from pingjiang.centre.programme.content.hashing import digest
from pingjiang.centre.programme.models import Panel, Review, Sheet
from pingjiang.centre.programme.review import sheets
from pingjiang.centre.programme.review.sheets import Written
from pingjiang.errors import PingjiangError
from tests.centre.matrix import city as cities
from tests.centre.matrix import people, resolver
from tests.centre.matrix.asking import Ledger, Who, address, ask
from tests.centre.matrix.city import City
from tests.centre.matrix.people import ADMIN, OWN, SAME, STRANGER
from tests.centre.matrix.table import MODULES, ROWS, Row
from tests.centre.programme import review_rows

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("sealed")]
PLACES = resolver.places()
OTHER = "换过的另一条评语"
# What no second request gives again: tokens of forms, keys that name a request. Time stands still meanwhile.
_PASSING = (re.compile(r"[A-Za-z0-9]{64}"), re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"))
_KINDS = {
    "review": ("review", "sealed sheet", "opened review"), "panel": ("panel", "locked panel"), "expert": ("expert",),
    "application": ("application",), "call": ("call",),
}  # fmt: skip
_ALL = tuple(name for names in _KINDS.values() for name in names)
_AT_RANDOM = frozenset({"second-factor"})  # shows a new secret each time


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    folder = tmp_path_factory.mktemp("sealed") / "site"
    quick = patch("django.test.client.store_rendered_templates")
    here = override_settings(SITE_FOLDER=folder, SITE_CLAMD="")
    with django_db_blocker.unblock(), quick, here, transaction.atomic():
        made = cities.build()
        for module in MODULES:
            if module.__name__.split(".")[-2] in ("announcements", "programme"):
                module.seed(made)
        yield made
        transaction.set_rollback(True)
    opening.close_idle()


def other(sheet: Sheet) -> None:
    """Every mark and comment of a sheet another, sealed as saving seals it."""
    criteria = sheets.criteria_of(sheet.review.panel)
    marks = {each.id: criteria.step * (n % 3) for n, each in enumerate(criteria.criteria)}
    sheets.put(sheet, Written(marks, {each.id: OTHER for each in criteria.criteria}, OTHER))
    Sheet.objects.filter(pk=sheet.pk).update(sealed=sheet.sealed)


def review_of(city: City) -> Review:
    return Review.objects.select_related("panel__case", "expert").get(case=city.things["review"].ids["pk"])


def askers() -> Iterator[Who]:
    """Each role, the administrator, another expert of the panel's pool, strangers, and those outside; but for who
    writes the sheets."""
    yield from ((role, OWN) for role in ROLES if role != "expert")
    yield from (("expert", SAME), ("expert", STRANGER), ("steward", ADMIN), ("programme_officer", STRANGER))
    yield from people.OUTSIDE


def addresses(city: City, *, everywhere: bool) -> Iterator[tuple[Row, str]]:
    """Every URL with the ids of the panel, its reviews, sheets, applications and experts; methods as rows name them.
    Near a review, a URL that is of one kind by its name is asked with what is of that kind: with other ids it finds
    nothing, for anybody."""
    asked: set[tuple[str, str, str]] = set()
    for row in ROWS:
        if not everywhere and not (row.method == "GET" and _near(row.url)):
            continue
        place = PLACES[row.url]
        wanted = _ALL if everywhere else _of_its_kind(row.url)
        for name in wanted if place.kinds else ("",):
            ids = dict(city.things[name].ids) if name else {}
            ids = {**ids, "case_id": ids.get("pk"), "number": 1, "code": "PJ26-7QK4-M2XD", "name": "budget"}
            if any(kind not in ids for kind in place.kinds):
                continue
            path = address(row, place, ids)
            if path is not None and (row.method, path, str(row.query)) not in asked:
                asked.add((row.method, path, str(row.query)))
                yield row, path


def _of_its_kind(url: str) -> tuple[str, ...]:
    return tuple(name for word, names in _KINDS.items() if word in url for name in names) or _ALL


def _near(url: str) -> bool:
    names = ("panel", "review", "expert", "application", "call", "case", "notice", "find", "todo", "desk", "event",
             "fact", "audit", "overdue", "jobs")  # fmt: skip
    return any(name in url for name in names)


def steady(text: str) -> str:
    for pattern in _PASSING:
        text = pattern.sub("·", text)
    return text


def walk(city: City, *, everywhere: bool, who: list[Who]) -> dict[tuple[str, Who], tuple[Any, str]]:
    ledger = Ledger()
    found = {}
    for row, path in addresses(city, everywhere=everywhere):
        asked = Row(row.url, row.method, row.of, row.gets, row.outside, query=row.query, sent={}, scope=row.scope)
        for each in who:
            said = ask(city, ledger, asked, path, each)
            text = said.text or said.body.decode("utf-8", "replace")
            assert review_rows.SECRET not in text and OTHER not in text, (path, each)
            if row.url not in _AT_RANDOM:
                found[f"{row.method} {path} {row.query}", each] = (said.answer, steady(text))
    return found


def check(city: City, *, everywhere: bool, who: list[Who]) -> None:
    """Both walks in one transaction that is undone, so that nothing but the sheets is another."""
    review, moment = review_of(city), timezone.now()
    with transaction.atomic(), patch("django.utils.timezone.now", lambda: moment):
        before = walk(city, everywhere=everywhere, who=who)
        for sheet in Sheet.objects.filter(review__panel=review.panel).select_related("review__panel__case"):
            other(sheet)
        after = walk(city, everywhere=everywhere, who=who)
        transaction.set_rollback(True)
    assert before.keys() == after.keys() and len(before) > 300
    differing = [(each, before[each], after[each]) for each in before if before[each] != after[each]]
    assert not differing, differing[0]


def test_no_page_near_a_review_depends_on_what_is_under_seal(city: City) -> None:
    """Who comes nearest to it: pages, lists, exports and API around it."""
    who: list[Who] = [("programme_officer", OWN), ("decision_maker", OWN), ("steward", ADMIN), ("expert", SAME)]
    check(city, everywhere=False, who=who)


@pytest.mark.slow
def test_no_url_and_no_operation_depends_on_what_is_under_seal(city: City) -> None:
    """Everything that the site answers, by whatever method, to everybody."""
    check(city, everywhere=True, who=list(askers()))


def test_who_writes_the_sheet_does_see_a_difference(city: City) -> None:
    """The walk could find something: the expert's own page differs."""
    review = review_of(city)
    row = next(row for row in ROWS if row.url == "review-sheet" and row.of == "sealed sheet")
    path = address(row, PLACES[row.url], city.things[row.of].ids)
    assert path is not None
    ledger = Ledger()
    with transaction.atomic():
        before = ask(city, ledger, row, path, ("expert", OWN)).text
        other(Sheet.objects.select_related("review__panel__case").get(review=review))
        after = ask(city, ledger, row, path, ("expert", OWN)).text
        transaction.set_rollback(True)
    assert review_rows.SECRET in before and OTHER not in before
    assert OTHER in after and review_rows.SECRET not in after


def test_nothing_kept_beside_the_sheet_tells_of_it(city: City) -> None:
    """History, notices, facts, and the database itself as a backup has it: the text stands nowhere, the marks in no
    event, and what is hashed cannot be found by trying sheets, as a salt is in it."""
    review = review_of(city)
    for text in (*Event.objects.values_list("after", flat=True), *Event.objects.values_list("note", flat=True)):
        assert review_rows.SECRET not in text
    assert not Notice.objects.filter(body_zh__contains=review_rows.SECRET).exists()
    assert not Fact.objects.filter(text__contains=review_rows.SECRET).exists()
    assert not Event.objects.filter(kind__startswith="sheet").exists()
    held = Ledger().before
    assert len(held) > 50
    assert not [table for table, rows in held.items() if any(review_rows.SECRET in row for row in rows)]
    kept = Sheet.objects.get(review=review).sealed
    for plain in ('"marks"', '"I1"', review_rows.SECRET):  # quoted: two letters alone stand in a token by chance
        assert plain not in kept and plain.encode() not in base64.urlsafe_b64decode(kept)
    sealed = sheets.text_of(review)
    assert review_rows.SECRET in sealed  # it is there to be found, with the site's secret
    guess = sealed.replace(json.loads(sealed)["salt"], "")
    assert digest(guess) != sheets.hash_of(review)


def test_another_secret_of_the_site_opens_nothing(city: City) -> None:
    review = review_of(city)
    another = override_settings(SECRET_KEY="another secret of the site, long enough to be one")
    with another, pytest.raises(PingjiangError, match="评分打不开"):
        sheets.text_of(review)
    assert history.verify().whole


def test_a_sheet_moved_to_another_review_or_application_does_not_open(city: City) -> None:
    review = review_of(city)
    mine = Sheet.objects.get(review=review)
    elsewhere = Review.objects.filter(panel=review.panel).exclude(pk=review.pk)[0]
    with transaction.atomic():
        Sheet.objects.create(review=elsewhere, application=mine.application, sealed=mine.sealed, revision=1)
        with pytest.raises(PingjiangError, match="评分打不开"):
            sheets.text_of(elsewhere)
        transaction.set_rollback(True)


def test_the_panel_that_is_drawn_has_no_result_to_read(city: City) -> None:
    panel = Panel.objects.get(case=city.things["panel"].ids["pk"])
    assert not panel.results.exists() and panel.lock_hash == ""
    assert not panel.reviews.filter(opened__isnull=False).exists()
