"""The served site under the name that the tests of pages give it."""

from __future__ import annotations

import pytest

from tests.centre.serving import Site


@pytest.fixture(scope="session")
def site(browser_site: Site) -> Site:
    """The filled site, served on this machine until all tests are done."""
    return browser_site
