"""The middle of the journey: the pool of experts, a list that is drawn, one that is used up, and the sealed reviews."""

from __future__ import annotations

import datetime
import re

from playwright.sync_api import Page, expect

from tests.centre.programme.fill_journey import CALL, LATECOMER, NEWCOMER, TITLES, experts
from tests.centre.programme.walking import Walk, press, there

SHARES = {TITLES["alice"]: 0.86, TITLES["cora"]: 0.62}
SEATS = {"technology": 2, "industry": 1, "ip": 1, "finance": 1}
NUMBER, MORE_NUMBER = "051117232833", "090807060504"
MORE_WORDS = "某彩票第 2026141 期开奖号码"


def is_reviewed(walk: Walk) -> None:
    """From the pool to the locked panel."""
    keeps_the_pool(walk)
    panel = publishes_the_list(walk)
    draws(walk, panel)
    one_declines(walk, panel)
    a_list_is_used_up(walk, panel)
    for name in fills_the_seat(walk, panel):
        reviews(walk, experts()[name])
    locks(walk, panel)


def keeps_the_pool(walk: Walk) -> None:
    """One is taken in by the officer, and says where they work: for an applicant, so that they cannot be drawn."""
    walk.go("olga", "/experts/new/")
    takes_in(walk, NEWCOMER, "technology", "固态电池")
    page = walk.go(NEWCOMER[0], "/experts/me/")
    page.fill("[name=name]", "示例甲产业园发展有限公司")
    page.fill("[name=since]", str(walk.now().year - 1))
    press(page, "button[value=employment]")
    walk.note(NEWCOMER[0])
    walk.go("olga", "/experts/")


def takes_in(walk: Walk, who: tuple[str, ...], stratum: str, fields: str) -> None:
    page = walk.go("olga", "/experts/new/", note=False)
    page.select_option("[name=person]", label=f"{who[1]} · {who[2]}")
    page.select_option("[name=stratum]", stratum)
    page.fill("[name=fields_of_work]", fields)
    press(page, "#main button.pri")


def publishes_the_list(walk: Walk) -> str:
    """Conflicts are looked for, in declarations and data; who is left is published with a hash, before the number."""
    page = walk.go("olga", "/panels/new/")
    page.select_option("[name=of]", label=f"{CALL} · 专利类")
    page.fill("[name=title]", "2026 年度专利类专家组")
    press(page, "#main button.pri")
    page.wait_for_url("**/compose/")
    for box in page.locator("[name=applications]").all():
        box.check()
    for stratum, seats in SEATS.items():
        page.fill(f"[name=seats-{stratum}]", str(seats))
    page.fill("[name=number_words]", "某彩票第 2026140 期开奖号码")
    due = walk.now() + datetime.timedelta(days=1)
    page.fill("[name=due]", f"{due:%Y-%m-%dT%H:%M}")
    page.fill("[name=reviews_until]", f"{due + datetime.timedelta(days=12):%Y-%m-%d}")
    press(page, "button.pri[data-key=save]")
    page.wait_for_url(re.compile(r"/panels/\d+/$"))
    panel = there(page)
    walk.move("olga", "publish", refused="利害关系")
    walk.go("olga", f"{panel}compose/")
    page = walk.go("olga", f"{panel}conflicts/", note=False)
    press(page, "button[value=look]")
    expect(page.locator("tbody")).to_contain_text(NEWCOMER[1])
    walk.note("olga", "conflicts")
    page = walk.go("olga", panel)
    walk.move("olga", "publish")
    page = walk.go("", f"/public{panel}")
    expect(page.locator("pre")).to_be_visible()
    assert NEWCOMER[1] not in page.inner_text("body"), "people are codes in public"
    return panel


def draws(walk: Walk, panel: str) -> None:
    """Not before the number is known; then list and number decide, and the page of script finds the same."""
    page = walk.go("olga", panel)
    page.fill("#number", NUMBER)
    walk.move("olga", "draw", refused="未到")
    walk.later(days=1, minutes=5)
    page = walk.go("olga", panel, note=False)
    page.fill("#number", NUMBER)
    walk.move("olga", "draw")
    page = walk.go("olga", panel)
    expect(page.locator("h1 .st")).to_have_text("已抽签")
    assert NEWCOMER[1] not in page.locator("section:has(h2:text-is('专家'))").inner_text()
    repeats(walk, panel, f"/public{panel}draw.html", seated(walk, panel, note=True))


def seated(walk: Walk, panel: str, *, note: bool = False) -> list[str]:
    """Codes of those who sit, as everybody reads them."""
    return walk.go("", f"/public{panel}", note=note).locator("tr:has-text('抽中') th").all_inner_texts()


def repeats(walk: Walk, panel: str, link: str, codes: list[str]) -> None:
    """The page of script that the public page offers finds the same codes, from list and number alone."""
    page = walk.go("", f"/public{panel}", note=False)
    with page.expect_download() as coming:
        page.click(f"a[href='{link}']")
    script = walk.folder / "draw.html"
    coming.value.save_as(script)
    again = walk.opens().page
    again.goto(script.as_uri())
    expect(again.locator("body")).to_contain_text(codes[0])
    if (button := again.locator("button")).count():
        button.first.click()
    for code in codes:
        expect(again.locator("body")).to_contain_text(code)
    again.context.close()


def seats_of(page: Page, mark: str) -> list[str]:
    """Names of experts whose review is in a state."""
    table = page.locator("section:has(h2:text-is('专家')) tbody tr").filter(has_text=mark)
    return [each.inner_text().split()[-1] for each in table.locator("th").all()]


def declines(walk: Walk, who: str, *, note: bool = True) -> None:
    page = walk.go(who, "/reviews/", note=note)
    press(page, "#main td a")
    if note:
        walk.note(who)
    walk.move(who, "decline", "这段时间在国外。")


def one_declines(walk: Walk, panel: str) -> None:
    """The first of those who were asked declines, and the next on the same list is asked."""
    before = seats_of(walk.go("olga", panel, note=False), "已邀请")
    assert len(before) == sum(SEATS.values())
    declines(walk, experts()[before[0]])
    after = seats_of(walk.go("olga", panel), "已邀请")
    assert len(after) == len(before) and before[0] not in after and set(before[1:]) < set(after)


def a_list_is_used_up(walk: Walk, panel: str) -> None:
    """Both of finance decline: the seat is vacant, and without new experts there is no list to publish."""
    for _ in range(2):
        page = walk.go("olga", panel, note=False)
        (who,) = (who for who in map(experts().__getitem__, seats_of(page, "已邀请")) if who.startswith("finance"))
        declines(walk, who, note=False)
    page = walk.go("olga", panel)
    expect(page.locator(".note[role=status]").first).to_contain_text("“财务与管理”的名单已用尽，还缺 1 席")
    assert len(seats_of(page, "已邀请")) == sum(SEATS.values()) - 1
    says_the_number(walk, page)
    walk.move("olga", "supplement", refused="财务与管理")


def says_the_number(walk: Walk, page: Page) -> None:
    """Which public number is to come, and when."""
    page.fill("#number_words", MORE_WORDS)
    page.fill("#due", f"{walk.now() + datetime.timedelta(days=1):%Y-%m-%dT%H:%M}")


def fills_the_seat(walk: Walk, panel: str) -> list[str]:
    """One more is taken into the pool; a list for the vacant seat alone is published, and drawn once its number is
    known. Who sat goes on sitting; anybody repeats the second draw as the first."""
    before = seated(walk, panel)
    takes_in(walk, LATECOMER, "finance", "科技金融")
    says_the_number(walk, walk.go("olga", panel, note=False))
    walk.move("olga", "supplement")
    page = walk.go("", f"/public{panel}")
    expect(page.locator("pre")).to_have_count(2)
    expect(page.locator("body")).to_contain_text(MORE_WORDS)
    assert LATECOMER[1] not in page.inner_text("body") and seated(walk, panel) == before
    page = walk.go("olga", panel)
    page.fill("#number", MORE_NUMBER)
    walk.move("olga", "draw_supplement", refused="未到")
    walk.later(days=1, minutes=5)
    page = walk.go("olga", panel, note=False)
    page.fill("#number", MORE_NUMBER)
    walk.move("olga", "draw_supplement")
    (new,) = set(seated(walk, panel, note=True)) - set(before)
    repeats(walk, panel, f"/public{panel}supplements/1/draw.html", [new])
    names = seats_of(walk.go("olga", panel), "已邀请")
    assert len(names) == sum(SEATS.values()) and LATECOMER[1] in names
    return names


def reviews(walk: Walk, who: str) -> None:
    """Accepts, having no interest; writes a sheet for each application; signs. Nobody reads it meanwhile."""
    page = walk.go(who, "/reviews/", note=False)
    press(page, "#main td a")
    review = there(page)
    walk.move(who, "accept", refused="利害关系")
    page.check("[name=no_interest]")
    walk.move(who, "accept")
    walk.go(who, review, note=False)
    walk.move(who, "begin")
    page = walk.go(who, review)
    for url in [str(each.get_attribute("href")) for each in page.locator("#main table a.il").all()]:
        page = walk.go(who, url, note=False)
        share = next(share for title, share in SHARES.items() if title in page.inner_text("h1"))
        scores(page, share, who)
        press(page, "button[value=stay]")
        expect(page.locator(".ft .st").first).to_have_text("本项已填齐")
        walk.note(who)
    sealed = walk.go("olga", url, note=False)
    assert sealed.title().startswith("找不到"), "sealed for the officer"
    walk.go(who, review)
    walk.move(who, "lock")
    walk.go(who, review)


def scores(page: Page, share: float, who: str) -> None:
    """About this share of each criterion, in its steps, a little up or down by who writes."""
    shift = (sum(map(ord, who)) % 5 - 2) * 0.02
    for mark in page.locator("input[name^='mark-']").all():
        most, step = float(mark.get_attribute("max") or 0), float(mark.get_attribute("step") or 1)
        mark.fill(f"{int(most * (share + shift) / step) * step:g}")
    for text in page.locator("textarea[name^='comment-']").all():
        text.fill("依据充分，指标可核验；建议补充跨区服务的安排。")
    page.fill("[name=overall]", "总体可行，资金安排与任务相称。")


def locks(walk: Walk, panel: str) -> None:
    """All have signed: the sheets are opened, and all methods stand side by side, with how firmly each is in."""
    walk.go("olga", panel, note=False)
    walk.move("olga", "lock")
    page = walk.go("olga", f"{panel}results/")
    first = page.locator("table.rs tbody tr").first
    expect(first).to_contain_text(TITLES["alice"])
    expect(first).to_contain_text("100")
    expect(first).to_contain_text("稳入")
    walk.go("olga", f"{panel}results/?by=mean")
    walk.go("olga", panel)
