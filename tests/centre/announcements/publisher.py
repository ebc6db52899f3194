"""A program of its own: drafts and publishes announcements on a site until it has done so often enough, or is killed.

python -m tests.centre.announcements.publisher COUNT
"""

from __future__ import annotations

import sys

from pingjiang.centre import commands

commands.ready()

from django.core.management import call_command  # noqa: E402

from pingjiang.centre.accounts.models import User  # noqa: E402
from pingjiang.centre.announcements import service  # noqa: E402
from pingjiang.centre.casework import service as casework  # noqa: E402
from tests.centre import cast as casts  # noqa: E402

if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    if not User.objects.exists():
        casts.make()
    olga = User.objects.get(username="olga").actors()[0]
    leader = User.objects.get(username="one_decision_maker").actors()[0]
    said = {"kind": "notice", "body": "正文。"}
    for _ in range(int(sys.argv[1])):
        made = service.draft(olga, "通知", said, [("firm", None)])
        casework.perform(made.case, "publish", leader)
        print(made.case.number, flush=True)
