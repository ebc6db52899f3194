"""The frame: menus that lead somewhere, content policy, ribbon, static files, errors."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern

from pingjiang.centre.accounts.models import Organisation
from pingjiang.centre.accounts.roles import ROLES
from pingjiang.centre.pages import menu
from pingjiang.centre.pages import urls as pages_urls
from pingjiang.centre.pages.templatetags.pj import at_most
from tests.centre.cast import Cast

PAGES = Path(menu.__file__).parent
ICONS = (PAGES / "frontend" / "icons.txt").read_text(encoding="utf-8").split()


@pytest.mark.parametrize("role", ROLES)
def test_no_menu_leads_to_a_refusal(client: Client, cast: Cast, role: str) -> None:
    client.force_login(cast.everyone[role].user)
    page = client.get("/").content.decode()
    bar = page[page.index('class="pj-nav"') : page.index("</nav>")]
    links = re.findall(r'<a [^>]*href="([^"]+)"', bar)
    assert len(links) >= 2
    for link in [*links, *re.findall(r'href="(/(?!static/)[^"#]*)"', page)]:
        assert client.get(link, follow=True).status_code == 200, link  # some lead to the lake that was looked at last


def test_head_and_menu_ask_once_for_what_both_show(client: Client, cast: Cast) -> None:
    client.force_login(cast.olga.user)
    client.get("/me/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/me/")
    for table in ("casework_task", "casework_notice"):
        assert len([query for query in asked if table in query["sql"]]) == 1, table
    assert [at_most(number) for number in (0, 999, 1000)] == ["0", "999", "999+"]


def test_the_plan_of_the_menus_has_every_role_and_known_icons() -> None:
    assert set(menu.MENUS) == set(ROLES)
    for groups in (*menu.MENUS.values(), menu.PUBLIC):
        assert len({group.name for group in groups}) == len(groups)
        assert {group.icon for group in groups} <= set(ICONS)


def test_an_entry_that_would_never_be_drawn_is_a_mistake() -> None:
    for wrong in ("nowhere", "sealed"):
        with pytest.raises(RuntimeError):
            menu.add(menu.Entry("desk", ("甲", "A"), wrong, frozenset({"partner"})))


def test_an_entry_without_a_page_and_a_group_without_an_entry_are_not_drawn(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(menu, "_entries", list(menu._entries))
    menu.add(menu.Entry("no-such-page", ("甲", "A"), "materials", frozenset({"partner"})))
    assert "已授权材料" not in [group.label for group in menu.menu_of(cast.everyone["partner"], "/")]
    menu.add(menu.Entry("me", ("乙", "B"), "materials", frozenset({"partner"})))
    drawn = menu.menu_of(cast.everyone["partner"], "/me/")
    assert [(group.label, group.open) for group in drawn][-1] == ("已授权材料", True)


def test_icons_in_use_are_those_of_the_sprite() -> None:
    used = {group.icon for groups in (*menu.MENUS.values(), menu.PUBLIC) for group in groups}
    for path in PAGES.parent.rglob("*.html"):
        used |= set(re.findall(r'{%\s*icon "([\w-]+)"', path.read_text(encoding="utf-8")))
    assert used == set(ICONS)


def test_every_answer_bears_the_policy_and_no_page_anything_inline(client: Client, cast: Cast) -> None:
    client.force_login(cast.alice.user)
    anonymous = Client()
    for who, path in [
        *((client, each) for each in ("/", "/cases/", "/me/", "/people/", "/components/", "/no/", "/me/password/")),
        (anonymous, "/sign-in/"),
        (anonymous, "/no/"),
    ]:
        answer = who.get(path)
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy
        assert answer["X-Frame-Options"] == "DENY" and answer["X-Content-Type-Options"] == "nosniff"
        page = answer.content.decode()
        assert not re.search(r"<[^>]+\s(style|on\w+)=", page), path
        for script in re.findall(r"<script[^>]*>", page):
            assert "src=" in script or 'type="application/json"' in script
        assert "<style" not in page and "javascript:" not in page
        assert not re.search(r'(src|href)="(https?:)?//', page)
    assert client.get("/")["Cache-Control"] == "no-store"


def test_the_ribbon_shows_while_anything_is_made_up(client: Client, cast: Cast) -> None:
    client.force_login(cast.alice.user)
    assert "pj-ribbon" not in client.get("/").content.decode()
    Organisation.objects.filter(pk=cast.firm.pk).update(synthetic=True)
    for path in ("/", "/me/", "/cases/", "/nothing/"):
        assert "pj-ribbon" in client.get(path).content.decode(), path
    client.force_login(cast.stella.user)  # of a real bureau, but the row that she looks at is not
    assert "pj-ribbon" not in client.get("/").content.decode()
    assert "pj-ribbon" in client.get("/people/").content.decode()
    assert "pj-ribbon" in client.get(f"/people/{cast.alice.membership.pk}/").content.decode()
    with override_settings(SITE_MODE="demo"):
        assert "pj-ribbon" in Client().get("/sign-in/").content.decode()


def test_the_theme_is_kept_and_only_known_ones(client: Client, cast: Cast) -> None:
    assert (
        client.post("/theme/", {"theme": "dark", "next": "/sign-in/?next=/todo/"})["Location"]
        == "/sign-in/?next=/todo/"
    )
    assert 'data-bs-theme="dark"' in client.get("/sign-in/").content.decode()
    client.post("/theme/", {"theme": '"><script>'})
    assert 'data-bs-theme="dark"' in client.get("/sign-in/").content.decode()
    client.cookies["pj_theme"] = "'x"
    assert 'data-bs-theme="light"' in client.get("/sign-in/").content.decode()


def test_what_is_hidden_looks_like_what_is_missing(client: Client, cast: Cast) -> None:
    client.force_login(cast.alice.user)
    hidden = client.get(f"/people/{cast.olga.membership.pk}/")
    missing = client.get("/people/999999/")
    assert hidden.status_code == missing.status_code == 404
    text = [re.sub(r"[A-Za-z0-9]{64}|/people/\d+/", "", each.content.decode()) for each in (hidden, missing)]
    assert text[0] == text[1] and "不在您的办理范围" in text[0]


def test_a_broken_view_shows_our_page_and_no_trace(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the secret of the house")

    client.raise_request_exception = False
    client.force_login(cast.olga.user)
    monkeypatch.setattr("pingjiang.centre.pages.desk.running", broken)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "没有留下半成品" in answer.content.decode() and "secret" not in answer.content.decode()


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [(OperationalError("database is locked"), 503, "网站正忙"), (DatabaseError("no row"), 400, "您已在别处退出登录")],
)
def test_a_session_that_could_not_be_kept_is_told_as_that(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch, error: DatabaseError, status: int, words: str
) -> None:
    """The request itself was in order, and its work may be done: it is not called unreadable."""

    def save(*_: object, **__: object) -> None:
        raise error

    client.force_login(cast.olga.user)
    monkeypatch.setattr(Session, "save", save)
    told = client.get("/me/")  # the first click of a session is noted in it
    page = told.content.decode()
    assert told.status_code == status and words in page and "可能已经完成" in page and "没有任何改动" not in page


def test_pages_for_all_are_named_and_everything_else_asks_for_a_sign_in(db: None) -> None:
    """A view is closed unless it says otherwise; the whole list of those that do."""
    open_ = {"language", "theme", "sign-in", "sign-in-code", "sign-out", "invitation"}
    patterns = [each for each in pages_urls.urlpatterns if isinstance(each, URLPattern)]
    assert {each.name for each in patterns if not getattr(each.callback, "login_required", True)} == open_


def test_the_page_of_parts_is_not_there_in_production() -> None:
    text = (Path(menu.__file__).parents[1] / "urls.py").read_text(encoding="utf-8")
    assert 'if settings.SITE_MODE in ("demo", "test"):' in text and settings.SITE_MODE == "test"


def test_the_site_passes_the_checks_of_its_framework(db: None) -> None:
    call_command("check", fail_level="WARNING")
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
