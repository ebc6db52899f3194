"""Every office without rules of its own: letters, digits, kind; leading zeros of the digits dropped.

Different spellings of a year ('14' and '2014') or of a letter prefix ('PI', none) are kept apart here: without
the office's rules, joining them would be a guess.
"""

from __future__ import annotations

import re
from typing import Final

from pingjiang.identifiers.folding import Written
from pingjiang.identifiers.number import PatentNumber
from pingjiang.identifiers.offices.common import application_kind, from_kind_w, made, refuse, standin

_BODY: Final = re.compile(r"([A-Z]{0,4})0*(\d{1,14})([A-Z]{0,6}\d{0,8}[A-Z]?)")


def _number(w: Written) -> str:
    match = _BODY.fullmatch(w.flat)
    if match is None:
        refuse(w)
    return match.group(1) + match.group(2) + match.group(3)


def publication(w: Written) -> PatentNumber:
    """A publication number of an office without rules of its own."""
    if w.authority == "SG" and w.kind is not None and len(w.kind) == 1 and len(w.flat) == 11 and not w.apart:
        return made(w, w.whole, None, "publication")  # Singapore: a check letter, not a kind
    return made(w, _number(w), w.kind, "publication")


def application(w: Written) -> PatentNumber:
    """An application number of an office without rules of its own; kind W is an international one."""
    found = from_kind_w(w)
    if found is not None:
        return found
    kind = application_kind(w)
    if w.authority == "SG" and w.kind is not None and len(w.flat) == 11 and not w.apart:
        return made(w, w.whole, "A", "application")  # Singapore: a check letter, not a kind
    unknown = standin(w)
    return made(w, unknown or _number(w), "A" if unknown else kind, "application")
