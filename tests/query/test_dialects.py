"""Queries of other tools: what is said, what leaves a hole, what changes its meaning; and no text crashes it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pingjiang.errors import DefinitionError, QueryRefused
from pingjiang.query import echo, parse
from pingjiang.query.dialects import DIALECTS, load_dialect, translate
from pingjiang.query.fields import load_fields
from pingjiang.query.tree import SetRef, walk

SAID = [
    ("incopat", 'TI=(空调 OR "air condition") AND TIAB=(蒸发器 OR evaporator) OR IPC=F25B',
     '(TI=(空调 OR "air condition") AND TIAB=(蒸发器 OR evaporator)) OR IPC=F25B'),
    ("incopat", "tiab=(空调 (2w) 蒸发器)", "TIAB=(空调 2W 蒸发器)"),
    ("incopat", "tiab=(car (w) engine)", "TIAB=(car 1W engine)"),
    ("incopat", "tiab=(data (0n) line)", "TIAB=(data 0N line)"),
    ("incopat", "(20110101<=pd<=20130101)", "PD=([20110101 TO *] AND [* TO 20130101])"),
    ("incopat", "(pd>20190101)", "PD=[20190102 TO *]"),
    ("incopat", "ti=comput$ and ab=m?chine", "TI=comput* AND AB=m?chine"),
    ("incopat", "ti=空调 ab=蒸发器 not ap=格力", "TI=空调 AND AB=蒸发器 AND NOT PA=格力"),
    ("incopat", "# 一条注释\nti='空气调节器'", "TI=空气调节器"),
    ("incopat", "pd=[20200101 to 20241231] and pnc=(CN or US)", "PD=[20200101 TO 20241231] AND PNC=(CN OR US)"),
    ("patsnap", "ABST:(太阳能 $W2 电池 $PRE2 硅)", "AB=((太阳能 2N 电池) 2W 硅)"),
    ("patsnap", "TTL:(显示 $WS 高清)", "TI=(显示 99N 高清)"),
    ("patsnap", "TTL:moto#", "TI=(moto OR moto?)"),
    ("patsnap", "SIMPLE_LEGAL_STATUS:1 AND PATENT_TYPE:U", "LS=in_force AND PT=utility_model"),
    ("patsnap", "SIMPLE_LEGAL_STATUS:(0 OR 2)", "LS=(dead OR pending)"),
    ("patsnap", "AN:华为 NOT APD:[20010101 TO 20011231]", "PA=华为 AND NOT APD=[20010101 TO 20011231]"),
    ("patsnap", "TTL:太阳能 OR TTL:硅 TTL:电池", "TI=太阳能 OR (TI=硅 AND TI=电池)"),
    ("patentics", 'ABST/(电池 adj/3 隔膜) and ANN/"宁德时代"', "AB=(电池 3W 隔膜) AND PA=宁德时代"),
    ("patentics", "TTL/电池 andnot ABST/燃料", "TI=电池 AND NOT AB=燃料"),
    ("espacenet", "ti=mouse or ti=rat and ti=trap", "(TI=mouse OR TI=rat) AND TI=trap"),
    ("espacenet", "ta=mouse prox/distance<3 ta=trap", "TIAB=(mouse 2N trap)"),
    ("espacenet", 'ti any "motor engine" and pa=siemens', "TI=(motor OR engine) AND PA=siemens"),
    ("espacenet", 'ti all "paint brush hair"', "TI=(paint AND brush AND hair)"),
    ("espacenet", 'pd within "2005 2006"', "PD=[20050101 TO 20061231]"),
    ("espacenet", 'ia=Apple or ia="Ries Klaus"', '(PA=Apple OR IN=Apple) OR (PA="Ries Klaus" OR IN="Ries Klaus")'),
    ("espacenet", "ti=polymeri#ation", "TI=polymeri?ation"),
    ("espacenet", "ti=car?", "TI=(car OR car?)"),
]  # fmt: skip
HOLES = [
    ("incopat", "tiab=(空调 (s) 蒸发器) and ap=格力", "##untranslated-1 AND PA=格力", ["tiab=(空调 (s) 蒸发器)"]),
    ("incopat", "R=(CN101850473B) and tiab=发动机", "##untranslated-1 AND TIAB=发动机", ["R=(CN101850473B)"]),
    ("incopat", 'ap=(TREE@"清华大学") or ap=华为', "##untranslated-1 OR PA=华为", ['ap=(TREE@"清华大学")']),
    ("incopat", 'tiab=("机器人" (3f))', "##untranslated-1", ['tiab=("机器人" (3f))']),
    ("incopat", "Ti=(毛衣) OPT (AB=编织)", "##untranslated-1", ["Ti=(毛衣) OPT (AB=编织)"]),
    ("incopat", "IPC-MAIN=H01L not des=x", "##untranslated-1 AND NOT ##untranslated-2", ["IPC-MAIN=H01L", "des=x"]),
    ("patsnap", "EPDS:DE GAND EPDS_SLS:1", "##untranslated-1", ["EPDS:DE GAND EPDS_SLS:1"]),
    ("patsnap", "CLMS:(data $SEN line) OR TTL:a", "##untranslated-1 OR TI=a", ["CLMS:(data $SEN line)"]),
    ("patsnap", "TTL:小*车", "##untranslated-1", ["TTL:小*车"]),
    ("patsnap", "PATENT_TYPE:A", "##untranslated-1", ["PATENT_TYPE:A"]),
    ("patentics", "R/CN101850473B and TTL/电池", "##untranslated-1 AND TI=电池", ["R/CN101850473B"]),
    ("espacenet", "ct=ep1000000 and ti=a", "##untranslated-1 AND TI=a", ["ct=ep1000000"]),
    ("espacenet", "ti=mouse prox/unit=sentence ti=trap", "##untranslated-1",
     ["ti=mouse prox/unit=sentence ti=trap"]),
    ("espacenet", "ia=(a and b)", "##untranslated-1", ["ia=(a and b)"]),
]  # fmt: skip
CHANGED = [
    ("incopat", "TI-CN=空调", "TI=空调", ["TI-CN="]),
    ("patsnap", "TACD:汽车 AND ANCS:清华大学", "TIABC=汽车 AND PA=清华大学", ["TACD:", "ANCS:"]),
    ("patsnap", "太阳能 电池", "TIABC=太阳能 AND TIABC=电池", ["太阳能"]),
    ("patentics", "B/((磁盘 or 硬盘) and 网络)", "TIABC=((磁盘 OR 硬盘) AND 网络)", ["B/"]),
    ("espacenet", 'cpc="A61K31/13"', "CPC=A61K31/13", ['"A61K31/13"']),
]


@pytest.mark.parametrize(("dialect", "text", "ours"), SAID)
def test_what_is_said(dialect: str, text: str, ours: str) -> None:
    made = translate(text, dialect)
    assert (echo(made.tree), made.untranslated, made.changed) == (ours, (), ())


@pytest.mark.parametrize(("dialect", "text", "ours", "parts"), HOLES)
def test_what_cannot_be_said_leaves_a_hole(dialect: str, text: str, ours: str, parts: list[str]) -> None:
    made = translate(text, dialect)
    assert (echo(made.tree), [item.text for item in made.untranslated]) == (ours, parts)
    for item in made.untranslated:
        assert text[item.position - 1 :].startswith(item.text)
        assert item.zh
        assert item.en
    assert {item.set for item in made.untranslated} == {p.text() for p in walk(made.tree) if isinstance(p, SetRef)}
    assert made.as_dict()["complete"] is False


@pytest.mark.parametrize(("dialect", "text", "ours", "parts"), CHANGED)
def test_what_is_said_with_another_meaning_is_told(dialect: str, text: str, ours: str, parts: list[str]) -> None:
    made = translate(text, dialect)
    assert (echo(made.tree), [item.text for item in made.changed]) == (ours, parts)
    assert made.as_dict()["complete"] is True


@pytest.mark.parametrize(
    ("dialect", "text", "position"),
    [("incopat", "ti=(a or b", 11), ("incopat", 'ti="a', 4), ("patsnap", "TTL:a)", 6), ("espacenet", "ti=a and", 9),
     ("patentics", " ", 1), ("incopat", "ti=", 4)],
)  # fmt: skip
def test_what_is_no_query_there_either(dialect: str, text: str, position: int) -> None:
    with pytest.raises(QueryRefused) as caught:
        translate(text, dialect)
    assert caught.value.position == position


def test_there_are_four_and_no_other() -> None:
    with pytest.raises(DefinitionError, match="espacenet"):
        translate("a", "google")


@pytest.mark.parametrize("name", DIALECTS)
def test_a_dialect_names_fields_of_ours(name: str) -> None:
    dialect = load_dialect(name)
    ours = {field for fields in dialect.fields.values() for field in fields} | {
        to for to, _ in dialect.changed.values()
    }
    assert ours | {dialect.default} <= set(load_fields())
    assert not set(dialect.fields) & (set(dialect.changed) | set(dialect.unsaid))


BITS = st.sampled_from(
    ["ti=", "TTL:", "TTL/", "pd>=", "IPC=", "R=", "DES=", "ia=", "(", ")", '"', "电池", "solid state", "a*", "m#tor",
     "?", "and", "OR", "not", "andnot", "(3w)", "(s)", "$W3", "$SEN", "prox/distance<3", "adj/2", "[2015 to 2016]",
     "TREE@", "20110101<=pd<=20130101", ",", "=", "<", "#", "\n", "'", " "]
)  # fmt: skip


@pytest.mark.parametrize("name", DIALECTS)
@given(text=st.lists(BITS, max_size=12).map(" ".join) | st.lists(BITS, max_size=12).map("".join) | st.text(max_size=30))
@settings(max_examples=250, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_whatever_is_typed_is_translated_or_refused(name: str, text: str) -> None:
    try:
        made = translate(text, name)
    except QueryRefused as refused:
        assert 1 <= refused.position <= len(text) + 1
    else:
        assert parse(echo(made.tree)) == made.tree


@pytest.mark.parametrize("name", DIALECTS)
@pytest.mark.parametrize(
    "text", ["(" * 5_000, "not " * 3_000 + "a", "a and b or " * 3_000 + "c", "a or " * 5_000 + "b"]
)
def test_large_queries_end(name: str, text: str) -> None:
    try:
        translate(text, name)
    except QueryRefused as refused:
        assert refused.remedy is None or refused.remedy
