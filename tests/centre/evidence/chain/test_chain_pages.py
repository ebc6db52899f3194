"""The chain in the browser: counts as the library's, samples judged, leaves locked, versions kept, jobs done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pingjiang.centre.accounts.models import Actor
from pingjiang.centre.evidence import kept
from pingjiang.centre.evidence.chain import changing, leaves, shown
from pingjiang.centre.evidence.models import ChainFinding, DataLake
from pingjiang.centre.evidence.opening import opened
from pingjiang.centre.jobs.worker import Worker
from pingjiang.chain.tree import load, shipped
from pingjiang.judging.strategy import StrategyDesk
from pingjiang.pipeline.chains import chain_coverage
from pingjiang.pipeline.own_chains import chain_in_force, own_versions
from pingjiang.schema.units import Unit
from tests.centre.cast import Cast

pytestmark = pytest.mark.django_db
PAGES = ("", "coverage/", "versions/", "strategy/", "tags/", "items/none/", "items/several/")


@pytest.fixture
def manager(cast: Cast, client: Client) -> Actor:
    """Somebody of the centre, signed in."""
    actor = cast.everyone["centre_manager"]
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return actor


def test_every_page_is_there_for_readers_and_for_nobody_else(
    lake: DataLake, manager: Actor, client: Client, cast: Cast
) -> None:
    base = f"/evidence/{lake.pk}/chain/"
    node = next(row["node_id"] for row in shown.outline(opened(lake), "publication").nodes)
    paths = [base + page for page in PAGES] + [f"{base}node/{node}/?unit=simple_family"]
    for path in paths:
        assert client.get(path).status_code == 200, path
    client.force_login(cast.olga.user, backend="django.contrib.auth.backends.ModelBackend")
    assert {client.get(path).status_code for path in paths} == {404}
    client.force_login(manager.user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"{base}node/nowhere/").status_code == client.get(f"{base}items/all/").status_code == 404


def test_counts_are_the_librarys(lake: DataLake) -> None:
    at = opened(lake)
    outline, told = shown.outline(at, "publication"), chain_coverage(at.lake)
    assert {row["node_id"]: row["publications"] for row in outline.nodes} == {
        row["node_id"]: row["publications"] for row in told["nodes"]
    }
    assert list(outline.levels) == told["levels"]
    for row in outline.nodes:
        assert len(leaves.Placed(at, "publication", row["node_id"])) == row["publications"]
    assert len(leaves.Placed(at, "publication", None, "none")) == outline.leaves["unassigned"]


@pytest.mark.parametrize("unit", ["publication", "simple_family"])
def test_asked_of_all_nodes_at_once_pages_show_what_each_shows_alone(placed_lake: DataLake, unit: Unit) -> None:
    at = opened(placed_lake)
    chain = shown.chain_of(at)
    assert chain is not None

    def told() -> tuple[list[tuple[int, Any]], list[tuple[Any, Any]]]:
        placed = [leaves.Placed(at, unit, row["node_id"]) for row in shown.outline(at, unit).nodes]
        return [(len(each), each[0 : min(20, len(each))]) for each in placed], [
            (leaves.rules_of(at, leaf), leaves.sample_of(at, leaf)) for leaf in chain.leaves()
        ]

    kept.forget()
    alone = told()
    kept.forget()
    leaves.warm(at, unit)
    counts, samples = told()
    assert (counts, samples) == alone
    assert any(rows for _count, rows in counts) and any(sample for _rules, sample in samples)


def leaf_with_publications(lake: DataLake) -> str:
    return next(
        str(row["node_id"])
        for row in shown.outline(opened(lake), "publication").nodes
        if row["is_leaf"] and row["publications"]
    )


@pytest.fixture
def placed_lake(lake: DataLake, tmp_path: Path) -> DataLake:
    """The lake, built by a chain of its own that takes batteries."""
    from pingjiang import pipeline
    from pingjiang.centre.evidence.opening import lake_of
    from pingjiang.pipeline.own_chains import keep_chain
    from tests.chain.made import chain_text, write

    leaves_of: dict[str, list[dict[str, object]]] = {
        "battery": [{"symbols": ["H01M10"], "words": {"any": {"zh": ["电池"], "en": ["battery"]}}}],
        "station": [{"words": {"any": {"zh": ["基站"], "en": ["station"]}}}],
    }
    keep_chain(lake_of(lake), write(tmp_path, chain_text(leaves_of), "made.yaml"), who="王芳")
    made = load(tmp_path / "made.yaml")
    pipeline.build(lake_of(lake), load(chain_in_force(lake_of(lake), made.id)))
    DataLake.objects.filter(pk=lake.pk).update(chain=made.id)
    lake.refresh_from_db()
    return lake


def test_a_sample_is_judged_and_its_leaf_released_only_above_the_bar(
    placed_lake: DataLake, manager: Actor, client: Client
) -> None:
    lake, leaf = placed_lake, leaf_with_publications(placed_lake)
    at = opened(lake)
    sample = leaves.sample_of(at, leaves.leaf_of(at, leaf))  # type: ignore[arg-type]
    base = f"/evidence/{lake.pk}/chain/node/{leaf}/"
    client.post(f"{base}release/")
    assert shown.standings(at)[leaf].released is None, "nothing was judged"
    for nth, each in enumerate(sample, start=1):
        assert each.publication_id in client.get(f"{base}judge/?at={nth}").content.decode()
        verdict = "no" if nth == 1 else "yes"
        client.post(f"{base}judge/", {"at": nth, "publication": each.publication_id, "verdict": verdict})
    client.post(f"{base}judge/", {"at": len(sample), "undo": "1"})
    assert shown.standings(at)[leaf].judged == len(sample) - 1
    client.post(f"{base}judge/", {"at": len(sample), "publication": sample[-1].publication_id, "verdict": "yes"})
    standing = shown.standings(at)[leaf]
    library = StrategyDesk(at.lake).strategy(shown.source_of(shown.chain_of(at)), leaves=[leaf])  # type: ignore[arg-type]
    assert standing == library.standings[0] and standing.judged == len(sample)
    client.post(f"{base}judge/", {"at": 1, "publication": sample[0].publication_id, "verdict": "yes"})
    client.post(f"{base}release/", {"why": "样本全对"})
    assert shown.standings(at)[leaf].released == "yes"
    assert {row.who for row in shown.judged(at)} == {manager.user.name}


def test_a_sample_is_judged_by_those_who_work_on_the_lake(placed_lake: DataLake, cast: Cast, client: Client) -> None:
    leaf = leaf_with_publications(placed_lake)
    client.force_login(cast.olga.user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(f"/evidence/{placed_lake.pk}/chain/node/{leaf}/judge/", {"publication": "x", "verdict": "yes"})
    assert answer.status_code == 404 and shown.judged(opened(placed_lake)) == []


def test_an_outline_goes_out_comes_back_is_checked_and_kept(lake: DataLake, manager: Actor, client: Client) -> None:
    digest = load("semiconductors").sha256
    book = client.get(f"/evidence/{lake.pk}/chain/versions/{digest}/outline/").content
    chain = load("semiconductors")
    assert book[:2] == b"PK" and changing.outline_of(chain)[:2] == b"PK"
    text = shipped()["semiconductors"].read_text(encoding="utf-8")
    changed = text.replace(f'version: "{chain.version}"', 'version: "99.1"', 1)
    assert changed != text
    where = f"/evidence/{lake.pk}/chain/versions/new/"
    answer = client.post(where, {"file": SimpleUploadedFile("own.yaml", changed.encode())})
    draft = ChainFinding.objects.get(kind="draft")
    assert str(draft.pk) in answer["Location"] and client.get(answer["Location"]).status_code == 200
    at = opened(lake)
    assert own_versions(at.lake, chain.id) == [], "a draft is no version"
    assert client.post(answer["Location"], {"why": "试用"}).status_code == 302
    (kept,) = own_versions(at.lake, chain.id)
    assert (kept.version, kept.who, kept.why) == ("99.1", manager.user.name, "试用")
    assert chain_in_force(at.lake, chain.id) == str(kept.path)
    page = client.get(f"/evidence/{lake.pk}/chain/versions/").content.decode()
    assert "99.1" in page and manager.user.name in page
    assert client.get(f"/evidence/{lake.pk}/chain/versions/{digest}/{kept.sha256}/").status_code == 200
    broken = changed.replace("nodes:", "knots:", 1).encode()
    client.post(where, {"file": SimpleUploadedFile("own.yaml", broken)})
    assert ChainFinding.objects.filter(kind="draft").count() == 1


def test_blocks_are_counted_by_a_job_as_the_library_counts(
    placed_lake: DataLake, manager: Actor, client: Client
) -> None:
    where = f"/evidence/{placed_lake.pk}/chain/strategy/"
    client.post(where, {"act": "count"})
    client.post(where, {"act": "count"})
    assert Worker().run(drain=True) == 1, "asked twice, done once"
    at, finding = opened(placed_lake), ChainFinding.objects.get(kind="strategy")
    told = StrategyDesk(at.lake).strategy(shown.source_of(shown.chain_of(at))).as_dict()  # type: ignore[arg-type]
    assert finding.told["blocks"] == told["blocks"] and finding.release == at.built
    assert "H01M10" in client.get(where).content.decode()
    assert client.get(f"{where}{finding.pk}/").content[:2] == b"PK"
