"""Whether the district's stamp stands: it does while what was stamped is what the application says."""

from __future__ import annotations

from pingjiang.centre.programme.content.hashing import hash_of
from pingjiang.centre.programme.models import Application, Seal


def standing_seal(application: Application, content_hash: str | None = None) -> Seal | None:
    """The last seal, where it stands on the content of now (or on that of this hash); None where there is none, or
    where it is void."""
    last = application.seals.select_related("paper", "scan", "by__user").first()
    if last is None:
        return None
    return last if last.content_hash == (content_hash or hash_of(application)) else None


def last_and_standing(application: Application) -> tuple[Seal | None, bool]:
    """The last seal and whether it stands, of a row whose seals, and what its hash needs, were read with a list."""
    last = next(iter(application.seals.all()), None)
    return last, last is not None and last.content_hash == hash_of(application)
