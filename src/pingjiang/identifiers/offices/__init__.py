"""The numbering rules of offices: one module an office, each with `publication(w)` and `application(w)`.

`BY_AUTHORITY` gives the pair of functions for an office; every other office goes by `generic`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pingjiang.identifiers.folding import Written
from pingjiang.identifiers.number import PatentNumber
from pingjiang.identifiers.offices import asia, cn, ep, europe, generic, jp, kr, us, wo

Reader = Callable[[Written], PatentNumber]

BY_AUTHORITY: Final[dict[str, tuple[Reader, Reader]]] = {
    "AU": (asia.au_publication, asia.au_application),
    "CA": (generic.publication, europe.ca_application),
    "CN": (cn.publication, cn.application),
    "DE": (europe.de_publication, europe.de_application),
    "EP": (ep.publication, ep.application),
    "FR": (generic.publication, europe.fr_application),
    "GB": (europe.gb_publication, europe.gb_application),
    "JP": (jp.publication, jp.application),
    "KR": (kr.publication, kr.application),
    "NL": (generic.publication, europe.nl_application),
    "TW": (asia.tw_publication, asia.tw_application),
    "US": (us.publication, us.application),
    "WO": (wo.publication, wo.application),
}


def readers(authority: str) -> tuple[Reader, Reader]:
    """The rules of an office: (publication, application)."""
    return BY_AUTHORITY.get(authority, (generic.publication, generic.application))
