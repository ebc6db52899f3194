"""Similar documents: by terms, by vectors across languages, by class symbols, and by the three together.

find_similar(lake, publication=… or text=…)   the most similar publications, each with why
"""

from pingjiang.search.similar.answer import LISTED, MOST_CHARACTERS, Similar, find_similar

__all__ = ["LISTED", "MOST_CHARACTERS", "Similar", "find_similar"]
