"""The site as a WSGI application."""

from __future__ import annotations

import atexit
import os
import sys

from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pingjiang.centre.settings")
application = get_wsgi_application()


def in_own_process() -> WSGIHandler:
    """The application in a process that `pingjiang serve` began for it, and which ends at once when it is told to.

    The server's threads wait for the interpreter: one that is taken apart under them ends in a crash.
    """
    atexit.register(_end)
    return application


def _end() -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)
