"""A case that passes, for tests to bend."""

from __future__ import annotations

from decimal import Decimal

DOCUMENT = {"title": "苏府〔2024〕1号", "issuer": "苏州市人民政府", "issued_on": "2024-01-02"}
INDICATOR = {
    "function": "data",
    "name": "专题数据库专利族数",
    "unit": "项",
    "baseline": 0,
    "target_1": 1000,
    "target_2": 2000,
    "target_3": Decimal(3000),
    "evidence": "release",
}
STEPS = ("call", "application", "seal", "submission", "formal_check", "review", "decision", "notice", "carrying_out")

# Of the Suzhou pack: all its data, on both tracks, such that no hard rule fails.
GOOD: dict[str, object] = {
    "industry_lists": ["pilot"],
    "layout_plan": DOCUMENT,
    "industry_policy": DOCUMENT,
    "key_measures": DOCUMENT,
    "chain_position": "中上游核心环节",
    "local_culture": "苏绣",
    "leading_firms": ["甲公司"],
    "research_bodies": ["乙研究院"],
    "known_works": ["丙作品"],
    "trading_platforms": ["丁平台"],
    "provincial_rank": 2,
    "bodies": 102,
    "location_quotient": Decimal("1.4"),
    "output": 21_300_000_000,
    "output_growth": Decimal("8.5"),
    "operator_type": "platform",
    "not_blacklisted": True,
    "integration": "有",
    "ip_strategy": "有",
    "coordination": "有",
    "continuity": "有",
    "city_money": 4_800_000,
    "local_money": 4_800_000,
    "support_months": 36,
    "build_months": 36,
    "local_policy": DOCUMENT,
    "serves_whole_city": True,
    "operating_conditions": "有",
    "construction_plan": "有",
    "objectives": "有",
    "timetable": "有",
    "plan_data": "有",
    "plan_alliance": "有",
    "plan_services": "有",
    "plan_pool": "有",
    "plan_finance": "有",
    "plan_protection": "有",
    "indicators": [INDICATOR],
    "budget_lines": {"data": 5_000_000, "platform": 4_600_000},
    "budget_sources": {"municipal": 4_800_000, "local": 4_800_000},
    "local_seal": {"authority": "苏州工业园区管委会", "signatory": "张三", "sealed_on": "2026-03-02"},
    "reviewed_by_experts": True,
    "steps_done": STEPS,
    "progress": "按计划",
    "self_checked": True,
    "assessed": True,
    "months_since_evaluation": 12,
    "evaluators": ["experts", "bureau", "units"],
    "evaluation_result": "running_well",
    "consequence": "support",
}
