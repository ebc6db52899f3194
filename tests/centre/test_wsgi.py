"""A process of the pages: what it has read for good is set aside once it is warm, and answers are as before."""

from __future__ import annotations

import gc
from typing import Any

import pytest

from pingjiang.centre import wsgi


def test_what_is_read_for_good_is_set_aside_once(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(gc, "collect", lambda: done.append("collect"))
    monkeypatch.setattr(gc, "freeze", lambda: done.append("freeze"))
    asked: list[dict[str, Any]] = []

    def site(environ: dict[str, Any], _start: Any) -> list[bytes]:
        asked.append(environ)
        return [str(len(asked)).encode()]

    answer = wsgi._settled(site)  # type: ignore[arg-type]
    given = [b"".join(answer({"n": n}, None)) for n in range(1, 2 * wsgi._WARM)]
    assert given == [str(n).encode() for n in range(1, 2 * wsgi._WARM)] and asked[4] == {"n": 4 + 1}
    assert done == ["collect", "freeze"]  # garbage first: what is set aside is never looked at again
