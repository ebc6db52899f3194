"""One party's place, from whatever a source says of it."""

from __future__ import annotations

import re

from pingjiang.identities.places.chinese import read_chinese
from pingjiang.identities.places.gazetteer import Place
from pingjiang.identities.places.latin import country_code, read_latin

_HAN = re.compile(r"[㐀-鿿]")


def read_place(
    country: str | None = None, state: str | None = None, city: str | None = None, address: str | None = None
) -> Place:
    """What country, state, city and address as printed tell together. Unknown parts are None.

    >>> read_place(address="215123 江苏省苏州工业园区仁爱路199号")
    Place(country='CN', province='江苏省', city='苏州市', district=None, zone='苏州工业园区')
    >>> read_place(country="CN", city="Kunshan")
    Place(country='CN', province='江苏省', city='苏州市', district='昆山市', zone=None)
    """
    code = country_code(country)
    told = address if address and _HAN.search(address) else f"{state or ''}{city or ''}"
    if _HAN.search(told):
        found = read_chinese(told)
        if found.province or found.country not in (None, "CN"):
            return found
        code = code or found.country
        if address is told:
            return read_latin(city, state, code) if city and not _HAN.search(city) else Place(code)
        # A city of no country could lie anywhere: it stays as printed, in the columns of the source.
        return Place(code, None, (city or "").strip() or None) if code else Place()
    return read_latin(city, state, country, address)
