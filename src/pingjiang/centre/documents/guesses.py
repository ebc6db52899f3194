"""How many wrong codes came from an address: in the database, so that all processes of the site count together.

An address is kept as a keyed digest alone, for an hour at most.
"""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from pingjiang.centre.documents.models import Guesses

MOST = 20  # wrong codes from one address
WITHIN = datetime.timedelta(minutes=1)
_KEPT = datetime.timedelta(hours=1)


def _key(address: str) -> str:
    return salted_hmac("pingjiang.guesses", address, algorithm="sha256").hexdigest()


def spent(address: str) -> bool:
    """Whether an address has had its wrong codes and must wait."""
    begun = timezone.now() - WITHIN
    return Guesses.objects.filter(address=_key(address), since__gt=begun, count__gte=MOST).exists()


@transaction.atomic
def note(address: str) -> bool:
    """Count a wrong code. Whether it was one too many: of those that come at one instant, too, no more are answered."""
    now = timezone.now()
    Guesses.objects.get_or_create(address=_key(address), defaults={"since": now})
    row = Guesses.objects.select_for_update().get(address=_key(address))
    if row.since <= now - WITHIN:
        row.since, row.count = now, 0
        Guesses.objects.filter(since__lt=now - _KEPT).exclude(pk=row.pk).delete()
    row.count += 1
    row.save()
    return row.count > MOST
