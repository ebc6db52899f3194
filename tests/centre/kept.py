"""States that many tests begin with, made by their moves once in a process and laid down again for every other test.

    @kept
    def application(play, state="draft"): ...

The first call makes it: every move, rule and paper. What it has changed in the database, row by row, is remembered
with the files of the site and what was given back; the next test that asks for the same from the same state has the
very rows again, with their keys, hashes and times. A state is known by how it came about: an empty database, and the
calls since, each with what it was given. Whatever else changes a row ends that, and everything is made as ever; so it
is with other settings, under a patch (of the clock, say), outside a test's transaction, without a folder of the test's
own, and on PostgreSQL, whose sequences give other keys.
"""

from __future__ import annotations

import atexit
import dataclasses
import functools
import pickle
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from unittest import mock

from django.conf import settings
from django.db import connection, models
from django.utils import timezone

P = ParamSpec("P")
T = TypeVar("T")
Rows = dict[str, set[tuple[Any, ...]]]  # table → its rows

_NOW = timezone.now  # that of the suite
_files = Path(tempfile.mkdtemp(prefix="kept-"))
atexit.register(shutil.rmtree, _files, ignore_errors=True)


@dataclasses.dataclass(frozen=True)
class _Kept:
    """What a call has changed, the folder with the site's files of then, and what it gave back."""

    rows: Rows
    files: Path
    given: bytes


@dataclasses.dataclass
class _Here:
    """What is known of the database of this test."""

    way: tuple[str, ...] | None = None  # the calls since it was empty; None where it is not known
    changes: int = -1  # of this connection, when the last of them was over
    off: bool = False
    patched: int = 0  # patches of `mock` in force
    usual: int = 0  # those of the suite, which were in force when the way began


_states: dict[tuple[str, ...], _Kept] = {}
_here = _Here()


def forget(*, off: bool) -> None:
    """A test begins: nothing is known of its database. `off`: it makes everything anew."""
    _here.way, _here.off = None, off


def kept(make: Callable[P, T]) -> Callable[P, T]:
    """Make it once."""

    @functools.wraps(make)
    def made(*args: P.args, **more: P.kwargs) -> T:
        name = _named((make.__module__, make.__qualname__, args, more))
        before = _stands()
        if name is None or before is None:
            return make(*args, **more)
        way = (*before, name)
        if way in _states:
            given: T = _lay(_states[way])
        else:
            rows = _rows()
            given = make(*args, **more)
            changed = _changed(rows, _rows())
            if changed is None:
                return given
            _states[way] = _Kept(changed, _copied(_files / str(len(_states))), pickle.dumps(given))
        _reached(way)
        return given

    return made


def _reached(way: tuple[str, ...]) -> None:
    _here.way, _here.changes = way, connection.connection.total_changes


def _stands() -> tuple[str, ...] | None:
    """How the database came to what it holds; None where that is not known, or nothing is to be kept."""
    plain = not _here.off and timezone.now is _NOW and connection.vendor == "sqlite" and connection.in_atomic_block
    if not plain or Path(tempfile.gettempdir()) == settings.SITE_FOLDER:  # no folder of the test's own
        return None
    if _here.way is not None:
        same = connection.connection.total_changes == _here.changes and _here.patched == _here.usual
        return _here.way if same else None
    from pingjiang.centre.accounts.models import District, Organisation, User

    empty = not any(model.objects.exists() for model in (User, Organisation, District))
    _here.usual = _here.patched
    return (_settings(),) if empty else None


def _counted(of: Callable[P, T], step: int) -> Callable[P, T]:
    @functools.wraps(of)
    def counted(*args: P.args, **more: P.kwargs) -> T:
        _here.patched += step
        return of(*args, **more)

    return counted


# Under a patch, of the clock or of what is tested, nothing is what it is elsewhere.
mock._patch.__enter__ = _counted(mock._patch.__enter__, 1)  # type: ignore[method-assign]
mock._patch.__exit__ = _counted(mock._patch.__exit__, -1)  # type: ignore[method-assign]


def _settings() -> str:
    """The settings of now but for the folder, which is of each test. Those that are lazy have their value before they
    are looked at: they look otherwise once somebody has asked for it."""
    names = [name for name in dir(settings) if name.isupper() and name != "SITE_FOLDER"]
    return repr([(name, str(getattr(settings, name)), getattr(settings, name)) for name in names])


def _named(value: object) -> str | None:
    """What a call was given, as a text; None for what has no name here."""
    if value is None or isinstance(value, bool | int | str | bytes | Decimal):
        return repr(value)
    if isinstance(value, models.Model):
        return f"{value._meta.label}:{value.pk}"
    if isinstance(value, Mapping):
        return _all_named("{}", (part for pair in value.items() for part in pair))
    if isinstance(value, list | tuple):
        return _all_named("[]", value)
    if dataclasses.is_dataclass(value):
        return _all_named(type(value).__name__, (getattr(value, field.name) for field in dataclasses.fields(value)))
    return None


def _all_named(kind: str, values: Iterable[object]) -> str | None:
    found = [_named(value) for value in values]
    return None if None in found else f"{kind}({','.join(map(str, found))})"


def _tables() -> Iterator[str]:
    with connection.cursor() as cursor:
        yield from connection.introspection.table_names(cursor)


def _rows() -> Rows:
    found: Rows = {}
    with connection.cursor() as cursor:
        for table in list(_tables()):
            found[table] = set(cursor.execute(f'SELECT * FROM "{table}"').fetchall())
    return found


def _changed(before: Rows, after: Rows) -> Rows | None:
    """Rows that are new, or other than before; None where one is gone, which laying down would not undo. Tables begin
    with their keys."""
    for table, rows in before.items():
        if {row[0] for row in rows} - {row[0] for row in after[table]}:
            return None
    return {table: rows - before[table] for table, rows in after.items() if rows - before[table]}


def _lay(state: _Kept) -> Any:
    with connection.cursor() as cursor:
        for table, rows in state.rows.items():
            places = ",".join(["%s"] * len(next(iter(rows))))
            cursor.executemany(f'INSERT OR REPLACE INTO "{table}" VALUES ({places})', list(rows))
    if state.files.exists():
        shutil.copytree(state.files, settings.SITE_FOLDER, dirs_exist_ok=True)
    return pickle.loads(state.given)


def _copied(folder: Path) -> Path:
    """The site's files of now, in a folder of their own; none is made where there are none."""
    if settings.SITE_FOLDER.exists():
        shutil.copytree(settings.SITE_FOLDER, folder)
    return folder
