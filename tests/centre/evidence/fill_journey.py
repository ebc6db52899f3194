"""The people of the journey in a site of their own: a centre with a manager and an analyst, three experts who tag.

`python -m tests.centre.evidence.fill_journey`. Leaves `browser.json` with a session of each.
"""

from __future__ import annotations

import json
from pathlib import Path


def main() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    Path(settings.SITE_FOLDER).mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    from pingjiang.centre.accounts.models import Hat
    from tests.centre.cast import SINCE, make, person
    from tests.centre.pages.populate import sessions

    cast = make()
    person("Sam", cast.everyone["centre_manager"].organisation, "centre_specialist")
    institute = cast.everyone["expert"].organisation
    for expert in (cast.everyone["expert"], *(person(name, institute, "expert") for name in ("Erna", "Emil"))):
        Hat.objects.create(membership=expert.membership, name="tagger", since=SINCE)
    (Path(settings.SITE_FOLDER) / "browser.json").write_text(json.dumps({"sessions": sessions()}), encoding="utf-8")


if __name__ == "__main__":
    main()
