"""The vocabulary: what looks alike and means something else, and what nobody knows."""

from __future__ import annotations

import pytest

from pingjiang.legal.vocabulary import (
    LIVES,
    document_kinds,
    kind_of,
    kind_of_class,
    kind_of_state,
    load_kinds,
    load_vocabularies,
)

# rules.md 4.2: pitfalls of matching words; and wordings of the gazette of different years.
GAZETTE = {
    "驳回理由通知书": "office_action",
    "发明专利申请公布后的驳回": "rejected",
    "撤销国家知识产权局于2015年04月07日对本申请作出的驳回决定。": "rejection_annulled",
    "视为放弃取得专利权": "abandoned_by_default",
    "避免重复授权放弃专利权": "abandoned",
    "主动放弃专利权": "abandoned",
    "未缴年费专利权终止,等恢复": "lapsed_restorable",
    "未缴年费专利权终止，等待恢复": "lapsed_restorable",
    "未缴年费终止失效": "lapsed",
    "未缴年费专利权终止": "lapsed",
    "专利权的终止": "right_ended",
    "专利权的终止①": "right_ended",
    "②专利权终止": "right_ended",
    "专利权在期限届满前终止公告": "right_ended",
    "专利权有效期届满": "expired",
    "专利权的恢复": "restored",
    "发明专利申请公布后的撤回": "withdrawn",
    "发明专利申请公布后的视为撤回": "deemed_withdrawn",
    "专利权的全部无效宣告": "invalidated",
    "专利权全部无效": "invalidated",
    "专利权部分无效": "invalidated_in_part",
    "专利权的无效、部分无效宣告": "other",
    "无效宣告请求": "invalidation_requested",
    "专利实施许可合同备案的生效": "licensed",
    "专利实施许可合同备案的注销": "licence_ended",
    "专利权质押合同登记的生效": "pledged",
    "专利权质押合同登记的注销": "pledge_released",
    "专利权的保全": "preserved",
    "专利权的保全的解除": "preservation_lifted",
    "专利申请权、专利权的转移 专利申请权的转移": "transferred",
    "专利权人的姓名或者名称、地址的变更": "party_changed",
    "著录事项变更": "party_changed",
    "发明专利公报更正": "corrected",
    "公 开": "published",
    "实质审查的生效": "examining",
    "实质审查请求": "examination_requested",
    "授权": "granted",
    "授 权": "granted",
}


@pytest.mark.parametrize(("words", "kind"), GAZETTE.items())
def test_words_of_the_gazette(words: str, kind: str) -> None:
    assert kind_of("patentics_xlsx", "CN", None, words, None) == kind


CODES = (
    ("patentics_xlsx", "CN", "CF01", "", "lapsed"), ("ops_family", "CN", "RR01", "REINSTATEMENT", "restored"),
    ("ops_family", "CN", "IW01", "", "invalidated"), ("ops_family", "CN", "IP01", "", "invalidated_in_part"),
    ("ops_family", "CN", "AV01", "", "abandoned"), ("ops_family", "CN", "PE01", "", "pledged"),
    ("ops_family", "KR", "E902", "NOTIFICATION OF REASON FOR REFUSAL", "examining"),
    ("ops_family", "KR", "E601", "DECISION TO REFUSE APPLICATION", "rejected"),
    ("ops_family", "JP", "A131", "NOTIFICATION OF REASONS FOR REFUSAL", "examining"),
    ("ops_family", "JP", "A02", "DECISION OF REFUSAL", "rejected"),
    ("ops_family", "EP", "PG25", "LAPSED IN A CONTRACTING STATE", "ended_in_state"),
    ("ops_family", "EP", "GRAA", "(EXPECTED) GRANT", "allowed"), ("ops_family", "EP", "27W", "", "invalidated"),
    ("ops_family", "US", "LAPS", "", "lapsed"), ("ops_family", "US", "MAFP", "", "fee_paid"),
    ("uspto_peds", "US", "CTFR", "Final Rejection", "examining"), ("uspto_peds", "US", "EXP.", "", "lapsed"),
    ("uspto_peds", "US", "PMFG", "", "restored"),
)  # fmt: skip


@pytest.mark.parametrize(("format_", "authority", "code", "text", "kind"), CODES)
def test_codes(format_: str, authority: str, code: str, text: str, kind: str) -> None:
    assert kind_of(format_, authority, code, text, None) == kind


ASSIGNMENTS = {
    "ASSIGNMENT OF ASSIGNORS INTEREST (SEE DOCUMENT FOR DETAILS).": "transferred",
    "SECURITY INTEREST": "pledged",
    "RELEASE BY SECURED PARTY": "pledge_released",
    "CHANGE OF NAME": "party_changed",
    "LICENSE": "licensed",
}


@pytest.mark.parametrize(("text", "kind"), ASSIGNMENTS.items())
def test_what_an_assignment_conveys(text: str, kind: str) -> None:
    assert kind_of("uspto_assignment", "US", "ASSIGNMENT", text, "assignee: SECURITY LICENSE CORP") == kind
    details = f"Free Format Text: {text};ASSIGNOR:RELEASE LICENSE INC;REEL/FRAME:1/2"
    assert kind_of("ops_family", "US", "AS", "ASSIGNMENT", details) == kind


def test_an_unknown_code_is_not_guessed() -> None:
    assert kind_of("ops_family", "US", "ZZ99", "PATENT LAPSED", None) is None
    assert kind_of("ops_family", "XX", "CF01", None, None) is None
    assert kind_of("patentics_xlsx", "CN", None, "某种新公告", None) is None


def test_a_class_tells_less_than_a_code() -> None:
    told = {name: kind_of_class("BR", name) for name in "ABCDEFGHKLMPQRSTUVWY"}
    assert all(kind is not None for kind in told.values())
    effects = {load_kinds()[str(kind)].effect for kind in told.values()}
    assert not effects & {"void", "final", "narrowed", "status"}
    assert load_kinds()[str(told["H"])].general and load_kinds()[str(told["B"])].general
    assert kind_of_class("EP", "H") == "ended_in_state"
    assert kind_of_class("BR", None) is None and kind_of_class("BR", "Z") is None


STATES = {
    "有效": "in_force", "授权": "in_force", "审中": "pending", "公开": "published", "实质审查": "examining",
    "失效": "ended", "无效": "ended", "驳回": "rejected", "撤回": "withdrawn", "未缴年费": "lapsed",
    "期限届满": "expired", "放弃": "abandoned", "全部撤销": "invalid_all", "权利终止": "ended",
    "未缴年费专利权终止，等恢复": "lapsed_restorable", "进入国家阶段-PCT有效期满": "national_phase",
    "Patented Case": "in_force", "Abandoned  --  Failure to Respond to an Office Action": "abandoned",
    "Patent Expired Due to NonPayment of Maintenance Fees Under 37 CFR 1.362": "lapsed",
    "Withdrawn Abandonment, awaiting examiner action": "examining", "ACTIVE": "in_force",
}  # fmt: skip


@pytest.mark.parametrize(("words", "state"), STATES.items())
def test_words_for_states(words: str, state: str) -> None:
    kind = kind_of_state(words)
    assert kind is not None and load_kinds()[kind].state == state


def test_what_is_said_to_be_unknown_is_unknown() -> None:
    assert kind_of_state("其他") == kind_of_state("Unknown") == "said_unknown"
    assert not load_kinds()["said_unknown"].bears
    assert kind_of_state("某种新状态") is None


def test_every_kind_and_state_is_used() -> None:
    kinds = load_kinds()
    assert {kind.state for kind in kinds.values() if kind.state} | {"in_force", "invalid_part"} == set(LIVES)
    assert len({kind.zh for kind in kinds.values()}) == len(kinds)
    assert all(each.means in kinds for each in document_kinds())
    assert sum(len(each.codes) for each in load_vocabularies().values()) > 500
