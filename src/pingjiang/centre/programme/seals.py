"""Whether the district's stamp stands: it does while what was stamped is what the application says."""

from __future__ import annotations

from pingjiang.centre.programme.content.hashing import hash_of
from pingjiang.centre.programme.content.together import is_read
from pingjiang.centre.programme.models import Application, Seal


def standing_seal(application: Application, content_hash: str | None = None) -> Seal | None:
    """The last seal, where it stands on the content of now (or on that of this hash); None where there is none, or
    where it is void."""
    last = last_seal(application)
    return last if last is not None and last.content_hash == (content_hash or hash_of(application)) else None


def last_seal(application: Application) -> Seal | None:
    """The last seal, whether it stands or not."""
    rows = application.seals.all()
    return (rows if is_read(application, "seals") else rows.select_related("paper", "scan", "by__user")).first()
