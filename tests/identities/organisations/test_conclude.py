"""Applicants → the tables of organisations."""

from __future__ import annotations

from collections.abc import Sequence

from pingjiang.engine import Session
from pingjiang.identities.organisations.conclude import Organisations, conclude_organisations

SESSION = Session(threads=1)
APPLICANT = {"publication_id": "VARCHAR", "sequence": "BIGINT"} | dict.fromkeys(
    ("name", "country", "address", "source_row"), "VARCHAR"
)


def concluded(
    applicants: Sequence[tuple[str, str]],
    inventors: Sequence[tuple[str, str]] = (),
    families: dict[str, str] | None = None,
    printed: Sequence[tuple[str, str]] = (),
) -> Organisations:
    """Applicants and inventors as (publication, name); each publication is a family of its own, but for `families`."""
    rows = [(publication, at, name, None, None, f"r{at}") for at, (publication, name) in enumerate(applicants)]
    member = {publication: (families or {}).get(publication, publication) for publication, _ in applicants}
    return conclude_organisations(
        SESSION,
        SESSION.from_rows(APPLICANT, rows),
        SESSION.from_rows({"publication_id": "VARCHAR", "name": "VARCHAR"}, inventors),
        SESSION.from_rows({"publication_id": "VARCHAR", "family_id": "VARCHAR"}, list(member.items())),
        printed=SESSION.from_rows({"publication_id": "VARCHAR", "name": "VARCHAR"}, [*applicants, *printed]),
    )


def test_a_name_is_shown_at_half_width_and_kept_as_it_was() -> None:
    printed = ["株式会社Ｇｓユアサ", "ＡＴ＆Ｔ　Ｃｏ．，Ｌｔｄ．", "开放智能机器（上海）有限公司"]
    found = concluded([(f"P{at}", name) for at, name in enumerate(printed)])
    assert sorted(row["name"] for row in found.organisation.dicts()) == sorted(
        ["株式会社Gsユアサ", "AT&T　Co.，Ltd.", "开放智能机器（上海）有限公司"]
    )
    assert sorted(row["name"] for row in found.applicant.dicts()) == sorted(printed)
    assert sorted(row["name"] for row in found.alias.dicts()) == sorted(printed)


def test_joint_applicants_in_one_string_come_apart() -> None:
    found = concluded(
        [("P1", "苏州大学；华为技术有限公司 | Bayer AG"), ("P1", "A and B, Inc."), ("P2", "甲、乙有限公司")]
    )
    names = [(row["publication_id"], row["sequence"], row["name"]) for row in found.applicant.dicts()]
    assert sorted(names) == [
        ("P1", 1, "苏州大学"),
        ("P1", 2, "华为技术有限公司"),
        ("P1", 3, "Bayer AG"),
        ("P1", 4, "A and B, Inc."),
        ("P2", 1, "甲、乙有限公司"),
    ]


def test_persons_of_one_name_are_two_without_more_than_the_name() -> None:
    found = concluded([("P1", "王伟"), ("P2", "王伟"), ("P3", "王伟")], families={"P1": "F", "P2": "F"})
    ids = {row["publication_id"]: row["organisation_id"] for row in found.applicant.dicts()}
    assert ids["P1"] == ids["P2"] != ids["P3"]
    assert found.organisation.count() == 2
    assert {row["kind"] for row in found.organisation.dicts()} == {"individual"}


def test_persons_are_one_with_a_colleague_in_common() -> None:
    found = concluded(
        [("P1", "王伟"), ("P2", "王伟"), ("P3", "王伟")],
        inventors=[("P1", "王伟"), ("P1", "李娜"), ("P2", "李娜"), ("P3", "赵敏"), ("P3", "王伟"), ("P2", "王伟")],
    )
    ids = {row["publication_id"]: row["organisation_id"] for row in found.applicant.dicts()}
    assert ids["P1"] == ids["P2"] != ids["P3"]


def test_a_group_has_its_members_and_a_tie_each() -> None:
    names = ["Hoechst AG"] * 3 + ["Hoechst Celanese Corporation", "Bayer AG"]
    found = concluded([(f"P{at}", name) for at, name in enumerate(names)])
    organisation = {row["name"]: row for row in found.organisation.dicts()}
    head = organisation["Hoechst AG"]["organisation_id"]
    assert organisation["Hoechst Celanese Corporation"]["group_id"] == head
    assert {row["group_id"]: row["organisations"] for row in found.group.dicts()}[head] == 2
    [tie] = found.ownership.dicts()
    assert (tie["organisation_id"], tie["parent_id"]) == (
        organisation["Hoechst Celanese Corporation"]["organisation_id"],
        head,
    )
    assert tie["from_date"] is None
    assert tie["reasons"]


def test_ids_stay_when_names_are_added() -> None:
    before = concluded([("P1", "Bayer AG"), ("P2", "Bayer AG"), ("P3", "苏州大学")])
    after = concluded(
        [("P1", "Bayer AG"), ("P2", "Bayer AG"), ("P3", "苏州大学"), ("P4", "BAYER A.G."), ("P5", "Merck KGaA")]
    )
    old = {row["name"]: row["organisation_id"] for row in before.organisation.dicts()}
    new = {row["name"]: row["organisation_id"] for row in after.organisation.dicts()}
    assert {name: new[name] for name in old} == old


def test_kind_country_and_names_in_two_scripts() -> None:
    found = concluded([("P1", "华为技术有限公司"), ("P2", "Huawei Technologies Co., Ltd."), ("P3", "Bayer GmbH")])
    rows = {row["name_en"] or row["name"]: row for row in found.organisation.dicts()}
    huawei = rows["Huawei Technologies Co., Ltd."]
    assert huawei["name_zh"] == "华为技术有限公司"
    assert huawei["kind"] == "company"
    assert huawei["spellings"] == 2


def test_names_of_sources_that_do_not_speak_are_spellings_too() -> None:
    said = [("P1", "Bayer AG"), ("P2", "Bayer AG")]
    found = concluded(
        said, printed=[("P1", "拜耳股份公司"), ("P1", "BAYER A.G."), ("row 7", "Merck KGaA"), ("P2", "王伟")]
    )
    alias = {row["name"]: row for row in found.alias.dicts()}
    assert alias["拜耳股份公司"]["organisation_id"] == alias["Bayer AG"]["organisation_id"]
    assert alias["BAYER A.G."]["mentions"] == 1
    assert alias["Bayer AG"]["mentions"] == 2
    assert "王伟" not in alias
    bayer = next(row for row in found.organisation.dicts() if row["name"] == "Bayer AG")
    assert (bayer["name_zh"], bayer["spellings"]) == ("拜耳股份公司", 3)
    assert {row["name"] for row in found.applicant.dicts()} == {"Bayer AG"}
    assert "Merck KGaA" in alias
