"""Words of the legal state in both languages, and what every output that rests on it says of itself."""

from __future__ import annotations

from collections.abc import Mapping

DISCLAIMER = (
    "依据导入的数据与所列规则版本得出，可能不完整，不是法律意见；以官方登记簿为准。",
    "Concluded from imported data and the versions of rules that are named; it may be incomplete and is no legal "
    "advice. The register of the office decides.",
)
STATE_WORDS: Mapping[str, tuple[str, str]] = {
    "pending": ("审中", "pending"),
    "published": ("公开", "published"),
    "examining": ("实质审查", "under examination"),
    "allowed": ("已获准", "allowed"),
    "in_force": ("有效", "in force"),
    "invalid_part": ("有效（部分无效）", "in force, invalid in part"),
    "lapsed_restorable": ("未缴费终止，等恢复", "lapsed, may be restored"),
    "lapsed": ("未缴费终止", "lapsed"),
    "expired": ("期限届满", "expired"),
    "abandoned": ("放弃", "abandoned"),
    "invalid_all": ("全部无效", "invalid as a whole"),
    "rejected": ("驳回", "rejected"),
    "withdrawn": ("撤回", "withdrawn"),
    "deemed_withdrawn": ("视为撤回", "deemed withdrawn"),
    "ended": ("失效（原因未述）", "dead, no cause told"),
    "national_phase": ("已进入国家阶段", "national phase entered"),
    "unknown": ("未知", "unknown"),
}
OVERLAY_WORDS: Mapping[str, tuple[str, str]] = {
    "licensed": ("许可", "licensed"),
    "open_licensed": ("开放许可", "open licence"),
    "pledged": ("质押", "pledged"),
    "preserved": ("保全", "preserved"),
    "transferred": ("曾转移", "transferred"),
    "in_invalidation": ("无效或异议程序中", "in proceedings of invalidity"),
    "in_dispute": ("涉诉", "in dispute"),
}
