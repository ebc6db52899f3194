"""Where the command begins: Ctrl-C is answered from the first moment, before anything large is loaded."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line."""
    try:
        from pingjiang import cli
    except KeyboardInterrupt:
        sys.stderr.write("已中断，什么也没有做 · interrupted: nothing was done\n")
        sys.exit(130)
    cli.main()


if __name__ == "__main__":
    main()
