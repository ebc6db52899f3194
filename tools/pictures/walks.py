"""What each role is shown to do, and what is taken of it. The order matters: one waits for what another did."""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import FilePayload, Page

from pingjiang.centre.programme.content.demo import GUIDE, sheet
from tools.pictures.studio import Studio, press

_TOP = ".pj-head"
_PDF = FilePayload(name="盖章件（示例）.pdf", mimeType="application/pdf", buffer=sheet())
_BOX = "section.opn"


def panel(what: str) -> str:
    """The panel in which something stands."""
    return f"#main section.pan:has({what})"


def refused(page: Page, move: str) -> None:
    """An official act, confirmed, which a rule refuses: nothing changes."""
    press(page, f"#opn-form button[value={move}]")
    press(page, f"#opn-form button.act[value={move}]")
    page.locator("#opn-form .note.p").wait_for()


class Walks:
    """A city in which nothing was done since it was made."""

    def __init__(self, studio: Studio, folder: Path, stage: Callable[[str], object]) -> None:
        self.studio, self.folder, self.stage = studio, folder, stage
        self.take, self.go = studio.take, studio.go
        self.call = self.one("call", "open")

    def asked(self, query: str, *values: str) -> str:
        """The first thing that the database of the site says."""
        with sqlite3.connect(self.folder / "site.sqlite3") as database:
            (found,) = database.execute(query, values).fetchone()
        return str(found)

    def one(self, workflow: str, state: str, last: str = "max") -> int:
        """The last case of a workflow in a state, or the first ('min')."""
        query = f"SELECT {last}(id) FROM casework_case WHERE workflow = ? AND state = ?"
        return int(self.asked(query, workflow, state))

    def all(self) -> None:
        """From what everybody sees to the final list."""
        self.public()
        self.applicant()
        self.correction()
        self.district()
        self.call_and_check()
        self.experts_and_draw()
        self.review()
        self.decision()
        self.objection()
        self.steward()

    def move(self, who: str, name: str, note: str = "", *, on: Page | None = None) -> Page:
        """Make a move from the page that is open, and confirm where it is asked once more."""
        page = on or self.studio.page(who)
        if note:
            page.fill("#opn-note", note)
        press(page, f"#opn-form button[name=move][value={name}]")
        if page.locator("#opn-form input[name=confirmed]").count():
            press(page, f"#opn-form button.act[value={name}]")
        told = page.locator("#opn-form .note.p")
        if told.count():
            raise RuntimeError(f"{who}: {name}: {told.inner_text()}")
        return page

    # ── everybody

    def public(self) -> None:
        """The call, a draw, a final list, a paper whose code is checked."""
        self.take("public-call", "", f"/public/calls/{self.call}/", "#main", most=560)
        self.take("public-list", "", f"/public/panels/{self.one('panel', 'published')}/", "#main", most=560)
        self.take("public-draw", "", f"/public/panels/{self.one('panel', 'locked')}/", "#main", tall=1400, most=900)
        final = self.one("decision", "final")
        self.take("public-final", "", f"/public/decisions/{final}/", "#main", most=420)
        code = self.asked("SELECT code FROM documents_paper WHERE name = 'final-list'")
        self.take("public-verify", "", f"/verify/?code={code}", "#main", most=520)

    # ── applicants

    def applicant(self) -> None:
        """Check, write, budget, files: by the firm, whose draft has only its goals yet."""
        self.take("applicant-call", "firm", f"/calls/{self.call}/", "#main", most=560)

        def check(page: Page) -> None:
            page.fill("[name=stated-bodies]", "100")
            page.fill("[name=stated-output]", "213")
            press(page, "#main button[type=submit], #main button:not([type])")
            page.locator("#outcomes").scroll_into_view_if_needed()

        self.take("applicant-precheck", "firm", f"/calls/{self.call}/check/patent/", "#outcomes", act=check, tall=3000,
                  most=620)  # fmt: skip
        draft = f"/applications/{self.one('application', 'draft')}/"
        self.take("applicant-open", "firm", draft, "#main", most=620)
        self.take("applicant-write", "firm", f"{draft}write/unit/", "#main", most=760)

        def budget(page: Page) -> None:
            page.fill("[name='budget-amount-data-municipal']", "300.00")
            page.fill("[name='budget-amount-data-local']", "180.00")
            with page.expect_response("**/reckon/"):
                page.fill("[name='budget-amount-platform-municipal']", "220.00")
            page.wait_for_timeout(400)

        self.take("applicant-budget", "firm", f"{draft}write/budget/", ["#main .c9"], act=budget, tall=1500, most=980)
        self.take("applicant-files", "firm", f"{draft}write/attachments/", "#main", most=700)
        self.two_windows(draft)

    def two_windows(self, draft: str) -> None:
        """One saves what another has open: both texts are kept."""
        texts = {
            "zh": "建成本产业的数据中心与联盟，三年内形成面向全市的服务能力（示例）。",
            "en": "Build the data centre and the alliance; serve all the city in three years (synthetic).",
        }
        for language, text in texts.items():
            page = self.go("firm", f"{draft}write/goals/", language)
            other = self.studio.page("firm", "en" if language == "zh" else "zh")
            other.goto(page.url)
            other.fill("[name=goals-text]", f"{other.input_value('[name=goals-text]')}+")
            press(other, "button[value=stay]")
            page.fill("[name=goals-text]", text)
            press(page, "button[value=stay]")
            self.studio.keep("applicant-two", language, page, ["#main .note.o", "#main .c9"], most=480)

    def correction(self) -> None:
        """What came back: until when, and what is asked; the stamp is void once anything is changed."""
        back = f"/applications/{self.one('application', 'supplement')}/"
        self.take("applicant-correction", "manager", back, "#main", most=560)
        page = self.go("manager", f"{back}write/risk/")
        page.fill("[name=risk-text]", "配套经费列入区级预算，分三年每年六月底前到位；逾期由区财政垫付（示例）。")
        press(page, "button[value=stay]")
        self.go("manager", back)
        self.move("manager", "resend")
        self.take("district-void", "district", f"{back}district/", ["#main .off"])

    # ── the district

    def district(self) -> None:
        """The ranked list; opinion, letter, print, stamp; the code of another print is refused."""
        self.take("district-list", "district", "/applications/district/", "#main", most=560)
        path = f"/applications/{self.one('application', 'district')}/district/"
        page = self.go("district", path)
        page.fill("[name=comment]", "符合本区产业方向，配套经费已列入计划，同意推荐（示例）。")
        for name, value in {"rank": "6", "match": "490.00", "policy": "示例扶持政策〔2026〕8号"}.items():
            page.fill(f"[name={name}]", value)
        press(page, "button[value=say]")
        page.set_input_files("[name=letter]", FilePayload(**{**_PDF, "name": "配套承诺函（示例）.pdf"}))
        press(page, "button[value=letter]")
        press(page, "button[value=print]")
        self.take("district-opinion", "district", path, [_TOP, "#main .g12"], tall=1300, most=760)

        def stamp(page: Page, code: str) -> None:
            page.fill("[name=code]", code)
            page.fill("[name=signatory]", "示例签署人")
            page.set_input_files("[name=scan]", _PDF)
            press(page, "button[value=seal]")

        other, own = (self.asked(f"SELECT code FROM documents_paper WHERE name = 'application-form' ORDER BY {order}")
                      for order in ("id", f"case_id = {int(path.split('/')[2])} DESC"))  # fmt: skip
        self.take(
            "district-refused", "district", path, [_TOP, "#main [role=alert]"], act=lambda page: stamp(page, other)
        )
        stamp(self.go("district", path), own)
        self.take("district-stamp", "district", path, ["#main .off:has(.st.ok)"])

    # ── the officer: call, rules, formal check; the leader waives

    def call_and_check(self) -> None:
        """A call is drafted; a threshold is tried; an application is checked, and a clause "in principle" waived."""

        def write(page: Page) -> None:
            page.fill("[name=title]", "关于申报 2027 年度产业知识产权运营中心建设项目的通知（示例）")
            page.fill("[name=document_number]", "江知〔2027〕3号（示例）")
            page.fill("[name=guide]", GUIDE)
            year = datetime.date.today().year + 1
            for name, when in {"opens_at": "03-01T09:00:00", "closes_at": "03-31T17:00:00",
                               "seals_until": "04-10T17:00:00"}.items():  # fmt: skip
                page.fill(f"[name={name}]", f"{year}-{when}")
            page.check("[name=patent_open]")
            for name, value in {"budget": "2000", "places": "4", "quota": "3"}.items():
                page.fill(f"[name=patent_{name}]", value)

        self.take("officer-call", "officer", "/calls/new/", "#main", act=write, tall=1100, most=1010)

        def what_if(page: Page) -> None:
            page.locator(".th-f input").first.fill("135")
            press(page, "#main form.bd button")

        self.take("officer-simulation", "officer", "/simulation/", "#main", act=what_if, most=640)
        made = self.one("application", "submitted")
        path = f"/applications/{made}/check/"
        page = self.go("officer", path)
        press(page, "button[value=run]")
        for each in page.locator("input[type=radio][value=yes]").all():
            each.check()
        press(page, "button[value=answer]")
        page.fill("#reason", "产值 168 亿元，近三年年均增长 11.8%，为本市重点扶持产业（示例）。")
        press(page, "button[value=waive]")
        self.take("officer-check", "officer", path, panel("[name=item-seal]"), tall=2600)
        self.take("officer-rules", "officer", path, panel("button[value=run]"), tall=2600, most=520)
        self.take("leader-waiver", "leader", path, panel("button[value=approve]"), tall=2600)
        page = self.go("leader", path)
        press(page, "button[value=approve]")
        page = self.go("officer", path)
        press(page, "button[value=run]")
        self.take("officer-confirm", "officer", path, [_BOX], act=lambda page: press(
            page, "#opn-form button[value=accept]"), tall=1200)  # fmt: skip
        self.go("officer", path)
        self.move("officer", "accept")

    # ── the officer: experts, conflicts, draw

    def experts_and_draw(self) -> None:
        """An expert's declarations; a panel is made up; conflicts; a list that waits; one that is at work."""
        self.take("officer-experts", "officer", "/experts/", "#main", most=420)
        page = self.go("officer", "/panels/new/")
        page.fill("[name=title]", "专利类专家组·第三批（示例）")
        press(page, "#main button.pri")
        compose = page.url.removeprefix(self.studio.url)

        def compose_it(page: Page) -> None:
            for box in page.locator("[name=applications]").all():
                box.check()
            for stratum, seats in {"technology": "2", "industry": "1", "ip": "1", "finance": "1"}.items():
                page.fill(f"[name=seats-{stratum}]", seats)
            page.fill("[name=number_words]", "示例公开号码第 2026143 期")
            due = datetime.datetime.now() + datetime.timedelta(days=2)
            page.fill("[name=due]", f"{due:%Y-%m-%dT21:15}")
            page.fill("[name=reviews_until]", f"{due + datetime.timedelta(days=14):%Y-%m-%d}")

        self.take("officer-compose", "officer", compose, "#main", act=compose_it, most=640)
        published = self.one("panel", "published")
        self.take("officer-conflicts", "officer", f"/panels/{published}/conflicts/", "#main", most=560)
        self.take("officer-draw", "officer", f"/panels/{published}/", [_TOP, _BOX], tall=820)
        self.take("officer-panel", "officer", f"/panels/{self.one('panel', 'drawn')}/", "#main", most=640)

    # ── the expert

    def review(self) -> None:
        """Invited, accepted, two sheets, signed; then all have signed, and the panel is locked."""
        self.take("expert-me", "expert", "/experts/me/", "#main", most=640)
        page = self.go("expert", "/reviews/")
        path = f"/reviews/{self.one_of('expert', 'offered')}/"
        self.take("expert-invitation", "expert", path, [_TOP, _BOX], tall=720)
        page = self.go("expert", path)
        page.check("[name=no_interest]")
        self.move("expert", "accept")
        self.go("expert", path)
        page = self.move("expert", "begin")
        page = self.go("expert", path)
        sheets = [str(each.get_attribute("href")) for each in page.locator("#main table a.il").all()]
        for number, address in enumerate(sheets):
            page = self.go("expert", address)
            for at, mark in enumerate(page.locator("input[name^='mark-']").all()):
                most = float(mark.get_attribute("max") or 0)
                mark.fill(f"{int(most * (0.84 - 0.05 * number + 0.02 * (at % 3 - 1)) / 0.5) * 0.5:g}")
            page.fill("[name=overall]", "总体可行，资金安排与任务相称（示例）。")
            if number == 0:
                page.locator("input[name^='mark-']").nth(1).fill("6")
                press(page, "button[value=stay]")
                self.take("expert-sheet", "expert", address, "#main", tall=860, most=780)
                page = self.go("expert", address)
            for text in page.locator("textarea[name^='comment-']").all():
                text.fill("依据充分，指标可核验；建议补充跨区服务的安排（示例）。")
            press(page, "button[value=stay]")
        self.take("expert-sign", "expert", path, [_TOP, _BOX], tall=720)
        self.go("expert", path)
        self.move("expert", "lock")
        self.stage("sign")
        self.go("officer", f"/panels/{self.one('panel', 'drawn')}/")
        self.move("officer", "lock")
        self.take(
            "officer-results", "officer", f"/panels/{self.one('panel', 'locked', 'min')}/results/", "#main", most=620
        )

    def one_of(self, who: str, state: str) -> int:
        """The review of an account in a state."""
        query = (
            "SELECT c.id FROM casework_case c JOIN programme_review r ON r.case_id = c.id"
            " JOIN programme_expert e ON e.id = r.expert_id JOIN accounts_membership m ON m.id = e.membership_id"
            " JOIN accounts_user u ON u.id = m.user_id WHERE u.username = ? AND c.state = ?"
        )
        return int(self.asked(query, who, state))

    # ── the decision

    def decision(self) -> None:
        """A pack, the meeting, what is refused, the notice."""
        self.stage("clear")
        page = self.go("officer", "/decisions/new/")
        row = page.locator(f"tr:has(a[href='/calls/{self.call}/'])")
        for left in page.locator("[name^='left-']").all():  # what waits for its results is named, and why
            left.fill("尚在评审，另行审定（示例）。")
        with page.expect_navigation():
            row.locator("button").first.click()
        path = page.url.removeprefix(self.studio.url)
        self.enter(page, ("approve", "amend"), ("评审排序靠前（示例）。", "平台开发科目按询价核减（示例）。"))
        press(page, "button[value=save]")
        self.take("officer-pack", "officer", path, "#main", most=600)
        self.go("officer", path)
        self.move("officer", "table")
        self.take("leader-desk", "leader", "/", "#main", most=460)
        page = self.go("leader", path)
        self.enter(page, ("approve", "amend"), ("同意拟办意见（示例）。",) * 2)
        page.fill("[name=present]", "沈景行\n示例成员甲\n示例成员乙")
        page.fill("[name=held_on]", f"{datetime.date.today():%Y-%m-%d}")
        press(page, "button[value=save]")

        self.take("leader-refused", "leader", path, [_BOX], act=lambda page: refused(page, "decide"), tall=1200)
        page = self.go("leader", path)
        page.fill("[name=minutes_number]", "江知党组纪〔2026〕12 号（示例）")
        page.fill("[name=member-0]", "示例成员乙")
        page.select_option("[name=item-0]", index=1)
        page.fill("[name=why-0]", "亲属在申报单位任职（示例）")
        press(page, "button[value=save]")
        self.take("leader-meeting", "leader", path, "#main", tall=1300, most=1180)
        self.go("leader", path)
        self.move("leader", "decide")
        self.go("officer", path)
        self.move("officer", "publicise")
        self.path = path
        self.take("public-notice", "", f"/public{path}", "#main", most=480)

    @staticmethod
    def enter(page: Page, kinds: tuple[str, ...], reasons: tuple[str, ...]) -> None:
        """What is proposed or decided of each item, in the order of the pack."""
        for number, (kind, reason) in enumerate(zip(kinds, reasons, strict=True)):
            row = page.locator("tr:has(fieldset.rseg)").nth(number)
            row.locator(f"input[type=radio][value={kind}]").check(force=True)
            if kind == "amend":
                row.locator("input[name^=amount-]").fill("420.00")
            row.locator("input[name^=reason-]").fill(reason)

    def objection(self) -> None:
        """The firm objects to the notice; it is looked into and answered; the list is not due yet."""

        def object_to(page: Page) -> None:
            page.fill("[name=signed_by]", "许知行")
            page.fill("[name=contact]", "000-00000000")
            page.fill("[name=text]", "产值的统计口径可能含市外子公司，请核对，附年报页（示例）。")

        self.take("public-object", "firm", f"{self.path}object/", "#main", act=object_to, most=700)
        page = self.go("firm", f"{self.path}object/")
        object_to(page)
        press(page, "#main button.pri, #main button.act")
        there = f"/objections/{self.one('objection', 'received')}/"
        self.go("officer", there)
        page = self.move("officer", "investigate")
        page = self.go("officer", there)
        page.fill("#main form textarea:not(#opn-note)", "调阅统计年报：产值只计本市登记的单位（示例）。")
        press(page, "#main .g12 form button")
        self.take("leader-objection", "leader", there, "#main", tall=800, most=760)
        self.take("leader-issue", "leader", self.path, [_BOX], act=lambda page: refused(page, "issue"), tall=1200)
        self.take("public-mine", "firm", there, "#main", most=520)

    def steward(self) -> None:
        """All cases, a panel as the auditor sees it, and what the clock does."""
        self.take("steward-cases", "auditor", "/cases/", "#main", most=480)
        self.take("steward-sealed", "auditor", f"/panels/{self.one('panel', 'locked', 'min')}/", "#main", most=480)
        self.take("steward-rounds", "auditor", "/rounds/", "#main", most=520)
