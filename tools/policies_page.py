"""The page of docs/ that shows the policy packs: each rule with clause, kind, threshold and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pingjiang.rulebook import policies
from pingjiang.rulebook.policies import Pack, Panel, Parameter, PolicyRule

_INTRODUCTION = """# 政策包 Policy packs

政策即数据：条款、可检验的规则、征集与评审参数，都在 `src/pingjiang/rulebook/packs/policies/`；程序不认得任何一份政策。
A policy is data: its text by clauses, rules that can be tested, and what a call and a review go by. No code knows a
policy.

- 数据不明，结果即不明：既不算通过，也不算不通过。
  Unknown data passes nothing and fails nothing.
- 硬性规则不满足即不通过；“原则上”的规则可写明理由、经批准豁免；其余由专家判断，程序只核数据是否给出。
  A hard rule that is not met fails; one that holds "in principle" may be waived with a reason and an approver; the
  rest is judged by people, and only its evidence is asked for.
- 金额为整数或 Decimal，不接受浮点数；单位不符即拒绝。
  Money is int or Decimal, never float; a unit of another measure is refused.
- 案件自始至终按其开始时的版本。
  A case goes by the version that it began with.
- “原文”为政策所写；“默认选择”为政策未规定、由平台给出的默认，可由主管部门改定。
  "As stated" is what the policy says; a "default" is the platform's where the policy is silent, for the authority to
  change.

```python
from pingjiang.rulebook import policies

pack = policies.policy("suzhou_2018_116")
for outcome in policies.check(pack, {"bodies": 100, "city_money": policies.Quantity(480, "wan_yuan")}, "patent"):
    print(outcome.clause, outcome.status, outcome.zh)  # 三（一）4 fail 100 家，未超过 100 家。
policies.simulate(pack, {"city_money": 4_000_000}, [("A", {"city_money": 4_800_000})]).turned  # A: pass → fail
```
"""
_KIND = {"hard": "硬性 hard", "soft": "可豁免 soft", "expert": "专家 expert"}


def policies_page() -> str:
    """All packs, one after the other."""
    packs = [pack for versions in policies.load_policies().values() for pack in versions]
    return "\n".join([_INTRODUCTION, *(line for pack in packs for line in _pack(pack))]) + "\n"


def _pack(pack: Pack) -> Iterator[str]:
    days = f"自 {pack.valid_from} 起 valid from {pack.valid_from}" if pack.valid_from else "日期不明 day unknown"
    title = pack.zh if pack.zh.startswith(pack.number) else f"{pack.number} {pack.zh}"
    yield f"\n## {title}\n\n{pack.en}\n"
    yield f"`{pack.id}` 版本 version {pack.version}，{days}。{pack.issuer.zh} {pack.issuer.en}。"
    yield f"来源 Source: {pack.source}"
    if pack.unknown:
        yield "\n不明之处 What is not known:\n"
        yield from (f"- {words.zh} {words.en}" for words in pack.unknown)
    yield from _table("规则 Rules", ("条款 clause", "规则 rule", "类型 kind", "检验 test", "阶段 stage", "依据 basis"))
    yield from (_rule(pack, rule) for rule in pack.rules)
    rows = [*_parameters(pack), *(_panel(pack, pack.panel) if pack.panel else ())]
    if rows:
        yield from _table("参数 Parameters", ("中文", "English", "值 value", "依据 basis"))
        yield from (_row(*row) for row in rows)
    yield from _sheet(pack)
    yield from _book(pack)


def _table(title: str, columns: tuple[str, ...]) -> Iterator[str]:
    yield f"\n### {title}\n"
    yield _row(*columns)
    yield f"|{'---|' * len(columns)}"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _rule(pack: Pack, rule: PolicyRule) -> str:
    """A row of the table of rules; how it reads on another track stands below."""
    only = "".join(f"（{track.zh} {track.en}）" for track in pack.tracks if track.id in rule.tracks)
    title = [f"`{rule.id}` {rule.zh} {rule.en}{only}"]
    test = [policies.asked(pack, rule)]
    for track in pack.tracks:
        if track.id in rule.variants:
            read = policies.on_track(rule, track.id)
            title.append(f"{track.zh} {track.en}: {read.zh} {read.en}")
            test.append(policies.asked(pack, read))
    told = [line for words in dict.fromkeys(test) for line in (words.zh, words.en)]
    told += [rule.note.zh, rule.note.en] if rule.note else []
    kind = [_KIND[rule.kind], *([rule.waiver.zh, rule.waiver.en] if rule.waiver else [])]
    stage = next(each for each in pack.stages if each.id == rule.stage)
    cells = (rule.clause, *("<br>".join(each) for each in (title, kind, told)), f"{stage.zh} {stage.en}")
    return _row(*cells, _basis(pack, rule))


def _basis(pack: Pack, thing: PolicyRule | Parameter | Panel) -> str:
    words = policies.basis(pack, thing.confidence)
    return f"{words.zh} {words.en}"


def _parameters(pack: Pack) -> Iterator[tuple[str, str, str, str]]:
    for each in pack.parameters:
        value = str(each.value)
        if isinstance(each.value, Decimal) and each.unit:
            value = " · ".join(dict.fromkeys(policies.shown(each.value, each.unit)))
        yield each.zh, each.en, value, _basis(pack, each)


def _panel(pack: Pack, panel: Panel) -> Iterator[tuple[str, str, str, str]]:
    basis = _basis(pack, panel)
    yield "专家组人数", "members of a panel", f"≥ {panel.least}{'，单数 odd' if panel.odd else ''}", basis
    yield "每项申报的有效评分", "valid sheets for each application", f"≥ {panel.least_valid}", basis
    kept_from = {"panel": "不参加专家组 off the panel", "application": "不评该项 does not review that application"}
    yield "与一项申报有利害关系的专家", "an expert with an interest in one application", kept_from[panel.recusal], basis
    for stratum in panel.strata:
        yield f"专家构成：{stratum.zh}", f"stratum: {stratum.en}", f"≥ {stratum.least}", basis
    yield "去掉的最高分数", "highest scores dropped", str(panel.drop_highest), basis
    yield "去掉的最低分数", "lowest scores dropped", str(panel.drop_lowest), basis
    yield "去高低分所需的有效评分", "valid scores from which they are dropped", f"≥ {panel.drop_from}", basis
    yield (
        "离散上限（标准差，分）",
        "limit of dispersion (standard deviation, points)",
        str(panel.dispersion_limit),
        basis,
    )
    for ground in panel.grounds:
        years = f"{ground.years} 年内 within {ground.years} years" if ground.years else "不限年 without limit"
        yield f"回避：{ground.zh}", f"recusal: {ground.en}", years, basis


def _sheet(pack: Pack) -> Iterator[str]:
    sheet = pack.sheet
    if sheet is None:
        return
    words = policies.basis(pack, sheet.confidence)
    yield from _table("评分表 Criteria sheet", ("编号 id", "中文", "English", "分 points", "看什么 what is looked at"))
    for each in sheet.criteria:
        yield _row(each.id, each.zh, each.en, str(each.points), f"{each.guide.zh}<br>{each.guide.en}")
    low, high = sheet.comment_at_or_below_percent, sheet.comment_at_or_above_percent
    yield (
        f"\n合计 {sheet.total} 分，每档 {sheet.step} 分；得分在该项的 {low}% 及以下或 {high}% 及以上须写评语"
        f"（{words.zh}）。"
        f"{sheet.total} points in steps of {sheet.step}; a comment is due at {low}% of a criterion and below, and at "
        f"{high}% and above ({words.en})."
    )


def _book(pack: Pack) -> Iterator[str]:
    if not pack.sections:
        return
    yield from _table("申报书 Application book", ("章节", "section", "字数上限 characters", "依据 basis"))
    for each in pack.sections:
        words = policies.basis(pack, each.confidence)
        yield _row(each.zh, each.en, str(each.limit or "—"), f"{words.zh} {words.en}")
