"""The matrix's city as a play of the programme."""

from __future__ import annotations

from pingjiang.centre.casework import service as casework
from pingjiang.centre.programme.models import Application, Call
from pingjiang.centre.programme.services import applications, calls
from tests.centre.cast import Cast
from tests.centre.matrix.city import City
from tests.centre.programme import play as plays


def play_of(city: City) -> plays.Play:
    """The same people under the names that other tests give them."""
    cast = city.play.cast
    return plays.Play(
        Cast(cast.bureau, cast.firm, cast.other, city.own("programme_officer"), city.own("member_user"), cast.bob,
             cast.charlie, cast.stella, cast.everyone),
        city.own("decision_maker"), city.own("district_officer"), city.own("district_officer"),
    )  # fmt: skip


def accepted(city: City, play: plays.Play) -> Application:
    """An accepted application on a call of its own."""
    call = calls.draft(city.own("programme_officer"), "有专家评审的申报通知", plays.times(), plays.TRACKS)
    casework.perform(call.case, "publish", city.own("decision_maker"))
    opened = Call.objects.select_related("case").get(pk=call.pk)
    made = applications.begin(opened, city.own("member_user"), "patent", "进入专家评审的申报")
    plays.fill(made, city.own("member_user"))
    for step in ("send", "recommend", "accept"):
        plays.take(play, made, step)
    return plays.fresh(made)
