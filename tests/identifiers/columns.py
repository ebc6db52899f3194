"""The columns of numbers in the real sample files: where they are and how a cell is split."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import fastexcel

from pingjiang.identifiers import What

csv.field_size_limit(10**9)
NOTHING = {"", "NA", "-", "None"}


@dataclass(frozen=True)
class Column:
    """A column of a sample: file (glob), header, what it holds, separator of lists, office of bare numbers."""

    file: str
    header: str
    what: What
    split: str | None = None
    authority: str | None = None


PUBLICATION: What = "publication"
APPLICATION: What = "application"
COLUMNS = (
    *(Column("cn_exports/a*/incopat_*.xlsx", header, what) for header, what in (
        ("公开（公告）号", PUBLICATION), ("申请号", APPLICATION))),
    *(Column("cn_exports/autodriving/patentics_*", header, what) for header, what in (
        ("公开号", PUBLICATION), ("申请号", APPLICATION))),
    Column("cn_exports/drone/patentics_*.xlsx", "Patentics", PUBLICATION),
    Column("cn_exports/drone/patentics_*.xlsx", "申请号", APPLICATION),
    Column("cn_exports/misc/cnipa_disc*.xlsx", "公开（公告）号", PUBLICATION),
    Column("cn_exports/misc/cnipa_disc*.xlsx", "申请号", APPLICATION),
    Column("cn_exports/misc/cnipa_disc*.xlsx", "专利号", APPLICATION),
    Column("cn_exports/misc/cn_university*.xlsx", "申请号", APPLICATION),
    Column("drones/lens2016_drones*.csv", "Publication Number", PUBLICATION),
    Column("drones/lens2016_drones*.csv", "Application Number", APPLICATION),
    Column("drones/lens2016_drones*.csv", "Priority Numbers", APPLICATION, ";;"),
    Column("drones/lens2017_drones*.csv.gz", "publication_number", PUBLICATION),
    Column("drones/lens2017_drones*.csv.gz", "application_number", APPLICATION),
    Column("drones/lens2017_drones*.csv.gz", "priority_numbers", APPLICATION, ";;"),
    Column("drones/numbers_families*.csv.gz", "publication_number", PUBLICATION),
    Column("drones/numbers_families*.csv.gz", "application_number", APPLICATION),
    Column("drones/numbers_families*.csv.gz", "priority_number", APPLICATION, "; "),
    Column("drones/numbers_families*.csv.gz", "basic_patent_number", PUBLICATION),
    Column("drones/numbers_families*.csv.gz", "citing_patents", PUBLICATION, "; "),
    Column("drones/numbers_families*.csv.gz", "cited_patents", PUBLICATION, "; "),
    Column("drones/numbers_families*.csv.gz", "dwpi_family_numbers", PUBLICATION, "; "),
    Column("drones/numbers_families*.csv.gz", "inpadoc_family_members", PUBLICATION, "; "),
    Column("drones/applicants_raw*.csv.gz", "application_number", APPLICATION),
    Column("drones/patsnap_families*.csv", "publication_number", PUBLICATION),
    Column("drones/patsnap_families*.csv", "application_number", APPLICATION),
    Column("drones/patsnap_families*.csv", "family_members", PUBLICATION, " | "),
    Column("formats/lens2021*.csv", "Publication Number", PUBLICATION),
    Column("formats/lens2021*.csv", "Application Number", APPLICATION),
    Column("formats/lens2021*.csv", "Priority Numbers", APPLICATION, ";;"),
    Column("formats/patentscope*.csv", "Publication Number", PUBLICATION),
    Column("formats/espacenet*.xls", "Publication number", PUBLICATION, "\n"),
    Column("formats/espacenet*.xls", "Application number", APPLICATION, "\n"),
    Column("formats/espacenet*.xls", "Priority number(s)", APPLICATION, "\n"),
    Column("landscapes/wipo_ewaste*.csv.gz", "Basic Patent Number", PUBLICATION),
    Column("landscapes/wipo_ritonavir*.csv", "publication number", PUBLICATION),
    Column("landscapes/wipo_ritonavir*.csv", "family members", PUBLICATION, " | "),
    Column("landscapes/google_seeds/*.csv", "", PUBLICATION, None, "US"),
    Column("patentsview/*_patents_*.csv.gz", "patent_id", PUBLICATION, None, "US"),
    Column("solid_state_battery/google_patents*.csv", "id", PUBLICATION),
    Column("synbio/thomson*.xlsx", "publication_number", PUBLICATION),
    Column("synbio/thomson*.xlsx", "application_numbers", APPLICATION, "; "),
    Column("synbio/thomson*.xlsx", "priority_numbers", APPLICATION, "; "),
    Column("synbio/thomson*.xlsx", "inpadoc_family_member_numbers", PUBLICATION, "; "),
)  # fmt: skip
# Cited numbers as examiners and applicants typed them: mistakes are the authors', not the exports'.
AS_TYPED = {"cited_patents"}


@cache
def rows(path: Path) -> list[list[str]]:
    """All rows of a sample table as text; its header is found by `header_row`."""
    if path.suffix in (".xlsx", ".xls"):
        book = fastexcel.read_excel(path)
        sheets = [book.load_sheet(name, header_row=None, dtypes="string") for name in book.sheet_names]
        sheet = max(sheets, key=lambda one: one.height)
        columns = [column.to_pylist() for column in sheet.to_arrow().columns]
        return [[cell or "" for cell in row] for row in zip(*columns, strict=True)]
    encoding = "cp1252" if "patentscope" in path.name else "utf-8-sig"
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding=encoding, errors="replace", newline="") as stream:
        return list(csv.reader(stream))


def column(path: Path, header: str) -> list[str]:
    """The cells of a column below its header ('' is the first column of a file without header)."""
    table = rows(path)
    if header == "":
        return [row[0] for row in table]
    start = next(at for at, row in enumerate(table[:12]) if header in row)
    place = table[start].index(header)
    return [row[place] if place < len(row) else "" for row in table[start + 1 :]]


def last_column(path: Path, header: str) -> list[str]:
    """Like `column`, for the last of several columns of one name (申请日 of Patentics)."""
    table = rows(path)
    place = len(table[0]) - 1 - table[0][::-1].index(header)
    return [row[place] if place < len(row) else "" for row in table[1:]]


def all_columns(samples: Path) -> Iterator[tuple[Column, Path, list[str]]]:
    """(column, file, the numbers of its cells, empty ones left out)."""
    for spec in COLUMNS:
        for path in sorted(samples.glob(spec.file)):
            cells = column(path, spec.header)
            if spec.split is not None:
                cells = [part.strip() for cell in cells for part in cell.split(spec.split)]
            yield spec, path, [cell for cell in cells if cell.strip() not in NOTHING]


def year_of(text: str) -> int | None:
    """The year of '2019-01-05', '20190105' or Lens's '05/01/19', else None."""
    short = re.fullmatch(r"\d\d/\d\d/(\d\d)", text)
    if short is not None:
        return int(short.group(1)) + (2000 if int(short.group(1)) < 30 else 1900)
    found = re.match(r"[12]\d{3}", text)
    return int(found.group()) if found is not None else None
