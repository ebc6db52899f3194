"""Every office without rules of its own: letters, digits, kind; leading zeros of the digits dropped.

Different spellings of a year ('14' and '2014') or of a letter prefix ('PI', none) are kept apart here: without
the office's rules, joining them would be a guess.
"""

from __future__ import annotations

import re
from typing import Final

from pingjiang.identifiers.folding import Written
from pingjiang.identifiers.number import PatentNumber
from pingjiang.identifiers.offices.common import application_kind, from_kind_w, made, refuse

_BODY: Final = re.compile(r"([A-Z]{0,4})0*(\d{1,14})([A-Z]{0,6}\d{0,8}[A-Z]?)")


def _number(w: Written) -> str:
    match = _BODY.fullmatch(w.flat)
    if match is None:
        refuse(w)
    return match.group(1) + match.group(2) + match.group(3)


def publication(w: Written) -> PatentNumber:
    """A publication number of an office without rules of its own."""
    return made(w, _number(w), w.kind, "publication")


def application(w: Written) -> PatentNumber:
    """An application number of an office without rules of its own; kind W is an international one."""
    return from_kind_w(w) or made(w, _number(w), application_kind(w), "application")
