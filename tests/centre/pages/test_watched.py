"""A form that tells of changes has where to tell them: the script writes into its foot."""

from __future__ import annotations

from pathlib import Path

import pytest

from pingjiang import centre

TEMPLATES = Path(str(centre.__file__)).parent
WATCHED = [path for path in sorted(TEMPLATES.rglob("*.html")) if "data-watched" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("path", WATCHED, ids=lambda path: path.name)
def test_a_watched_form_has_its_foot(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "pages/parts/form_foot.html" in text or ("data-changed" in text and "data-unchanged" in text)


def test_there_are_some() -> None:
    assert len(WATCHED) > 3
