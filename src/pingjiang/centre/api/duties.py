"""What this room does by the clock."""

from __future__ import annotations

import datetime

from django.db.models import Q
from django.utils import timezone

from pingjiang.centre.api.models import Token
from pingjiang.centre.rounds import duties
from pingjiang.centre.rounds.duties import Daily, Said

_KEPT = datetime.timedelta(days=90)  # that a person sees what became of a token


@duties.register("tokens", ("清理失效令牌", "Clear tokens that have ended"), Daily(datetime.time(3, 5)))
def tokens() -> Said:
    """Tokens that ended three months ago; that they were, the history tells."""
    now = timezone.now()
    gone = Q(revoked_at__lt=now - _KEPT) | Q(expires_on__lt=timezone.localdate(now) - _KEPT)
    found, _ = Token.objects.filter(gone).delete()
    return (f"清理 {found} 个", f"{found} cleared") if found else None
