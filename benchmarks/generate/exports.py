"""Exports as vendors write them, of made-up patents: incoPat xlsx, Patentics csv, Lens csv.

`incopat_large` is the file of the import measurement. `three_exports` are the files of the notebook: the
three overlap, as exports of one topic from three tools do, and an application's A and B texts both occur.
"""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

import xlsxwriter

from benchmarks.generate.patents import Application, Organisation, Publication, publications

INCOPAT_HEADERS = (
    "序号", "标题 (中文)", "标题 (英文)", "摘要 (中文)", "摘要 (英文)", "申请人", "公开（公告）号", "公开（公告）日",
    "申请号", "申请日", "公开类型", "专利类型", "公开国别", "链接到incoPat", "IPC主分类", "IPC", "CPC",
    "国民经济分类", "新兴产业分类", "标准化申请人", "专利有效性", "当前法律状态",
)  # fmt: skip
PATENTICS_HEADERS = (
    "公开号", "申请号", "标题", "申请日", "公开日", "授权公告日", "国际分类", "国际主分类", "美国分类", "美国主分类",
    "权利要求数", "申请人", "标准化申请人", "发明人", "第一发明人", "本文引用专利数", "引用本文专利数",
    "本文自引用专利数", "本文非自引用专利数", "自引用本文专利数", "非自引用本文专利数", "法律状态", "同族专利数",
    "技术特征",
)  # fmt: skip
LENS_HEADERS = (
    "#", "Jurisdiction", "Kind", "Publication Number", "Lens ID", "Publication Date", "Publication Year",
    "Application Number", "Application Date", "Priority Numbers", "Earliest Priority Date", "Title", "Applicants",
    "Inventors", "Owners (US)", "URL", "Type", "Has Full Text", "Cites Patent Count", "Cited by Patent Count",
    "Simple Family Size", "Extended Family Size", "Sequence Count", "CPC Classifications", "IPCR Classifications",
    "US Classifications", "NPL Citation Count", "NPL Resolved Citation Count", "NPL Resolved Lens ID(s)",
    "NPL Resolved External Id(s)", "NPL Citations",
)  # fmt: skip
_COUNTRY_ZH = {"CN": "中国", "US": "美国", "JP": "日本", "EP": "欧洲专利局", "WO": "世界知识产权组织"}
# What is wrong with a few rows of the large file, and how many rows a row in 50,000.
DAMAGED_NUMBER, NO_NUMBER, REPEATED = 100, 20, 150

Row = list[Any]


def incopat_large(path: Path, *, rows: int = 50_000, seed: int = 1229) -> dict[str, int]:
    """Write the large incoPat-like workbook. Returns how many rows of each kind it holds."""
    damaged, empty, repeated = (max(1, rows * n // 50_000) for n in (DAMAGED_NUMBER, NO_NUMBER, REPEATED))
    whole = rows - damaged - empty - repeated
    chance = random.Random(seed)
    kept: list[Row] = []

    def lines() -> Iterator[Row]:
        source = publications(seed)
        for index, publication in enumerate(islice(source, whole)):
            line = _incopat_row(publication, damage=False)
            if index % max(1, whole // repeated) == 0 and len(kept) < repeated:
                kept.append(line)
            yield line
        for publication in islice(source, damaged):
            yield _incopat_row(publication, damage=True)
        for publication in islice(source, empty):
            line = _incopat_row(publication, damage=False)
            line[6] = line[8] = None
            yield line
        yield from kept

    _write_xlsx(path, INCOPAT_HEADERS, _shuffled(lines(), chance))
    return {"rows": rows, "publications": whole, "damaged": damaged, "without_number": empty, "repeated": len(kept)}


def three_exports(folder: Path, *, families: int, seed: int = 20251) -> dict[str, Any]:
    """Write `incopat.xlsx`, `patentics.csv` and `lens.csv`. Returns their rows, and what is true of them.

    A publication is in incoPat, Patentics and Lens with a chance of a half each; one that none of the
    draws meets is in one of them.
    """
    chance = random.Random(seed)
    tools: dict[str, list[Publication]] = {"incopat": [], "patentics": [], "lens": []}
    names = list(tools)
    for publication in _families(publications(seed), families):
        drawn = [name for name in names if chance.random() < 0.5] or [chance.choice(names)]
        for name in drawn:
            tools[name].append(publication)
    for held in tools.values():
        chance.shuffle(held)
    _write_xlsx(folder / "incopat.xlsx", INCOPAT_HEADERS, (_incopat_row(p, damage=False) for p in tools["incopat"]))
    # Patentics ends each row, but not the header, with one comma more.
    _write_csv(folder / "patentics.csv", PATENTICS_HEADERS, ([*_patentics_row(p), ""] for p in tools["patentics"]))
    _write_csv(folder / "lens.csv", LENS_HEADERS, (_lens_row(i, p) for i, p in enumerate(tools["lens"], 1)))
    return {"rows": {name: len(held) for name, held in tools.items()}, "true": _truth(tools)}


def _truth(tools: dict[str, list[Publication]]) -> dict[str, int | float]:
    """What a correct count of the three exports finds, from the generator's own knowledge.

    `cr5` is the share of the five largest applicants, an application with n applicants split 1/n.
    """
    known = {publication.number: publication for held in tools.values() for publication in held}
    times = Counter(publication.application.serial for publication in known.values())
    applicants = {p.application.serial: p.invention.applicants for p in known.values()}
    parts: Counter[Organisation] = Counter()
    for orgs in applicants.values():
        for org in orgs:
            parts[org] += 1 / len(orgs)  # type: ignore[assignment]
    return {
        "cr5": sum(part for _, part in parts.most_common(5)) / len(applicants),
        "publications": len(known),
        "applications": len(times),
        "applications_with_several_texts": sum(count > 1 for count in times.values()),
        "publications_undated": sum(p.application.undated for p in known.values()),
        "publications_joint": sum(len(p.invention.applicants) > 1 for p in known.values()),
    }


def _families(source: Iterable[Publication], count: int) -> Iterator[Publication]:
    """The publications of the first `count` families."""
    seen: set[int] = set()
    for publication in source:
        if publication.first.serial not in seen and len(seen) == count:
            return
        seen.add(publication.first.serial)
        yield publication


def _shuffled(lines: Iterable[Row], chance: random.Random, window: int = 2_000) -> Iterator[Row]:
    """The lines in another order, within a window, so that memory stays small; numbered from 1."""
    held: list[Row] = []
    number = 0
    for line in lines:
        held.append(line)
        if len(held) > window:
            place = chance.randrange(len(held))
            held[place], held[-1] = held[-1], held[place]
            number += 1
            yield [number, *held.pop()[1:]]
    chance.shuffle(held)
    for rest in held:
        number += 1
        yield [number, *rest[1:]]


# -- rows ------------------------------------------------------------------------------------------


def _incopat_row(publication: Publication, *, damage: bool) -> Row:
    invention, application = publication.invention, publication.application
    number = publication.number
    label = {"utility_model": "实用新型", "design": "外观设计"}.get(
        application.type, "发明授权" if publication.granted else "发明申请"
    )
    applicants = "; ".join(org.name_zh for org in invention.applicants)
    return [
        None, invention.title_zh, invention.title_en, invention.abstract_zh, invention.abstract_en, applicants,
        "2.01E+12" if damage else number, datetime.combine(publication.published, time()),
        _incopat_application(application),
        None if application.undated else datetime.combine(application.filed, time()),
        label, label, _COUNTRY_ZH[application.office],
        f"到incoPat中查看\n\n{number}", invention.ipc[0], "; ".join(invention.ipc), "; ".join(invention.cpc) or None,
        "; ".join(invention.industries), ",".join(invention.emerging) or None, f"[{applicants}]",
        "有效" if publication.granted else "审中", "授权" if publication.granted else "实质审查",
    ]  # fmt: skip


def _incopat_application(application: Application) -> str:
    match application.office:
        case "CN":
            return f"CN{application.cn_digits}.{application.cn_check}"
        case "US":
            return f"US{application.us_series}{application.serial:06d}"
        case "JP":
            return f"JP{application.filed.year}{application.serial:06d}"
        case "EP":
            return f"EP{application.filed:%y}{application.serial:06d}"
        case _:
            return f"WO{_receiver(application)}{application.filed:%y}{application.serial:06d}"


def _patentics_row(publication: Publication) -> Row:
    invention, application = publication.invention, publication.application
    names = " | ".join(org.name_en for org in invention.applicants)
    people = [f"{family}; {given}" for family, given in invention.inventors]
    return [
        publication.number, _patentics_application(application),
        invention.title_zh if application.office == "CN" else invention.title_en,
        "" if application.undated else f"{application.filed:%Y%m%d}", f"{publication.published:%Y%m%d}",
        f"{publication.published:%Y%m%d}" if publication.granted else "",
        " | ".join(f"{s[:4]} {s[4:].rjust(6)}" for s in invention.ipc), invention.ipc[0][:4],
        " | ".join(invention.cpc), invention.cpc[0].split("/")[0] if invention.cpc else "",
        invention.claims, names, names.lower().replace(" co., ltd.", ""), " | ".join(people),
        invention.inventors[0][0], 0, 0, 0, 0, 0, 0, "有效" if publication.granted else "公开", 0, 17,
    ]  # fmt: skip


def _patentics_application(application: Application) -> str:
    match application.office:
        case "CN":
            return f"CN{application.cn_digits}.{application.cn_check}"
        case "US":
            return f"US{application.us_series}/{application.serial:06d}"
        case "JP":
            return f"JP{application.filed.year}{application.serial:06d}A"
        case "EP":
            return f"EP{application.filed.year}0{application.serial:06d}"
        case _:
            return f"PCT/{_receiver(application)}{application.filed.year}/{application.serial:06d}"


def _lens_row(index: int, publication: Publication) -> Row:
    invention, application = publication.invention, publication.application
    office = application.office
    digits = publication.digits
    if office in ("US", "WO") and not publication.granted:
        digits = f"{digits[:4]}/{digits[4:]}"
    lens_id = f"{application.serial:09d}{publication.published:%y%m%d}"
    lens_id = "-".join(lens_id[i : i + 3] for i in range(0, 15, 3))
    priority = f"{_lens_application(publication.first)} {publication.first.filed:%Y%m%d}"
    kind = {"U": "Limited Patent", "S": "Design Right"}.get(publication.kind)
    return [
        index, office, publication.kind, f"{office} {digits} {publication.kind}", lens_id,
        publication.published.isoformat(), publication.published.year, _lens_application(application),
        "" if application.undated else application.filed.isoformat(), priority, publication.first.filed.isoformat(),
        invention.title_en,
        ";;".join(_lens_name(org) for org in invention.applicants),
        ";;".join(f"{family} {given}".upper() for family, given in invention.inventors), "",
        f"https://lens.example/{lens_id}", kind or ("Granted Patent" if publication.granted else "Patent Application"),
        "yes", 0, 0, 1, 1, 0, ";;".join(invention.cpc), ";;".join(invention.ipc), "", 0, 0, "", "", "",
    ]  # fmt: skip


def _lens_application(application: Application) -> str:
    kind = {"utility_model": "U", "design": "S"}.get(application.type, "A")
    match application.office:
        case "CN":
            return f"CN {application.cn_digits} {kind}"
        case "US":
            return f"US {application.filed.year}{application.us_series}{application.serial:06d} A"
        case "JP":
            return f"JP {application.filed.year}{application.serial:06d} A"
        case "EP":
            return f"EP {application.filed:%y}{application.serial:06d} A"
        case _:
            return f"{_receiver(application)} {application.filed.year}{application.serial:06d} W"


def _lens_name(org: Organisation) -> str:
    """Lens drops the marks of a name and writes it in capitals."""
    return org.name_en.replace(",", "").replace(".", "").upper()


def _receiver(application: Application) -> str:
    """Office that receives an international application."""
    return application.home


# -- files -----------------------------------------------------------------------------------------


def _write_csv(path: Path, headers: Sequence[str], lines: Iterable[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(headers)
        writer.writerows(lines)


def _write_xlsx(path: Path, headers: Sequence[str], lines: Iterable[Row]) -> None:
    """One sheet, strings inline as incoPat writes them, dates as dates; a row at a time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    options = {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet("下载的著录项1")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, headers)
        for number, line in enumerate(lines, 1):
            for column, value in enumerate(line):
                _write_cell(sheet, number, column, value, day)


def _write_cell(sheet: Any, row: int, column: int, value: Any, day: Any) -> None:
    if value is None:
        return
    if isinstance(value, datetime):
        sheet.write_datetime(row, column, value, day)
    elif isinstance(value, int):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, value)
