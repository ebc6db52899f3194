"""The import of an incoPat workbook with pandas and openpyxl: what our import does, column by column.

Reads, maps headers, parses numbers (with the check digit of Chinese applications) and dates, splits lists,
finds records that are there already, rejects bad rows with a reason, and writes Parquet. Vectorised
wherever pandas can; no row is visited in Python but by openpyxl itself.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

HEADERS = {
    "标题 (中文)": "title_zh",
    "标题 (英文)": "title_en",
    "摘要 (中文)": "abstract_zh",
    "摘要 (英文)": "abstract_en",
    "申请人": "applicants",
    "公开（公告）号": "publication_number",
    "公开（公告）日": "publication_date",
    "申请号": "application_number",
    "申请日": "filing_date",
    "专利类型": "patent_type",
    "IPC": "ipc",
    "CPC": "cpc",
    "国民经济分类": "industries",
    "新兴产业分类": "emerging_industries",
    "标准化申请人": "applicants_standardised",
    "当前法律状态": "legal_status",
}
LISTS = ("applicants", "ipc", "cpc", "industries", "emerging_industries", "applicants_standardised")
PATENT_TYPES = {
    "发明申请": "invention",
    "发明授权": "invention",
    "实用新型": "utility_model",
    "外观设计": "design",
}
WEIGHTS = np.array([2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5])


@dataclass(frozen=True, slots=True)
class Receipt:
    """Every row read is accepted, merged into a record already there, or rejected with a reason."""

    rows_read: int
    accepted: int
    merged: int
    rejected: int
    reasons: dict[str, int]
    doubts: dict[str, int]


def import_workbook(path: Path, out: Path) -> Receipt:
    """Import one workbook into `out/record.parquet` and `out/reject.parquet`."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    frame = _read(path)
    frame["source_id"] = f"{digest[:12]}-incopat"
    frame["source_row"] = f"incopat:{path.name}:" + frame["row_number"].astype(str)
    frame = pd.concat([frame, _publication_ids(frame), _application_ids(frame)], axis=1)
    reason = _reasons(frame)
    taken = frame[reason.isna()].copy()
    taken["key"] = taken["publication_id"].fillna(taken["application_id"])
    taken["key_kind"] = np.where(taken["publication_id"].isna(), "application", "publication")
    taken["content_hash"] = _content_hashes(taken)
    merged = taken.duplicated("key")
    stored = taken[~taken.duplicated(["key", "content_hash"])]
    _write(out, stored, frame.assign(reason=reason)[reason.notna()])
    doubts = (taken["check_digit"] & taken["check_digit"].notna()).sum()
    return Receipt(
        rows_read=len(frame),
        accepted=int((~merged).sum()),
        merged=int(merged.sum()),
        rejected=int(reason.notna().sum()),
        reasons={str(k): int(v) for k, v in reason.value_counts().items()},
        doubts={"check_digit": int(doubts)} if doubts else {},
    )


def _read(path: Path) -> pd.DataFrame:
    """The mapped columns, blank cells as missing, texts trimmed."""
    frame = pd.read_excel(path, engine="openpyxl", usecols=list(HEADERS)).rename(columns=HEADERS)
    frame["row_number"] = np.arange(2, len(frame) + 2)
    for column in frame.columns.difference(["publication_date", "filing_date", "row_number"]):
        frame[column] = frame[column].str.strip().replace("", None)
    for column in ("publication_date", "filing_date"):
        frame[column] = pd.to_datetime(frame[column], errors="coerce").dt.date
    frame["patent_type"] = frame["patent_type"].map(PATENT_TYPES)
    return frame


def _publication_ids(frame: pd.DataFrame) -> pd.DataFrame:
    """Office, number and kind of a publication, and the id they make."""
    text = frame["publication_number"].str.replace(r"[\s/,.-]+", "", regex=True).str.upper()
    parts = text.str.extract(r"^(?P<authority>[A-Z]{2})(?P<number>\d{5,13})(?P<kind>[A-Z]\d?)?$")
    parts["publication_id"] = parts["authority"] + parts["number"] + parts["kind"].fillna("")
    return parts


def _application_ids(frame: pd.DataFrame) -> pd.DataFrame:
    """The id of an application, and whether the check digit of a Chinese one fails to fit."""
    text = frame["application_number"].str.replace(r"[\s/,-]+", "", regex=True).str.upper()
    chinese = text.str.extract(r"^(?:CN|ZL)(\d{12})(?:\.?([\dX]))?$")
    known = chinese[0].notna()
    digits = chinese.loc[known, 0]
    grid = np.frombuffer("".join(digits).encode(), dtype=np.uint8).reshape(-1, 12) - ord("0")
    expected = pd.Series(grid @ WEIGHTS % 11, index=digits.index).astype(str).replace("10", "X")
    suffix = digits.str[4].map({"1": "", "8": "", "2": "U", "9": "U", "3": "F"})
    other = text.str.extract(r"^(US|JP|EP|KR|DE|TW|GB|FR)(\d{5,12})$")
    world = text.str.extract(r"^(?:WO|PCT)([A-Z]{2})(?:20)?(\d{2})(\d{6})$")
    result = pd.DataFrame(index=frame.index)
    result["application_id"] = (
        ("CN" + digits + suffix)
        .reindex(frame.index)
        .fillna(other[0] + other[1])
        .fillna("WO" + world[0] + "20" + world[1] + world[2])
    )
    written = chinese.loc[known, 1]
    result["check_digit"] = (written.notna() & (written != expected)).reindex(frame.index, fill_value=False)
    return result


def _reasons(frame: pd.DataFrame) -> pd.Series:
    """Why a row can't be taken; missing where it can."""
    number, application = frame["publication_number"], frame["application_number"]
    rounded = r"^\d(?:\.\d+)?[Ee]\+?\d+$"
    reason = pd.Series(None, index=frame.index, dtype=object)
    nothing = number.isna() & application.isna()
    reason[number.isna() & application.notna() & frame["application_id"].isna()] = "number_unreadable"
    reason[number.notna() & frame["publication_id"].isna()] = "number_unreadable"
    reason[nothing] = "no_number"
    spoilt = number.str.match(rounded, na=False) | application.str.match(rounded, na=False)
    reason[spoilt] = "spreadsheet_number"
    return reason


def _content_hashes(frame: pd.DataFrame) -> Any:
    """One number for all that a row said."""
    return pd.util.hash_pandas_object(frame[list(HEADERS.values())].astype(str), index=False)


def _write(out: Path, stored: pd.DataFrame, rejected: pd.DataFrame) -> None:
    """Lists are split last, on what is kept."""
    out.mkdir(parents=True, exist_ok=True)
    stored = stored.copy()
    stored["applicants_standardised"] = stored["applicants_standardised"].str.strip("[]")
    columns: dict[str, pa.Array] = {}
    for name in stored.columns:
        if name in LISTS:
            pieces = stored[name].str.split(r"\s*[;；]\s*", regex=True)
            columns[name] = pa.array(pieces.where(pieces.notna(), None), type=pa.list_(pa.string()))
        elif name in ("publication_date", "filing_date"):
            columns[name] = pa.array(stored[name], type=pa.date32(), from_pandas=True)
        else:
            columns[name] = pa.array(stored[name], from_pandas=True)
    pq.write_table(pa.table(columns), out / "record.parquet", compression="zstd")
    reject = rejected[["source_id", "source_row", "row_number", "reason", "publication_number"]]
    pq.write_table(pa.Table.from_pandas(reject, preserve_index=False), out / "reject.parquet", compression="zstd")
