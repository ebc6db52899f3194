"""Whatever a program sends, the API answers as its description says: schemathesis, with a token and without."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, settings

from pingjiang.centre.api.models import issue
from tests.centre.api.test_endpoints import errand
from tests.centre.cast import Cast

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture
def description(cast: Cast) -> object:
    """The API of a site with some cases, as an officer's program may use it."""
    for moves in ((), ("ask",), ("ask", "take"), ("ask", "take", "finish")):
        errand(cast, *moves)
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())


schema = schemathesis.pytest.from_fixture("description")


@schema.parametrize()
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
def test_with_a_token(case: schemathesis.Case[Any], cast: Cast) -> None:
    _, secret = issue(cast.olga, "程序", ["cases:read", "cases:move"], 1)
    case.call_and_validate(headers={"Authorization": f"Bearer {secret}"})
