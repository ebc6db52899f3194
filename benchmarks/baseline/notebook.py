"""The usual notebook: three exports, concat, drop_duplicates, twelve indicators, a page of plain tables.

Written plainly, as an analyst writes it in an afternoon. Its mistakes are the usual ones and are kept on
purpose; `benchmarks/check_notebook.py` shows them.
"""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd

COLUMNS = ["公开号", "申请号", "标题", "申请日", "公开日", "授权", "申请人", "IPC", "权利要求数", "来源"]


def load(folder: Path) -> pd.DataFrame:
    """All three exports as one table, a row a publication."""
    incopat = pd.read_excel(folder / "incopat.xlsx")
    incopat = incopat.rename(columns={"公开（公告）号": "公开号", "标题 (中文)": "标题", "公开（公告）日": "公开日"})
    incopat["授权"] = incopat["专利类型"] != "发明申请"
    incopat["来源"] = "incoPat"

    patentics = pd.read_csv(folder / "patentics.csv", index_col=False, dtype=str)
    patentics = patentics.rename(columns={"国际分类": "IPC"})
    patentics["授权"] = patentics["授权公告日"].notna()
    patentics["申请人"] = patentics["申请人"].str.replace(" | ", "; ", regex=False)
    patentics["来源"] = "Patentics"

    lens = pd.read_csv(folder / "lens.csv")
    lens = lens.rename(
        columns={
            "Publication Number": "公开号",
            "Application Number": "申请号",
            "Title": "标题",
            "Application Date": "申请日",
            "Publication Date": "公开日",
            "Applicants": "申请人",
            "IPCR Classifications": "IPC",
        }
    )
    lens["授权"] = lens["Type"] != "Patent Application"
    lens["申请人"] = lens["申请人"].str.replace(";;", "; ", regex=False)
    lens["来源"] = "Lens"

    df = pd.concat([incopat, patentics, lens], ignore_index=True)
    df["公开号"] = df["公开号"].str.replace(" ", "").str.replace("/", "")
    df = df.drop_duplicates("公开号")
    df["申请日"] = pd.to_datetime(df["申请日"], format="mixed", errors="coerce")
    df["公开日"] = pd.to_datetime(df["公开日"], format="mixed", errors="coerce")
    df["申请年"] = df["申请日"].dt.year
    df["权利要求数"] = pd.to_numeric(df["权利要求数"], errors="coerce")
    df["国家"] = df["公开号"].str[:2]
    df["小类"] = df["IPC"].str[:4]
    return df[[*COLUMNS, "申请年", "国家", "小类"]]


def indicators(df: pd.DataFrame) -> dict[str, Any]:
    """The twelve indicators, by the names that Pingjiang gives them."""
    years = df.groupby("申请年").size()
    applicants = df["申请人"].value_counts()
    shares = applicants / applicants.sum()
    first = df.groupby("申请人")["申请年"].min()
    span = years.index[-1] - years.index[0]
    pairs: dict[tuple[str, str], int] = {}
    for names in df["申请人"].dropna():
        for pair in combinations(sorted(set(names.split("; "))), 2):
            pairs[pair] = pairs.get(pair, 0) + 1
    return {
        "filings_by_year": years,
        "grants_by_year": df[df["授权"]].groupby(df["公开日"].dt.year).size(),
        "growth_by_year": years.pct_change(),
        "cagr": pd.Series({"年均增长率": (years.iloc[-1] / years.iloc[0]) ** (1 / span) - 1}),
        "top_organisations": applicants.head(100),
        "concentration": pd.Series({"CR5": shares.head(5).sum(), "HHI": (shares**2).sum()}),
        "new_entrants_by_year": first.value_counts().sort_index(),
        "countries": df["国家"].value_counts(),
        "country_node": pd.crosstab(df["国家"], df["小类"]),
        "node_year": pd.crosstab(df["小类"], df["申请年"]),
        "co_applicants": pd.Series(pairs).sort_values(ascending=False).head(200),
        "claim_counts": df.groupby("申请年")["权利要求数"].mean(),
    }


def write_html(results: dict[str, Any], path: Path) -> None:
    """One page with a plain table an indicator."""
    parts = ["<html><head><meta charset='utf-8'><title>专利分析</title></head><body>"]
    for name, result in results.items():
        table = result if isinstance(result, pd.DataFrame) else result.to_frame("数值")
        parts.append(f"<h2>{name}</h2>{table.to_html()}")
    path.write_text("\n".join([*parts, "</body></html>"]), encoding="utf-8")


def run(folder: Path, out: Path) -> dict[str, Any]:
    """The whole notebook, from the files to the page."""
    results = indicators(load(folder))
    out.parent.mkdir(parents=True, exist_ok=True)
    write_html(results, out)
    return results
