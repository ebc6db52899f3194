"""What becomes of a hostile file: it is refused with a reason and a remedy, or taken with a receipt that adds up.

Anything else is a fault: another error, a hang, too much memory, a lake that is not as it was. Cases run in a process
of their own, which is limited in memory and killed where a case takes too long:

    python -m tests.fuzz.judge FIRST LAST     judges these numbers; says one JSON line for each fault
    python -m tests.fuzz.judge FILE RATIO     judges a file that may grow RATIO times when it is unpacked
"""

from __future__ import annotations

import faulthandler
import json
import os
import re
import resource
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from pingjiang import pipeline
from pingjiang.chain.tree import load as load_chain
from pingjiang.config import Settings
from pingjiang.engine import Lake, Session
from pingjiang.errors import DefinitionError, InputRefused
from pingjiang.files import RawDocuments, open_file
from pingjiang.sources import documents as reading
from pingjiang.sources import known_names, read_format, recognise, recognise_documents
from tests.faults.processes import peak_memory
from tests.fuzz.mutations import Case, case
from tests.made import incopat_file

SECONDS = 60  # for one case, on a machine that has other things to do
MEMORY = 3 * 2**30  # address space of the process, and of the one that reads workbooks
WHOLE_WAY = 9  # one case of so many goes on from the door into a lake
SETTINGS = Settings(memory_limit="512MiB", threads=1)
_HAN, _LATIN = re.compile("[一-鿿]{2}"), re.compile("[a-z]{3}")


@dataclass
class Seen:
    """What was reached: formats that recognised something, rows and documents that they read, and those rejected."""

    counts: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, *, files: int = 0, read: int = 0, rejected: int = 0) -> None:
        """Count what a format has read."""
        self.counts.update({f"{name}: files": files, f"{name}: read": read, f"{name}: rejected": rejected})


def at_the_door(path: Path, seen: Seen) -> str:
    """Open a file, find its formats and read all of it: "refused" or "read"."""
    try:
        for part in open_file(path, known=known_names(), settings=SETTINGS):
            if isinstance(part, RawDocuments):
                _read_documents(part, seen)
                continue
            name = recognise(part.header, file=part.file, forced=None).format.name
            seen.add(name, files=1)
            for batch in part.batches():
                assert batch.data.num_rows == len(batch.row_numbers)
                seen.add(name, read=batch.data.num_rows, rejected=len(batch.ragged))
    except InputRefused as error:
        _check_refusal(error, path)
        return "refused"
    return "read"


def _read_documents(raw: RawDocuments, seen: Seen) -> None:
    """Read documents as an import does, up to the table that it makes of them."""
    spec, documents = recognise_documents(raw, forced=None), iter(raw)
    seen.add(spec.name, files=1)
    while batch := reading._next_batch(documents, spec):
        if spec.documents and spec.documents.table == "record":
            batch.arrow()
        seen.add(spec.name, read=batch.documents - len(batch.bad), rejected=len(batch.bad))


def _check_refusal(error: InputRefused, path: Path) -> None:
    """It names the file, and says what is wrong and what to do in both languages."""
    assert error.exit_code == 2
    assert error.file.startswith(path.name), error.file
    for text in (error.message, error.remedy):
        assert _HAN.search(text) and _LATIN.search(text), text


def into_a_lake(path: Path, folder: Path, seen: Seen, settings: Settings = SETTINGS) -> str:
    """Import a file: "refused", and then no lake is there, or "taken" with a receipt that adds up."""
    lake = Lake(folder)
    try:
        [receipt] = pipeline.import_files([path], lake, settings=settings).receipts
    except InputRefused as error:
        _check_refusal(error, path)
        assert not folder.exists(), "a refused file leaves nothing"
        return "refused"
    receipt.check()
    seen.add(receipt.format or "none", files=1, read=receipt.accepted, rejected=receipt.rejected)
    release = lake.require_current()
    release.verify()
    with Session(threads=1, memory_limit="512MiB") as session:
        tables = release.open(session, "record", "class_title", "reject")
        assert tables["reject"].count() == receipt.rejected
        assert sum(table.count() for name, table in tables.items() if name != "reject") >= receipt.accepted
    return "taken"


def _definition(path: Path) -> str:
    """Read a user's format or chain: "refused" with the place and the rule that it breaks, or "taken"."""
    try:
        _ = read_format(path) if path.name == "spec.yaml" else load_chain(path)
    except DefinitionError as error:
        assert _HAN.search(str(error)) and _LATIN.search(str(error)), str(error)
        return "refused"
    return "taken"


def _as_it_was(path: Path, folder: Path) -> str:
    """Import a file into a lake that holds something: where it is refused, no byte of the lake is another."""
    if not folder.exists():
        pipeline.import_files([incopat_file(folder.with_name("good.csv"), 3)], Lake(folder), settings=SETTINGS)
    before = {found: found.read_bytes() for found in folder.rglob("*") if found.is_file()}
    try:
        pipeline.import_files([path], Lake(folder), settings=SETTINGS)
    except InputRefused:
        assert before == {found: found.read_bytes() for found in folder.rglob("*") if found.is_file()}
        return "refused"
    Lake(folder).require_current().verify()
    shutil.rmtree(folder)
    return "taken"


def judge(hostile: Case, folder: Path, seen: Seen) -> str:
    """The verdict on one case; what it raises is a fault."""
    path = folder / hostile.name
    path.write_bytes(hostile.content)
    if path.suffix == ".yaml":
        return _definition(path)
    if hostile.number % WHOLE_WAY:
        return at_the_door(path, seen)
    if hostile.number % (2 * WHOLE_WAY):
        return _as_it_was(path, folder / "good")
    try:
        return into_a_lake(path, folder / "lake", seen)
    finally:
        shutil.rmtree(folder / "lake", ignore_errors=True)


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _peak() -> int:
    """KiB of memory, the most that this process or one that it started had."""
    return max(peak_memory(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)


def judge_numbers(first: int, last: int) -> None:
    """Judge cases: one line of JSON as each begins, one for each fault, and one with the verdicts at the end."""
    verdicts: Counter[str] = Counter()
    seen, began = Seen(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        for number in range(first, last):
            os.write(1, f"{json.dumps({'begun': number})}\n".encode())
            faulthandler.dump_traceback_later(SECONDS, exit=True)
            hostile = case(number)
            try:
                verdicts[f"{hostile.name}: {judge(hostile, Path(folder), seen)}"] += 1
            except BaseException as error:  # whatever it is, it is a fault
                fault = {"fault": number, "name": hostile.name, "how": hostile.how, "error": repr(error)[:500]}
                told = json.dumps({**fault, "trace": traceback.format_exc()[-2500:]})
                os.write(1, f"{told}\n".encode())
            faulthandler.cancel_dump_traceback_later()
    took = round(time.monotonic() - began, 1)
    print(json.dumps({"verdicts": verdicts, "seen": seen.counts, "peak_kib": _peak(), "seconds": took}), flush=True)


def judge_file(path: Path, ratio: int) -> None:
    """Import one file, which may grow so many times when it is unpacked; one line of JSON with the verdict."""
    faulthandler.dump_traceback_later(10 * SECONDS, exit=True)
    seen, settings = Seen(), replace(SETTINGS, max_expansion_ratio=ratio)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        verdict = into_a_lake(path, Path(folder) / "lake", seen, settings)
    print(json.dumps({"verdict": verdict, "seen": seen.counts, "peak_kib": _peak()}), flush=True)


if __name__ == "__main__":
    _limit()
    if Path(sys.argv[1]).is_file():
        judge_file(Path(sys.argv[1]), int(sys.argv[2]))
    else:
        judge_numbers(int(sys.argv[1]), int(sys.argv[2]))
