"""Numbers of cases: TZ-2026-0001, one after the other in a year, each once."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from pingjiang.centre.casework.history import lock
from pingjiang.centre.casework.models import Case


def next_number(prefix: str) -> str:
    """The next number of a prefix in this year. Call it in the transaction that opens the case: others wait for it."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is taken in the transaction that opens the case")
    lock()
    start = f"{prefix}-{timezone.localdate().year}-"
    taken = Case.objects.filter(number__startswith=start).values_list("number", flat=True)
    last = max(
        (int(number.removeprefix(start)) for number in taken if number.removeprefix(start).isdecimal()), default=0
    )
    return f"{start}{last + 1:04d}"
