"""A pack that breaks a rule is refused, with the file, the thing and the remedy; versions are told apart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pingjiang import definitions
from pingjiang.errors import DefinitionError
from pingjiang.rulebook.policies import Pack, check, dump_pack, parse_pack, policy, reading
from tests.rulebook.policies.test_numbers import SUZHOU

Data = dict[str, Any]


def dumped(data: Data) -> str:
    return reading.dump(data)


def bent(bend: Callable[[Data], object]) -> str:
    data: Data = definitions.parse(dump_pack(SUZHOU))
    bend(data)
    return dumped(data)


def at(things: list[Data], name: str) -> Data:
    return next(thing for thing in things if thing["id"] == name)


def rule(data: Data, name: str) -> Data:
    return at(data["rules"], name)


BROKEN: list[tuple[str, Callable[[Data], object], str]] = [
    ("unknown key", lambda d: d.update(colour="red"), "unknown key 'colour'"),
    ("lacks a key", lambda d: d.pop("number"), "lacks 'number'"),
    ("float", lambda d: rule(d, "industry_bodies")["test"].update(threshold=100.5), "industry_bodies.*exact number"),
    ("no number", lambda d: rule(d, "industry_bodies")["test"].update(threshold="many"), "industry_bodies.*no number"),
    ("infinite", lambda d: rule(d, "industry_bodies")["test"].update(threshold="Infinity"), "industry_bodies"),
    ("kind", lambda d: rule(d, "industry_bodies").update(kind="firm"), "industry_bodies.*hard, soft, expert"),
    ("confidence", lambda d: rule(d, "industry_bodies").update(confidence="sure"), "industry_bodies.*checked"),
    ("empty", lambda d: rule(d, "industry_bodies").update(zh=" "), "industry_bodies.*empty"),
    ("no list", lambda d: rule(d, "industry_bodies").update(needs="bodies"), "industry_bodies.*no list"),
    ("day", lambda d: d.update(valid_from="soon"), "valid_from.*no date"),
    ("twice", lambda d: d["rules"].append(rule(d, "industry_bodies")), "industry_bodies.*stands twice"),
    ("no field", lambda d: rule(d, "industry_bodies").update(needs=["bodies", "firms"]), "industry_bodies.*'firms'"),
    ("not needed", lambda d: rule(d, "city_money").update(needs=["output"]), "city_money.*does not need"),
    ("provision", lambda d: rule(d, "sealed").update(provision="p9"), "sealed.*'p9' does not exist"),
    ("told", lambda d: rule(d, "sealed").update(provision="h1"), "sealed.*told only"),
    ("stage", lambda d: rule(d, "sealed").update(stage="later"), "sealed.*'later'"),
    ("track", lambda d: rule(d, "sealed").update(tracks=["trademark"]), "sealed.*trademark"),
    ("waiver of hard", lambda d: rule(d, "sealed").update(waiver={"zh": "x", "en": "x"}), "sealed.*waiver"),
    ("soft without waiver", lambda d: rule(d, "industry_output").pop("waiver"), "industry_output.*waiver"),
    ("no test", lambda d: rule(d, "sealed").pop("test"), "sealed.*test"),
    ("expert with test", lambda d: rule(d, "sealed").update(kind="expert"), "sealed.*test"),
    ("no message", lambda d: rule(d, "sealed").pop("fails"), "sealed.*message"),
    ("placeholder", lambda d: rule(d, "sealed")["fails"].update(zh="{who}"), "sealed.*{who}"),
    ("format", lambda d: rule(d, "sealed")["fails"].update(en="{value!r}"), "sealed"),
    ("brace", lambda d: rule(d, "sealed")["fails"].update(en="{"), "sealed"),
    ("operator", lambda d: rule(d, "sealed")["test"].update(op="about"), "sealed.*'about' is not known"),
    ("operator lacks", lambda d: rule(d, "sealed")["test"].pop("fields"), "sealed.*lacks fields"),
    ("type", lambda d: rule(d, "sealed")["test"].update(op="all_true"), "sealed.*document field"),
    ("unit", lambda d: rule(d, "city_money")["test"].update(unit="wan_yuan"), "city_money.*wan_yuan"),
    ("both", lambda d: rule(d, "city_money")["test"].update(than="city_money"), "city_money.*threshold and than"),
    ("neither", lambda d: rule(d, "city_money")["test"].pop("threshold"), "city_money.*threshold and than"),
    ("no data", lambda d: rule(d, "sealed").update(needs=[]), "sealed.*no data"),
    ("options", lambda d: rule(d, "operator_type")["test"].update(options=["carrier", "club"]), "operator_type"),
    ("pairs", lambda d: rule(d, "good_continues")["test"]["pairs"].pop("between"), "good_continues.*each option"),
    ("pair", lambda d: rule(d, "good_continues")["test"]["pairs"].update(between=["x"]), "good_continues.*options"),
    ("threshold of a list", lambda d: rule(d, "sealed")["test"].update(threshold=1), "sealed.*no threshold"),
    ("variant", lambda d: rule(d, "industry_leading")["variants"]["copyright"].update(needs=["x"]), "industry_leading"),
    ("untested", lambda d: d["rules"].remove(rule(d, "sealed")), "p_seal.*no rule"),
    ("field unit", lambda d: at(d["fields"], "output").update(unit="acre"), "output.*acre"),
    ("no unit", lambda d: at(d["fields"], "output").pop("unit"), "output.*without a unit"),
    ("shown in", lambda d: at(d["fields"], "output").update(shown_in="month"), "output.*shown in month"),
    ("field options", lambda d: at(d["fields"], "operator_type").pop("options"), "operator_type.*options"),
    ("field parts", lambda d: at(d["fields"], "local_seal").pop("parts"), "local_seal.*parts"),
    ("idle field", lambda d: d["fields"].append({"id": "x", "type": "text", "zh": "x", "en": "x"}), "x.*no rule"),
    ("step", lambda d: at(d["steps"], "seal").update(after=["decision"]), "seal.*no earlier step"),
    ("steps", lambda d: at(d["fields"], "steps_done")["options"].pop(), "steps_done.*steps"),
    ("limit", lambda d: at(d["sections"], "goals").pop("limit"), "goals.*limit"),
    ("section", lambda d: at(d["sections"], "goals").update(fields=["x"]), "goals.*'x'"),
    ("evidence", lambda d: d["functions"][0]["indicators"][0].update(evidence="word"), "families.*'word'"),
    ("budget", lambda d: d["budget"].update(lines="output"), "budget.*'output'"),
    ("checks", lambda d: d["checks"][0].update(stages=["x"]), "precheck.*'x'"),
    ("parameter", lambda d: d["parameters"][0].update(unit="acre"), "corrections.*acre"),
    ("points", lambda d: d["sheet"]["criteria"][0].update(points=7), r"101\.0 points, not 100"),
    ("step of points", lambda d: d["sheet"].update(step=4), "no steps of 4"),
    ("step zero", lambda d: d["sheet"].update(step=0), "not above zero"),
    ("group", lambda d: d["sheet"]["criteria"][0].update(group="x"), "I1.*'x'"),
    ("criterion", lambda d: d["sheet"]["criteria"][0].update(rules=["x"]), "I1.*'x'"),
    ("ends", lambda d: d["sheet"].update(comment_at_or_below_percent=95), "comments"),
    ("even panel", lambda d: d["panel"].update(least=6), "6 members"),
    ("strata", lambda d: d["panel"]["strata"][0].update(least=4), "strata"),
    ("trimming", lambda d: d["panel"].update(drop_from=2), "no score"),
    ("track of a material", lambda d: at(d["materials"], "others").update(tracks=["x"]), "others.*'x'"),
    ("track of a section", lambda d: at(d["sections"], "goals").update(tracks=["x"]), "goals.*'x'"),
    ("track of a criterion", lambda d: d["sheet"]["criteria"][1]["variants"].update(x={}), "I2.*'x'"),
    (
        "guide of a function",
        lambda d: at(d["functions"], "pool")["variants"]["copyright"].update(guide={"zh": "x", "en": "x"}),
        "pool.*guide",
    ),
    ("no tracks", lambda d: d.update(tracks=[]), "no tracks"),
]


@pytest.mark.parametrize(("bend", "words"), [each[1:] for each in BROKEN], ids=[each[0] for each in BROKEN])
def test_a_broken_pack_is_refused(bend: Callable[[Data], object], words: str) -> None:
    with pytest.raises(DefinitionError, match=words) as refused:
        parse_pack({"bent.yaml": bent(bend)})
    assert refused.value.file == "bent.yaml"
    assert refused.value.remedy


def test_an_unbent_pack_is_taken() -> None:
    assert parse_pack({"bent.yaml": bent(lambda data: None)}) == SUZHOU


def test_a_pack_of_several_files_names_the_one_that_is_wrong() -> None:
    data = definitions.parse(dump_pack(SUZHOU))
    rule(data, "city_money")["test"]["unit"] = "month"
    rules = dumped({"rules": data.pop("rules")})
    rest = dumped(data)
    with pytest.raises(DefinitionError, match="city_money") as refused:
        parse_pack({"a.yaml": rest, "rules.yaml": rules})
    assert refused.value.file == "rules.yaml"
    with pytest.raises(DefinitionError, match=r"stands in rules\.yaml too"):
        parse_pack({"a.yaml": rest, "rules.yaml": rules, "more.yaml": "rules: []"})
    with pytest.raises(DefinitionError, match=r"c\.yaml: is no YAML"):
        parse_pack({"c.yaml": "a: [b"})
    with pytest.raises(DefinitionError, match="holds no keys"):
        parse_pack({"c.yaml": "- a"})


def test_a_rule_may_be_unknown_on_one_track_alone() -> None:
    def bend(data: Data) -> None:
        rule(data, "sealed")["variants"] = {"copyright": {"needs": [], "test": {"op": "not_known"}}}

    pack = parse_pack({"bent.yaml": bent(bend)})
    seal = {"local_seal": {"authority": "管委会", "signatory": "张三", "sealed_on": "2026-03-02"}}
    found = {track: check(pack, seal, track, stages=["submission"])[0].status for track in ("patent", "copyright")}
    assert found == {"patent": "pass", "copyright": "unknown"}
    # Nothing that anybody could add would tell it.
    assert check(pack, {}, "copyright", stages=["submission"])[0].missing == ()
    assert check(pack, {}, "patent", stages=["submission"])[0].missing == ("local_seal",)


def later(pack: Pack, version: str, day: date | None, cap: int) -> Pack:
    data = definitions.parse(dump_pack(pack))
    data.update(version=version, valid_from=day)
    rule(data, "city_money")["test"]["threshold"] = cap
    return parse_pack({"later.yaml": dumped(data)})


def test_a_case_keeps_its_version(monkeypatch: pytest.MonkeyPatch) -> None:
    second = later(SUZHOU, "2", date(2027, 1, 1), 8_000_000)
    known = reading.by_id([second, SUZHOU])
    monkeypatch.setattr(reading, "load_policies", lambda: known)
    assert policy(SUZHOU.id, on=date(2026, 12, 31)) is SUZHOU
    assert policy(SUZHOU.id, on=date(2027, 1, 1)) is second
    assert policy(SUZHOU.id, "1", date(2030, 1, 1)) is SUZHOU
    test = policy(SUZHOU.id, "2").rule("city_money").test
    assert test is not None
    assert test.threshold == Decimal(8_000_000)


@pytest.mark.parametrize(("version", "day"), [("1", date(2027, 1, 1)), ("2", SUZHOU.valid_from), ("2", None)])
def test_versions_that_cannot_be_told_apart_are_refused(version: str, day: date | None) -> None:
    with pytest.raises(DefinitionError, match="suzhou_2018_116"):
        reading.by_id([SUZHOU, later(SUZHOU, version, day, 1)])
