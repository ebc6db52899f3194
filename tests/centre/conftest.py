"""Fixtures of the site's tests."""

from __future__ import annotations

import inspect
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core import management
from django.db import connection
from django.utils import translation
from playwright.sync_api import Browser

from pingjiang.centre.accounts.models import Organisation
from pingjiang.centre.evidence import adopting, opening
from pingjiang.centre.evidence.models import DataLake
from pingjiang.engine import Lake
from tests.centre import cast as cast_of_tests
from tests.centre import kept, sites
from tests.centre.serving import Site, Visit, served, visiting
from tests.search.conftest import ask, grow


@pytest.fixture(autouse=True)
def nothing_known(request: pytest.FixtureRequest) -> None:
    """A test begins with an empty database; what patches something has all its states made by what is patched."""
    kept.forget(off="monkeypatch" in inspect.signature(request.function).parameters)


@pytest.fixture
def cast(db: None) -> cast_of_tests.Cast:
    """The fixed cast."""
    return cast_of_tests.make()


@pytest.fixture(autouse=True)
def in_chinese() -> None:
    """A test begins in the language of the site: the last page of the one before may have been in English, and that
    stays with the thread."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker renews its connection between jobs; in the tests' process it is the one that their transaction is on."""
    monkeypatch.setattr("pingjiang.centre.jobs.worker.close_old_connections", lambda: None)


@pytest.fixture(scope="session")
def migrated_site(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """The folder of an empty site, made by its migrations once in a run; None on PostgreSQL, which copies a database
    only while nobody else is on it."""
    if sites.SERVER:
        return None
    base = tmp_path_factory.getbasetemp()
    return sites.migrated_once(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, migrated_site: Path | None
) -> None:
    """The database of the tests in this process is a copy of that site's, in place of the same migrations once more."""
    if migrated_site is None:
        return
    real = management.call_command

    def laid(name: str, *args: Any, **more: Any) -> Any:
        if name != "migrate":
            return real(name, *args, **more)
        management.call_command = real
        connection.ensure_connection()
        with closing(sqlite3.connect(migrated_site / "site.sqlite3")) as made:
            made.backup(connection.connection)
        return None

    management.call_command = laid  # type: ignore[assignment]


@pytest.fixture(scope="session")
def empty_site(tmp_path_factory: pytest.TempPathFactory, migrated_site: Path | None) -> Iterator[Path]:
    """The folder of an empty site, to be copied."""
    folder = tmp_path_factory.mktemp("empty") / "site"
    folder = sites.migrated(folder) if migrated_site is None else sites.copied(migrated_site, folder)
    yield folder
    sites.dropped(folder)


@pytest.fixture
def site(empty_site: Path, tmp_path: Path) -> Iterator[Path]:
    """The folder of an empty site of this test's own, for tests with processes."""
    folder = sites.copied(empty_site, tmp_path / "site")
    yield folder
    sites.dropped(folder)


# Lakes: a small one of synthetic publications, held by a centre of the cast.


@pytest.fixture(scope="session")
def made_lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Two dozen publications, built and indexed; nobody changes it."""
    made = Lake(tmp_path_factory.mktemp("evidence") / "lake")
    grow(made, 0)
    ask(made, "电池")
    return made


@pytest.fixture(scope="session")
def grown_made_lake(made_lake: Lake, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """The same with two dozen more, built and not indexed: its index is that of the release before."""
    made = Lake(shutil.copytree(made_lake.folder, tmp_path_factory.mktemp("grown") / "lake"))
    grow(made, 24)
    return made


@pytest.fixture
def site_folder(tmp_path: Path, settings: SimpleNamespace) -> Iterator[Path]:
    """A folder of the site of this test's own."""
    settings.SITE_FOLDER = tmp_path / "site"
    yield settings.SITE_FOLDER
    opening.close_idle()


@pytest.fixture
def centre(cast: cast_of_tests.Cast) -> Organisation:
    """The centre of the cast."""
    return cast.everyone["centre_manager"].organisation


@pytest.fixture
def lake(centre: Organisation, made_lake: Lake, site_folder: Path) -> DataLake:
    """The centre's lake."""
    return adopting.adopt(made_lake, centre, ("本中心数据湖", "Our lake"), chain="semiconductors", open_sources=False)


@pytest.fixture
def grown(centre: Organisation, grown_made_lake: Lake, site_folder: Path) -> DataLake:
    """The centre's lake with a release of which nobody has made the index yet."""
    return adopting.adopt(
        grown_made_lake, centre, ("增长的数据湖", "Grown"), chain="semiconductors", open_sources=False
    )


# What browsers look at.


@pytest.fixture(scope="session")
def browser_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site that browsers look at, filled and served once for all of them."""
    with served(tmp_path_factory.mktemp("served") / "site", "tests.centre.pages.populate") as made:
        yield made


@pytest.fixture
def visit(browser: Browser, browser_site: Site) -> Iterator[Callable[..., Visit]]:
    """Opens browsers of their own on it."""
    with visiting(browser, browser_site) as opens:
        yield opens


@pytest.fixture(scope="session")
def filled(browser_site: Site) -> Site:
    """The same site with a small lake of the centre's and a list to tag."""
    browser_site.run("tests.centre.evidence.fill_small")
    return browser_site


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of the lakes above are of one worker, which makes each lake once."""
    for item in items:
        shares = {"made_lake", "grown_made_lake"} & set(getattr(item, "fixturenames", ()))
        if shares and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group("lakes"))
