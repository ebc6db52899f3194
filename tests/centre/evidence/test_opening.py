"""Lakes of the site: whose they are, and a release opened for reading."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from pingjiang.centre.accounts.models import Organisation
from pingjiang.centre.casework import access
from pingjiang.centre.evidence import adopting, opening
from pingjiang.centre.evidence.models import DataLake
from pingjiang.engine import Lake
from pingjiang.errors import LakeError
from tests.centre.cast import Cast

pytestmark = pytest.mark.django_db


def test_a_lake_is_read_by_its_owners_people_alone(cast: Cast, lake: DataLake) -> None:
    readers = {name for name, actor in cast.everyone.items() if access.visible_to(actor, DataLake).exists()}
    same = {name for name, actor in cast.everyone.items() if actor.organisation == lake.owner}
    assert readers == same == {"centre_manager"} or readers == same == {"centre_manager", "centre_specialist"}


def test_a_release_is_read_with_the_names_of_its_tables(lake: DataLake) -> None:
    at = opening.opened(lake)
    with at.session() as session:
        assert session.rows("select count(*) from publication") == [(24,)]
    assert at.newer is None


def test_a_page_stays_on_its_release_and_is_told_of_a_newer_one(lake: DataLake, grown: DataLake) -> None:
    before, newest = opening.opened(lake).id, opening.opened(grown).id
    stays = opening.opened(grown, before)
    assert (stays.id, stays.newer) == (before, newest)
    with stays.session() as old, opening.opened(grown).session() as new:
        assert old.rows("select count(*) from publication") == [(24,)]
        assert new.rows("select count(*) from publication") == [(48,)]


def test_a_session_serves_again_and_keeps_nothing(lake: DataLake) -> None:
    at = opening.opened(lake)
    with at.session() as first:
        first.materialise("select 1 as one")
    with at.session() as second:
        assert second is first
        with at.session() as third:  # while the other reads
            assert third is not second
        assert not second.rows("select table_name from duckdb_tables()")


def test_sessions_of_many_threads_stay_apart(lake: DataLake) -> None:
    at, found = opening.opened(lake), []

    def read() -> None:
        for _ in range(5):
            with at.session() as session:
                found.append(session.rows("select count(*) from publication")[0][0])

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [24] * 30
    assert sum(map(len, opening._idle.values())) <= opening._KEPT


def test_a_lake_without_a_build_and_a_release_that_went_say_so(centre: Organisation, lake: DataLake) -> None:
    empty = DataLake.objects.create(owner=centre, name_zh="空湖")
    with pytest.raises(opening.NotBuilt, match="空湖"):
        opening.opened(empty)
    with pytest.raises(opening.NotBuilt, match="R2020"):
        opening.opened(lake, "R2020.01-9")


def test_adopting_twice_is_adopting_once_and_no_lake_is_refused(
    centre: Organisation, lake: DataLake, made_lake: Lake, tmp_path: Path
) -> None:
    again = adopting.adopt(made_lake, centre, "本中心数据湖", chain="semiconductors", open_sources=False)
    assert again == lake
    with pytest.raises(LakeError):
        adopting.adopt(Lake(tmp_path / "none"), centre, "没有", chain="", open_sources=False)
    assert not DataLake.objects.filter(name_zh="没有").exists()
