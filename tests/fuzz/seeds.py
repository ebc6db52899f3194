"""Sound files of every kind that is read, from which hostile ones are made; made up from beginning to end."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Mapping
from functools import cache

import xlsxwriter

from tests.files.made import xls_of, zip_of
from tests.made import INCOPAT, incopat_row
from tests.sources.offices.generated import bigquery_records, lens_records, st36_documents

_ENGLISH = ["Publication Number", "Title", "Abstract", "Applicants", "Publication Date", "Application Number", "IPC"]
_CIW = (
    "FN Clarivate Analytics Web of Science\nVR 1.0\nPT P\nPN US2019123456-A1;\n   CN110000001-A\nTI Battery separator\n"
    "AU SMITH J\nAE ACME CORP (ACME-C)\nAB first line\n   second line\nIP H01L-021/02\nER\n\n"
    "PT P\nPN EP1820402-A1\nTI Other\nER\n\nEF\n"
)
_RED_BOOK = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE us-patent-grant SYSTEM "us-patent-grant-v45-2014-04-03.dtd" [ ]>
<us-patent-grant lang="EN" file="US0{0}-20150106.XML" country="US" date-publ="20150106">
<us-bibliographic-data-grant><publication-reference><document-id><country>US</country><doc-number>0{0}</doc-number>
<kind>B2</kind><date>20150106</date></document-id></publication-reference>
<application-reference appl-type="utility"><document-id><country>US</country><doc-number>1361{0}</doc-number>
<date>20120914</date></document-id></application-reference>
<classifications-ipcr><classification-ipcr><section>H</section><class>01</class><subclass>L</subclass>
<main-group>21</main-group><subgroup>02</subgroup></classification-ipcr></classifications-ipcr>
<invention-title id="d0">Semiconductor &amp; method</invention-title>
<us-parties><inventors><inventor sequence="001"><addressbook><last-name>Doe</last-name><first-name>Jo</first-name>
<address><city>Austin</city><state>TX</state><country>US</country></address></addressbook></inventor></inventors>
</us-parties></us-bibliographic-data-grant><abstract><p id="p1">A thing.</p></abstract>
<description><p>Long &mdash; text.</p></description>
<claims><claim id="c1" num="00001"><claim-text>1. A thing.</claim-text></claim></claims></us-patent-grant>
"""
_SCHEME = """<?xml version="1.0"?>
<class-scheme publication-date="2026-01-01" scheme-type="cpc"><classification-item level="5">
<classification-symbol>H01L</classification-symbol><class-title><title-part><text>SEMICONDUCTORS</text></title-part>
</class-title></classification-item></class-scheme>"""
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


def table(rows: int = 6, delimiter: str = ",", end: str = "\r\n") -> str:
    """A table as text, with quotes, line breaks inside them, and a row without a number."""
    lines = [INCOPAT, *(incopat_row(at) for at in range(1, rows)), incopat_row(rows, **{"公开（公告）号": ""})]
    cells = [
        ['"' + cell.replace("；", '""\n') + '"' if at % 3 == 0 else cell for at, cell in enumerate(line)]
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


def _records() -> list[dict[str, object]]:
    return [
        {
            "patentNumber": str(10_000_000 + at),
            "applicationNumberText": f"16{at:06}",
            "inventionTitle": "Battery ☃",
            "inventors": [{"name": "Doe", "city": None}],
            "claims": at,
            "bag": {"deep": [[1, 2.5], True]},
        }
        for at in range(5)
    ]


@cache
def seeds() -> Mapping[str, bytes]:
    """Sound files by name. Names tell what they are; nobody goes by them."""
    english = ",".join(_ENGLISH) + "\n" + 'US10000001B2,"A ""thing""",x,Müller é,2019-01-02,US16/123456,H01L21/02\n' * 3
    lines = "\n".join(json.dumps(record, ensure_ascii=at % 2 == 0) for at, record in enumerate(_records()))
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
        "lines.jsonl": lines.encode(),
        "list.json": json.dumps({"count": 5, "patentBag": _records()}, indent=1).encode(),
        "grants.xml": "".join(_RED_BOOK.replace("{0}", str(8_926_500 + at)) for at in range(3)).encode(),
        "grant16.xml": _RED_BOOK.replace("{0}", "8926509").replace("UTF-8", "UTF-16").encode("utf-16"),
        "lens.jsonl": lens_records(4).encode(),
        "bigquery.jsonl": bigquery_records(4).encode(),
        "chinese.xml": st36_documents(4).encode(),
        "chinese16.xml": st36_documents(2, prefix="cn:").replace("UTF-8", "UTF-16").encode("utf-16"),
        "scheme.xml": _SCHEME.encode(),
        "green.txt": (_GREEN_BOOK + _GREEN_BOOK.partition("\n")[2].replace("039327094", "039327108")).encode(),
        "table.csv.gz": gzip.compress(table(20).encode(), mtime=0),
        "grants.xml.gz": gzip.compress(_RED_BOOK.replace("{0}", "8926509").encode(), mtime=0),
        "several.zip": zip_of(
            {"a.csv": table().encode(), "b/c.xml": _RED_BOOK.replace("{0}", "8926509"), "d.ciw": _CIW}
        ),
    }
    found["book.zip"] = zip_of({"book.xlsx": found["book.xlsx"], "a.csv": found["gb18030.csv"]})
    return found
