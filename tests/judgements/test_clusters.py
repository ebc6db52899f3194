"""Judgements above the machine, against a model that walks through all names."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pingjiang.engine import Session, Table
from pingjiang.judgements import Applied, Judgement, apply_judgements, arrange, at_level, in_force, judged_table, lifted
from pingjiang.judgements.clusters import Node
from tests.judgements.rows import NAMES, histories, row

SESSION = Session(threads=1)
OTHERS = "uvwxyz"  # names that nobody judges
Machine = dict[str, Node]

machines = st.fixed_dictionaries(
    {},
    optional={
        name: st.builds(Node, st.sampled_from(["c1", "c2", "c3", "c4"]), st.integers(1, 3)) for name in NAMES + OTHERS
    },
)


def table_of(machine: Machine) -> Table:
    rows = [(name, node.cluster, node.weight) for name, node in machine.items()]
    return SESSION.from_rows({"name": "VARCHAR", "cluster": "VARCHAR", "weight": "BIGINT"}, rows)


def applied(machine: Machine, rows: Sequence[Judgement], level: str = "organisation", **more: Table) -> Applied:
    return apply_judgements(SESSION, table_of(machine), judged_table(SESSION, rows), level=level, **more)


def clusters(machine: Machine, rows: Sequence[Judgement], level: str = "organisation") -> dict[str, str]:
    return {name: cluster for name, cluster, _ in applied(machine, rows, level).clusters.rows()}


def partition(placed: dict[str, str]) -> set[frozenset[str]]:
    return {frozenset(name for name in placed if placed[name] == cluster) for cluster in placed.values()}


def joined(pairs: set[tuple[str, str]], one: str, two: str) -> bool:
    """Whether pairs lead from one name to another: the closure, step by step."""
    reached = {one}
    while more := {name for pair in pairs if reached & set(pair) for name in pair} - reached:
        reached |= more
    return two in reached


@settings(max_examples=60, deadline=None)
@given(machines, histories(subjects=("organisation", "group")), st.randoms(use_true_random=False))
def test_people_stand_above_the_machine(machine: Machine, rows: list[Judgement], chance: random.Random) -> None:
    shuffled = rows[:]
    chance.shuffle(shuffled)
    placed = clusters(machine, shuffled)
    assert placed.keys() == machine.keys(), "every name once"
    assert placed == clusters(machine, rows), "the order of rows plays no part"
    meant = at_level(in_force(rows), "organisation")
    for a, b in meant.different:
        assert a not in placed or b not in placed or placed[a] != placed[b], "'different' is never violated"
    for one in machine:
        for two in machine:
            if joined(set(meant.same), one, two):
                assert placed[one] == placed[two], "'same' is always honoured, through names that do not occur too"
            elif placed[one] == placed[two]:
                links = set(meant.same) | {
                    (a, b) for a in machine for b in machine if machine[a].cluster == machine[b].cluster
                }
                assert joined(links, one, two), "nothing is joined but by people or by the machine"
    touched = {machine[name].cluster for each in in_force(rows) for name in each.pair if name in machine}
    for name, node in machine.items():
        if node.cluster not in touched:
            assert placed[name] == node.cluster, "a cluster that nobody judged is as it was"
    for cluster in {node.cluster for node in machine.values()}:
        names = [name for name, node in machine.items() if node.cluster == cluster]
        assert len({placed[name] for name in names if name in OTHERS}) <= 1, "what nobody judged stays together"
        for one in {placed[name] for name in names}:
            for two in {placed[name] for name in names} - {one}:
                parted = [members(placed, set(meant.same), each) for each in (one, two)]
                assert any({a, b} & parted[0] and {a, b} & parted[1] for a, b in meant.different), "no needless split"


def members(placed: dict[str, str], same: set[tuple[str, str]], cluster: str) -> set[str]:
    """The names of a cluster, and those that people joined to it and that do not occur."""
    there = {name for name in placed if placed[name] == cluster}
    return there | {name for name in NAMES for other in there if joined(same, name, other)}


@settings(max_examples=40, deadline=None)
@given(machines, histories())
def test_the_engine_gives_what_all_names_in_python_give(machine: Machine, rows: list[Judgement]) -> None:
    """That the heaviest name stands for all that nobody judged changes nothing."""
    meant = at_level(in_force(rows), "organisation")
    touched = {machine[name].cluster for each in in_force(rows) for name in each.pair if name in machine}
    nodes = {name: node for name, node in machine.items() if node.cluster in touched}
    whole = arrange(nodes, meant.same, meant.different)
    expected = {name: whole.get(name, node.cluster) for name, node in machine.items()}
    assert clusters(machine, rows) == expected


@settings(max_examples=40, deadline=None)
@given(
    machines,
    histories(subjects=("organisation", "group")),
    st.dictionaries(st.sampled_from(["c1", "c2", "c3", "c4"]), st.sampled_from(["g1", "g2"])),
)
def test_groups_are_made_of_whole_organisations(
    machine: Machine, rows: list[Judgement], groups: dict[str, str]
) -> None:
    """First the organisations of names, then the groups of these organisations, by the same judgements."""
    placed = clusters(machine, rows)
    first = {cluster: name for name, cluster in sorted(placed.items(), reverse=True)}
    owned = {own: Node(groups.get(machine[name].cluster, own)) for own, name in first.items()}
    members = SESSION.from_rows({"name": "VARCHAR", "cluster": "VARCHAR"}, list(placed.items()))
    judged = lifted(SESSION, judged_table(SESSION, rows), members)
    found = apply_judgements(SESSION, table_of(owned), judged, level="group")
    group = {own: cluster for own, cluster, _ in found.clusters.rows()}
    assert group.keys() == owned.keys()
    meant = at_level(in_force(rows), "group")
    for a, b in meant.different:
        assert a not in placed or b not in placed or group[placed[a]] != group[placed[b]]
    if not meant.conflicts and not found.conflicts:
        for a, b in meant.same:
            assert a not in placed or b not in placed or group[placed[a]] == group[placed[b]]


@settings(max_examples=40, deadline=None)
@given(machines, histories())
def test_undoing_everything_restores_exactly_what_the_machine_said(machine: Machine, rows: list[Judgement]) -> None:
    undone = rows + [
        row(each.a, each.b, None, 200 + at, undoes=each.judgement_id) for at, each in enumerate(in_force(rows))
    ]
    assert clusters(machine, undone) == {name: node.cluster for name, node in machine.items()}


@settings(max_examples=40, deadline=None)
@given(machines, histories())
def test_judging_what_is_so_already_changes_no_cluster(machine: Machine, rows: list[Judgement]) -> None:
    before = clusters(machine, rows)
    if at_level(in_force(rows), "organisation").conflicts:
        return
    pairs = [(a, b) for a in NAMES for b in NAMES if a < b and a in machine and b in machine]
    again = [row(a, b, "same" if before[a] == before[b] else "different", 300 + at) for at, (a, b) in enumerate(pairs)]
    assert partition(clusters(machine, [*rows, *again])) == partition(before)


def machine_of(**names: tuple[str, int]) -> Machine:
    return {name: Node(*told) for name, told in names.items()}


def test_whole_clusters_are_joined_under_the_least_id() -> None:
    machine = machine_of(a=("k2", 5), x=("k2", 1), b=("k1", 1), y=("k1", 1), z=("k3", 1))
    placed = clusters(machine, [row("a", "b", "same")])
    assert placed == {"a": "k1", "x": "k1", "b": "k1", "y": "k1", "z": "k3"}


def test_the_lesser_of_two_that_differ_leaves_and_gets_an_id_of_its_own() -> None:
    machine = machine_of(a=("k", 5), b=("k", 2), x=("k", 9), y=("k", 1))
    placed = clusters(machine, [row("a", "b", "different")])
    assert placed["a"] == placed["x"] == placed["y"] == "k"
    assert placed["b"] not in ("k", "") and len(placed["b"]) == 16
    heavier = {**machine, "x": Node("k", 50), "z": Node("k", 1)}
    assert clusters(heavier, [row("a", "b", "different")])["b"] == placed["b"], "the id stays in later data"


def test_what_is_linked_more_strongly_goes_along() -> None:
    machine = machine_of(a=("k", 5), b=("k", 2), x=("k", 9), y=("k", 1))
    links = SESSION.from_rows(
        {"name_a": "VARCHAR", "name_b": "VARCHAR", "score": "DOUBLE"},
        [("a", "x", 0.9), ("b", "y", 0.95), ("x", "y", 0.7), ("a", "b", 0.8)],
    )
    placed = {name: cluster for name, cluster, _ in
              applied(machine, [row("a", "b", "different")], links=links).clusters.rows()}  # fmt: skip
    assert partition(placed) == {frozenset("ax"), frozenset("by")}
    assert placed["a"] == "k"


def test_clusters_that_would_meet_through_names_that_differ_stay_apart() -> None:
    machine = machine_of(a=("k1", 2), x=("k1", 1), b=("k2", 2), y=("k2", 1))
    placed = clusters(machine, [row("a", "b", "same"), row("x", "y", "different", 1)])
    assert placed["a"] == placed["b"]
    assert placed["x"] != placed["y"]
    assert placed["a"] in (placed["x"], placed["y"])


def test_reasons_name_the_judgements() -> None:
    machine = machine_of(a=("k2", 5), x=("k2", 1), b=("k1", 1), c=("k1", 4), z=("k3", 1))
    same, apart = row("a", "b", "same"), row("b", "c", "different", 1)
    told = {name: ids for name, _, ids in applied(machine, [same, apart]).clusters.rows()}
    assert told["a"] == told["x"] == [same.judgement_id]
    assert told["b"] == [same.judgement_id, apart.judgement_id]
    assert told["c"] == [apart.judgement_id]
    assert told["z"] is None


def test_a_judgement_on_a_name_that_does_not_occur_is_dormant_and_kept() -> None:
    rows = [row("a", "b", "same"), row("a", "c", "same", 1)]
    found = applied(machine_of(a=("k1", 1), c=("k2", 1)), rows)
    assert list(found.dormant) == rows[:1]
    assert clusters(machine_of(a=("k1", 1), b=("k3", 1), c=("k2", 1)), rows) == dict.fromkeys("abc", "k1")


@pytest.mark.parametrize("level", ["organisation", "group", "inventor"])
def test_without_judgements_all_is_as_the_machine_said(level: str) -> None:
    machine = machine_of(a=("k", 1), b=("k", 1))
    found = applied(machine, [row("a", "b", "unsure", subject=level)], level)
    assert {(name, cluster) for name, cluster, _ in found.clusters.rows()} == {("a", "k"), ("b", "k")}
