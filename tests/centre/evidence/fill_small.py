"""Adds a small lake of the centre's, and a list, to the site that the browser looks at.

`python -m tests.centre.evidence.fill_small`, after `populate.py`. Beside the database it leaves `small.json`: what the
library says of the lake, for a page to say the same.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pingjiang.centre.evidence.models import DataLake
    from pingjiang.engine import Lake


def main() -> None:
    import django

    django.setup()
    from django.conf import settings

    from pingjiang.centre.accounts.models import Actor, Hat, Membership
    from pingjiang.centre.evidence.chain import desks
    from pingjiang.judging.tag_lists import tag_of
    from tests.centre.cast import SINCE

    expert, manager = (Membership.objects.get(user__username=name) for name in ("one_expert", "one_centre_manager"))
    Hat.objects.get_or_create(membership=expert, name="tagger", since=SINCE)
    row, told = small_lake(manager)
    tags = [tag_of("solid=固态|solid"), tag_of("station=基站|station")]
    wanted = desks.Wanted("浏览器标引", tags, "TAC=电池", 4, [expert], 0.0, None, False, "after")
    desks.create(row, wanted, Actor(manager.user, manager))
    (Path(settings.SITE_FOLDER) / "small.json").write_text(json.dumps({"lake": row.pk, **told}), encoding="utf-8")


def small_lake(owner: object) -> tuple[DataLake, dict[str, object]]:
    """A lake that is built and indexed, of publications and of applicants whose names are nearly alike."""
    from pingjiang import pipeline
    from pingjiang.centre.accounts.models import Membership
    from pingjiang.centre.evidence import adopting
    from pingjiang.chain.tree import load
    from pingjiang.engine import Lake
    from pingjiang.pipeline.own_chains import chain_in_force, keep_chain
    from tests.centre.evidence.identity.conftest import APPLICANTS
    from tests.chain.made import chain_text, write
    from tests.made import INCOPAT, incopat_row, write_csv
    from tests.search.conftest import add

    assert isinstance(owner, Membership)
    names = [name for name, times in APPLICANTS.items() for _ in range(times)]
    rows = [incopat_row(at, **{"申请人": name}) for at, name in enumerate(names, start=101)]
    leaves: dict[str, list[dict[str, object]]] = {
        "battery": [{"symbols": ["H01M10"], "words": {"any": {"zh": ["电池"], "en": ["battery"]}}}],
        "station": [{"words": {"any": {"zh": ["基站"], "en": ["station"]}}}],
    }
    with tempfile.TemporaryDirectory() as folder:
        lake = Lake(Path(folder) / "lake")
        add(lake, 0)
        pipeline.import_files([write_csv(Path(folder) / "names.csv", INCOPAT, rows)], lake)
        made, _ = keep_chain(lake, write(Path(folder), chain_text(leaves), "made.yaml"), who="王芳")
        pipeline.build(lake, load(chain_in_force(lake, made.chain)))
        told = _told(lake)
        words = ("本中心数据湖", "Our lake")
        return adopting.adopt(lake, owner.organisation, words, chain=made.chain, open_sources=False), told


def _told(lake: Lake) -> dict[str, object]:
    """What the library says: what a query finds, how many applications stand on a leaf, how many pairs are in doubt."""
    from pingjiang import search
    from pingjiang.config import Settings
    from pingjiang.engine import open_engine

    found = search.find(lake, "TI=(电池)")
    session = open_engine(Settings.from_environment(), lake.folder)
    try:
        session.name_tables(lake.require_current().open(session))
        ((station,),) = session.rows(
            "select count(*) from item_node n where n.unit = 'application' and n.node_id = 'station'"
        )
        ((every,),) = session.rows("select count(*) from item i where i.unit = 'application'")
    finally:
        session.close()
    return {"query": found.total, "station": station, "applications": every}


if __name__ == "__main__":
    main()
