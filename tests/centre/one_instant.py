"""Two things done at one instant, each by a thread with a connection of its own. The program has made Django ready."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connection


def both(first: Callable[[], str], second: Callable[[], str]) -> list[str]:
    """What each of the two said, or what it raised."""
    gate, got = threading.Barrier(2), ["", ""]

    def run(place: int, do: Callable[[], str]) -> None:
        connection.ensure_connection()
        gate.wait()
        try:
            got[place] = do()
        except Exception as error:
            got[place] = repr(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate((first, second))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return got
