"""The name under which a person's decisions stand in the log of a lake."""

from __future__ import annotations

from pingjiang.centre.accounts.models import Actor, User

_MOST = 60  # characters that a log takes


def name_in_log(person: Actor | User) -> str:
    """The person's name; who joined later with a name that somebody has already bears a number behind it.

    So two people of one name stay two, and nobody's decisions pass for the other's.
    """
    user = person.user if isinstance(person, Actor) else person
    earlier = User.objects.filter(name=user.name, pk__lt=user.pk).exists()
    number = f" #{user.pk}" if earlier else ""
    return f"{user.name[: _MOST - len(number)]}{number}"
