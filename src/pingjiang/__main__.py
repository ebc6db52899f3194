"""Where the command begins: Ctrl-C is answered from the first moment, before anything large is loaded."""

from __future__ import annotations

import os
import signal
import sys
from types import FrameType

from pingjiang.errors import INTERRUPTED, both


def main() -> None:
    """Run the command line."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # not where the shell has it ignored
        signal.signal(signal.SIGINT, _leave)
    if sys.argv[1:2] and sys.argv[1] in _QUICK and not any(word.startswith("--engine") for word in sys.argv):
        leave_out_unused()
    from pingjiang import cli

    if signal.getsignal(signal.SIGINT) is _leave:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        cli.main()
    finally:  # all is done or told: what Python still puts away is not to be interrupted
        signal.signal(signal.SIGINT, signal.SIG_IGN)


# Commands that need neither numpy nor pandas, unless they run on a cluster (--engine): its client does.
_QUICK = {
    "import",
    "find",
    "indicators",
    "atlas",
    "releases",
    "formats",
    "number",
    "export",
    "package",
    "query",
    "version",
}


def leave_out_unused() -> None:
    """Keep Arrow and the engine from loading numpy and pandas, in this process, where they are installed.

    They take longer to load than many commands to run.
    """
    for unused in ("numpy", "pandas"):
        sys.modules.setdefault(unused, None)  # type: ignore[arg-type]


def _leave(_number: int, _frame: FrameType | None) -> None:
    """Leave at once: nothing has begun, and an exception would come to light inside some library's start."""
    if "--json" in sys.argv:
        told = f'"kind": "Interrupted", "message": "{both(INTERRUPTED)}"'
        os.write(1, f'{{"error": {{{told}, "file": null, "row": null, "column": null, "remedy": null}}}}\n'.encode())
    os.write(2, f"{both(INTERRUPTED)}\n".encode())
    os._exit(130)


if __name__ == "__main__":
    main()
