"""Shared fixtures. Real samples are found by PINGJIANG_SAMPLES: missing in CI it fails, elsewhere it skips."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.browsing import browser

__all__ = ["browser"]


def pytest_make_parametrize_id(val: object) -> str | None:
    """Bytes are counted, not named: a packed file has its time in it, and its very length differs between workers."""
    return "bytes" if isinstance(val, bytes) else None


def pytest_configure() -> None:
    """A test run that was started in the background ignores Ctrl-C, and so would every process that it starts."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of real sample files, or a skip (a failure in CI)."""
    value = os.environ.get("PINGJIANG_SAMPLES")
    if value and Path(value).is_dir():
        return Path(value)
    if os.environ.get("CI"):
        pytest.fail("PINGJIANG_SAMPLES is not set to a folder, and in CI the real samples must be there")
    pytest.skip("PINGJIANG_SAMPLES is not set: real samples are not at hand")
