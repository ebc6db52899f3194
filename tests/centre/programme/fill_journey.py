"""The people of the journey in a site of their own: the bureau, a district, four applicants, a pool of experts.

`python -m tests.centre.programme.fill_journey`. Nothing else is there: all that happens is done in the browser.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pingjiang.centre.accounts.models import Actor, Organisation

CALL = "关于申报 2026 年度产业知识产权运营中心建设项目的通知"
APPLICANTS = {
    # user name → name, its organisation
    "alice": ("许知行", "示例甲产业园发展有限公司", "Example Park A"),
    "charlie": ("程望舒", "示例乙科技发展有限公司", "Example Firm B"),
    "cora": ("顾清和", "示例丙产业研究院有限公司", "Example Institute C"),
    "dave": ("丁一鸣", "示例丁知识产权服务有限公司", "Example Firm D"),
}
TITLES = {
    "alice": "高端新能源材料产业知识产权运营中心", "charlie": "智能传感产业知识产权运营中心",
    "cora": "生物医用材料产业知识产权运营中心", "dave": "工业软件产业知识产权运营中心",
}  # fmt: skip
EXPERTS = {
    # stratum → names; each has an employer of their own
    "technology": ("沈知微", "陆明远", "白若谷", "何思齐"), "industry": ("秦观海", "方立言", "孟长庚"),
    "ip": ("宋怀瑾", "魏书言", "江守一"), "finance": ("钱惟善", "韩若愚"),
}  # fmt: skip
# Whom the officer takes in later: before the list, and once a stratum is used up.
NEWCOMER = ("newcomer", "闻人泽", "示例新入库大学", "Example New University")
LATECOMER = ("latecomer", "唐景行", "示例后入库银行", "Example Late Bank")


def ahead_of(folder: Path) -> Path:
    """Where it is written by how many seconds the clock of a site is ahead: see journey_settings."""
    return folder / "ahead"


def experts() -> dict[str, str]:
    """Name of an expert → user name."""
    found = {name: f"{stratum}{n}" for stratum, names in EXPERTS.items() for n, name in enumerate(names)}
    return {**found, NEWCOMER[1]: NEWCOMER[0], LATECOMER[1]: LATECOMER[0]}


def main() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import transaction

    Path(settings.SITE_FOLDER).mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic():
        _fill()


def _fill() -> None:
    from pingjiang.centre.accounts.models import District, Organisation
    from pingjiang.centre.programme.services import experts as pool

    codes, tracks = random.Random(116), ["patent", "copyright"]

    def place(kind: str, zh: str, en: str, **more: Any) -> Organisation:
        from benchmarks.generate.register import credit_code

        return Organisation.objects.create(
            kind=kind, name_zh=zh, name_en=en, credit_code=credit_code(codes, "320500", "91"), **more
        )

    district = District.objects.create(code="320506", name_zh="吴中区", name_en="Wuzhong")
    bureau = place("authority", "示例市知识产权局", "Example City IP Bureau", tracks=tracks)
    olga = _person("olga", "欧阳致远", bureau, "programme_officer", tracks)
    _person("leader", "梁启文", bureau, "decision_maker")
    _person("dora", "杜若", place("district", "吴中区知识产权局", "Wuzhong IP Office", district=district),
            "district_officer")  # fmt: skip
    for user, (name, zh, en) in APPLICANTS.items():
        _person(user, name, place("firm", zh, en, district=district), "member_user")
    fields = {"technology": "电池材料、电化学", "industry": "新能源产业", "ip": "专利运营", "finance": "质押融资"}
    for stratum, names in EXPERTS.items():
        for n, name in enumerate(names):
            home = place("expert_body", f"示例{fields[stratum][:2]}机构{n + 1}", f"Example {stratum} body {n + 1}")
            pool.take_in(olga, _person(f"{stratum}{n}", name, home, "expert").membership, stratum, fields[stratum])
    for user, name, zh, en in (NEWCOMER, LATECOMER):
        _person(user, name, place("expert_body", zh, en), "expert")


def _person(user: str, name: str, organisation: Organisation, role: str, tracks: list[str] | None = None) -> Actor:
    """A person in a role, who signs in under a name of letters."""
    from pingjiang.centre.accounts.models import User
    from tests.centre.cast import person

    made = person(user, organisation, role, tracks)
    User.objects.filter(pk=made.user.pk).update(name=name)
    made.user.refresh_from_db()
    return made


if __name__ == "__main__":
    main()
