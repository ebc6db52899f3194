"""Signing in: wrong passwords, lockout, sessions, second factor, invitations, roles, leaving."""

from __future__ import annotations

import datetime
import re
import time

import pyotp
import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from pingjiang.centre.accounts import membership as joining
from pingjiang.centre.accounts import second_factor
from pingjiang.centre.accounts.models import Hat, Invitation, Membership, SecondFactor, User
from pingjiang.centre.casework.models import Event
from tests.centre.cast import SINCE, Cast

PASSWORD = "correct horse battery"


def sign_in(client: Client, who: str, password: str = PASSWORD, to: str = "") -> int:
    return client.post("/sign-in/", {"username": who, "password": password, "next": to}).status_code


def wear(cast: Cast, who: str, hat: str) -> None:
    Hat.objects.create(membership=getattr(cast, who).membership, name=hat, since=SINCE)


def kinds() -> list[str]:
    return list(Event.objects.values_list("kind", flat=True))


def test_a_page_asks_for_a_sign_in_and_comes_back(client: Client, cast: Cast) -> None:
    answer = client.get("/todo/?due=late")
    assert answer["Location"] == "/sign-in/?next=/todo/%3Fdue%3Dlate"
    answer = client.post(answer["Location"], {"username": "olga", "password": PASSWORD, "next": "/todo/?due=late"})
    assert answer["Location"] == "/todo/?due=late"
    assert client.get("/todo/").status_code == 200
    assert kinds() == ["signed in"]


@pytest.mark.parametrize(
    "wanted", ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", "javascript:alert(1)",
               "http:///elsewhere.example"],
)  # fmt: skip
def test_nobody_is_sent_to_another_place(client: Client, cast: Cast, wanted: str) -> None:
    for path, more in (
        ("/sign-in/", {"username": "olga", "password": PASSWORD}),
        ("/language/", {"language": "en"}),
        ("/theme/", {"theme": "dark"}),
    ):
        assert client.post(path, {**more, "next": wanted})["Location"] == "/"


def test_the_session_before_a_sign_in_is_worth_nothing_after_it(client: Client, cast: Cast) -> None:
    """Fixation: who planted a session key in a browser does not share the session that begins there."""
    victim, thief = Client(), Client()
    session = victim.session
    session["planted"] = 1
    session.save()
    planted = str(session.session_key)
    victim.cookies["sessionid"] = planted
    assert sign_in(victim, "alice") == 302
    assert victim.cookies["sessionid"].value != planted
    thief.cookies["sessionid"] = planted
    assert thief.get("/")["Location"].startswith("/sign-in/")


def test_five_failures_lock_a_name_whatever_comes_next(client: Client, cast: Cast) -> None:
    assert [sign_in(Client(REMOTE_ADDR=f"10.0.0.{n}"), "alice", "wrong") for n in range(5)] == [422] * 4 + [429]
    assert sign_in(client, "alice") == 429  # not even the right one
    assert sign_in(Client(), "bob") == 302  # and nobody else is touched
    assert not any("wrong" in attempt.post_data for attempt in AccessAttempt.objects.all())
    AccessAttempt.objects.update(attempt_time=timezone.now() - datetime.timedelta(minutes=16))
    assert sign_in(client, "alice") == 302


def test_a_name_that_there_is_not_is_answered_alike(client: Client, cast: Cast) -> None:
    def shown(who: str) -> str:
        text = Client().post("/sign-in/", {"username": who, "password": "wrong"}).content.decode()
        return text[text.index("<main") :].replace(who, "")

    def stripped(text: str) -> str:
        return re.sub(r'value="[A-Za-z0-9]{64}"', "", text)

    assert stripped(shown("alice")) == stripped(shown("nobody"))
    for _ in range(4):
        sign_in(client, "nobody", "wrong")
    assert sign_in(client, "nobody", "wrong") == 429


def test_a_session_ends_with_the_day_and_after_an_hour_of_nothing(client: Client, cast: Cast) -> None:
    for name, age, status in (("seen", 3500, 200), ("seen", 3700, 302), ("since", 8 * 3600 + 5, 302)):
        assert sign_in(client, "alice") == 302
        session = client.session
        session[name] = int(time.time()) - age
        session.save()
        assert client.get("/").status_code == status, (name, age)


def test_changing_the_password_ends_other_sessions_and_keeps_rules(client: Client, cast: Cast) -> None:
    other = Client()
    assert sign_in(client, "alice") == sign_in(other, "alice") == 302
    for new in ("short", "123456789012345", "alicealicealice", "password1234"):
        data = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
        if new != "alicealicealice":
            assert client.post("/me/password/", data).status_code == 422, new
    good = "seven bridges over the water"
    data = {"old_password": PASSWORD, "new_password1": good, "new_password2": good}
    before = client.cookies["sessionid"].value
    assert client.post("/me/password/", data).status_code == 302
    assert client.cookies["sessionid"].value != before
    assert client.get("/").status_code == 200
    assert other.get("/").status_code == 302
    assert sign_in(Client(), "alice") == 422 and sign_in(Client(), "alice", good) == 302
    assert "password changed" in kinds()


def test_a_password_that_is_due_is_changed_first(client: Client, cast: Cast) -> None:
    User.objects.filter(pk=cast.bob.user.pk).update(must_change_password=True)
    sign_in(client, "bob")
    assert client.get("/cases/")["Location"] == "/me/password/"
    good = "seven bridges over the water"
    client.post("/me/password/", {"old_password": PASSWORD, "new_password1": good, "new_password2": good})
    assert client.get("/cases/").status_code == 200


def test_a_second_factor_is_asked_and_no_code_serves_twice(client: Client, cast: Cast) -> None:
    sign_in(client, "alice")
    page = client.get("/me/second-factor/").content.decode()
    factor = SecondFactor.objects.get(user=cast.alice.user)
    assert factor.secret and factor.secret in page and not second_factor.is_on(cast.alice.user)
    totp = pyotp.TOTP(factor.secret)
    assert client.post("/me/second-factor/", {"code": "000000"}).status_code == 422
    code = totp.now()
    assert client.post("/me/second-factor/", {"code": code}).status_code == 302
    client.post("/sign-out/")

    answer = client.post("/sign-in/", {"username": "alice", "password": PASSWORD, "next": "/todo/"})
    assert answer["Location"] == "/sign-in/code/?next=%2Ftodo%2F"
    assert client.get("/").status_code == 302  # the password alone is not enough
    assert client.post("/sign-in/code/", {"code": code}).status_code == 422  # used before
    following = totp.at(int(time.time()) + 30)
    answer = client.post("/sign-in/code/?next=%2Ftodo%2F", {"code": following, "next": "/todo/"})
    assert answer["Location"] == "/todo/" and client.get("/").status_code == 200
    assert kinds().count("second factor on") == 1


def test_wrong_codes_lock_too(client: Client, cast: Cast) -> None:
    factor = second_factor.begin(cast.alice.user)
    assert factor.secret and second_factor.check(cast.alice.user, pyotp.TOTP(factor.secret).now())
    sign_in(client, "alice")
    codes = [client.post("/sign-in/code/", {"code": "123456"}).status_code for _ in range(5)]
    assert codes[-1] == 429
    assert sign_in(Client(), "alice") == 429


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "000000"])
def test_what_is_no_code_is_refused(cast: Cast, code: str) -> None:
    second_factor.begin(cast.alice.user)
    SecondFactor.objects.update(last_step=int(time.time()) // 30 + 5)
    assert not second_factor.check(cast.alice.user, code)


def test_an_invitation_serves_once(client: Client, cast: Cast) -> None:
    wear(cast, "alice", "organisation_admin")
    sign_in(client, "alice")
    data = {"name": "新人", "organisation": cast.firm.pk, "role": "member_user", "hats": ["organisation_admin"]}
    assert client.post("/people/invite/", data)["Location"] == "/people/invited/"
    page = client.get("/people/invited/").content.decode()
    link = page[page.index("/invitation/") :].split("<")[0]
    assert client.get("/people/invited/").status_code == 302  # shown once
    assert link.strip("/").split("/")[-1] not in str(Invitation.objects.values())

    newcomer = Client()
    assert newcomer.get(link).status_code == 200
    account = {"username": "newcomer", "name": "新人", "password": "seven bridges over", "again": "seven bridges over"}
    assert newcomer.post(link, {**account, "again": "other"}).status_code == 422
    assert newcomer.post(link, {**account, "username": "alice"}).status_code == 422  # taken; the link still serves
    assert newcomer.post(link, account)["Location"] == "/sign-in/"
    assert newcomer.get(link).status_code == 404
    assert newcomer.post(link, {**account, "username": "second"}).status_code == 404
    member = Membership.objects.get(user__username="newcomer")
    assert (member.organisation, member.role) == (cast.firm, "member_user")
    assert [hat.name for hat in member.hats.all()] == ["organisation_admin"]
    assert sign_in(newcomer, "newcomer", "seven bridges over") == 302
    assert {"invited", "joined"} <= set(kinds())


def test_an_invitation_ends_and_may_be_taken_by_one_who_is_here(client: Client, cast: Cast) -> None:
    wear(cast, "stella", "administrator")
    made, token = joining.invite(cast.stella, cast.other, "member_user", "Alice")
    sign_in(client, "alice")
    Invitation.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    assert client.get(f"/invitation/{token}/").status_code == 404
    Invitation.objects.update(expires_at=timezone.now() + datetime.timedelta(days=1))
    assert client.post(f"/invitation/{token}/").status_code == 302
    assert client.get("/").content.decode().count("乙公司") >= 1  # and acts there at once
    assert Invitation.objects.get(pk=made.pk).membership is not None


def test_an_invitation_is_withdrawn_by_those_who_may(client: Client, cast: Cast) -> None:
    wear(cast, "alice", "organisation_admin")
    wear(cast, "charlie", "organisation_admin")
    made, token = joining.invite(cast.alice, cast.firm, "member_user", "新人")
    stranger = Client()
    sign_in(stranger, "charlie")
    assert "新人" not in stranger.get("/people/invite/").content.decode()
    for wrong in (made.pk, "x", "9" * 30, ""):
        assert stranger.post("/people/invite/", {"withdraw": wrong}).status_code == 404
    sign_in(client, "alice")
    assert "新人" in client.get("/people/invite/").content.decode()
    client.post("/people/invite/", {"withdraw": made.pk})
    assert client.get(f"/invitation/{token}/").status_code == 404 and "invitation withdrawn" in kinds()


def test_a_list_that_asks_after_the_session_ended_sends_the_whole_page_to_sign_in(client: Client, cast: Cast) -> None:
    answer = client.get("/cases/?page=2", headers={"HX-Request": "true"})
    assert answer.status_code == 200 and answer["HX-Redirect"] == "/sign-in/?next=/cases/%3Fpage%3D2"


@pytest.mark.parametrize("who", ["alice", "olga", "charlie"])
def test_only_those_who_may_invite(client: Client, cast: Cast, who: str) -> None:
    sign_in(client, who)
    assert client.get("/people/invite/").status_code == 404
    assert "invite" not in client.get("/people/").content.decode()


def test_nobody_invites_beyond_their_place(client: Client, cast: Cast) -> None:
    wear(cast, "alice", "organisation_admin")
    sign_in(client, "alice")
    for change in ({"organisation": cast.other.pk}, {"role": "steward"}, {"role": "partner"}, {"hats": ["auditor"]}):
        data = {"name": "x", "organisation": cast.firm.pk, "role": "member_user", **change}
        assert client.post("/people/invite/", data).status_code == 422, change
    assert not Invitation.objects.exists()


def test_deactivation_ends_sessions_for_good(client: Client, cast: Cast) -> None:
    wear(cast, "alice", "organisation_admin")
    bob = Client()
    sign_in(bob, "bob")
    sign_in(client, "alice")
    place = f"/people/{cast.bob.membership.pk}/"
    assert client.post(place, {"act": "deactivate", "note": "离职"}).status_code == 302
    assert bob.get("/").status_code == 302
    assert sign_in(Client(), "bob") == 422
    client.post(place, {"act": "reactivate"})
    assert bob.get("/").status_code == 302, "the old session came to life again"
    assert sign_in(Client(), "bob") == 302
    event = Event.objects.get(kind="deactivate")
    assert (event.note, event.subject) == ("离职", f"user:{cast.bob.user.pk}")


def test_nobody_ends_themselves_a_stranger_or_one_who_serves_elsewhere(client: Client, cast: Cast) -> None:
    wear(cast, "alice", "organisation_admin")
    sign_in(client, "alice")
    Membership.objects.create(user=cast.bob.user, organisation=cast.other, role="member_user", since=SINCE)
    for who in (cast.alice, cast.bob, cast.charlie):
        assert client.post(f"/people/{who.membership.pk}/", {"act": "deactivate"}).status_code == 404
    sign_in(bob := Client(), "bob")
    assert bob.post(f"/people/{cast.alice.membership.pk}/", {"act": "deactivate"}).status_code == 404
    assert not User.objects.filter(is_active=False).exists()


def test_switching_the_role_is_explicit_on_record_and_under_a_new_key(client: Client, cast: Cast) -> None:
    second = Membership.objects.create(user=cast.alice.user, organisation=cast.other, role="member_user", since=SINCE)
    ended = Membership.objects.create(
        user=cast.alice.user, organisation=cast.bureau, role="programme_officer", since=SINCE, until=SINCE
    )
    sign_in(client, "alice")
    key = client.cookies["sessionid"].value
    assert client.post("/me/role/", {"membership": second.pk}).status_code == 302
    assert client.cookies["sessionid"].value != key
    assert "乙公司" in client.get("/").content.decode()
    event = Event.objects.get(kind="role switched")
    assert event.before == f'{{"membership":{cast.alice.membership.pk}}}' and event.membership == second
    for wrong in (cast.olga.membership.pk, ended.pk, 10**30, "", "x"):
        assert client.post("/me/role/", {"membership": wrong}).status_code == 404
    assert client.get("/me/role/").status_code == 405


def test_a_membership_that_ended_acts_no_more(client: Client, cast: Cast) -> None:
    sign_in(client, "bob")
    Membership.objects.filter(pk=cast.bob.membership.pk).update(until=timezone.localdate() - datetime.timedelta(days=1))
    assert client.get("/").status_code == 403
    assert "还没有角色" in client.get("/cases/").content.decode()


def test_signing_out_leaves_nothing(client: Client, cast: Cast) -> None:
    sign_in(client, "alice")
    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")
    assert client.get("/").status_code == 302 and not Session.objects.exists()


def test_a_form_without_its_token_changes_nothing(cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/sign-in/", {"username": "alice", "password": PASSWORD})
    assert answer.status_code == 403 and "没有保存" in answer.content.decode()
    assert "_auth_user_id" not in strict.session


def test_an_address_of_a_form_that_one_comes_back_to_by_signing_in_says_so(client: Client, cast: Cast) -> None:
    client.force_login(cast.olga.user)
    answer = client.get("/sign-out/")
    assert answer.status_code == 405 and answer["Allow"] == "POST"
    assert "没有提交" in answer.content.decode() and 'href="/"' in answer.content.decode()
    assert client.head("/sign-out/").content == b""
