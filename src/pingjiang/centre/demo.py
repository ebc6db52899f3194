"""A synthetic city for the demo: bureau, districts, centres, firms, institutes, experts, partners, an account a role.

Everything in it is made up, is marked synthetic and is called 示例. Equal on every machine; only the passwords are new
each time, and are given back to be printed. Refused outside the demo and the tests.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from pingjiang.centre.accounts.models import Actor, District, Hat, Membership, Organisation, User
from pingjiang.centre.accounts.roles import ROLES
from pingjiang.centre.announcements import service as announcements
from pingjiang.centre.announcements.models import Announcement
from pingjiang.centre.casework import past, service
from pingjiang.centre.evidence import adopting
from pingjiang.centre.programme import demo as demo_programme
from pingjiang.centre.programme.models import Call
from pingjiang.centre.programme.services.demo import City
from pingjiang.engine import Lake
from pingjiang.errors import PingjiangError
from pingjiang.identifiers import complete_credit_code

FIRMS, INSTITUTES, UNIVERSITIES = 132, 12, 6  # 150 in all
EXPERTS, PARTNERS = 30, 10
_DISTRICTS = (
    ("320598", "北岸区", "Beian District"), ("320597", "南塘区", "Nantang District"),
    ("320596", "东桥区", "Dongqiao District"),
)  # fmt: skip
_CENTRES = (
    ("半导体产业知识产权运营中心", "Semiconductor IP operations centre"),
    ("智能网联汽车产业知识产权运营中心", "Connected vehicles IP operations centre"),
    ("数字出版产业知识产权运营中心", "Digital publishing IP operations centre"),
)
_FIRST = {
    "衡": "heng", "启": "qi", "沐": "mu", "澄": "cheng", "砚": "yan", "岚": "lan", "舟": "zhou",
    "曜": "yao", "砺": "li",
    "禾": "he", "泓": "hong", "湛": "zhan", "翎": "ling", "朔": "shuo", "屿": "yu", "苇": "wei",
    "渊": "yuan", "霁": "ji",
}  # fmt: skip
_SECOND = {
    "石": "shi", "川": "chuan", "光": "guang", "微": "wei", "澜": "lan", "泽": "ze", "峰": "feng", "辰": "chen",
    "图": "tu", "鸣": "ming", "城": "cheng", "木": "mu", "行": "xing", "信": "xin",
}  # fmt: skip
_TRADES = (
    ("半导体", "Semiconductor"), ("微电子", "Microelectronics"), ("光电", "Photonics"), ("精密设备", "Equipment"),
    ("新材料", "Materials"), ("智能装备", "Machinery"), ("车联网", "Vehicle networks"), ("封装测试", "Packaging"),
)  # fmt: skip
_FORMS = (("有限公司", "Co., Ltd."), ("股份有限公司", "Inc."))
_PARTNERS = (
    ("agency", "知识产权服务有限公司", "IP Services"), ("bank", "银行股份有限公司", "Bank"),
    ("insurer", "财产保险股份有限公司", "Insurance"), ("fund", "创业投资基金", "Venture Fund"),
)  # fmt: skip
_SURNAMES = "江何沈陆顾唐许方叶苏潘程范韦"
_GIVEN = ("望舒", "以安", "知行", "若水", "明远", "清和", "怀瑾", "思齐", "南乔", "云起", "景行", "乐山")
# Role → (account, name, hats). The organisation follows from the role.
_ACCOUNTS = {
    "programme_officer": ("officer", "何以安", ()),
    "decision_maker": ("leader", "沈景行", ()),
    "district_officer": ("district", "陆清和", ()),
    "centre_manager": ("manager", "顾明远", ()),
    "centre_specialist": ("analyst", "江望舒", ("analyst", "pool")),
    "member_user": ("firm", "许知行", ("organisation_admin",)),
    "expert": ("expert", "唐怀瑾", ("reviewer", "tagger")),
    "partner": ("partner", "方思齐", ()),
    "steward": ("auditor", "叶乐山", ("auditor", "administrator")),
}


_NOTICES: tuple[tuple[str, dict[str, object]], ...] = (
    (
        "关于申报产业知识产权运营中心建设项目的通知（示例）",
        {
            "kind": "call", "document_number": "江知〔2026〕1号（示例）", "answer_days": 5,
            "body": "各区县、各有关单位：\n现组织申报本年度产业知识产权运营中心建设项目。"
            "本通知为示例，不对应任何真实项目。\n"
            "一、申报产业应符合战略性、高端性、引领性、集群性、规模性的要求。\n二、申报材料由所在区县审核盖章后报送。",
        },
    ),
    (
        "关于举办专利导航培训的通知（示例）",
        {"kind": "notice", "document_number": "江知〔2026〕2号（示例）", "answer_days": 5,
         "body": "各有关单位：\n定于下月举办专利导航培训。本通知为示例。"},
    ),
    (
        "关于征集高价值专利培育需求的通知（示例）",
        {"kind": "notice", "answer_days": 10, "body": "各有关单位：\n现征集高价值专利培育需求。本通知为示例。"},
    ),
)  # fmt: skip
_QUESTION = ("集群企业家数怎样计算？", "通知所说集群企业和研发机构超过 100 家，是否包括市外设立的分公司？")


@dataclass(frozen=True)
class Account:
    """An account of the demo, to be printed."""

    role: str
    username: str
    password: str
    organisation: str

    @property
    def words(self) -> tuple[str, str]:
        """The role in Chinese and English."""
        return ROLES[self.role].words


@transaction.atomic
def make() -> list[Account]:
    """Make the city where it is not there yet; give each role's account a new password. The accounts, a role each."""
    if settings.SITE_MODE not in ("demo", "test"):
        raise PingjiangError("示例城市只在演示中建立。", "The synthetic city is made in the demo alone.")
    if not Organisation.objects.filter(synthetic=True).exists():
        with past.at(demo_programme.begins_at(timezone.now())):
            _organisations(random.Random(20261129))
            _experts(random.Random(20261130))
            for role in ROLES:
                _person(role)
            _applicants(random.Random(20261201))
    accounts = [_account(role) for role in ROLES]
    if not Call.objects.exists():
        demo_programme.make(_city())
    if not Announcement.objects.exists():
        _announcements()
    return accounts


def _city() -> City:
    """Who acts in the programme."""
    others = User.objects.filter(username__startswith="applicant").order_by("username")
    return City(
        officer=_actor("programme_officer"), leader=_actor("decision_maker"), district=_actor("district_officer"),
        manager=_actor("centre_manager"), firm=_actor("member_user"), expert=_actor("expert"),
        applicants=tuple(user.actors()[0] for user in others),
    )  # fmt: skip


def hold_city_lake(lake: Path) -> None:
    """The bureau's city lake, of open sources: what lies in `lake` is real, as the city is not."""
    bureau = Organisation.objects.filter(synthetic=True, kind="authority").order_by("pk")[0]
    name = ("城市数据湖", "City lake")
    adopting.adopt(Lake(lake), bureau, name, chain="semiconductors", open_sources=True)


def _organisations(draw: random.Random) -> None:
    districts = [District.objects.create(code=code, name_zh=zh, name_en=en) for code, zh, en in _DISTRICTS]
    made = [
        Organisation(kind="authority", name_zh="江城市知识产权局（示例）", name_en="Jiangcheng IP Bureau (synthetic)",
                     tracks=["patent", "copyright"]),
    ]  # fmt: skip
    for district, (centre_zh, centre_en) in zip(districts, _CENTRES, strict=True):
        made += [
            Organisation(kind="district", name_zh=f"{district.name_zh}科技局（示例）",
                         name_en=f"{district.name_en} Science Bureau (synthetic)", district=district),
            Organisation(kind="centre", name_zh=f"江城{centre_zh}（示例）", name_en=f"{centre_en} (synthetic)",
                         district=district),
        ]  # fmt: skip
    names = _names(draw)
    for _ in range(FIRMS):
        (trade_zh, trade_en), (form_zh, form_en) = draw.choice(_TRADES), draw.choice(_FORMS)
        zh, en = next(names)
        made.append(
            Organisation(kind="firm", name_zh=f"{zh}{trade_zh}{form_zh}（示例）",
                         name_en=f"{en} {trade_en} {form_en} (synthetic)", district=draw.choice(districts))
        )  # fmt: skip
    for kind, count, word_zh, word_en in (
        ("institute", INSTITUTES, "技术研究院", "Research Institute"),
        ("university", UNIVERSITIES, "大学", "University"),
    ):  # fmt: skip
        for _ in range(count):
            zh, en = next(names)
            made.append(
                Organisation(kind=kind, name_zh=f"{zh}{word_zh}（示例）", name_en=f"{en} {word_en} (synthetic)",
                             district=draw.choice(districts))
            )  # fmt: skip
    for n in range(PARTNERS):
        kind, word_zh, word_en = _PARTNERS[n % len(_PARTNERS)]
        zh, en = next(names)
        made.append(Organisation(kind=kind, name_zh=f"{zh}{word_zh}（示例）", name_en=f"{en} {word_en} (synthetic)"))
    for n, organisation in enumerate(made):
        organisation.synthetic = True
        division = organisation.district.code if organisation.district else "320500"
        authority, kind = ("1", "1") if organisation.kind in ("authority", "district", "university") else ("9", "1")
        # One run of codes, MAX00000 and so on: right in form, made up like the names.
        organisation.credit_code = complete_credit_code(f"{authority}{kind}{division}", f"MAX{n:05d}").code
        organisation.full_clean()
        organisation.save()


def _names(draw: random.Random) -> Iterator[tuple[str, str]]:
    """Made-up names in Chinese with their reading, each once."""
    pairs = [(one, two) for one in _FIRST for two in _SECOND if one != two]
    draw.shuffle(pairs)
    for one, two in pairs:
        yield one + two, f"{_FIRST[one]}{_SECOND[two]}".capitalize()


def _experts(draw: random.Random) -> None:
    employers = list(
        Organisation.objects.filter(synthetic=True, kind__in=("university", "institute", "agency")).order_by("pk")
    )
    names = [surname + given for surname in _SURNAMES for given in _GIVEN]
    taken = {name for _, name, _ in _ACCOUNTS.values()}
    draw.shuffle(names)
    chosen = [name for name in names if name not in taken][: EXPERTS - 1]  # one more has an account
    for n, name in enumerate(chosen, 1):
        user = User.objects.create_user(username=f"expert{n:02d}", name=name, synthetic=True)
        membership = _membership(user, draw.choice(employers), "expert")
        _hat(membership, "reviewer")


def _person(role: str) -> User:
    """Who has the account of a role."""
    username, name, hats = _ACCOUNTS[role]
    user = User.objects.create_user(username=username, name=name, synthetic=True)
    kind = {"member_user": "firm", "expert": "university", "partner": "bank"}.get(role) or min(ROLES[role].kinds)
    organisation = Organisation.objects.filter(synthetic=True, kind=kind).order_by("pk")[0]
    membership = _membership(user, organisation, role)
    for hat in hats:
        _hat(membership, hat)
    return user


def _applicants(draw: random.Random) -> None:
    """People of other firms of the first district, who apply beside the accounts. Nobody signs in as them."""
    district = District.objects.order_by("pk")[0]
    taken = Membership.objects.filter(organisation__kind="firm").values("organisation")
    firms = Organisation.objects.filter(synthetic=True, kind="firm", district=district).exclude(pk__in=taken)
    names = set(User.objects.values_list("name", flat=True))
    free = [surname + given for surname in _SURNAMES for given in _GIVEN if surname + given not in names]
    for number, firm in enumerate(firms.order_by("pk")[: demo_programme.APPLICANTS], start=1):
        name = draw.choice(free)
        free.remove(name)
        user = User.objects.create_user(username=f"applicant{number:02d}", name=name, synthetic=True)
        _hat(_membership(user, firm, "member_user"), "organisation_admin")


def _account(role: str) -> Account:
    username = _ACCOUNTS[role][0]
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    user = User.objects.get(username=username, synthetic=True)
    user.set_password(password)
    user.save(update_fields=["password"])
    return Account(role, username, password, user.memberships.get().organisation.name_zh)


def _announcements() -> None:
    """A call that is published and asked about, one that waits for its signature, a draft."""
    officer, leader, firm = (_actor(role) for role in ("programme_officer", "decision_maker", "member_user"))
    kinds = [(kind, None) for kind in ("centre", "firm", "university", "institute")]
    for title, said in _NOTICES:
        announcement = announcements.draft(officer, title, {**said, "public": True}, kinds, track="patent")
        if said is _NOTICES[-1][1]:
            return
        service.perform(announcement.case, "submit", officer)
        if said is _NOTICES[0][1]:
            service.perform(announcement.case, "publish", leader)
            announcements.ask(announcement, firm, _QUESTION[0], _QUESTION[1])


def _actor(role: str) -> Actor:
    return User.objects.get(username=_ACCOUNTS[role][0]).actors()[0]


def _membership(user: User, organisation: Organisation, role: str) -> Membership:
    tracks = list(organisation.tracks) if role in ("programme_officer", "decision_maker") else []
    membership = Membership(user=user, organisation=organisation, role=role, tracks=tracks, since=timezone.localdate())
    membership.full_clean()
    membership.save()
    return membership


def _hat(membership: Membership, name: str) -> None:
    hat = Hat(membership=membership, name=name, since=timezone.localdate())
    hat.full_clean()
    hat.save()
