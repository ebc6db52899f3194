"""A program on a site of its own: a lake with files handed in and an import asked for, or what is told of it.

python -m tests.centre.evidence.data.asked import LAKE FILE…    a lake with these files, their import asked for
python -m tests.centre.evidence.data.asked page RUN             the page of the run, as its owner sees it
"""

from __future__ import annotations

import json
import sys
import uuid
from pathlib import Path

from pingjiang.centre import commands

commands.ready()

from django.test import Client  # noqa: E402

from pingjiang.centre.evidence import adopting  # noqa: E402
from pingjiang.centre.evidence.data import runs, uploads  # noqa: E402
from pingjiang.centre.evidence.models import LakeRun  # noqa: E402
from pingjiang.engine import Lake  # noqa: E402
from tests.centre import cast as casts  # noqa: E402


def asked(source: Path, files: list[Path]) -> dict[str, object]:
    """The lake's folder, the run and its job."""
    manager = casts.make().everyone["centre_manager"]
    lake = adopting.adopt(
        Lake(source), manager.organisation, "本中心数据湖", chain="semiconductors", open_sources=False
    )
    for file in files:
        upload = uploads.hand_in(lake, manager, [file.read_bytes()], file.name)
        upload.looked = uploads._looked(upload)
        upload.save()
    run = runs.begin(lake, manager, "import", request=uuid.uuid4())
    assert run.job is not None
    return {"folder": str(lake.path), "run": run.pk, "job": run.job.pk}


def page(pk: int) -> str:
    """What the owner reads of a run."""
    run = LakeRun.objects.get(pk=pk)
    client = Client()
    client.force_login(run.by.user)
    return client.get(f"/evidence/{run.lake_id}/data/runs/{pk}/").content.decode()


if __name__ == "__main__":
    what, first, *rest = sys.argv[1:]
    print(page(int(first)) if what == "page" else json.dumps(asked(Path(first), [Path(each) for each in rest])))
