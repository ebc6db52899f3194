"""What those do meanwhile who have no account in the demo: the other experts sign what they were asked to review.

`python -m tools.pictures.stage`, in the environment of the site.
"""

from __future__ import annotations

from decimal import Decimal

from pingjiang.centre import commands


def main() -> None:
    """Every review of the panel at work that is not signed, but the one of the account."""
    commands.ready()
    from pingjiang.centre.accounts.models import User
    from pingjiang.centre.programme.models import Panel
    from pingjiang.centre.programme.review import demo

    expert = User.objects.get(username="expert").actors()[0]
    panel = Panel.objects.get(case__state="drawn")
    shares = ((88, 80), (79, 83), (86, 78), (77, 82))
    for number, review in enumerate(demo.asked(panel, but=expert)):
        if review.case.state != "locked":
            demo.signed(review, [Decimal(each) / 100 for each in shares[number]], number)


if __name__ == "__main__":
    main()
