"""Sites of their own for tests that need real processes: a folder and a database each, SQLite or PostgreSQL."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
import zlib
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg

ROOT = Path(__file__).parents[2]
SERVER = os.environ.get("PINGJIANG_SITE_DATABASE", "")  # of PostgreSQL; each site has a database of its own there


def database_of(folder: Path, template: Path | None = None) -> str:
    """URL of the PostgreSQL database of a site, made where there is none; '' for SQLite."""
    if not SERVER:
        return ""
    name = named(folder)
    with psycopg.connect(SERVER, autocommit=True) as server:
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            copied = f" TEMPLATE {named(template)}" if template else ""
            server.execute(f"CREATE DATABASE {name}{copied}".encode())
    return f"{SERVER.rpartition('/')[0]}/{name}"


def named(folder: Path) -> str:
    return f"site_{zlib.crc32(str(folder).encode())}"


def sql(folder: Path, *statements: str) -> None:
    """Raw SQL by one who owns the database, in one transaction."""
    if url := database_of(folder):
        with psycopg.connect(url) as connection:
            for statement in statements:
                connection.execute(statement.encode())
    else:
        with sqlite3.connect(folder / "site.sqlite3") as database:
            database.execute("PRAGMA foreign_keys = ON")  # as the site's own connections have it
            for statement in statements:
                database.execute(statement)


def rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    """What raw SQL finds in the database of a site."""
    if url := database_of(folder):
        with psycopg.connect(url) as connection:
            return connection.execute(query.encode()).fetchall()
    return in_file(folder, query)


def in_file(folder: Path, query: str) -> list[tuple[Any, ...]]:
    """The same of a site that has its database in its folder wherever the tests have theirs: one that browsers see."""
    with closing(sqlite3.connect(folder / "site.sqlite3", timeout=30)) as database:
        return database.execute(query).fetchall()


def surroundings(folder: Path) -> dict[str, str]:
    """The environment of a site in a folder of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PINGJIANG_SITE", "DJANGO"))}
    return {
        **kept,
        "PINGJIANG_SITE_MODE": "test",
        "PINGJIANG_SITE_FOLDER": str(folder),
        "PINGJIANG_SITE_SECRET": "a-secret-of-the-tests " * 3,
        "PINGJIANG_SITE_DATABASE": database_of(folder),
        "DJANGO_SETTINGS_MODULE": "tests.centre.settings",
    }


def program(folder: Path, module: str, *arguments: str) -> subprocess.Popen[str]:
    """A module of the tests as a process on a site; what it prints can be read."""
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments], env=surroundings(folder), cwd=ROOT, stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip


def migrated(folder: Path) -> Path:
    """An empty site."""
    folder.mkdir(parents=True)
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity", "0"],
        env=surroundings(folder), cwd=ROOT, check=True,
    )  # fmt: skip
    return folder


def migrated_once(shared: Path) -> Path:
    """An empty site in a folder that the workers of a run share: who comes first makes it, the others wait for it."""
    with (shared / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        site = shared / "migrated"
        if not site.exists():
            migrated(shared / "being-migrated").rename(site)
    return site


def copied(site: Path, folder: Path) -> Path:
    """A copy of a site at rest, with a database of its own."""
    database_of(folder, template=site)
    return Path(shutil.copytree(site, folder))


def dropped(folder: Path) -> None:
    """Its database gone, where the folder does not hold it."""
    if SERVER:
        with psycopg.connect(SERVER, autocommit=True) as server:
            server.execute(f"DROP DATABASE IF EXISTS {named(folder)} WITH (FORCE)".encode())
