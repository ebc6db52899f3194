"""Sound files of every kind that is read, from which hostile ones are made; made up from beginning to end."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Mapping
from functools import cache

import xlsxwriter

from tests.chain.test_tree import GOOD as CHAIN
from tests.files.made import xls_of, zip_of
from tests.fuzz.office_seeds import grant, office_seeds
from tests.made import INCOPAT, incopat_row
from tests.sources.offices.generated import bigquery_records, lens_records, st36_documents

_ENGLISH = ["Publication Number", "Title", "Abstract", "Applicants", "Publication Date", "Application Number", "IPC"]
_CIW = (
    "FN Clarivate Analytics Web of Science\nVR 1.0\nPT P\nPN US2019123456-A1;\n   CN110000001-A\n"
    "PD US2019123456-A1   25 Apr 2019   H01L-021/02   201935   Pages: 9\nAD US2019123456-A1 US123456   08 Oct 2018\n"
    "PI US123456   08 Oct 2018\nTI Battery separator\n"
    "AU SMITH J\nAE ACME CORP (ACME-C)\nAB first line\n   second line\nIP H01L-021/02\nER\n\n"
    "PT P\nPN EP1820402-A1\nTI Other\nPD EP1820402-A1   22 Aug 2007   200756\nER\n\nEF\n"
)
_GREEN_BOOK = """HHHHHT        WEEKLY FILE
PATN
WKU  039327094
SRC  5
APN  4794219
APT  1
TTL  Ultra low dielectric film
ISD  19760113
INVT
NAM  Doe; Jo
CTY  Austin
STA  TX
ABST
PAL  A thing that goes
      on.
CLMS
PAR  1. A thing.
"""


_SPEC = """name: my_register
title: {zh: 我的登记簿, en: my register}
fields:
  publication_number: [Nr]
  publication_date: [Wann]
  applicants: [Wer]
  title: [Was]
"""


def table(rows: int = 6, delimiter: str = ",", end: str = "\r\n") -> str:
    """A table as text, with quotes, line breaks inside them, and a row without a number."""
    lines = [INCOPAT, *(incopat_row(at) for at in range(1, rows)), incopat_row(rows, **{"公开（公告）号": ""})]
    cells = [
        [
            '"' + cell.replace("；", '""\n') + '"' if at % 3 == 0 or delimiter in cell else cell
            for at, cell in enumerate(line)
        ]
        for line in lines
    ]
    return end.join(delimiter.join(line) for line in cells) + end


def workbook(rows: int = 5) -> bytes:
    """An .xlsx of two sheets."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        for _ in range(2):
            sheet = book.add_worksheet()
            for at, row in enumerate([INCOPAT, *map(incopat_row, range(1, rows))]):
                sheet.write_row(at, 0, row)
            sheet.write_number(rows, 0, 1.5)
    return stream.getvalue()


def _xls() -> bytes:
    rows = [INCOPAT, *map(incopat_row, range(1, 5))]
    return xls_of({"a": {(at, to): cell for at, row in enumerate(rows) for to, cell in enumerate(row)}})


def _tar(parts: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, content in parts.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


@cache
def seeds() -> Mapping[str, bytes]:
    """Sound files by name. Names tell what they are; nobody goes by them."""
    english = ",".join(_ENGLISH) + "\n" + 'US10000001B2,"A ""thing""",x,Müller é,2019-01-02,US16/123456,H01L21/02\n' * 3
    found = {
        f"{codec}.csv": table().encode(codec) for codec in ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-be")
    }
    found |= {
        "utf-32.csv": table().encode("utf-32"),
        "cp1252.csv": english.encode("cp1252"),
        "tabs.tsv": table(delimiter="\t", end="\n").encode(),
        "semicolons.csv": table(delimiter=";", end="\r").encode(),
        "wos.ciw": _CIW.encode(),
        "wos16.ciw": _CIW.encode("utf-16"),
        "book.xlsx": workbook(),
        "old.xls": _xls(),
        "grant16.xml": grant().replace("UTF-8", "UTF-16").encode("utf-16"),
        "found16.json": office_seeds()["found.json"].decode().encode("utf-16"),
        "lens.jsonl": lens_records(4).encode(),
        "bigquery.jsonl": bigquery_records(4).encode(),
        "chinese.xml": st36_documents(4).encode(),
        "chinese16.xml": st36_documents(2, prefix="cn:").replace("UTF-8", "UTF-16").encode("utf-16"),
        "green.txt": (_GREEN_BOOK + _GREEN_BOOK.partition("\n")[2].replace("039327094", "039327108")).encode(),
        "table.csv.gz": gzip.compress(table(20).encode(), mtime=0),
        "grants.xml.gz": gzip.compress(grant().encode(), mtime=0),
        "several.zip": zip_of(
            {"a.csv": table().encode(), "b/c.xml": grant(), "d.ciw": _CIW, "e.json": office_seeds()["found.json"]}
        ),
    }
    found |= office_seeds()
    found |= {
        "week.tar": _tar({"a.csv": table().encode(), "b.xml": grant().encode()}),
        "table.csv.bz2": bz2.compress(table().encode()),
        "table.csv.xz": lzma.compress(table().encode()),
        "sheet.ods": zip_of({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"}),
        "letter.docx": zip_of({"[Content_Types].xml": "<Types/>", "word/document.xml": "<a/>"}),
    }
    found |= {"spec.yaml": _SPEC.encode(), "chain.yaml": CHAIN.encode()}
    found["book.zip"] = zip_of({"book.xlsx": found["book.xlsx"], "a.csv": found["gb18030.csv"]})
    return found
