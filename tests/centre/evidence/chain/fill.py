"""Adds a lake with a list to the site that the browser looks at: `python -m tests.centre.evidence.chain.fill`."""

from __future__ import annotations

import tempfile
from pathlib import Path


def main() -> None:
    import django

    django.setup()
    from pingjiang import pipeline
    from pingjiang.centre.accounts.models import Actor, Hat, Membership
    from pingjiang.centre.evidence import adopting
    from pingjiang.centre.evidence.chain import desks
    from pingjiang.chain.tree import load
    from pingjiang.engine import Lake
    from pingjiang.judging.tag_lists import tag_of
    from pingjiang.pipeline.own_chains import chain_in_force, keep_chain
    from tests.centre.cast import SINCE
    from tests.chain.made import chain_text, write
    from tests.search.conftest import add

    expert, manager = (Membership.objects.get(user__username=name) for name in ("one_expert", "one_centre_manager"))
    Hat.objects.create(membership=expert, name="tagger", since=SINCE)
    with tempfile.TemporaryDirectory() as folder:
        lake = Lake(Path(folder) / "lake")
        add(lake, 0)
        leaves: dict[str, list[dict[str, object]]] = {
            "battery": [{"symbols": ["H01M10"], "words": {"any": {"zh": ["电池"], "en": ["battery"]}}}],
            "station": [{"words": {"any": {"zh": ["基站"], "en": ["station"]}}}],
        }
        made, _ = keep_chain(lake, write(Path(folder), chain_text(leaves), "made.yaml"), who="王芳")
        pipeline.build(lake, load(chain_in_force(lake, made.chain)))
        row = adopting.adopt(
            lake, manager.organisation, ("本中心数据湖", "Our lake"), chain=made.chain, open_sources=False
        )
    tags = [tag_of("solid=固态|solid"), tag_of("station=基站|station")]
    wanted = desks.Wanted("浏览器标引", tags, None, 4, [expert], 0.0, None, False, "after")
    desks.create(row, wanted, Actor(manager.user, manager))


if __name__ == "__main__":
    main()
