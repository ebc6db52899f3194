"""The sheets of a workbook, read in a process of its own.

The reader trusts the file: one made to harm, or only badly broken, makes it ask for all memory there is, and
that ends the process that runs it. So a child does the reading, with a limit to its memory; where it ends
early, the file is refused and nothing else has happened. The child begins while the parent looks at the file, with
little memory, and may have more when the file is known to be harmless. It ends with the parent.

The child's answer is a file with one Arrow stream a sheet: the columns of `RawBatch.data`, then the row numbers.
"""

from __future__ import annotations

import errno
import json
import mmap
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO, BinaryIO, cast

import fastexcel
import pyarrow as pa
import pyarrow.compute as pc

from pingjiang.config import machine_memory
from pingjiang.errors import InputRefused
from pingjiang.files.cells import as_meant
from pingjiang.files.refusals import refusal
from pingjiang.files.table import clean_column, make_batch
from pingjiang.files.workbook_guard import Extent

_ROW_NUMBERS, _NAME = "row", b"sheet"
# How the child ends: the workbook cannot be read; the system refuses something, and the number of its error is added.
_REFUSED, _SYSTEM_FAILED = 3, 64
# What the child may have: to begin with, for each cell of a sheet's rectangle, and for each unpacked byte.
_BASE_MEMORY = 2 * 2**30
_CELL_MEMORY = 64
_BYTE_MEMORY = 8
_MOST_SECONDS = 3600
_SMALL = 32 * 2**20  # bytes of a file that is begun before it is checked
_SIGNAL_WHEN_PARENT_ENDS = 1  # PR_SET_PDEATHSIG, prctl(2)


@contextmanager
def sheet_reader(file: str, data: Path | bytes, folder: Path | None = None) -> Iterator[SheetReader]:
    """A reader that has begun to read; the end of the context is its end. Its answer is kept in a file in `folder`."""
    # Modules are found as here, wherever this process found them. Arrow would load numpy if it could: unused here,
    # and half of the time that the child takes to start.
    start = f"import sys; sys.path[:] = {sys.path!r}; sys.modules['numpy'] = None; from {__name__} import main; main()"
    # This pool and few arenas take no address space that is not used: the limit counts that too.
    environment = {**os.environ, "ARROW_DEFAULT_MEMORY_POOL": "system", "MALLOC_ARENA_MAX": "2"}
    with (
        tempfile.TemporaryFile(dir=folder) as answer,
        tempfile.TemporaryFile() as complaint,
        subprocess.Popen(
            [sys.executable, "-I", "-c", start], stdin=subprocess.PIPE, stdout=answer, stderr=complaint, env=environment
        ) as child,
    ):
        try:
            yield SheetReader(child, answer, complaint, file, data, folder)
        finally:
            child.kill()


class SheetReader:
    """A child process that reads one workbook, while this one looks whether it may."""

    def __init__(
        self,
        child: subprocess.Popen[bytes],
        answer: IO[bytes],
        complaint: IO[bytes],
        file: str,
        data: Path | bytes,
        folder: Path | None,
    ) -> None:
        self._child = child
        self._answer = answer
        self._complaint = complaint
        self._file = file
        self._data = data
        self._folder = folder
        self._asked = False
        self._memory = _BASE_MEMORY
        self._limit_memory()
        # A small file is begun at once. A large one could need more than that before it is known to be harmless.
        if (len(data) if isinstance(data, bytes) else data.stat().st_size) <= _SMALL:
            self._ask()

    def _ask(self) -> None:
        data = self._data
        path, content = (None, data) if isinstance(data, bytes) else (os.fspath(data.absolute()), b"")
        stdin = cast(IO[bytes], self._child.stdin)
        with suppress(BrokenPipeError), stdin:  # a child that ended early is seen by its answer
            stdin.write(json.dumps({"path": path}).encode() + b"\n" + content)
        self._asked = True

    def sheets(self, extent: Extent) -> Iterator[tuple[str, pa.Table, pa.Array]]:
        """Name, cells and row numbers of each sheet that has cells.

        `extent` tells how much memory the file may take. InputRefused where it cannot be read to the
        end, OSError where there is no room for its cells.
        """
        needed = _BASE_MEMORY + _CELL_MEMORY * extent.cells + _BYTE_MEMORY * extent.size
        self._memory = min(needed, machine_memory() * 3 // 4)
        self._limit_memory()
        if not self._asked:
            self._ask()
        if self._child.wait() != 0:
            raise self._failure()
        # The file's own pages are the cells: nothing is copied.
        with pa.BufferReader(pa.py_buffer(_mapped(self._answer))) as stream:
            while stream.tell() < stream.size():
                with pa.ipc.open_stream(stream) as reader:
                    table = reader.read_all()
                name = table.schema.metadata[_NAME].decode()
                numbers = table.column(_ROW_NUMBERS).combine_chunks()
                yield name, table.drop_columns(_ROW_NUMBERS), numbers

    def _limit_memory(self) -> None:
        """Within the limit that this process has itself, if any: nobody may go beyond that."""
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        limit = self._memory if most == resource.RLIM_INFINITY else min(self._memory, most)
        with suppress(ProcessLookupError):  # it has ended
            resource.prlimit(self._child.pid, resource.RLIMIT_AS, (limit, most))

    def _failure(self) -> InputRefused | OSError:
        if self._child.returncode == _REFUSED:
            self._complaint.seek(0)
            return refusal("cut_short", self._file, detail=self._complaint.read(2**16).decode(errors="replace"))
        error = self._child.returncode - _SYSTEM_FAILED
        if error > 0:
            return OSError(error, os.strerror(error), os.fspath(self._folder or tempfile.gettempdir()))
        return refusal("reader_ended", self._file, limit=self._memory)


def _mapped(file: IO[bytes]) -> mmap.mmap | bytes:
    """The bytes of a file, mapped; an empty file cannot be."""
    empty = os.fstat(file.fileno()).st_size == 0
    return b"" if empty else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


# -- in the child --------------------------------------------------------------------------------------


def main() -> None:
    """Read the workbook that the first line of standard input names, or that follows it."""
    request = sys.stdin.buffer.readline()
    if not request:  # the parent has refused the file
        return
    _end_with_parent()
    asked = json.loads(request)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_SECONDS, _MOST_SECONDS))
    # As bytes, always: given a path, the reader would go by what the name ends with.
    data = sys.stdin.buffer.read() if asked["path"] is None else Path(asked["path"]).read_bytes()
    try:
        _write_sheets(fastexcel.read_excel(data), sys.stdout.buffer)
        sys.stdout.buffer.flush()
        _leave(0)
    except (fastexcel.FastExcelError, pa.ArrowException) as error:
        _leave(_REFUSED, str(error).partition("\n")[0])
    except OSError as error:
        _leave(_SYSTEM_FAILED + (error.errno or errno.EIO))


def _end_with_parent() -> None:
    """Where the parent is killed, nobody would stop this process any more."""
    parent = os.getppid()
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_SIGNAL_WHEN_PARENT_ENDS, int(signal.SIGKILL))
    if os.getppid() != parent:
        os._exit(1)


def _leave(code: int, complaint: str = "") -> None:
    """End at once: nothing is left to put in order."""
    with suppress(OSError):
        os.write(2, complaint.encode(errors="replace"))
    os._exit(code)


def _write_sheets(reader: fastexcel.ExcelReader, out: BinaryIO) -> None:
    for name in reader.sheet_names:
        cells = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_arrow()
        if cells.num_rows == 0 or cells.num_columns == 0:
            continue
        columns = [
            as_meant(clean_column(column), partial(_is_number, reader, name, index))
            for index, column in enumerate(cells.columns)
        ]
        batch = make_batch(columns, pa.array(range(1, cells.num_rows + 1), pa.int64()))
        table = batch.data.append_column(_ROW_NUMBERS, batch.row_numbers).replace_schema_metadata({_NAME: name})
        with pa.ipc.new_stream(out, table.schema) as writer:
            writer.write_table(table)


def _is_number(reader: fastexcel.ExcelReader, sheet: str, index: int) -> pa.Array:
    """Which cells of a column are numbers: text cells have no truth value, numbers have."""
    again = reader.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="boolean", use_columns=[index]).to_arrow()
    return pc.is_valid(again.column(0))
