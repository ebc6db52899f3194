"""The few words of the atlas that page and workbook share, Chinese and English."""

from __future__ import annotations

from pingjiang.atlas.contract import Meta

UNIT_NAMES: dict[str, tuple[str, str]] = {
    "publication": ("件公开", "publications"),
    "application": ("件申请", "applications"),
    "simple_family": ("简单同族", "simple families"),
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


def horizon_words(meta: Meta) -> tuple[str, str]:
    """Which years are complete, and why the others are not."""
    horizon = meta["horizon"]
    last, months = horizon["last_complete_year"], horizon["lag_months"]
    if last is None:
        return ("没有完整的年份，不给增速。", "No year is complete; no growth is given.")
    if horizon["grants_only"]:
        return (
            f"数据只含授权专利：截止日前约 {months} 个月内申请的，多数尚未授权，{last} 年以后的年份标为不完整，"
            "不参与增速与年复合增速。",
            f"The data hold grants only: most filings of the last {months} months or so before the cut-off are "
            f"not granted yet. Years after {last} are marked incomplete and take no part in growth and CAGR.",
        )
    return (
        f"专利申请公开滞后：截止日前 {months} 个月内的申请尚未全部公开，{last} 年以后的年份标为不完整，"
        "不参与增速与年复合增速。",
        f"Publication lags: filings of the last {months} months before the cut-off are not all published. "
        f"Years after {last} are marked incomplete and take no part in growth and CAGR.",
    )
