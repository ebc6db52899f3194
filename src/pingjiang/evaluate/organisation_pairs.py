"""Organisations against single pairs of names that we judged ourselves (`labels/`).

The labels hold addresses of cells; the names are read from the sample files. All names that these files print are
linked together, so that rarity and blocking are as in use: once from the names alone (`link_names`), once by a whole
build, which also knows families, inventors and addresses.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pingjiang.config import Settings
from pingjiang.engine import Session, Table
from pingjiang.errors import InputRefused
from pingjiang.evaluate.linking import fold_names
from pingjiang.evaluate.pairs import score_verdicts
from pingjiang.evaluate.reading import concluded_names, imported, printed_applicants, read_labelled
from pingjiang.evaluate.task import Answer, Line, Task, measures, samples_folder
from pingjiang.identities.organisations.link import link_names

_CELL = ("file", "sheet", "row", "column", "element", "check")
COLUMNS = (*(f"{part}_{side}" for side in "ab" for part in _CELL), "entity", "group", "sure", "drawn_by")
HALVES = ("held_out", "tuning", "all")
_LEVELS = {"entity": "organisation_id", "group": "group_id"}


def half_of(pair: Mapping[str, Any]) -> str:
    """'tuning' or 'held_out': whether the SHA-256 of the pair's addresses is even or odd."""
    address = "|".join(str(pair[column] or "") for column in COLUMNS[: 2 * len(_CELL)])
    return "held_out" if hashlib.sha256(address.encode()).digest()[-1] % 2 else "tuning"


def evaluate(labels: Path, settings: Settings) -> Answer:
    """Precision, recall and F1 of pairs at entity and group level, from names alone and by a whole build."""
    with Session(
        memory_limit=settings.memory_limit, threads=settings.threads, temp_folder=settings.temp_dir
    ) as session:
        pairs = read_labelled(session, labels, COLUMNS, settings).dicts(order_by="row_number")
        paths = _sample_files(pairs, labels, settings)
        with imported(paths, settings) as lake:
            printed = printed_applicants(session, lake)
            names = session.materialise("select p.name, count(*) as mentions from p group by p.name", p=printed)
            _read_names(pairs, printed, labels)
            linked = {
                "names_alone": link_names(session, names),
                "whole_build": concluded_names(session, lake),
                "baseline": fold_names(session, names),
            }
            answer: Answer = {half: {} for half in HALVES}
            answer["wrong_in_tuning"] = {}
            for method, table in linked.items():
                found = _found(table, pairs)
                for half in HALVES:
                    chosen = [pair for pair in pairs if half in ("all", half_of(pair))]
                    answer[half][method] = {
                        level: _scored(chosen, found[column], level) for level, column in _LEVELS.items()
                    }
                answer["wrong_in_tuning"][method] = _wrong(found["organisation_id"], pairs)
        return answer | {"names": names.count(), "unsure": sum(pair["entity"] == "unsure" for pair in pairs)}


def _sample_files(pairs: list[dict[str, Any]], labels: Path, settings: Settings) -> list[Path]:
    """The files that the labels speak of. InputRefused where one is not at hand."""
    paths = []
    for name in sorted({pair[f"file_{side}"] for pair in pairs for side in "ab"}):
        path = samples_folder(settings) / name
        if not path.is_file():
            raise InputRefused(
                f"{labels.name} 所指的样本文件不在。", f"The sample file that {labels.name} speaks of is missing.",
                file=str(path), remedy=("请检查 PINGJIANG_SAMPLES。", "Check PINGJIANG_SAMPLES."),
            )  # fmt: skip
        paths.append(path)
    return paths


def _read_names(pairs: list[dict[str, Any]], printed: Table, labels: Path) -> None:
    """Put the printed names into the pairs, as name_a and name_b. InputRefused where a cell holds another name."""
    wanted = {pair[f"check_{side}"] for pair in pairs for side in "ab"}
    rows = printed.session.rows(
        "select p.file, p.row_number, p.element, p.name from p where substr(sha256(p.name), 1, 8) in "
        f"({', '.join(repr(str(check)) for check in sorted(wanted))})",
        p=printed,
    )
    at = {(file, str(row), str(element)): name for file, row, element, name in rows}
    for pair in pairs:
        for side in "ab":
            file, row, element = (str(pair[f"{part}_{side}"]) for part in ("file", "row", "element"))
            name = at.get((Path(file).name, row, element))
            if name is None or hashlib.sha256(name.encode()).hexdigest()[:8] != pair[f"check_{side}"]:
                raise InputRefused(
                    f"单元格（第 {element} 项）不是标注时的名称，标注在 {labels.name} 第 {pair['row_number']} 行。",
                    f"The cell (its element {element}) does not hold the name that was judged; the label is row "
                    f"{pair['row_number']} of {labels.name}.",
                    file=file, row=int(row), column=str(pair[f"column_{side}"]),
                    remedy=("请换回原来的样本文件。", "Put back the sample file as it was."),
                )  # fmt: skip
            pair[f"name_{side}"] = name


def _found(linked: Table, pairs: list[dict[str, Any]]) -> dict[str, dict[str, str | None]]:
    """The ids of the names of these pairs, by level's column and name."""
    session = linked.session
    with session.scratch():
        wanted = session.from_rows(
            {"name": "VARCHAR"}, [(name,) for name in sorted({pair[f"name_{side}"] for pair in pairs for side in "ab"})]
        )
        rows = session.rows(
            "select l.name, l.organisation_id, l.group_id from l join w on w.name = l.name", l=linked, w=wanted
        )
    return {"organisation_id": {row[0]: row[1] for row in rows}, "group_id": {row[0]: row[2] for row in rows}}


def _same(pair: Mapping[str, Any], ids: Mapping[str, str | None]) -> bool:
    """Whether both names were linked; a name without an id is alone."""
    one, other = ids.get(pair["name_a"]), ids.get(pair["name_b"])
    return pair["name_a"] == pair["name_b"] or (one is not None and one == other)


def _scored(pairs: list[dict[str, Any]], ids: Mapping[str, str | None], level: str) -> dict[str, Any]:
    told = score_verdicts((_same(pair, ids), pair[level] == "same") for pair in pairs if pair[level] != "unsure")
    return {name: value for name, value in told.as_dict().items() if name not in ("b_cubed", "labels")}


def _wrong(ids: Mapping[str, str | None], pairs: list[dict[str, Any]]) -> dict[str, list[int]]:
    """Rows of the tuning half whose entities were judged wrongly; those of the other half stay unread."""
    wrong: dict[str, list[int]] = {"missed": [], "joined_wrongly": []}
    for pair in pairs:
        if half_of(pair) == "tuning" and pair["entity"] != "unsure":
            same = _same(pair, ids)
            if same != (pair["entity"] == "same"):
                wrong["joined_wrongly" if same else "missed"].append(pair["row_number"])
    return wrong


def _lines() -> list[Line]:
    halves = {
        "held_out": ("留出组", "held-out pairs"),
        "tuning": ("调参组", "tuning pairs"),
        "all": ("全部", "all pairs"),
    }
    levels = {"entity": ("法人", "legal entity"), "group": ("集团", "group")}
    methods = {"whole_build": ("整个构建", "a whole build"), "names_alone": ("只看名称", "from names alone")}
    return [
        line
        for half, (half_zh, half_en) in halves.items()
        for method, (method_zh, method_en) in methods.items()
        for level, (level_zh, level_en) in levels.items()
        for line in measures(
            f"{half_zh}，{level_zh}，{method_zh}", f"{half_en}, {level_en}, {method_en}",
            f"{half}.{method}.{level}", f"{half}.baseline.{level}",
        )
    ]  # fmt: skip


_HALVES_ZH = (
    "由我们在调参之前判断，难例居多，因此其中的比例不代表一般名称。按单元格地址的 SHA-256 奇偶分半，奇数半留出。"
)
_HALVES_EN = (
    "Judged by us before anything was tuned; hard on purpose, so that shares say nothing of names at large. Halved by "
    "the SHA-256 of the cells' addresses; odd ones are held out. Unsure pairs are not scored."
)
TASKS = (
    Task(
        "organisation_pairs_zh", "labels/organisation_pairs_zh.csv",
        "机构：中文导出文件中的名称对", "Organisations: pairs of names that Chinese exports print",
        _HALVES_ZH, _HALVES_EN, evaluate, _lines(), ours=True,
    ),
    Task(
        "organisation_pairs_en", "labels/organisation_pairs_en.csv",
        "机构：AIR 之外的拉丁文名称对", "Organisations: pairs of Latin names outside AIR-UMass",
        _HALVES_ZH, _HALVES_EN, evaluate, _lines(), ours=True,
    ),
)  # fmt: skip
