"""`pingjiang audit verify` over history, books, facts and files: what was done behind the back is named, each first."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from pingjiang.centre import audit
from tests.centre import audited, sites
from tests.centre.cast import Cast

PARTS = {"history", "money", "facts", "files"}


@pytest.fixture(scope="module")
def filled(empty_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A site with books, facts, papers and an attachment."""
    folder = sites.copied(empty_site, tmp_path_factory.mktemp("filled") / "site")
    subprocess.run(
        [sys.executable, "-m", "tests.centre.audited"], env=sites.surroundings(folder), cwd=sites.ROOT, check=True
    )
    yield folder
    sites.dropped(folder)


@pytest.fixture
def site(filled: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of it."""
    folder = sites.copied(filled, tmp_path / "site")
    yield folder
    sites.dropped(folder)


def verify(site: Path, *more: str) -> tuple[int, Any, str]:
    done = subprocess.run(
        [sys.executable, "-m", "pingjiang", "audit", "verify", *more], env=sites.surroundings(site), cwd=sites.ROOT,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, json.loads(done.stdout) if "--json" in more else done.stdout, done.stderr


def behind(site: Path, table: str, *statements: str) -> None:
    """Raw SQL by one who owns the database and has taken the table's triggers away."""
    if sites.SERVER:
        taken = [f"ALTER TABLE {table} DISABLE TRIGGER ALL"]
    else:
        names = sites.rows(site, f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{table}'")
        taken = ["PRAGMA foreign_keys = OFF", *(f"DROP TRIGGER {name}" for (name,) in names)]
    sites.sql(site, *taken, *statements)


def test_whole_is_whole_and_every_broken_part_is_named(site: Path) -> None:
    code, said, _ = verify(site)
    assert code == 0 and said.count("完整 whole") == len(PARTS)
    assert "2 张 journals" in said and "3 条 facts" in said and "3 个 files" in said
    behind(site, "money_line", "UPDATE money_line SET amount = amount + 10000 WHERE id = 1")
    behind(site, "facts_fact", "UPDATE facts_fact SET value = 9000000 WHERE id = 2")
    file = next(path for path in (site / "uploads").rglob("*") if path.is_file())
    file.chmod(0o640)
    file.write_bytes(file.read_bytes()[:-1] + b"!")
    code, told, _ = verify(site, "--json")
    assert code == 3 and not told["whole"] and set(told["parts"]) == PARTS and told["parts"]["history"]["whole"]
    wrong = {part: said["problem"]["en"] for part, said in told["parts"].items() if not said["whole"]}
    assert set(wrong) == {"money", "facts", "files"}
    assert wrong["facts"] == "fact 2 is not what the history tells"
    assert wrong["files"] == f"file {file.name} was changed" and "journal 1" in wrong["money"]


@pytest.fixture
def here(cast: Cast, tmp_path: Path, settings: Any) -> None:
    """The same in the database of the tests."""
    settings.SITE_FOLDER, settings.SITE_CLAMD = tmp_path / "site", ""
    audited.fill(cast)
    assert audit.verify().whole


@pytest.mark.parametrize(
    ("table", "statement", "part", "named"),
    [
        ("facts_fact", "DELETE FROM facts_fact WHERE value = 1000000", "facts", r"fact \d+ is gone"),
        ("facts_fact", "UPDATE facts_fact SET key = 'x'", "facts", "does not have the key"),
        ("facts_fact", "UPDATE facts_fact SET synthetic = synthetic, text = 'x'", "facts", "not what the history"),
        ("facts_withdrawal", "DELETE FROM facts_withdrawal", "facts", r"withdrawal of fact \d+ is gone"),
        ("facts_withdrawal", "UPDATE facts_withdrawal SET reason = 'x'", "facts", "was not told so"),
        ("documents_version", "UPDATE documents_version SET file_name = 'b.txt'", "files", r"version \d+ is not"),
        ("documents_version", "DELETE FROM documents_version", "files", r"version \d+ is gone"),
        ("documents_paper", "UPDATE documents_paper SET said = 'x'", "files", "is not what the history tells"),
        ("documents_recall", "DELETE FROM documents_recall", "files", r"recall of paper \d+ is gone"),
        ("documents_recall", "UPDATE documents_recall SET reason = 'x'", "files", "was not told so"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("here")
def test_what_was_done_behind_the_back(table: str, statement: str, part: str, named: str) -> None:
    with connection.cursor() as cursor:
        on = f" ON {table}" if connection.vendor == "postgresql" else ""
        for verb in ("update", "delete"):
            cursor.execute(f"DROP TRIGGER {table}_no_{verb}{on}")
        cursor.execute(statement)
    found = {each.name: each for each in audit.verify().parts}
    assert {name for name, each in found.items() if not each.whole} == {part}
    problem = found[part].problem
    assert problem is not None and re.search(named, problem[1]) and problem[0]


@pytest.mark.usefixtures("here")
def test_a_file_that_is_gone(tmp_path: Path) -> None:
    file = next(path for path in (tmp_path / "site" / "uploads").rglob("*") if path.is_file())
    file.unlink()
    found = audit.verify().parts[-1]
    assert not found.whole and found.problem is not None and found.problem[1] == f"file {file.name} is gone"
