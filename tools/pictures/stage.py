"""What those do meanwhile who have no account in the demo.

`python -m tools.pictures.stage sign` (the other experts sign) or `clear` (what waits for another panel is withdrawn, so
that the pack can be made), in the environment of the site.
"""

from __future__ import annotations

import sys
from decimal import Decimal

from pingjiang.centre import commands


def sign() -> None:
    """Every review of the panel at work that is not signed, but the one of the account."""
    from pingjiang.centre.accounts.models import User
    from pingjiang.centre.programme.models import Panel
    from pingjiang.centre.programme.review import demo

    expert = User.objects.get(username="expert").actors()[0]
    panel = Panel.objects.get(case__state="drawn")
    shares = ((88, 80), (79, 83), (86, 78), (77, 82))
    for number, review in enumerate(demo.asked(panel, but=expert)):
        if review.case.state != "locked":
            demo.signed(review, [Decimal(each) / 100 for each in shares[number]], number)


def clear() -> None:
    """Panels that are not at work end, and who waits for one withdraws."""
    from pingjiang.centre.accounts.models import User
    from pingjiang.centre.casework import service
    from pingjiang.centre.programme.models import Application, Panel

    officer, leader = (User.objects.get(username=name).actors()[0] for name in ("officer", "leader"))
    for panel in Panel.objects.filter(case__state="draft"):
        service.perform(panel.case_id, "discard", officer)
    for panel in Panel.objects.filter(case__state="published"):
        service.perform(panel.case_id, "dissolve", leader, "改期另组（示例）。")
    for made in Application.objects.filter(case__state="accepted").select_related("case__opened_by__user"):
        actor = made.case.opened_by.user.actors()[0]
        service.perform(made.case_id, "withdraw", actor, "来年再报（示例）。")


if __name__ == "__main__":
    commands.ready()
    {"sign": sign, "clear": clear}[sys.argv[1]]()
