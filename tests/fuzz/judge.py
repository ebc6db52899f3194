"""What becomes of a hostile file: it is refused with a reason and a remedy, or taken with a receipt that adds up.

Anything else is a fault: another error, a hang, too much memory, a lake that is not as it was. Cases run in a process
of their own, which is limited in memory and killed where a case takes too long:

    python -m tests.fuzz.judge FIRST LAST     judges these numbers; says one JSON line for each fault
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
import traceback
from collections import Counter
from pathlib import Path

from pingjiang import pipeline
from pingjiang.config import Settings
from pingjiang.engine import Lake, Session
from pingjiang.errors import InputRefused
from pingjiang.files import RawDocuments, open_file
from pingjiang.sources import known_names, recognise, recognise_documents
from tests.fuzz.mutations import Case, case

SECONDS = 60  # for one case, on a machine that has other things to do
MEMORY = 3 * 2**30  # address space of the process, and of the one that reads workbooks
WHOLE_WAY = 12  # one case of so many goes on from the door into a lake
SETTINGS = Settings(memory_limit="512MiB", threads=1)
_HAN, _LATIN = re.compile("[一-鿿]{2}"), re.compile("[a-z]{3}")


def at_the_door(path: Path) -> str:
    """Open a file, find its formats and read all of it: "refused" or "read"."""
    try:
        for part in open_file(path, known=known_names(), settings=SETTINGS):
            if isinstance(part, RawDocuments):
                spec = recognise_documents(part, forced=None)
                assert spec.documents is not None
                for _ in part:
                    pass
            else:
                recognise(part.header, file=part.file, forced=None)
                for batch in part.batches():
                    assert batch.data.num_rows == len(batch.row_numbers)
    except InputRefused as error:
        _check_refusal(error, path)
        return "refused"
    return "read"


def _check_refusal(error: InputRefused, path: Path) -> None:
    """It names the file, and says what is wrong and what to do in both languages."""
    assert error.exit_code == 2
    assert error.file.startswith(path.name), error.file
    for text in (error.message, error.remedy):
        assert _HAN.search(text) and _LATIN.search(text), text


def into_a_lake(path: Path, folder: Path) -> str:
    """Import a file: "refused", and then no lake is there, or "taken" with a receipt that adds up."""
    lake = Lake(folder)
    try:
        [receipt] = pipeline.import_files([path], lake, settings=SETTINGS).receipts
    except InputRefused as error:
        _check_refusal(error, path)
        assert not folder.exists(), "a refused file leaves nothing"
        return "refused"
    receipt.check()
    release = lake.require_current()
    release.verify()
    with Session(threads=1, memory_limit="512MiB") as session:
        tables = release.open(session, "record", "reject")
        assert tables["reject"].count() == receipt.rejected
        assert tables["record"].count() >= receipt.accepted if "record" in tables else receipt.format == "cpc_scheme"
    return "taken"


def judge(hostile: Case, folder: Path) -> str:
    """The verdict on one case; what it raises is a fault."""
    path = folder / hostile.name
    path.write_bytes(hostile.content)
    if hostile.number % WHOLE_WAY:
        return at_the_door(path)
    try:
        return into_a_lake(path, folder / "lake")
    finally:
        shutil.rmtree(folder / "lake", ignore_errors=True)


def main(first: int, last: int) -> None:
    """Judge cases; one line of JSON for each fault, then one with the verdicts."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    verdicts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        for number in range(first, last):
            os.write(1, f"{json.dumps({'begun': number})}\n".encode())
            faulthandler.dump_traceback_later(SECONDS, exit=True)
            hostile = case(number)
            try:
                verdicts[judge(hostile, Path(folder))] += 1
            except BaseException as error:  # whatever it is, it is a fault
                fault = {"fault": number, "name": hostile.name, "how": hostile.how, "error": repr(error)[:500]}
                told = json.dumps({**fault, "trace": traceback.format_exc()[-2500:]})
                os.write(1, f"{told}\n".encode())
            faulthandler.cancel_dump_traceback_later()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"verdicts": verdicts, "peak_kib": peak}), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
