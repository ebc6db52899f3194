"""The calendar of fees and ends as a workbook or as JSON. Money is exact: decimals in cells, texts in JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from pingjiang.documents.workbook import Sheet, write_workbook
from pingjiang.errors import InputRefused
from pingjiang.legal.diary import rules_of
from pingjiang.legal.words import DISCLAIMER, OVERLAY_WORDS, STATE_WORDS
from pingjiang.rulebook import Rule
from pingjiang.system import naming

_WHAT = {"fee": ("年费或维持费", "fee"), "end": ("期满终止", "end of term")}
_STANDING = {
    "due": ("待缴（是否已缴未知）", "due; whether it is paid is not known"),
    "in_grace": ("宽限期内，未缴则有失效风险", "in the grace: lapses unless paid"),
    "end": ("期满", "end of the term"),
}
_COLUMNS = (
    ("机构 Organisations", "text"), ("申请号 Application", "text"), ("公开号 Publication", "text"),
    ("标题 Title", "text"), ("局 Office", "text"), ("类型 Type", "text"), ("法律状态 State", "text"),
    ("附加状态 Overlays", "text"), ("事项 What", "text"), ("年度 Year", "count"), ("法定日 Due by law", "date"),
    ("缴费截止日 Pay by", "date"), ("宽限期止 Grace until", "date"), ("处境 Standing", "text"),
    ("币种 Currency", "text"), ("金额（全额） Amount in full", "money"), ("滞纳金 Surcharge", "prose"),
    ("减缴后 Reduced", "prose"), ("规则可信度 Confidence of the rules", "text"), ("说明 Note", "prose"),
)  # fmt: skip
_RULE_COLUMNS = (
    ("规则 Rule", "text"), ("名称 Name", "text"), ("版本自 Version from", "date"), ("出处 Source", "text"),
    ("条款 Clause", "prose"), ("可信度 Confidence", "text"), ("值 Value", "prose"),
)  # fmt: skip
CONFIDENCE = ("unchecked", "choice", "expert", "checked")  # the least sure first


def write_calendar(
    out: Path, entries: Sequence[Mapping[str, Any]], first: date, last: date, *, release: str,
    organisations: Sequence[str],
) -> None:  # fmt: skip
    """Write entries of `diary` to a file called .xlsx or .json. InputRefused for any other name."""
    rules = rules_of(entries)
    if out.suffix.lower() == ".json":
        told = _as_json(entries, first, last, release, organisations, rules)
        with naming(out):
            out.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    elif out.suffix.lower() == ".xlsx":
        with naming(out):
            write_workbook(out, _sheets(entries, first, last, release, organisations, rules), first_line=DISCLAIMER[0])
    else:
        raise InputRefused(
            "只能写 .xlsx 或 .json。",
            "Only .xlsx and .json can be written.",
            file=str(out),
            remedy=("请改文件名的后缀。", "Change the ending of the file's name."),
        )


def _confidence(rules: Iterable[Rule]) -> str | None:
    """That of the least sure among the rules of an entry."""
    return min((rule.confidence for rule in rules), key=CONFIDENCE.index, default=None)


def _as_json(
    entries: Sequence[Mapping[str, Any]], first: date, last: date, release: str, organisations: Sequence[str],
    rules: Sequence[Rule],
) -> dict[str, Any]:  # fmt: skip
    return {
        "release": release,
        "from": first.isoformat(),
        "to": last.isoformat(),
        "organisations": list(organisations),
        "disclaimer_zh": DISCLAIMER[0],
        "disclaimer_en": DISCLAIMER[1],
        "rules": [rule.cited() for rule in rules],
        "entries": [_entry(entry) for entry in entries],
    }


def _entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    plain = {name: _plain(value) for name, value in entry.items() if name not in ("late", "reduced", "rules")}
    return {
        **plain,
        "surcharges": [
            {"until": late.until.isoformat(), "percent": late.percent, "amount": _plain(late.amount)}
            for late in entry["late"]
        ],
        "reduced": {who: _plain(amount) for who, amount in entry["reduced"].items()},
        "amount_known": entry["amount"] is not None if entry["what"] == "fee" else None,
        "rules": [f"{rule.id}@{rule.valid_from}" for rule in entry["rules"]],
        "confidence": _confidence(entry["rules"]),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:.2f}" if isinstance(value, Decimal) else value


def _sheets(
    entries: Sequence[Mapping[str, Any]], first: date, last: date, release: str, organisations: Sequence[str],
    rules: Sequence[Rule],
) -> list[Sheet]:  # fmt: skip
    whose = "；".join(organisations) or "全部机构 all organisations"
    unknown = sum(entry["what"] == "fee" and entry["amount"] is None for entry in entries)
    lines = [
        f"{first} – {last} · {whose} · 数据版本 release {release}",
        *DISCLAIMER,
        "金额为规则所载全额；是否已缴、是否获准减缴，数据不载。"
        "Amounts are in full; whether fees were paid, or reduced, the data do not tell.",
        f"金额未知的缴费项 fees of unknown amount: {unknown}",
    ]
    return [
        Sheet("费用与期限", "fees and ends", "专利费用与期限日历 Calendar of fees and ends", lines, _COLUMNS,
              [_row(entry) for entry in entries], held=2),
        Sheet("所依规则", "rules", "所依规则及其版本 Rules and their versions", [], _RULE_COLUMNS,
              [_rule_row(rule) for rule in rules]),
    ]  # fmt: skip


def _row(entry: Mapping[str, Any]) -> list[object]:
    state = STATE_WORDS[entry["state"]]
    if entry["last_state"]:
        state = (f"{state[0]}（最后已知：{STATE_WORDS[entry['last_state']][0]}）", state[1])
    notes = [entry["note"]] if entry["note"] else []
    if entry["calendar_known"] is False:
        notes.append("该年节假日未公布或该局日历未知 · the calendar of that year or office is not known")
    if entry["what"] == "fee" and entry["amount"] is None:
        notes.append("金额未知 · amount unknown")
    return [
        "；".join(entry["organisations"]), entry["application_id"], entry["publication_id"], entry["title"],
        entry["authority"], entry["patent_type"], " ".join(state),
        "、".join(OVERLAY_WORDS[name][0] for name in entry["overlays"] or ()), " ".join(_WHAT[entry["what"]]),
        entry["year"], entry["due"], entry["pay_by"], entry["grace"], " ".join(_STANDING[entry["standing"]]),
        entry["currency"], entry["amount"],
        "\n".join(_late(late) for late in entry["late"]) or None,
        "\n".join(f"{who} {_plain(amount)}" for who, amount in entry["reduced"].items()) or None,
        _confidence(entry["rules"]), "\n".join(notes) or None,
    ]  # fmt: skip


def _late(late: Any) -> str:
    percent = "" if late.percent is None else f" {late.percent}%"
    amount = "" if late.amount is None else f" +{late.amount:.2f}"
    return f"≤ {late.until}{percent}{amount}"


def _rule_row(rule: Rule) -> list[object]:
    value = json.dumps(rule.value, ensure_ascii=False)
    return [rule.id, f"{rule.zh} {rule.en}", rule.valid_from, rule.source, rule.clause, rule.confidence, value]
