"""Sites in folders of their own, for tests that start programs: on SQLite, or each in a database of a PostgreSQL."""

from __future__ import annotations

import os
import sqlite3
import zlib
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
    """Raw SQL by one who owns the database."""
    if url := database_of(folder):
        with psycopg.connect(url) as connection:
            for statement in statements:
                connection.execute(statement.encode())
    else:
        with sqlite3.connect(folder / "site.sqlite3") as database:
            for statement in statements:
                database.execute(statement)


def rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    """Rows as they stand in the database."""
    if url := database_of(folder):
        with psycopg.connect(url) as connection:
            return connection.execute(query.encode()).fetchall()
    with sqlite3.connect(folder / "site.sqlite3") as database:
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
