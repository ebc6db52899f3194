"""Full text: an index beside a release that answers every query exactly as `query.meaning` has it.

find(lake, text)      what a query finds: all of it, counted by facets, with what it was found by
ensure(lake, …)       the index of the newest release; made where there is none or where it is broken
"""

from pingjiang.search.answer import Answer, find
from pingjiang.search.store import ensure

__all__ = ["Answer", "ensure", "find"]
