"""Similar documents: by terms, by vectors across languages, by class symbols, and by the three together.

find_similar(lake, publication=… or text=…)   the most similar publications, each with why
shared(lake, release)                         the index of a release, kept open for all threads; similar_in asks it
"""

from pingjiang.search.similar.answer import LISTED, MOST_CHARACTERS, Similar, find_similar, similar_in
from pingjiang.search.similar.store import shared

__all__ = ["LISTED", "MOST_CHARACTERS", "Similar", "find_similar", "shared", "similar_in"]
