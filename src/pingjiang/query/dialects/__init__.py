"""Queries of incoPat, PatSnap, Patentics and Espacenet in this language, with a list of what could not be said."""

from pingjiang.query.dialects.dialect import DIALECTS, load_dialect
from pingjiang.query.dialects.translate import translate
from pingjiang.query.dialects.translation import Item, Translation

__all__ = ["DIALECTS", "Item", "Translation", "load_dialect", "translate"]
