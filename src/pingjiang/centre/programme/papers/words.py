"""The words of the papers, as data: Chinese, whatever language the page speaks."""

from __future__ import annotations

from pingjiang.definitions import shipped

WORDS: dict[str, str] = {
    name: str(text) for name, text in shipped("pingjiang.centre.programme.papers", "words.yaml").items()
}


def word(name: str, **gaps: object) -> str:
    """A text by its name, its gaps filled. KeyError for a name or a gap that there is not."""
    return WORDS[name].format(**gaps) if gaps else WORDS[name]


def words(*names: str) -> tuple[str, ...]:
    """Several of them, such as the head of a table."""
    return tuple(map(word, names))
