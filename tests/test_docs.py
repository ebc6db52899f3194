"""Generated pages are those of the definitions, and README's commands exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tools import make_docs

ROOT = Path(__file__).parents[1]


def test_generated_pages_are_up_to_date() -> None:
    assert make_docs.main(check=True) == 0, "run `make docs`"


def test_every_make_target_of_the_readme_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    named = set(re.findall(r"make ([a-z-]+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert named <= targets


@pytest.mark.parametrize("page", sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").glob("*.md")), ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / link).exists(), f"{page.name}: {link} leads nowhere"
