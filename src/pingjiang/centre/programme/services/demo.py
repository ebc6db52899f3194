"""What the people of the synthetic city do with calls and applications, each step as one call.

Each step goes through the services, by who may: what is refused to people is refused to the demo.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.casework import service
from pingjiang.centre.programme.checklist import checklist
from pingjiang.centre.programme.content import demo as content
from pingjiang.centre.programme.models import Application, Call
from pingjiang.centre.programme.services import applications, attaching, calls, checks, districts, drafts
from pingjiang.centre.programme.services.calls import Opened
from pingjiang.rulebook.policies import policy

PACK = "suzhou_2018_116"
_MATCH = Decimal("490.00")  # ten thousand yuan: the local money of `content`


@dataclass(frozen=True)
class City:
    """Who acts: an account a role, and firms of the district who apply beside them."""

    officer: Actor
    leader: Actor
    district: Actor
    manager: Actor
    firm: Actor
    expert: Actor
    applicants: tuple[Actor, ...]


def call(city: City, days: tuple[int, int], *, budget: Decimal, places: int, number: int) -> Call:
    """This year's call of both tracks, issued now: open for so many days, and for so many to the districts."""
    now = timezone.localtime().replace(minute=0, second=0, microsecond=0)
    evening = now.replace(hour=17)
    pack = policy(PACK)
    tracks = [Opened(track, pack.id, pack.version, budget, places, 8) for track in ("patent", "copyright")]
    closes, seals = (evening + datetime.timedelta(days=each) for each in days)
    said = {
        "year": now.year, "document_number": f"江知〔{now.year}〕{number}号（示例）", "guide": content.GUIDE,
        "opens_at": now, "closes_at": closes, "seals_until": seals, "contact": "示例联系电话",
    }  # fmt: skip
    title = f"关于申报 {now.year} 年度产业知识产权运营中心建设项目的通知（示例）"
    made = calls.draft(city.officer, title, said, tracks)
    service.perform(made.case_id, "submit", city.officer)
    service.perform(made.case_id, "publish", city.leader)
    return Call.objects.select_related("case__owner").get(pk=made.pk)


def fresh(made: Application) -> Application:
    """As it stands now."""
    found = Application.objects.select_related("case__owner", "case__authority", "call__case", "district")
    return found.get(pk=made.pk)


def sent(
    on: Call, actor: Actor, title: str, *, bodies: int = 132, listed: int = 0, output: str = "213",
    copied: Application | None = None,
) -> Application:  # fmt: skip
    """An application, written whole, with its files, sent to the district. `listed`: how many its list names."""
    made = applications.begin(on, actor, "patent", title, copied=copied)
    there = {row.name: row.revision for row in made.sections.all()}
    for name, text in content.content(bodies, output, on.year).items():
        drafts.save(made, actor, name, text, revision=there.get(name, 0))
    files = [(name, file, content.sheet()) for name, file in content.MATERIALS]
    for material, file, data in [*files, (*content.LIST, content.listed(listed or bodies))]:
        attaching.attach(made, actor, material, [data], file, len(data))
    applications.send(fresh(made), actor)
    return fresh(made)


def put_forward(city: City, made: Application, rank: int) -> Application:
    """Recommended by its district, printed, stamped and put forward."""
    made, actor = fresh(made), city.district
    said = {
        "comment": "符合本区产业方向，同意推荐（示例）。", "rank": rank, "match": _MATCH,
        "policy": f"示例扶持政策〔{made.call.year}〕8号",
    }  # fmt: skip
    districts.recommend(made, actor, said, revision=0)
    districts.add_letter(made, actor, [content.sheet()], "配套承诺函（示例）.pdf")
    paper = districts.print_form(made, actor)
    today = timezone.localdate()
    districts.seal(made, actor, paper.code, "示例签署人", today, [content.sheet()], "盖章件（示例）.pdf")
    service.perform(made.case_id, "recommend", actor)
    return fresh(made)


def checked(city: City, made: Application, wrong: dict[str, str] | None = None) -> Application:
    """The rules run, and the list answered: what is `wrong` (item → why) does not hold, all else does."""
    made, officer = fresh(made), city.officer
    checks.run(made, officer)
    version = made.versions.first()
    if version is None:
        raise LookupError(f"{made.case.number} was never handed in")
    not_so = wrong or {}
    answers = {item.name: (item.name not in not_so, not_so.get(item.name, "")) for item in checklist(made, version)}
    checks.answer(made, officer, answers)
    return fresh(made)


def accepted(city: City, rows: Iterable[Application]) -> list[Application]:
    """Found in order, and accepted."""
    made = [checked(city, each) for each in rows]
    for each in made:
        service.perform(each.case_id, "accept", city.officer)
    return [fresh(each) for each in made]
