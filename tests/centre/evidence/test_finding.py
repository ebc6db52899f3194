"""The search field of the top bar leads those who read lakes into them, and nobody else."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from pingjiang.centre.evidence.finding import as_query
from pingjiang.centre.evidence.models import DataLake
from tests.centre.cast import Cast

pytestmark = pytest.mark.django_db
WORDS = "宁德时代"


@pytest.mark.parametrize(
    ("words", "query"),
    [
        ("CN 110000000 A", 'PN="CN 110000000 A"'), ("锂电池", "锂电池"),
        ("TI=电池 AND APD=2011", "TI=电池 AND APD=2011"),
        ("锂 电池", '"锂 电池"'), ('未写完 AND ("', '"未写完 AND (\\""'),
    ],
)  # fmt: skip
def test_words_become_a_query(words: str, query: str) -> None:
    assert as_query(words) == query


def test_a_reader_is_led_into_the_lake_and_finds(cast: Cast, lake: DataLake) -> None:
    client = Client()
    client.force_login(cast.everyone["centre_manager"].user)
    page = client.get("/cases/", {"q": WORDS}).content.decode()
    assert 'placeholder="搜案件、专利、机构"' in page and lake.name_zh in page
    ways = [unescape(url) for url in re.findall(rf'href="(/evidence/{lake.pk}/[^"]+)"', page)]
    assert len(ways) == 3 and all(client.get(url).status_code == 200 for url in ways)
    [organisations] = [url for url in ways if url.endswith("identity/?q=" + ways[0].rpartition("q=")[2])]
    assert "宁德时代新能源科技股份有限公司" in client.get(organisations).content.decode()
    number = client.get("/cases/", {"q": "cn110000000a"}).content.decode()
    [search] = [unescape(url) for url in re.findall(rf'href="(/evidence/{lake.pk}/search/[^"]+)"', number)]
    assert 'name="pick" value="CN110000000A"' in client.get(search).content.decode()
    assert f"/evidence/{lake.pk}/" not in client.get("/cases/").content.decode()


def test_others_are_led_nowhere(cast: Cast, lake: DataLake) -> None:
    for actor in cast.everyone.values():
        if actor.organisation == lake.owner:
            continue
        client = Client()
        client.force_login(actor.user)
        page = client.get("/cases/", {"q": WORDS}).content.decode()
        assert f"/evidence/{lake.pk}/" not in page and lake.name_zh not in page, actor.role
    client = Client()
    client.force_login(cast.alice.user)
    assert 'placeholder="搜案件名称、编号、单位"' in client.get("/cases/").content.decode()
