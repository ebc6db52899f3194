"""Somebody who works on a lake in a browser, files to hand in, and a worker that does what waits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.evidence.models import DataLake
from pingjiang.centre.jobs.worker import Worker
from tests.centre.cast import Cast
from tests.search.conftest import write_rows

Rows = Callable[..., Path]


@pytest.fixture
def manager(cast: Cast) -> Actor:
    """The head of the centre that owns the lake."""
    return cast.everyone["centre_manager"]


@pytest.fixture
def client_of() -> Callable[[Actor], Client]:
    """A browser of somebody."""

    def made(actor: Actor) -> Client:
        client = Client()
        client.force_login(actor.user)
        session = client.session
        session["membership"] = actor.membership.pk
        session.save()
        return client

    return made


@pytest.fixture
def rows(tmp_path: Path) -> Rows:
    """A table of publications, on disk."""

    def made(first: int = 100, count: int = 12, name: str = "rows.csv") -> Path:
        path = tmp_path / name
        write_rows(path, first, count)
        return path

    return made


def work() -> None:
    """Do all that waits in the queue."""
    Worker(idle=0.01).run(drain=True)


def hand_in(client: Client, lake: DataLake, *paths: Path) -> Any:
    """Upload files in one request."""
    files = [SimpleUploadedFile(path.name, path.read_bytes()) for path in paths]
    return client.post(f"/evidence/{lake.pk}/data/upload/", {"files": files})
