"""A small lake whose figures are known by counting: a dozen made-up publications of three cities, and a register."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from benchmarks.generate.register import credit_code

from pingjiang import pipeline
from pingjiang.chain.tree import load
from pingjiang.engine import Lake
from pingjiang.pipeline.own_chains import chain_in_force, keep_chain
from tests.chain.made import chain_text, write
from tests.made import INCOPAT, incopat_row, write_csv

SUZHOU, WUXI, XIAN = "江苏省苏州市工业园区合成路1号", "江苏省无锡市新吴区合成路2号", "陕西省西安市高新区合成路3号"
WHERE = [SUZHOU] * 5 + [WUXI] * 3 + [XIAN] * 3 + [SUZHOU]
HEADER = [*INCOPAT, "申请人地址"]


def lake(folder: Path) -> Lake:
    """A dozen made-up publications of three cities on two leaves, and a register of five bodies."""
    rows = [
        [*incopat_row(at, **{"IPC": "H01M10/05" if at % 4 == 0 else "H01L21/768"}), where]
        for at, where in enumerate(WHERE, start=1)
    ]
    draw = random.Random(1)
    bodies = [("chip", SUZHOU), ("chip", SUZHOU), ("chip", WUXI), ("battery", SUZHOU), ("", SUZHOU)]
    register = [
        [credit_code(draw, "320500", "91"), f"合成{at}有限公司", where, node] for at, (node, where) in enumerate(bodies)
    ]
    leaves: dict[str, list[dict[str, Any]]] = {
        "chip": [{"symbols": ["H01L21"]}], "battery": [{"symbols": ["H01M10"]}],
    }  # fmt: skip
    found = Lake(folder / "lake")
    told = [
        write_csv(folder / "a.csv", HEADER, rows),
        write_csv(folder / "名录.csv", ["统一社会信用代码", "名称", "地址", "产业链环节"], register),
    ]
    pipeline.import_files(told, found)
    chain, _ = keep_chain(found, write(folder, chain_text(leaves), "made.yaml"), who="王芳")
    pipeline.build(found, load(chain_in_force(found, chain.chain)))
    return found
