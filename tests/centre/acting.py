"""`request.actor` for tests of rooms below the room of pages."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


def acting(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        if not hasattr(request, "actor"):
            actors = request.user.actors() if request.user.is_authenticated else []
            request.actor = actors[0] if actors else None  # type: ignore[attr-defined]
        return answer(request)

    return middleware
