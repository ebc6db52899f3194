"""A program of its own: two threads send the same request at one instant, over and over; says what each got.

python -m tests.centre.twice KIND ROUNDS     KIND is one of KINDS; a line of JSON a round: [first, second]
"""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Callable

from pingjiang.centre import commands

commands.ready()

from pingjiang.centre.accounts.models import Organisation, User  # noqa: E402
from pingjiang.centre.announcements import service as announcements  # noqa: E402
from pingjiang.centre.casework import service  # noqa: E402
from pingjiang.centre.casework.models import Case  # noqa: E402
from pingjiang.centre.documents import shelf  # noqa: E402
from tests.centre import cast as casts  # noqa: E402
from tests.centre import one_instant  # noqa: E402
from tests.centre.casework.errands.workflow import ERRAND  # noqa: E402

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
Once = Callable[[uuid.UUID, int], int]


def errand(number: str, request: uuid.UUID | None = None) -> Case:
    alice = User.objects.get(username="alice").actors()[0]
    bureau = Organisation.objects.get(name_zh="市局")
    return service.open_case(ERRAND, alice, number=number, title="事", authority=bureau, request=request)


def opened(request: uuid.UUID, _case: int) -> int:
    return errand(f"E-{uuid.uuid4()}", request).pk


def drafted(request: uuid.UUID, _case: int) -> int:
    olga = User.objects.get(username="olga").actors()[0]
    said = {"kind": "notice", "body": "正文。"}
    return announcements.draft(olga, "通知", said, [("firm", None)], request=request).pk


def moved(request: uuid.UUID, case: int) -> int:
    alice = User.objects.get(username="alice").actors()[0]
    return service.perform(case, "ask", alice, version=1, request=request).number


def added(request: uuid.UUID, case: int) -> int:
    alice = User.objects.get(username="alice").actors()[0]
    return shelf.add(Case.objects.get(pk=case), alice, [PDF], "附件.pdf", request=request).pk


KINDS: dict[str, Once] = {"open": opened, "draft": drafted, "move": moved, "add": added}


def both(once: Once) -> list[str]:
    """What the two threads got: the key of what was done, or the name of what was raised."""
    request, case = uuid.uuid4(), errand(f"E-{uuid.uuid4()}").pk

    def do() -> str:
        return str(once(request, case))

    return one_instant.both(do, do)


if __name__ == "__main__":
    if not User.objects.exists():
        casts.make()
    for _ in range(int(sys.argv[2])):
        print(json.dumps(both(KINDS[sys.argv[1]])), flush=True)
