"""Fields: names in both languages, each naming one; what they hold is there."""

from __future__ import annotations

import pytest

from pingjiang.legal.words import STATE_WORDS
from pingjiang.query.corpus import VALUES
from pingjiang.query.fields import DEFAULT, find_field, load_fields
from pingjiang.schema.codes import code_list


def test_every_name_finds_its_field() -> None:
    for field in load_fields().values():
        for name in (field.name, field.zh, *field.also, field.name.lower(), f" {field.name} "):
            assert find_field(name) is field
    assert find_field("没有") is None


@pytest.mark.parametrize(
    ("name", "code"),
    [("标题", "TI"), ("摘要", "AB"), ("权利要求", "CL"), ("申请人", "PA"), ("发明人", "IN"), ("分类号", "CLASS"),
     ("申请日", "APD"), ("公开日", "PD"), ("国家", "COUNTRY"), ("地市", "CITY"), ("法律状态", "LS"), ("节点", "NODE"),
     ("AD", "APD"), ("ＴＩ", "TI")],
)  # fmt: skip
def test_usual_names(name: str, code: str) -> None:
    found = find_field(name)
    assert found is not None
    assert found.name == code


def test_parts_are_fields_of_the_same_kind_and_words_have_values() -> None:
    fields = load_fields()
    assert DEFAULT in fields
    for field in fields.values():
        assert {fields[part].kind for part in field.parts} == {field.kind}
    assert {name for name, field in fields.items() if field.is_words and field.parts == (name,)} == set(VALUES)


def test_the_codes_of_legal_states_are_the_states_and_lives() -> None:
    lives = {"pending", "in_force", "dead", "elsewhere", "unknown"}
    assert set(code_list("legal_state").values()) == set(STATE_WORDS) | lives
