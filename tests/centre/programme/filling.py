"""What a whole application says under the pack of 116号, section by section; and its files."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

PACK, VERSION = "suzhou_2018_116", "1"
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
DOCUMENT = {"title": "示例文件〔2026〕1号", "issuer": "示例机关", "issued_on": "2026-01-15"}
FUNCTIONS = ("data", "alliance", "services", "pool", "finance", "protection")
_INDICATOR = {
    "name": "示例指标", "unit": "项", "baseline": "0", "year1": "10", "year2": "20", "year3": "30",
    "evidence": "register",
}  # fmt: skip
STATED: dict[str, Any] = {
    "industry_lists": ["key"], "layout_plan": DOCUMENT, "industry_policy": DOCUMENT, "key_measures": DOCUMENT,
    "bodies": "101", "output": "213", "operator_type": "carrier", "not_blacklisted": "yes", "city_money": "480",
    "local_money": "480", "support_months": "36", "build_months": "36", "local_policy": DOCUMENT,
    "serves_whole_city": "yes", "chain_position": "上游材料与核心部件", "leading_firms": "甲公司\n乙公司",
    "research_bodies": "示例研究院", "provincial_rank": "2", "location_quotient": "1.4", "output_growth": "12.5",
}  # fmt: skip
_TEXT = "本节为示例文字，说明现状、依据与安排。"
TEXTS = (
    "strategic", "high_end", "leading", "clustered", "size", "integration", "systematic", "cooperative", "lasting",
    "conditions", "goals", "plan", "plan_data", "plan_alliance", "plan_services", "plan_pool", "plan_finance",
    "plan_protection", "district_service", "risk",
)  # fmt: skip
UNIT = {
    "legal_person": "许知行", "established_on": "2015-06-01", "capital": "1000", "staff": "120", "ip_staff": "6",
    "revenue": "5200.50", "address": "江城市北岸区示例路 1 号", "contact": "林知白", "phone": "0512-00000000",
    "about": "示例单位。", "operator_type": "carrier", "not_blacklisted": "yes",
}  # fmt: skip
_FACTS = {
    "strategic": ("industry_lists", "layout_plan", "industry_policy", "key_measures"),
    "leading": ("leading_firms", "research_bodies", "provincial_rank"), "clustered": ("bodies", "location_quotient"),
    "size": ("output", "output_growth"), "district_service": ("serves_whole_city",),
}  # fmt: skip
MATERIALS = ("industry_documents", "body_list", "output_statistics", "local_policy", "licence")


def content() -> dict[str, dict[str, Any]]:
    """Section → what it says, in a whole application of the patent track: 480 and 480, 36 months, 101 bodies."""
    found: dict[str, dict[str, Any]] = {name: {"text": f"{_TEXT}（{name}）"} for name in TEXTS}
    for section, names in _FACTS.items():
        found[section] |= {name: deepcopy(STATED[name]) for name in names}
    found["unit"] = dict(UNIT)
    found["evidence"] = {"text": "引用数据见下表。"}
    found["indicators"] = {"f": {name: [dict(_INDICATOR)] for name in FUNCTIONS}}
    found["schedule"] = {"start": "2027-01", "months": "36"} | {
        f"q{n}": {"task": f"第 {n} 季度任务", "output": f"成果 {n}"} for n in range(1, 13)
    }
    found["team"] = {
        "people": [{"name": "林知白", "employer": "示例单位", "title": "高级工程师", "field": "知识产权",
                    "task": "总体负责", "months": "24"}]
    }  # fmt: skip
    found["budget"] = {
        "amount": {"data": {"municipal": "280.00", "local": "180.00", "own": "50.00"},
                   "navigation": {"municipal": "200.00", "local": "300.00"}},
        "basis": {"data": "按三年数据费测算", "navigation": "按导航项目数测算"}, "note": "配套资金每年六月底前到位。",
        "local_policy": dict(DOCUMENT),
    }  # fmt: skip
    return found


def file_of(material: str) -> tuple[str, bytes]:
    """A file for a material, of a kind that it may be."""
    return (
        (f"{material}.csv", "名称,统一社会信用代码\n甲公司,\n".encode())
        if material == "body_list"
        else (f"{material}.pdf", PDF)
    )
