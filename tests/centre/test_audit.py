"""`pingjiang audit verify` over history, books, facts and files: what was done behind the back is named, each first."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.centre import sites

FILLER = """
import datetime, uuid, django
django.setup()
from django.db import transaction
from pingjiang.centre.casework import service
from pingjiang.centre.documents import shelf
from pingjiang.centre.facts import register
from pingjiang.centre.facts.register import Subject
from pingjiang.centre.money import ledger
from tests.centre import cast as people
from tests.centre.announcements import play as plays
from tests.centre.casework.errands.workflow import ERRAND
from tests.centre.facts.examples import PEOPLE, SERVED
with transaction.atomic():
    cast = people.make()
    cash = ledger.open_account(cast.firm, "cash", "CNY", cast.alice)
    income = ledger.open_account(cast.firm, "grant_income", "CNY", cast.alice)
    day = datetime.date(2026, 3, 1)
    for n in (1, 2):
        ledger.post([ledger.debit(cash, n), ledger.credit(income, n)], on=day, text="拨款", actor=cast.alice,
                    request=uuid.uuid4())
    facts = [register.tell(PEOPLE, Subject("training", str(n)), cast.firm, on=day, actor=cast.alice, value=n,
                           request=uuid.uuid4()) for n in (1, 2, 3)]
    register.withdraw(facts[2], reason="重复", actor=cast.alice, request=uuid.uuid4())
    plays.announcement(plays.begin(cast), "withdrawn")  # two files: the paper as PDF and as Word, called back
    case = service.open_case(ERRAND, cast.alice, number="E-1", title="事", authority=cast.bureau)
    shelf.add(case, cast.alice, [b"text of a file"], "a.txt")
"""
PARTS = {"history", "money", "facts", "files"}


@pytest.fixture(scope="module")
def filled(empty_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A site with books, facts, papers and an attachment."""
    folder = sites.copied(empty_site, tmp_path_factory.mktemp("filled") / "site")
    subprocess.run([sys.executable, "-c", FILLER], env=sites.surroundings(folder), cwd=sites.ROOT, check=True)
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
    code, told, _ = verify(site, "--json")
    assert code == 0 and told["whole"] and set(told["parts"]) == PARTS
    assert [told["parts"][part]["count"] for part in ("money", "facts", "files")] == [2, 3, 3]
    assert verify(site)[1].count("完整 whole") == 4
    behind(site, "money_line", "UPDATE money_line SET amount = amount + 10000 WHERE id = 1")
    behind(site, "facts_fact", "UPDATE facts_fact SET value = 9000000 WHERE id = 2")
    file = next(path for path in (site / "uploads").rglob("*") if path.is_file())
    file.chmod(0o640)
    file.write_bytes(file.read_bytes()[:-1] + b"!")
    code, told, _ = verify(site, "--json")
    assert code == 3 and not told["whole"] and told["parts"]["history"]["whole"]
    wrong = {part: said["problem"]["en"] for part, said in told["parts"].items() if not said["whole"]}
    assert set(wrong) == {"money", "facts", "files"}
    assert wrong["facts"] == "fact 2 is not what the history tells"
    assert wrong["files"] == f"file {file.name} was changed" and "journal 1" in wrong["money"]
    code, _, said = verify(site)
    assert code == 3 and all(each in said for each in ("账目 books", "事实 facts", "文件 files", file.name))


@pytest.mark.parametrize(
    ("table", "statement", "part", "named"),
    [
        ("facts_fact", "DELETE FROM facts_fact WHERE id = 1", "facts", "fact 1 is gone"),
        ("facts_fact", "UPDATE facts_fact SET key = 'x' WHERE id = 1", "facts", "does not have the key"),
        ("facts_withdrawal", "DELETE FROM facts_withdrawal", "facts", "withdrawal of fact 3 is gone"),
        ("facts_withdrawal", "UPDATE facts_withdrawal SET reason = 'x'", "facts", "was not told so"),
        ("documents_version", "UPDATE documents_version SET file_name = 'b.txt'", "files", "version 1 is not"),
        ("documents_version", "DELETE FROM documents_version", "files", "version 1 is gone"),
        ("documents_paper", "UPDATE documents_paper SET said = 'x'", "files", "is not what the history tells"),
        ("documents_recall", "DELETE FROM documents_recall", "files", "recall of paper 1 is gone"),
        ("documents_recall", "UPDATE documents_recall SET reason = 'x'", "files", "was not told so"),
    ],
)  # fmt: skip
def test_what_was_done_behind_the_back(site: Path, table: str, statement: str, part: str, named: str) -> None:
    behind(site, table, statement)
    code, told, _ = verify(site, "--json")
    assert code == 3 and named in told["parts"][part]["problem"]["en"]


def test_a_file_that_is_gone(site: Path) -> None:
    file = next(path for path in (site / "uploads").rglob("*") if path.is_file())
    file.unlink()
    code, told, _ = verify(site, "--json")
    assert code == 3 and told["parts"]["files"]["problem"]["en"] == f"file {file.name} is gone"
