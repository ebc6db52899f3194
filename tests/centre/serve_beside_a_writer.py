"""`pingjiang serve` where a thread beside it is in the middle of writing while the processes of the pages are begun.

`python -m tests.centre.serve_beside_a_writer PORT`; the site is named by the environment. It writes `http://…` to its
output when it answers.
"""

from __future__ import annotations

import contextlib
import sys
import threading
from collections.abc import Iterator

from pingjiang.centre import commands

_HELD = 5.0  # seconds; the processes of the pages are begun at once


@contextlib.contextmanager
def writing() -> Iterator[None]:
    """A statement that writes, in a thread, until a while after the block is entered."""
    from django.db import connection, transaction

    begun, over = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE rounds_turn SET failures = 0 WHERE name = ''")
            begun.set()
            over.wait(_HELD)
        connection.close()

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    begun.wait()
    yield
    over.set()
    thread.join()


def main() -> None:
    commands.ready()
    from pingjiang.centre.rounds import keeper

    keeper.beside = writing  # type: ignore[assignment]
    commands.serve("127.0.0.1", int(sys.argv[1]), 1, ready_at=lambda address: print(address, flush=True))


if __name__ == "__main__":
    main()
