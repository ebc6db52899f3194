"""Generated data under `build/bench`, made once and reused while what decides them is unchanged."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.harness import ROOT

BENCH = ROOT / "build" / "bench"
_GENERATORS = Path(__file__).parent / "generate"


def ensure(
    name: str, parameters: Mapping[str, Any], make: Callable[[Path], Mapping[str, Any]], *, bench: Path = BENCH
) -> Path:
    """A folder with the generated data `name`; `make` fills it where it is not there yet.

    What decides on reuse: the parameters, the generators' source and the engine's version (chance is a
    hash of the engine's). Older data of the same name are removed. The folder also holds
    `parameters.json` with what `make` gave back under "made".
    """
    decided = {
        **parameters,
        "generators": _source_hash(),
        "engine": importlib.metadata.version("duckdb"),
    }
    digest = hashlib.sha256(json.dumps(decided, sort_keys=True).encode()).hexdigest()[:12]
    folder = bench / f"{name}-{digest}"
    if (folder / "parameters.json").is_file():
        return folder
    for old in bench.glob(f"{name}-*"):
        shutil.rmtree(old)
    part = bench / f"{name}-part"
    part.mkdir(parents=True)
    made = make(part)
    told = {"parameters": decided, "made": made}
    (part / "parameters.json").write_text(json.dumps(told, indent=1, ensure_ascii=False), encoding="utf-8")
    part.rename(folder)
    return folder


def made(folder: Path) -> dict[str, Any]:
    """What the generator said of the data in a folder (numbers of rows)."""
    told: dict[str, Any] = json.loads((folder / "parameters.json").read_text(encoding="utf-8"))
    return dict(told["made"])


def _source_hash() -> str:
    digest = hashlib.sha256()
    for path in sorted(_GENERATORS.glob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
