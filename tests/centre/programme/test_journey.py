"""A city chooses its centres, in one go, in a browser, by sixteen people: from the call to the letters of the list.

Of four applications one is approved; one is not accepted at the formal check, as its list has exactly 100 bodies; one
is not funded; one was not sent in time. With PINGJIANG_SCREENSHOTS the folder named there gets pictures of the pages
and the papers.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from pingjiang.centre.programme.content import demo
from tests.centre import sites
from tests.centre.programme import filling
from tests.centre.programme.fill_journey import CALL, TITLES
from tests.centre.programme.journey_review import is_reviewed
from tests.centre.programme.walking import CODE, Walk, press, there
from tests.centre.serving import served, visiting

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("browser")]
GUIDE = "一、申报条件\n按所附规则包逐条核对。\n二、申报程序\n在线填报，经区县审核盖章后报市局。"
BODIES = {"alice": 102, "charlie": 101, "cora": 150}
STATED = {name: each for name, each in filling.STATED.items() if name not in ("location_quotient", "output_growth")}
MINUTES = "示例党组纪〔2026〕12 号"
# Whose letter says what: the money and what comes next, or how to object before the law.
LETTERS = {
    "alice": ("立项通知书", "480.00", "任务书"), "cora": ("不予支持通知书", "按评审排序和可用经费", "行政复议法"),
}  # fmt: skip


@pytest.fixture
def walk(browser: Browser, tmp_path: Path) -> Iterator[Walk]:
    how = "tests.centre.programme.fill_journey", "tests.centre.programme.journey_settings"
    with served(tmp_path / "site", *how) as site, visiting(browser, site) as opens:
        yield Walk(site, opens, tmp_path)


def test_from_the_call_to_the_final_list(walk: Walk) -> None:
    call = publishes_a_call(walk)
    asks(walk, call)
    made = {who: applies(walk, call, who) for who in ("alice", "charlie", "cora")}
    leaves_one_unsent(walk, call)
    for rank, who in enumerate(("alice", "cora", "charlie"), start=1):
        puts_forward(walk, made[who], rank)
    returns_for_correction(walk, made["alice"])
    finds_a_hundred(walk, made["charlie"])
    for who in ("alice", "cora"):
        accepts(walk, made[who], again=who == "alice")
    is_reviewed(walk)
    decision = prepares(walk, call)
    decides(walk, decision)
    shows_it(walk, decision)
    issues(walk, decision)
    ends(walk, decision, made)
    for who, words in LETTERS.items():
        reads_the_letter(walk, who, made[who], words)
    ends_what_was_not_sent(walk)
    assert walk.wrong == {} and walk.seen > 60
    for visit in walk.visits.values():
        walk.complaints += visit.complaints
    assert [line for line in walk.complaints if "status of 4" not in line] == []


def rows(walk: Walk, query: str) -> list[tuple[Any, ...]]:
    """What the database says, beside what pages do."""
    return sites.in_file(walk.site.folder, query)


# ── the call


def publishes_a_call(walk: Walk) -> str:
    """Two tracks under the pack of 116号, times to the second; the leader issues it as a paper with a code."""
    page = walk.go("olga", "/calls/new/")
    now = walk.now()
    begins, closes, seals = (now + datetime.timedelta(days=days) for days in (-1, 20, 30))
    said = {
        "title": CALL, "year": "2026", "document_number": "示知〔2026〕3 号", "guide": GUIDE,
        "contact": "0512-00000000", "opens_at": f"{begins:%Y-%m-%dT%H:%M:00}",
        "closes_at": f"{closes:%Y-%m-%dT17:00:00}", "seals_until": f"{seals:%Y-%m-%dT17:00:00}",
        "patent_budget": "500", "patent_places": "2", "patent_quota": "3", "copyright_budget": "300",
        "copyright_places": "1",
    }  # fmt: skip
    for name, value in said.items():
        page.fill(f"[name={name}]", value)
    for track in ("patent", "copyright"):
        page.check(f"[name={track}_open]")
        page.select_option(f"[name={track}_pack]", f"{filling.PACK}@{filling.VERSION}")
    press(page, "main button.pri, #main button.pri")
    page.wait_for_url(re.compile(r"/calls/\d+/$"))
    call = there(page)
    walk.note("olga")
    walk.move("olga", "submit")
    walk.go("leader", call)
    page = walk.move("leader", "publish")
    page = walk.go("leader", call)
    expect(page.locator("h1 .st")).to_have_text("已发布")
    (text,) = walk.papers(page, "call").values()
    assert "示知〔2026〕3 号" in text and "500.00" in text
    walk.go("", f"/public{call}")
    return call


def asks(walk: Walk, call: str) -> None:
    """A question of a firm is answered for all, and does not say who asked."""
    page = walk.go("charlie", f"{call}ask/")
    page.fill("[name=text]", "集群企业家数怎样计算，是否包括市外设立的分公司？")
    press(page, "#main button.pri")
    page = walk.go("olga", call, note=False)
    press(page, "a:has-text('答复')")
    page.fill("[name=text]", "按在本市登记的统一社会信用代码计，每个代码计一次。")
    press(page, "#main button.pri")
    page = walk.go("", f"/public{call}")
    expect(page.locator("body")).to_contain_text("每个代码计一次")
    assert "示例乙" not in page.inner_text("body")


# ── applications


def applies(walk: Walk, call: str, who: str) -> str:
    """The rules are asked first; then all steps are filled in, files handed in, and it goes to the district."""
    prechecks(walk, call, who)
    page = walk.as_(who)
    page.fill("#title", TITLES[who])
    press(page, "#main button:has-text('开始填报')")
    page.wait_for_url(re.compile(r"/applications/\d+/$"))
    made = there(page)
    writes(walk, who, made)
    page = walk.go(who, made, note=who == "alice")
    assert page.locator("h2:has-text('处待补')").count() == 0, page.inner_text("#main")
    walk.move(who, "send")
    return made


def prechecks(walk: Walk, call: str, who: str) -> None:
    """102 bodies and 21.3 thousand million pass; exactly 100 fail, and 101 would do."""
    page = walk.go(who, call, note=who == "alice")
    press(page, "a.btn:has-text('条件自查') >> nth=0")
    if who == "charlie":
        walk.fill(page, "stated", {**STATED, "bodies": "100"})
        press(page, "button:has-text('逐条核对')")
        expect(page.locator("#outcomes h2")).to_contain_text("1 条不符合")
        walk.note(who)
    walk.fill(page, "stated", {**STATED, "bodies": str(BODIES[who]), "output": "213"})
    press(page, "button:has-text('逐条核对')")
    expect(page.locator("#outcomes h2")).to_have_text("可以申报")
    if who == "alice":
        walk.note(who)


def content_of(who: str) -> dict[str, Any]:
    """What somebody writes: 480 of the city, 480 of the district, twelve quarters."""
    found = demo.content(bodies=BODIES[who])
    found["budget"]["amount"]["data"] |= {"municipal": "170.00", "local": "90.00"}
    return found


def writes(walk: Walk, who: str, made: str) -> None:
    """Every page of the form, in its order; then the files."""
    content = content_of(who)
    page = walk.go(who, made, note=False)
    press(page, "a.btn:has-text('填报')")
    while not page.url.endswith("/attachments/"):
        sections = [
            str(each.get_attribute("name")).removeprefix("revision.")
            for each in page.locator("input[name^='revision.']").all()
        ]
        if "team" in sections:
            press(page, "button[value=add]")
        for section in sections:
            walk.fill(page, section, content[section])
        if "budget" in sections:
            sums = page.locator("#reckoned tr.sum td")
            expect(sums.nth(1)).to_have_text("480.00")
            expect(sums.nth(2)).to_have_text("480.00")
        if "goals" in sections and who == "alice":
            saves_itself(walk, page, str(content["goals"]["text"]))
        press(page, "button[value=stay]")
        if who == "alice":
            walk.note(who)
        at = page.url
        press(page, "button[value=next]")
        expect(page).not_to_have_url(at)
    for material in filling.MATERIALS:
        hands_in(page, material, who)
    if who == "alice":
        walk.note(who)


def saves_itself(walk: Walk, page: Page, text: str) -> None:
    """After twenty seconds what was typed is saved, and there at another machine."""
    expect(page.locator("[data-saved]")).to_contain_text("已自动保存", timeout=40_000)
    other = walk.elsewhere("alice", there(page))
    assert other.input_value("[name=goals-text]") == text
    other.context.close()


def hands_in(page: Page, material: str, who: str) -> None:
    name, data = filling.file_of(material)
    if material == "body_list":
        count = 100 if who == "charlie" else BODIES[who]
        data = ("名称,统一社会信用代码\n" + "".join(f"示例企业{n},\n" for n in range(1, count + 1))).encode()
    form = page.locator(f"form:has(input[value='{material}'])")
    kind = "text/csv" if name.endswith(".csv") else "application/pdf"
    form.locator("[type=file]").set_input_files({"name": name, "mimeType": kind, "buffer": data})
    form.locator("button").click()
    expect(page.locator("#main table")).to_contain_text(name)


def leaves_one_unsent(walk: Walk, call: str) -> None:
    """An application is begun, and never sent."""
    page = walk.go("dave", call, note=False)
    press(page, "a.btn:has-text('条件自查') >> nth=0")
    walk.fill(page, "stated", STATED)
    press(page, "button:has-text('逐条核对')")
    page.fill("#title", TITLES["dave"])
    press(page, "#main button:has-text('开始填报')")
    walk.note("dave")


# ── the district


def puts_forward(walk: Walk, made: str, rank: int) -> None:
    """Opinion, letter, print with its code, stamped scan: then it goes to the bureau."""
    page = walk.go("dora", f"{made}district/", note=rank == 1)
    page.fill("[name=comment]", "符合本区产业方向，配套经费已列入计划，同意推荐。")
    for name, value in {"rank": str(rank), "match": "480.00", "policy": "示例扶持政策〔2026〕8 号"}.items():
        page.fill(f"[name={name}]", value)
    press(page, "button[value=say]")
    upload(page, "letter", "配套承诺函.pdf")
    press(page, "button[value=letter]")
    stamps(walk, page, f"form-{rank}")
    walk.note("dora", f"dora-sealed-{rank}")
    walk.move("dora", "recommend")
    expect(walk.go("dora", made, note=False).locator("h1 .st")).to_have_text("形式审查")


def upload(page: Page, name: str, file: str, data: bytes = filling.PDF) -> None:
    page.set_input_files(f"[name={name}]", {"name": file, "mimeType": "application/pdf", "buffer": data})


def stamps(walk: Walk, page: Page, name: str) -> None:
    """The print is the paper that is stamped: another code is refused, its own holds, for the content as it is."""
    press(page, "button[value=print]")
    link = page.locator("a[href$='.pdf']").first
    href = str(link.get_attribute("href"))
    text = walk.paper(page, href, name)
    found = CODE.search(href)
    assert found is not None and found.group() in text
    assert "480.00" in text and "2029-10—12" in text
    page.fill("[name=code]", found.group()[:-1] + ("2" if found.group()[-1] != "2" else "3"))
    page.fill("[name=signatory]", "陆清和")
    upload(page, "scan", "盖章件.pdf", (walk.folder / f"{name}.pdf").read_bytes())
    press(page, "button[value=seal]")
    expect(page.locator("[role=alert]").first).to_be_visible()
    page.fill("[name=code]", found.group())
    page.fill("[name=signatory]", "陆清和")
    upload(page, "scan", "盖章件.pdf", (walk.folder / f"{name}.pdf").read_bytes())
    press(page, "button[value=seal]")
    hashes = page.locator(".off .hash").all_inner_texts()
    assert hashes[-1] in hashes[:-1], "the stamp is for what it says now"


# ── the formal check


def checks(walk: Walk, made: str, wrong: dict[str, str]) -> Page:
    """The officer runs the rules and answers the list; `wrong`: item → why not."""
    page = walk.go("olga", f"{made}check/", note=False)
    press(page, "button[value=run]")
    for item in page.locator("input[type=radio][value=yes]").all():
        name = str(item.get_attribute("name")).removeprefix("item-")
        page.check(f"input[name='item-{name}'][value={'no' if name in wrong else 'yes'}]")
        if name in wrong:
            page.fill(f"input[name='reason-{name}']", wrong[name])
    press(page, "button[value=answer]")
    walk.note("olga", "check")
    return page


def returns_for_correction(walk: Walk, made: str) -> None:
    """One return, with working days; what changes voids the stamp, and is stamped anew; there is no second return."""
    checks(walk, made, {"material:local_policy": "扶持政策文件缺发文字号页。"})
    walk.move("olga", "accept", refused="不合格")
    page = walk.move("olga", "correct", "请补扶持政策文件的发文字号页，并在风险一节写明配套到位的保障。")
    page = walk.go("alice", made)
    expect(page.locator("[role=status]").first).to_contain_text("余 5 个工作日")
    (notice,) = (text for text in walk.papers(page, "correction").values() if "补正" in text)
    assert "扶持政策文件缺发文字号页" in notice
    page = walk.go("alice", f"{made}write/attachments/", note=False)
    hands_in(page, "local_policy", "alice")
    page = walk.go("alice", f"{made}write/risk/", note=False)
    page.fill("[name=risk-text]", "配套经费列入区级预算，分三年每年六月底前到位；逾期由区财政垫付。")
    press(page, "button[value=stay]")
    walk.go("alice", made, note=False)
    walk.move("alice", "resend")
    page = walk.go("dora", f"{made}district/")
    expect(page.locator(".off")).to_contain_text("失效")
    walk.move("dora", "reseal", refused="盖章")
    page = walk.go("dora", f"{made}district/", note=False)
    stamps(walk, page, "form-again")
    walk.note("dora", "dora-again")
    walk.move("dora", "reseal")


def finds_a_hundred(walk: Walk, made: str) -> None:
    """The list that was handed in has exactly 100 bodies: it is not accepted, with the reason."""
    checks(walk, made, {"material:body_list": "名单实有 100 家，第 57、58 行为同一家，未超过 100 家。"})
    walk.move("olga", "accept", refused="不合格")
    walk.move("olga", "reject", "单位名单核实为 100 家，未超过 100 家（三（一）4）。")
    page = walk.go("charlie", made)
    expect(page.locator("h1 .st")).to_have_text("不予受理")
    assert any("第 57、58 行为同一家" in text for text in walk.papers(page, "rejection").values())


def accepts(walk: Walk, made: str, *, again: bool = False) -> None:
    """All is in order. What was returned once (`again`) is not returned a second time."""
    checks(walk, made, {})
    if again:
        walk.move("olga", "correct", "再补一次", refused="一次")
    walk.move("olga", "accept")
    page = walk.go("olga", made)
    expect(page.locator("h1 .st")).to_have_text("已受理")
    assert any("受理" in text for text in walk.papers(page, f"accepted{made.split('/')[2]}").values())


# ── the decision


def prepares(walk: Walk, call: str) -> str:
    """The pack in one click; what is proposed fits into the money that there is."""
    page = walk.go("olga", "/decisions/new/")
    press(page, "button:has-text('生成审定包')")
    page.wait_for_url(re.compile(r"/decisions/\d+/$"))
    decision = there(page)
    walk.move("olga", "table", refused="拟办意见")
    enters(page, {TITLES["alice"]: "approve", TITLES["cora"]: "approve"}, "评审排序靠前。")
    walk.move("olga", "table", refused="超过可用 500.00 万元")
    enters(page, {TITLES["alice"]: "approve", TITLES["cora"]: "reject"}, "按评审排序和可用经费。")
    press(page, "button[value=save]")
    walk.note("olga", "pack")
    walk.move("olga", "table")
    return decision


def enters(page: Page, kinds: dict[str, str], reason: str) -> None:
    for title, kind in kinds.items():
        row = page.locator(f"tr:has(:text('{title}'))").last
        row.locator(f"input[type=radio][value={kind}]").check(force=True)
        row.locator("input[name^=reason-]").fill(reason)


def decides(walk: Walk, decision: str) -> None:
    """The Party group decides each item; without a minutes number nothing is issued; who stood aside is on record."""
    page = walk.go("leader", decision)
    enters(page, {TITLES["alice"]: "approve", TITLES["cora"]: "reject"}, "同意，按评审排序和可用经费。")
    page.fill("[name=present]", "梁启文\n顾行简\n程越")
    page.fill("[name=held_on]", f"{walk.now():%Y-%m-%d}")
    page.fill("[name=member-0]", "程越")
    page.select_option("[name=item-0]", index=2)
    page.fill("[name=why-0]", "亲属在申报单位任职")
    walk.move("leader", "decide", refused="纪要号")
    page.fill("[name=minutes_number]", MINUTES)
    press(page, "button[value=save]")
    walk.note("leader", "meeting")
    walk.move("leader", "decide")
    page = walk.go("leader", decision)
    texts = walk.papers(page, "decision").values()
    assert any(MINUTES in text and "480.00" in text for text in texts)


def shows_it(walk: Walk, decision: str) -> None:
    """The notice is public; the final list waits for its working days."""
    walk.go("olga", decision, note=False)
    walk.move("olga", "publicise")
    page = walk.go("", f"/public{decision}")
    expect(page.locator("table")).to_contain_text(TITLES["alice"])
    assert TITLES["cora"] not in page.inner_text("body")
    (text,) = walk.papers(page, "notice").values()
    assert TITLES["alice"] in text and "480.00" in text
    walk.go("alice", f"{decision}object/")
    walk.go("leader", decision)
    walk.move("leader", "issue", refused="尚未届满")


def issues(walk: Walk, decision: str) -> None:
    """Nobody objects; when the days are over the list is final, and a worker makes the letters meanwhile."""
    walk.later(days=34)
    page = walk.go("leader", decision)
    walk.move("leader", "issue")
    page = walk.go("", f"/public{decision}")
    expect(page.locator("h1")).to_contain_text("支持项目名单")
    (text,) = walk.papers(page, "final").values()
    assert TITLES["alice"] in text and TITLES["cora"] not in text
    ((job,),) = rows(walk, "SELECT id FROM jobs_job WHERE kind = 'decision letters'")
    page = walk.go("leader", f"/jobs/{job}/", note=False)
    expect(page.locator("h1")).to_contain_text("寄发审定通知书")
    # The page looks again by itself until the work is done.
    expect(page.locator("#job .st").first).to_have_text("已完成", timeout=60_000)
    walk.note("leader", "letters")
    expect(walk.go("leader", decision).locator("body")).not_to_contain_text("正在寄发")


def ends(walk: Walk, decision: str, made: dict[str, str]) -> None:
    """Each application has come to its end."""
    expected = {"alice": "立项", "cora": "不予支持", "charlie": "不予受理"}
    for who, state in expected.items():
        expect(walk.go(who, made[who]).locator("h1 .st")).to_have_text(state)
    walk.go("leader", decision)


def reads_the_letter(walk: Walk, who: str, made: str, words: tuple[str, ...]) -> None:
    """Who applied opens the letter as PDF, and anybody finds its code to be in force; nobody else reads it."""
    page = walk.go(who, made, note=False)
    found = walk.papers(page, f"letter-{who}")
    ((code, text),) = ((code, text) for code, text in found.items() if words[0] in text)
    for each in (TITLES[who], *words):
        assert each in text, (who, each)
    page = walk.go("", "/verify/", note=False)
    page.fill("#id_code", code)
    press(page, "#main button, main button")
    walk.note("", f"verify-{who}")
    shown = page.inner_text("body")
    assert code in shown and "现行有效" in shown and TITLES[who] not in shown
    other = walk.as_("charlie")
    answer = other.request.get(f"{walk.site.url}/papers/{code}.pdf")
    assert answer.status == 404


def ends_what_was_not_sent(walk: Walk) -> None:
    unsent = "SELECT c.state FROM casework_case c WHERE c.title = '{}'".format(TITLES["dave"])
    walk.site.run("tests.centre.programme.pass_time")  # closes the call
    walk.site.run("tests.centre.programme.pass_time")  # and ends what was not sent
    assert rows(walk, unsent) == [("lapsed",)]
    walk.go("dave", "/applications/")
    states = rows(walk, "SELECT state, count(*) FROM casework_case WHERE workflow = 'application' GROUP BY state")
    assert dict(states) == {"approved": 1, "not_funded": 1, "rejected": 1, "lapsed": 1}
