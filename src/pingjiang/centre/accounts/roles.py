"""The nine roles, the kinds of organisations they belong to, and the hats that are assigned beside them.

Data alone; knows no web. A role is held by a membership: one person may hold several, and acts in one at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

from pingjiang.errors import Words

# Kind of organisation → words.
KINDS: dict[str, tuple[str, str]] = {
    "authority": ("市级主管部门", "City authority"),
    "district": ("区县主管部门", "District authority"),
    "centre": ("运营中心", "Operations centre"),
    "firm": ("企业", "Firm"),
    "university": ("高校", "University"),
    "institute": ("科研院所", "Research institute"),
    "agency": ("服务机构", "Service agency"),
    "bank": ("银行", "Bank"),
    "insurer": ("保险公司", "Insurer"),
    "fund": ("基金", "Fund"),
    "expert_body": ("专家所在单位", "Employer of experts"),
}
# The two tracks of the programme; an officer's rights follow them.
TRACKS: dict[str, tuple[str, str]] = {"patent": ("专利类", "Patent track"), "copyright": ("版权类", "Copyright track")}


@dataclass(frozen=True)
class Role:
    """A role: its name, words, the kinds of organisations whose people may hold it, and its hats."""

    name: str
    words: tuple[str, str]
    kinds: frozenset[str]
    hats: dict[str, Words]


def _role(name: str, zh: str, en: str, kinds: tuple[str, ...], **hats: Words) -> Role:
    return Role(name, (zh, en), frozenset(kinds), hats)


ROLES: dict[str, Role] = {
    role.name: role
    for role in (
        _role("programme_officer", "项目管理员", "Programme officer", ("authority",)),
        _role("decision_maker", "局领导（党组）", "Decision maker", ("authority",)),
        _role("district_officer", "区县主管", "District officer", ("district",)),
        _role("centre_manager", "中心负责人", "Centre manager", ("centre",)),
        _role(
            "centre_specialist", "中心专员", "Centre specialist", ("centre",),
            analyst=("分析", "Analyst"), pool=("专利池", "Pool"), finance=("金融", "Finance"),
            protection=("维权", "Protection"), copyright=("版权", "Copyright"),
        ),
        _role(
            "member_user", "企业/高校用户", "Firm or university user", ("firm", "university", "institute"),
            organisation_admin=("单位管理员", "Administrator of the organisation"),
        ),
        _role(
            "expert", "专家", "Expert", ("expert_body", "university", "institute", "firm", "agency"),
            reviewer=("评审", "Reviewer"), tagger=("标引", "Tagger"),
            evaluator=("必要性评估", "Essentiality evaluator"), mediator=("调解", "Mediator"),
        ),
        _role("partner", "服务/金融机构", "Partner", ("agency", "bank", "insurer", "fund")),
        _role(
            "steward", "审计/系统管理员", "Auditor or administrator", ("authority",),
            auditor=("审计", "Auditor"), administrator=("系统管理员", "Administrator"),
        ),
    )
}  # fmt: skip
