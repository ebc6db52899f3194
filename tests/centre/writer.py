"""A program of its own: opens and moves cases on a site until it has done so often enough, or is killed.

python -m tests.centre.writer COUNT
"""

from __future__ import annotations

import os
import sys

from pingjiang.centre import commands

commands.ready()

from django.core.management import call_command  # noqa: E402

from pingjiang.centre.accounts.models import Organisation, User  # noqa: E402
from pingjiang.centre.casework import service  # noqa: E402
from tests.centre import cast as casts  # noqa: E402
from tests.centre.casework.errands.workflow import ERRAND  # noqa: E402

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    if not User.objects.exists():
        casts.make()
    alice = User.objects.get(username="alice").actors()[0]
    bureau = Organisation.objects.get(name_zh="市局")
    for n in range(int(sys.argv[1])):
        case = service.open_case(ERRAND, alice, number=f"E-{os.getpid()}-{n}", title="事", authority=bureau)
        service.perform(case, "ask", alice)
        print(case.pk, flush=True)
