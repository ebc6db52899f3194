"""Who asks: nine roles, each at home, beside and away, a few by their hat or track, and those outside.

own         who made the things of the city, or for whom they were made
same        a colleague: the same role at the same organisation
stranger    the same role at another organisation of the same kind
admin       a colleague who wears the hat that admits people (firms, stewards)
other track a colleague of the bureau whose rights follow the copyright track alone
"""

from __future__ import annotations

from pingjiang.centre.accounts.roles import ROLES

Who = frozenset[tuple[str, str]]
OWN, SAME, STRANGER, ADMIN, OTHER_TRACK = "own", "same", "stranger", "admin", "other track"
BESIDE: dict[str, tuple[str, ...]] = {
    "member_user": (ADMIN,), "steward": (ADMIN,), "programme_officer": (OTHER_TRACK,),
}  # fmt: skip
# Without a role, or without a session.
ANONYMOUS, DEACTIVATED, EXPIRED = "anonymous", "deactivated", "membership expired"
OUTSIDE = (ANONYMOUS, DEACTIVATED, EXPIRED)


def relations(role: str) -> tuple[str, ...]:
    """All in which a role is played."""
    return (OWN, SAME, STRANGER, *BESIDE.get(role, ()))


def anywhere(*roles: str) -> Who:
    """Everybody in these roles."""
    return frozenset((role, relation) for role in roles for relation in relations(role))


def at_home(*roles: str) -> Who:
    """Everybody in these roles at the organisation whose things they are."""
    return frozenset(each for each in anywhere(*roles) if each[1] != STRANGER)


def only(role: str, *which: str) -> Who:
    """Some of a role."""
    assert set(which) <= set(relations(role)), (role, which)
    return frozenset((role, relation) for relation in which)


EVERYONE = anywhere(*ROLES)
NOBODY: Who = frozenset()
