"""The site as a WSGI application."""

from __future__ import annotations

import atexit
import gc
import itertools
import os
import sys
from collections.abc import Callable, Iterable
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pingjiang.centre.settings")
application = get_wsgi_application()


_WARM = 300  # requests after which a process has read most of its templates, rules and catalogues
_YOUNG = 10_000  # objects made since the last look for garbage: a page makes some thousands, and is thrown away whole


def in_own_process() -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """The application in a process that `pingjiang serve` began for it, and which ends at once when it is told to.

    The server's threads wait for the interpreter: one that is taken apart under them ends in a crash.

    What a process has read for good, some 270,000 objects, is no more looked through for garbage: each time held up
    all its pages for a third of a second or more, every fifty pages.
    """
    atexit.register(_end)
    gc.freeze()
    gc.set_threshold(_YOUNG, 10, 10)
    return _settled(application)


def _settled(site: WSGIHandler) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """The application, which sets aside what it holds once it is warm."""
    asked = itertools.count(1)

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if next(asked) == _WARM:
            gc.collect()
            gc.freeze()
        return site(environ, start_response)

    return answer


def _end() -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
