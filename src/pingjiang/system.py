"""What the operating system refuses, as people need to hear it: where, and what to do."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pingjiang.errors import Words

_CHECK_PERMISSIONS = ("请检查权限，或换一个位置。", "Check the permissions, or name another place.")
_NAME_A_FOLDER = ("那里已有文件，请另指一个目录。", "There is a file: name another folder.")
MAKE_ROOM = ("请腾出磁盘空间后再运行。", "Make room on the disk and run again.")
_CHECK_DISK = ("请检查路径和磁盘。", "Check the path and the disk.")
_REMEDIES: Mapping[int | None, Words] = {
    errno.ENOENT: ("请检查路径。", "Check the path."),
    errno.EACCES: _CHECK_PERMISSIONS,
    errno.EPERM: _CHECK_PERMISSIONS,
    errno.EROFS: _CHECK_PERMISSIONS,
    errno.EEXIST: _NAME_A_FOLDER,
    errno.ENOTDIR: _NAME_A_FOLDER,
    errno.EISDIR: ("那里已有目录，请另起文件名。", "There is a folder: name another file."),
    errno.ENOSPC: MAKE_ROOM,
    errno.EDQUOT: MAKE_ROOM,
    errno.EFBIG: MAKE_ROOM,
    errno.ENAMETOOLONG: ("名称太长，请缩短。", "The name is too long: shorten it."),
}


def remedy_for(error: OSError) -> Words:
    """What to do where the system refuses something."""
    return _REMEDIES.get(error.errno, _CHECK_DISK)


@contextmanager
def naming(place: Path) -> Iterator[None]:
    """Where the system does not say what it refuses (a write to a full disk), it is at this place."""
    try:
        yield
    except OSError as error:
        if error.filename is None and error.errno is not None:
            error.filename = os.fspath(place)
        raise
