"""Kinds of facts for the tests: money with proof, a number, a happening once a year, a text."""

from __future__ import annotations

from pingjiang.centre.facts import kinds
from pingjiang.centre.facts.kinds import Kind

PROOF = "ab" * 32
DEAL = kinds.register(
    Kind("test_deal", ("成交", "Deal"), frozenset({"deal"}), ("subject",), "amount", proof=("合同", "the contract"))
)
PEOPLE = kinds.register(
    Kind(
        "test_people", ("培训人次", "People trained"), frozenset({"training"}), ("subject", "month"), "count",
        unit=("人次", "attendance"), value_needed=False,
    )
)  # fmt: skip
SERVED = kinds.register(Kind("test_served", ("服务企业", "Firm served"), frozenset({"firm"}), ("subject", "year")))
NOTE = kinds.register(Kind("test_note", ("说明", "Note"), frozenset({"deal"}), ("subject", "text"), "text"))
ALL = (DEAL, PEOPLE, SERVED, NOTE)
