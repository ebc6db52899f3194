"""Rules of a chain that ask a classifier."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from pingjiang.chain.classifier.kept import Kept, with_chosen
from pingjiang.chain.outline import rule_data
from pingjiang.chain.place import place
from pingjiang.chain.tree import Chain, load
from pingjiang.engine import Session
from pingjiang.errors import DefinitionError
from tests.chain.classifier.test_kept import trained
from tests.chain.made import Paper, chain_text, tables

SOLID = (("IPC", "H01M10/0562", 1),)
PAPERS = [
    Paper("new-solid", title="固态电解质 battery electrode", symbols=SOLID),
    Paper("new-housing", title="housing cooling vehicle", symbols=(("IPC", "H01M50/20", 1),)),
    Paper("strange", title="шахматы"),
    Paper("empty"),
    Paper("CN000000A", title="固态电解质", symbols=SOLID),
    Paper("CN000001A", title="housing", symbols=(("IPC", "H01M50/20", 1),)),
]


@pytest.fixture(scope="module")
def model() -> Kept:
    return with_chosen(trained(count=60), {"solid": {"value": 0.5, "who": "张伟", "why": None}})


@pytest.fixture
def session() -> Iterator[Session]:
    with Session() as opened:
        yield opened


def chain(tmp_path: Path, *rules: Mapping[str, object]) -> Chain:
    path = tmp_path / "chain.yaml"
    path.write_text(chain_text({"leaf": list(rules)}), encoding="utf-8")
    return load(path)


def placed(session: Session, told: Chain, model: Kept) -> dict[str, str]:
    rows = place(told, *tables(session, PAPERS), {"battery": model})["publication_node"].dicts()
    return {row["publication_id"]: row["reason"] for row in rows}


def test_the_score_decides_and_is_told(session: Session, tmp_path: Path, model: Kept) -> None:
    found = placed(session, chain(tmp_path, {"classifier": "battery/solid"}), model)
    assert found["new-solid"].startswith("#1 classifier battery/solid ") and found["new-solid"].endswith(" ≥ 0.5000")
    assert not {"new-housing", "strange", "empty"} & set(found)


def test_what_people_said_stands_above_the_score(session: Session, tmp_path: Path, model: Kept) -> None:
    labelled = {each: held for each, (_, held) in model.left_out["solid"].items()}
    found = placed(session, chain(tmp_path, {"classifier": "battery/solid"}), model)
    for number in ("CN000000A", "CN000001A"):
        assert found.get(number) == ("#1 tag battery/solid judged yes" if labelled[number] else None)
    flipped = {each: (score, not held) for each, (score, held) in model.left_out["solid"].items()}
    told = Kept(model.list, model.release, model.labels, model.model, model.figures, {"solid": flipped}, model.chosen)
    again = placed(session, chain(tmp_path, {"classifier": "battery/solid"}), told)
    assert ("CN000000A" in again) == (not labelled["CN000000A"])


def test_all_conditions_of_a_rule_hold(session: Session, tmp_path: Path, model: Kept) -> None:
    both = chain(tmp_path, {"symbols": ["H01M50"], "classifier": "battery/solid"})
    assert "new-solid" not in placed(session, both, model)
    asked = chain(tmp_path, {"query": "TI=electrode", "classifier": "battery/solid"})
    assert set(placed(session, asked, model)) == {"new-solid"}
    assert placed(session, asked, model)["new-solid"].startswith("#1 query · classifier battery/solid ")
    worded = chain(
        tmp_path,
        {"words": {"any": {"zh": [], "en": ["vehicle"]}}, "classifier": "battery/solid"},
        {"query": "TI=vehicle"},
    )
    assert placed(session, worded, model)["new-housing"] == "#2 query"


def test_a_model_that_is_not_there_is_named(session: Session, tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="battery/solid"):
        place(chain(tmp_path, {"classifier": "battery/solid"}), *tables(session, PAPERS))


def test_it_is_written_back_as_it_was_read(tmp_path: Path) -> None:
    rule = {"symbols": ["H01M10"], "classifier": "电池/固态"}
    told = chain(tmp_path, rule).leaves()[0].rules[0]
    assert rule_data(told) == rule and "classifier 分类器: 电池/固态" in told.text()
    with pytest.raises(DefinitionError, match="list/tag"):
        chain(tmp_path, {"classifier": "电池"})
