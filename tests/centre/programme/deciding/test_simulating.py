"""A changed threshold: which applications would turn, by an oracle of its own; and asking changes nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from pingjiang.centre.casework import service as casework
from pingjiang.centre.casework.models import Event
from pingjiang.centre.programme.services import districts, simulating
from pingjiang.centre.programme.services.calls import Opened
from pingjiang.rulebook.policies import Quantity, policy
from tests.centre.cast import Cast
from tests.centre.kept import kept
from tests.centre.programme import filling
from tests.centre.programme import play as programme

pytestmark = pytest.mark.django_db
PACK = policy(filling.PACK, filling.VERSION)
BODIES = (101, 120, 150)


@pytest.fixture
def play(cast: Cast) -> programme.Play:
    return three_before_the_bureau(cast)


@kept
def three_before_the_bureau(cast: Cast) -> programme.Play:
    """Three applications with 101, 120 and 150 bodies before the bureau, one that is only a draft."""
    made = programme.begin(cast)
    call = programme.call(made, tracks=[Opened("patent", filling.PACK, filling.VERSION, Decimal(10**7), 3)])
    for rank, bodies in enumerate(BODIES, start=1):
        clustered = {**filling.content()["clustered"], "bodies": str(bodies)}
        application = programme.application(made, "district", on=call, clustered=clustered)
        row = {"comment": "同意。", "rank": rank, "match": Decimal("480.00"), "policy": "示例政策"}
        districts.recommend(application, made.district, row, revision=0)
        districts.add_letter(application, made.district, [filling.PDF], "承诺函.pdf")
        programme.stamp(made, application)
        casework.perform(application.case, "recommend", made.district)
    programme.application(made, "draft", on=call)
    return made


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(threshold=some.integers(0, 200))
def test_who_turns_where_the_number_of_bodies_is_another(play: programme.Play, threshold: int) -> None:
    """More than the threshold passes: who passes at 100 and does not at another turns, and nobody else."""
    answer = simulating.ask(play.cast.olga, PACK, {"industry_bodies": Quantity(threshold, "body")})
    turned = {each.turned[0].value for each in answer.changes}
    assert turned == {bodies for bodies in BODIES if (bodies > 100) != (bodies > threshold)}
    assert answer.simulation.cases == len(BODIES) and not answer.left_out
    assert all(each.whole for each in answer.changes)


def test_asking_changes_nothing(play: programme.Play) -> None:
    client = Client()
    client.force_login(play.leader.user)
    before = Event.objects.count()
    address = f"/simulation/?pack={filling.PACK}:{filling.VERSION}"
    writes: list[str] = []

    def watch(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")) and "session" not in sql:
            writes.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        page = client.get(f"{address}&t-industry_bodies=120&t-city_money=400")
    text = page.content.decode()
    assert page.status_code == 200 and writes == [] and Event.objects.count() == before
    assert text.count("不符合") >= 3  # 101 and 120 are no more than 120; 480 is more than 400 for all three
    assert PACK.rule("industry_bodies").test.threshold == 100  # type: ignore[union-attr]
    again = client.get(f"{address}&t-industry_bodies=100").content.decode()
    assert "改动阈值后测算" in again  # the threshold of the pack itself is no change


def test_officers_and_leaders_of_the_bureau_alone(play: programme.Play) -> None:
    for role, actor in play.cast.everyone.items():
        client = Client()
        client.force_login(actor.user)
        wanted = 200 if role in simulating.READERS else 404
        assert client.get("/simulation/").status_code == wanted, role
