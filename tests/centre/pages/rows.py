"""Who gets what of the shell, of cases and of people: rows of the matrix (tests/centre/matrix/table.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pingjiang.centre.accounts import membership as joining
from pingjiang.centre.casework import service
from tests.centre.announcements.rows import CASES as NOTICES
from tests.centre.announcements.rows import WORKBOOK
from tests.centre.casework.errands.workflow import ERRAND
from tests.centre.matrix.city import City
from tests.centre.matrix.people import ADMIN, EVERYONE, EXPIRED, OWN, SAME, Who, anywhere, at_home, only
from tests.centre.matrix.table import ACCOUNT, PUBLIC, SIGN_IN, Row, alike

# A case of a workflow that has no page of its own.
ERRAND_SEEN = at_home("member_user") | at_home("programme_officer")
CASES: dict[str, Who] = {**NOTICES, "errand": ERRAND_SEEN}
# Whose people one looks at: stewards everybody's, all others those of their own organisation.
SAME_HOUSE: dict[str, Who] = {
    "programme_officer": at_home("programme_officer", "decision_maker", "steward"),
    "centre_specialist": at_home("centre_manager", "centre_specialist"),
    "member_user": at_home("member_user"), "expert": at_home("expert"),
}  # fmt: skip
PEOPLE = {role: house | anywhere("steward") for role, house in SAME_HOUSE.items()}
SITE_ADMIN, FIRM_ADMIN = only("steward", ADMIN), only("member_user", ADMIN)
ADMITTING = anywhere("centre_manager") | FIRM_ADMIN | SITE_ADMIN
HEAD = at_home("centre_manager")


def seed(city: City) -> None:
    """An errand of a firm, an invitation to it, and the people themselves."""
    firm, bureau = city.own("member_user"), city.homes["authority"]
    case = service.open_case(ERRAND, firm, number="E-1", title="企业托办的事", authority=bureau)
    service.perform(case, "ask", firm)
    city.put("errand", sees=ERRAND_SEEN, mark=case.title, pk=case.pk, case_id=case.pk)
    made, token = joining.invite(city.people["member_user", ADMIN], firm.organisation, "member_user", "受邀之人")
    city.put("invitation", sees=FIRM_ADMIN | SITE_ADMIN, mark="受邀之人", public=True, token=token, invitation=made.pk)
    for (role, relation), actor in city.people.items():
        here = {key for key, each in city.people.items() if each.organisation == actor.organisation}
        city.put(
            f"person:{role} {relation}", sees=frozenset(here) | anywhere("steward"), label=f">{actor.user.name}<",
            pk=actor.membership.pk,
        )  # fmt: skip
    for name, actor in city.gone.items():
        here = {key for key, each in city.people.items() if each.organisation == actor.organisation}
        city.put(f"person:{name}", sees=frozenset(here) | anywhere("steward"), pk=actor.membership.pk)


def own_membership(city: City) -> Mapping[str, Any]:
    return {"membership": city.own("member_user").membership.pk}


def withdrawn(city: City) -> Mapping[str, Any]:
    return {"withdraw": city.things["invitation"].ids["invitation"]}


LISTED = ("person:member_user own", "person:member_user stranger", "person:centre_specialist own", "person:expert own")
HELD = only("member_user", OWN, SAME, ADMIN)  # they are of the firm in this role already
ROWS = [
    Row("desk", "GET", "", {200: EVERYONE}),
    Row("todo", "GET", "", {200: EVERYONE}),
    Row("todo", "GET", "", {200: EVERYONE}, query=WORKBOOK),
    Row("find", "GET", "", {200: EVERYONE}, query={"size": "100"}, shows=tuple(CASES)),
    Row("find", "GET", "", {200: EVERYONE}, query=WORKBOOK, shows=tuple(CASES)),
    Row("find", "GET", "", {200: EVERYONE}, query={"q": "托办的"}, shows=("errand",)),
    Row("find", "GET", "", {200: EVERYONE}, query={"q": "发布的通知"}, shows=("draft",)),
    *(Row("case", "GET", name, {200: sees}) for name, sees in CASES.items()),
    *(Row("case", "POST", name, {422: CASES[name]}, sent={"move": "no"}) for name in ("draft", "question", "errand")),
    Row("case", "POST", "errand", {302: at_home("member_user"), 422: at_home("programme_officer")},
        sent={"move": "withdraw"}),
    Row("language", "POST", "", {302: EVERYONE}, alike(302), sent={"language": "en"}),
    Row("theme", "POST", "", {302: EVERYONE}, alike(302), sent={"theme": "dark"}),
    # Signing in and out: who has a session goes to the desk.
    Row("sign-in", "GET", "", {302: EVERYONE}, {**PUBLIC, EXPIRED: 302}),
    Row("sign-in", "POST", "", {302: EVERYONE}, {**alike(422), EXPIRED: 302}, sent={"username": "x", "password": "y"}),
    Row("sign-in-code", "GET", "", {SIGN_IN: EVERYONE}, alike(SIGN_IN)),
    Row("sign-in-code", "POST", "", {SIGN_IN: EVERYONE}, alike(SIGN_IN), sent={"code": "123456"}),
    Row("sign-out", "POST", "", {SIGN_IN: EVERYONE}, alike(SIGN_IN)),
    # The own account, of which there is one for everybody who is here.
    Row("me", "GET", "", {200: EVERYONE}),
    Row("password", "GET", "", {200: EVERYONE}, ACCOUNT),
    Row("password", "POST", "", {422: EVERYONE}, {**ACCOUNT, EXPIRED: 422}, sent={"old_password": "x"}),
    Row("second-factor", "GET", "", {200: EVERYONE}, ACCOUNT, writes=True),  # it begins a secret
    Row("second-factor", "POST", "", {422: EVERYONE}, {**ACCOUNT, EXPIRED: 422}, sent={"code": "1"}, writes=True),
    Row("switch-role", "POST", "", {302: only("member_user", OWN)}, sent=own_membership),
    # People
    Row("people", "GET", "", {200: EVERYONE}, query={"size": "100"}, shows=LISTED),
    Row("people", "GET", "", {200: EVERYONE}, query=WORKBOOK),
    *(Row("person", "GET", f"person:{role} own", {200: sees}) for role, sees in PEOPLE.items()),
    Row("person", "POST", "person:member_user same", {302: FIRM_ADMIN | SITE_ADMIN}, sent={"act": "deactivate"}),
    Row("person", "POST", "person:centre_specialist own", {302: HEAD | SITE_ADMIN}, sent={"act": "deactivate"}),
    Row("person", "POST", "person:programme_officer own", {302: SITE_ADMIN}, sent={"act": "deactivate"}),
    Row("invite", "GET", "", {200: ADMITTING}),
    Row("invite", "POST", "", {422: ADMITTING}, sent={"name": ""}),
    Row("invite", "POST", "", {302: FIRM_ADMIN | SITE_ADMIN}, sent=withdrawn),
    Row("invited", "GET", "", {302: EVERYONE}),  # its link was shown already: back to the people
    # Whoever has the link of an invitation may use it, once.
    Row("invitation", "GET", "invitation", {200: EVERYONE}, PUBLIC),
    Row("invitation", "POST", "invitation", {422: HELD, 302: EVERYONE - HELD}, {**alike(422), EXPIRED: 302}),
    # Every part on one page, in the demo and in tests alone.
    Row("components", "GET", "", {200: EVERYONE}),
    Row("components", "POST", "", {422: EVERYONE}, sent={"title": ""}),
]  # fmt: skip
