"""The desk at which people judge: what is doubtful, what they answer, on a terminal or as a spreadsheet."""

from pingjiang.judging.desk import Desk
from pingjiang.judging.pairs import Pair
from pingjiang.judging.sheet import SheetReceipt

__all__ = ["Desk", "Pair", "SheetReceipt"]
