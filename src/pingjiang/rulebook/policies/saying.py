"""What a rule asks for, said in a few signs: for lists, forms and the manual."""

from __future__ import annotations

from decimal import Decimal

from pingjiang.rulebook.policies.facts import show_number
from pingjiang.rulebook.policies.model import Confidence, Field, Pack, PolicyRule, Words

_SIGNS = {"gt": ">", "ge": "≥", "lt": "<", "le": "≤", "eq": "="}
_BASIS: dict[Confidence, Words] = {
    "checked": Words("原文", "as stated"),
    "expert": Words("惯例，未核", "practice, not checked"),
    "choice": Words("默认选择", "default"),
    "unchecked": Words("未核", "unchecked"),
}
_ALL = {
    "all_present": ("齐备", "all there"),
    "all_true": ("均为是", "all yes"),
    "sums_equal": ("合计相等", "equal sums"),
    "allowed_pair": ("相符", "fit each other"),
}
_ALONE = {"all_present": ("具备", "there"), "all_true": ("是", "yes")}
_ONE = {
    "some": ("至少一项", "at least one"),
    "complete": ("逐项要素齐全", "each whole"),
    "in_order": ("依次", "in order"),
}


def asked(pack: Pack, rule: PolicyRule) -> Words:
    """The test of a rule: `企业和研发机构数 > 100 家`. Of an expert rule: the evidence it wants."""
    test = rule.test
    fields = [pack.field(name) for name in rule.needs]
    if test is None:
        return Words(f"专家判断：{_zh(fields)}", f"experts judge: {_en(fields)}")
    if test.op == "not_known":
        return Words("未见", "not known")
    if test.op in _ALL:
        zh, en = _ALL[test.op] if len(test.fields) > 1 else _ALONE.get(test.op, _ALL[test.op])
        names = [pack.field(name) for name in test.fields]
        return Words(f"{_zh(names)}：{zh}", f"{_en(names)}: {en}")
    field = pack.field(test.field or "")
    if test.op in _SIGNS:
        other = pack.field(test.than) if test.than else None
        zh, en = (other.zh, other.en) if other else show_number(field, test.threshold or Decimal(0))
        return Words(f"{field.zh} {_SIGNS[test.op]} {zh}", f"{field.en} {_SIGNS[test.op]} {en}")
    if test.op in _ONE:
        zh, en = _ONE[test.op]
        return Words(f"{field.zh}：{zh}", f"{field.en}: {en}")
    chosen = [option for option in field.options if option.id in test.options]
    zh, en = ("属于", "one of") if test.op == "in" else ("包括", "with")
    return Words(
        f"{field.zh}{zh}：{'、'.join(each.zh for each in chosen)}",
        f"{field.en}: {en} {', '.join(each.en for each in chosen)}",
    )


def basis(pack: Pack, confidence: Confidence) -> Words:
    """What a rule or a number of a pack rests on, as a page shows it."""
    if confidence == "checked" and pack.text == "reported":
        return Words("据报道", "as reported")
    return _BASIS[confidence]


def _zh(fields: list[Field]) -> str:
    return "、".join(field.zh for field in fields)


def _en(fields: list[Field]) -> str:
    return ", ".join(field.en for field in fields)
