"""The few words of the atlas that page and workbook share, Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

UNIT_NAMES: dict[str, tuple[str, str]] = {
    "publication": ("件公开", "publications"),
    "application": ("件申请", "applications"),
    "simple_family": ("简单同族", "simple families"),
    "extended_family": ("扩展同族", "extended families"),
}
LEVEL_NAMES: dict[str, tuple[str, str]] = {
    "entity": ("法人", "legal entities"),
    "group": ("集团", "groups"),
}
BASIS_NAMES: dict[str, tuple[str, str]] = {
    "applicant": ("申请人地址", "applicant address"),
    "inventor": ("发明人地址", "inventor address"),
}
UNKNOWN = ("未知", "unknown")
UNASSIGNED = ("未归入任何节点", "in no node")
UNSTATED = "未说明 not stated"
SYNTHETIC = (
    "合成数据：不对应任何真实企业、人员或专利",
    "Synthetic data: no real firm, person or patent is meant",
)
STALE = (
    "构建之后又导入了文件：它们列在来源中，但不在数字里；重新构建后再出图谱。",
    "Files were imported after the build: they stand among the sources and are in no number yet. "
    "Build again for an atlas with them.",
)


def both(pair: tuple[str, str]) -> str:
    """Chinese and English beside each other; once where they are the same."""
    return pair[0] if pair[0] == pair[1] else f"{pair[0]} {pair[1]}"


def horizon_words(
    last_complete_year: int | None, lag_months: int | None, grants_only: bool, tools: Sequence[Mapping[str, Any]]
) -> tuple[str, str]:
    """Which years are complete, and why the others are not. `tools`: rows of `coverage`; told where they differ."""
    if last_complete_year is None:
        told = ("没有完整的年份，不给增速。", "No year is complete; no growth is given.")
    else:
        why = (
            f"数据只含授权专利：截止日前约 {lag_months} 个月内申请的，多数尚未授权",
            f"The data hold grants only: most filings of the last {lag_months} months or so before the cut-off are "
            "not granted yet.",
        ) if grants_only else (
            f"专利申请公开滞后：截止日前 {lag_months} 个月内的申请尚未全部公开",
            f"Publication lags: filings of the last {lag_months} months before the cut-off are not all published.",
        )  # fmt: skip
        told = (
            f"{why[0]}。{last_complete_year} 年是最后一个完整年份，其后的年份标为不完整，不参与增速与年复合增速。",
            f"{why[1]} {last_complete_year} is the last complete year; later years are marked incomplete and take no "
            "part in growth and CAGR.",
        )
    if len({(tool["last_complete_year"], tool["cutoff_date"]) for tool in tools}) < 2:
        return told
    reach_zh, reach_en = [], []
    for tool in tools:
        year, cutoff = tool["last_complete_year"], tool["cutoff_date"]
        zh = f"{tool['format']} 截止 {cutoff or '未知'}，完整至 {'未知' if year is None else f'{year} 年'}"
        en = f"{tool['format']} to {cutoff or 'unknown'}, complete to {'unknown' if year is None else year}"
        reach_zh.append(zh if tool["counts"] else zh + "（数据量小，不作依据）")
        reach_en.append(en if tool["counts"] else en + " (too few to count)")
    return (
        f"{told[0]}各工具以最早者为准：{'；'.join(reach_zh)}。",
        f"{told[1]} The tool that ends first decides: {'; '.join(reach_en)}.",
    )
