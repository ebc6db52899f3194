"""What Linux tells of processes."""

from __future__ import annotations

import os
from pathlib import Path


def children(process: int) -> list[int]:
    """The child processes of one that may have ended."""
    found: list[int] = []
    for thread in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            found += map(int, thread.read_text().split())
        except OSError:  # it has ended
            continue
    return found


def runs(process: int) -> bool:
    """Whether a process is there and is no zombie."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


def open_files() -> int:
    """Handles that this process holds."""
    return len(list(Path("/proc/self/fd").iterdir()))


def memory() -> int:
    """Bytes of memory that this process has in use."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def peak_memory() -> int:
    """KiB, the most memory that this program had in use.

    Not `ru_maxrss`: that begins with what the process which started it had, a test run of gigabytes for instance.
    """
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])
