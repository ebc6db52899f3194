"""A folder of a session's own, gone with it: also where the session was killed, by way of the next one."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

_JUST_NOW = 60  # seconds, in which a folder that was just made is locked too


class Scratch:
    """A new folder `prefix…` in `parent` (the system's for temporary files where that is None).

    It is locked while this process lives. Folders of the same prefix that nobody has locked are removed: those who
    made them were killed.
    """

    def __init__(self, prefix: str, parent: Path | None) -> None:
        self.path = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        self._lock = _locked(self.path)
        self._remove_abandoned(re.compile(re.escape(prefix) + "[a-z0-9_]{8}"))  # as tempfile names it

    def _remove_abandoned(self, pattern: re.Pattern[str]) -> None:
        for folder in filter(lambda path: pattern.fullmatch(path.name), self.path.parent.iterdir()):
            with suppress(OSError):  # gone meanwhile, or no folder at all
                known = folder.lstat()
                old = time.time() - known.st_mtime > _JUST_NOW
                if old and known.st_uid == os.getuid() and (lock := _locked(folder)) is not None:
                    shutil.rmtree(folder, ignore_errors=True)
                    os.close(lock)

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _locked(folder: Path) -> int | None:
    """A lock on a folder, freed by the system when this process ends; None where somebody holds it."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle
