"""Addresses of applicants and inventors → `publication_place` and `place`."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from pingjiang.engine import Session, Table
from pingjiang.identities.places.gazetteer import City, Place, letters, region_codes, world
from pingjiang.identities.places.reading import read_place

PRINTED = ("country", "state", "city", "address")


@dataclass(frozen=True)
class Places:
    """`publication_place`, with a row of NULLs where none is known, and `place`, each place once with its point."""

    publication_place: Table
    place: Table


# Countries in the name itself, as some tools print them: "(CN)" or "[JP]" behind it.
_PARTY = """
select
  p.publication_id, '{basis}' as basis, p.state, p.city, p.address,
  coalesce(p.country, nullif(regexp_extract(p.name, '[(\\[（【] ?([A-Z][A-Z]) ?[)\\]）】] *$', 1), '')) as country
from {table} p
"""

_PUBLICATION_PLACE = """
with known as (
  select distinct p.publication_id, p.basis, r.place.country as country, r.place.province as province,
    r.place.city as city, r.place.district as district, r.place.zone as zone
  from party p
  join r on r.country is not distinct from p.country and r.state is not distinct from p.state
    and r.city is not distinct from p.city and r.address is not distinct from p.address
  where r.place.country is not null
), every as (
  select d.publication_id, b.basis from publication d, (values ('applicant'), ('inventor')) as b(basis)
)
select e.publication_id, e.basis, k.country, k.province, k.city, k.district, k.zone
from every e left join known k on k.publication_id = e.publication_id and k.basis = e.basis
"""


def conclude_places(session: Session, publication: Table, applicant: Table, inventor: Table) -> Places:
    """Addresses of applicants and inventors → the places of publications, and where these lie."""
    party = session.materialise(
        f"{_PARTY.format(basis='applicant', table='a')} union all {_PARTY.format(basis='inventor', table='i')}",
        a=applicant,
        i=inventor,
    )
    read = place_columns(session, party)
    found = session.materialise(_PUBLICATION_PLACE, publication=publication, party=party, r=read)
    distinct = session.sql(
        "select distinct f.country, f.province, f.city, f.district from f where f.country is not null", f=found
    )
    return Places(found, session.mapped(distinct, _with_points))


def place_columns(session: Session, party: Table) -> Table:
    """Each distinct (country, state, city, address) of `party` once, as printed, with `place`: what it tells.

    Reading is done once a distinct text; rows are joined to it by the four columns as they are.
    """
    printed = ", ".join(f"p.{name}" for name in PRINTED)
    known = " or ".join(f"p.{name} is not null" for name in PRINTED)
    return session.mapped(session.sql(f"select distinct {printed} from p where {known}", p=party), _read)


def address_places(session: Session, addresses: Table) -> Table:
    """Distinct addresses of firms in China (column `address`) → (address, province, city, district, zone)."""
    read = place_columns(
        session,
        session.sql(
            "select 'CN' as country, cast(null as varchar) as state, cast(null as varchar) as city, a.address from a",
            a=addresses,
        ),
    )
    return session.sql(
        "select r.address, r.place.province as province, r.place.city as city, r.place.district as district, "
        "r.place.zone as zone from r where r.place.province is not null and r.place.country = 'CN'",
        r=read,
    )


def _read(printed: pa.Table) -> pa.Table:
    """Printed columns with a struct `place`."""
    columns = [printed[name].to_pylist() for name in PRINTED]
    places = [read_place(*row)._asdict() for row in zip(*columns, strict=True)]
    kind = pa.struct([(name, pa.string()) for name in Place._fields])
    return printed.append_column("place", pa.array(places, type=kind))


def _with_points(places: pa.Table) -> pa.Table:
    """Places with coordinates as far as GeoNames has them, and of which part of the place these are."""
    latitude: list[float | None] = []
    longitude: list[float | None] = []
    point_of: list[str | None] = []
    geoname: list[int | None] = []
    for place in places.to_pylist():
        part, city = _point(place["country"], place["province"], place["city"], place["district"])
        latitude.append(city.latitude if city else None)
        longitude.append(city.longitude if city else None)
        point_of.append(part)
        geoname.append(city.geoname_id if city else None)
    for name, values, kind in (
        ("latitude", latitude, pa.float64()),
        ("longitude", longitude, pa.float64()),
        ("point_of", point_of, pa.string()),
        ("geoname_id", geoname, pa.int64()),
    ):
        places = places.append_column(name, pa.array(values, type=kind))
    return places


def _point(
    country: str, province: str | None, city: str | None, district: str | None
) -> tuple[str | None, City | None]:
    """('district' or 'city', where it lies); (None, None) where neither is known."""
    if country == "CN":
        if district and (found := world().points.get((str(province), city, district))):
            return "district", found
        found = world().points.get((province or "", city, None)) if city else None
        return ("city", found) if found else (None, None)
    admin1 = (
        province
        if country == "US"
        else {name: code for code, name in region_codes(country).items()}.get(province or "")
    )
    found = world().city(country, letters(city), admin1) if city else None
    return ("city", found) if found else (None, None)
