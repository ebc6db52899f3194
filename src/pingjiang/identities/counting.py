"""Counting units: each publication, application, simple and extended family as one row of `item`, with its links.

Indicators read these tables alone, so that a change of unit changes every figure alike. Where no source
tells a unit apart (no application numbers, no priorities), its items are stand-ins and `unit_basis`
says so in words.

An item is known by a number within its release, one sequence over all units, so that links are joined by
whole numbers. What belongs to a publication is rolled up to its application, from there to its simple family, and
on to the extended one: each step starts from the smaller result of the one before. Leaves of the chain of an
application are those of all its publications. Its applicants and places are those of the publication that stands for
it: its owners one after the other are no joint applicants. Where that one tells none, the others speak.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from pingjiang.engine import Session, Table
from pingjiang.identities.levels import Levels
from pingjiang.identities.unit_basis import conclude_unit_basis
from pingjiang.schema.units import UNITS, Unit

_NUMBERED_EXTENDED = """
select
  cast((select count(*) from publication p) + (select count(*) from application a) + (select count(*) from f)
    + row_number() over () as integer) as item_id,
  x.extended_family_id as family_id, x.publication_id, x.earliest_date, x.by_priority
from extended_family x
"""

_NUMBERED_FAMILY = """
select
  cast((select count(*) from publication p) + (select count(*) from application a)
    + row_number() over () as integer) as item_id, x.item_id as extended_item,
  f.family_id, f.publication_id, f.earliest_date, f.by_priority, x.earliest_date as extended_date
from simple_family f left join x on x.family_id = f.extended_family_id
"""

_APPLICATION_ITEM = """
select
  cast((select count(*) from publication p) + row_number() over () as integer) as item_id, f.item_id as family_item,
  f.extended_item,
  a.application_id, a.publication_id, a.filing_date, a.first_publication_date, a.grant_date, a.authority,
  a.patent_type, a.claim_count, a.identified,
  cast(year(a.filing_date) as smallint) as filing_year, cast(year(f.earliest_date) as smallint) as family_year,
  cast(year(f.extended_date) as smallint) as extended_year
from application a left join f on f.family_id = a.family_id
"""

_PUBLICATION_ITEM = """
select
  cast(row_number() over () as integer) as item_id, a.item_id as application_item, a.family_item, a.extended_item,
  p.publication_id, p.publication_id = a.publication_id as stands,
  coalesce(p.filing_date, a.filing_date) as filing_date, p.publication_date,
  case when p.is_grant then coalesce(p.publication_date, p.grant_date) end as grant_date,
  p.authority, p.patent_type, p.claim_count,
  cast(year(coalesce(p.filing_date, a.filing_date)) as smallint) as filing_year,
  a.filing_year as application_year, a.family_year, a.extended_year
from publication p join a on a.application_id = p.application_id
"""

_FAMILY_ITEM = """
select
  f.item_id, f.family_id, f.publication_id, f.earliest_date, m.first_publication_date, m.grant_date, p.authority,
  p.patent_type, p.claim_count, f.by_priority
from f
join (
  select a.{item}, min(a.first_publication_date) as first_publication_date, min(a.grant_date) as grant_date
  from a group by a.{item}
) m on m.{item} = f.item_id
left join p on p.publication_id = f.publication_id
"""


def _unit(unit: Unit) -> str:
    """SQL: the name of a unit as one byte, since all that follows groups by it. The names sort as texts do."""
    return f"cast('{unit}' as enum({', '.join(map(repr, sorted(UNITS)))}))"


_ITEM = f"""
with every as (
  select
    p.item_id, {_unit("publication")} as unit, p.publication_id as item_key, p.publication_id, p.filing_date,
    p.publication_date, p.grant_date, p.authority, p.patent_type, p.claim_count, true as identified
  from p
  union all
  select
    a.item_id, {_unit("application")}, a.application_id, a.publication_id, a.filing_date, a.first_publication_date,
    a.grant_date, a.authority, a.patent_type, a.claim_count, a.identified
  from a
  union all
  select
    f.item_id, {_unit("simple_family")}, f.family_id, f.publication_id, f.earliest_date, f.first_publication_date,
    f.grant_date, f.authority, f.patent_type, f.claim_count, f.by_priority
  from f
  union all
  select
    x.item_id, {_unit("extended_family")}, x.family_id, x.publication_id, x.earliest_date, x.first_publication_date,
    x.grant_date, x.authority, x.patent_type, x.claim_count, x.by_priority
  from x
)
select
  e.item_id, e.unit, e.item_key, e.publication_id, e.filing_date, cast(year(e.filing_date) as bigint) as filing_year,
  e.publication_date, cast(year(e.publication_date) as bigint) as publication_year,
  e.grant_date, cast(year(e.grant_date) as bigint) as grant_year,
  e.authority, e.patent_type, e.claim_count, e.identified
from every e
"""


# Links of publications, rolled up to those of applications and of families.
_OF_PUBLICATION = """
select {distinct} p.item_id, p.application_item, p.family_item, p.extended_item, {stands} {columns}
from l join p on p.publication_id = l.publication_id
where {known} is not null
"""
_OF_APPLICATION = "select distinct l.application_item, l.family_item, l.extended_item, {columns} from l"
# The publication that stands for an application comes first. `matters`: within what it may tell nothing.
_OF_STANDING = """
select l.application_item, l.family_item, l.extended_item, {columns} from l where l.stands
union all
select distinct l.application_item, l.family_item, l.extended_item, {columns}
from l
anti join (select s.* from l s where s.stands) t on t.application_item = l.application_item {matters}
where not l.stands
"""
# Where the data hold applications of which no publication is known: links name those by the application itself.
_OF_APPLICATION_TOO = """
select u.* from ({published}) u
union
select a.item_id, a.family_item, a.extended_item, {wanted} {years}
from said l join a on a.application_id = l.publication_id
where a.publication_id is null and {known} is not null
"""
_OF_FAMILY = "select distinct l.family_item, l.extended_item, {columns} from l"
_OF_EXTENDED = "select distinct l.extended_item, {columns} from l"
# The years that a link carries of its four items, of the three that are left, of two, of the last.
_YEARS = (
    "p.filing_year, p.application_year, p.family_year, p.extended_year",
    "l.application_year, l.family_year, l.extended_year",
    "l.family_year, l.extended_year",
    "l.extended_year",
)


@dataclass(frozen=True)
class _Links:
    """A link of the items of each unit: one table a unit, each row once."""

    publication: Table
    application: Table
    simple_family: Table
    extended_family: Table

    def of_items(self, session: Session, select: str, behind: str = "") -> Table:
        """One query over the links `l` of every unit, as (item_id, unit, what `select` says).

        In both texts {item} is the item and {year} its filing year.
        """
        parts = []
        columns: tuple[tuple[Unit, str, str], ...] = (
            ("publication", "l.item_id", "l.filing_year"),
            ("application", "l.application_item", "l.application_year"),
            ("simple_family", "l.family_item", "l.family_year"),
            ("extended_family", "l.extended_item", "l.extended_year"),
        )
        for unit, item, year in columns:
            told = {"item": item, "year": f"cast({year} as bigint)"}
            parts.append(
                f"select {item} as item_id, {_unit(unit)} as unit, {select.format(**told)} "
                f"from {unit} l {behind.format(**told)}"
            )
        return session.sql(" union all ".join(parts), **vars(self))


# All places of the applications of which some address tells a district or zone; the others need no rolling up.
_TELLING_DISTRICTS = """
with placed as (
  select l.*, coalesce(p.application_item, a.item_id) as application_item
  from l
  left join p on p.publication_id = l.publication_id
  left join a on a.application_id = l.publication_id and a.publication_id is null
), telling as (
  select distinct d.application_item from placed d where d.district is not null or d.zone is not null
)
select d.* exclude (application_item) from placed d semi join telling t on t.application_item = d.application_item
"""
_BASIS = "case when l.of_applicant then 'applicant' else 'inventor' end as basis"

_LOCATED = """
with link as (
  select c.unit, c.basis, count(*) as links from c group by c.unit, c.basis
), again as (
  select s.unit, s.basis, cast(sum(s.countries - 1) as bigint) as links from s group by s.unit, s.basis
), whole as (
  select i.unit, count(*) as items from i group by i.unit
)
select w.unit, b.basis, w.items, coalesce(l.links, 0) - coalesce(a.links, 0) as located
from whole w
cross join (values ('applicant'), ('inventor')) as b(basis)
left join link l on l.unit = w.unit and l.basis = b.basis
left join again a on a.unit = w.unit and a.basis = b.basis
"""


def add_up_located(session: Session, item_country: Table, item_in_several_countries: Table, item: Table) -> Table:
    """`located`: how many of these items have a country at all."""
    return session.materialise(_LOCATED, c=item_country, s=item_in_several_countries, i=item)


def conclude_items(
    session: Session, publication: Table, application: Table, simple_family: Table, extended_family: Table
) -> Table:
    """Publications that count, applications and families → `item` alone, numbered among themselves."""
    return session.sql(_ITEM, **_numbered(session, publication, application, simple_family, extended_family))


def _numbered(
    session: Session, publication: Table, application: Table, simple_family: Table, extended_family: Table
) -> dict[str, Table]:
    """Publications (p), applications (a), families (f) and extended ones (x) under the numbers of their items."""
    documents = {"publication": publication, "application": application}
    extended = session.materialise(_NUMBERED_EXTENDED, **documents, f=simple_family, extended_family=extended_family)
    numbered = session.materialise(_NUMBERED_FAMILY, **documents, simple_family=simple_family, x=extended)
    a = session.materialise(_APPLICATION_ITEM, **documents, f=numbered)
    p = session.materialise(_PUBLICATION_ITEM, publication=publication, a=a)
    f = session.materialise(_FAMILY_ITEM.format(item="family_item"), f=numbered, a=a, p=p)
    x = session.materialise(_FAMILY_ITEM.format(item="extended_item"), f=extended, a=a, p=p)
    session.drop(numbered)
    session.drop(extended)
    return {"p": p, "a": a, "f": f, "x": x}


class Items:
    """The tables that indicators read, from concluded tables. Each is made when it is first asked for."""

    def __init__(
        self,
        session: Session,
        *,
        publication: Table,
        application: Table,
        simple_family: Table,
        extended_family: Table,
        organisation: Table,
        publication_applicant: Table,
        publication_node: Table,
        publication_place: Table,
    ) -> None:
        self._session = session
        self._applicant, self._organisation = publication_applicant, organisation
        self._node, self._place = publication_node, publication_place
        self._numbered = _numbered(session, publication, application, simple_family, extended_family)
        self._p, self._a = self._numbered["p"], self._numbered["a"]
        unpublished = session.rows("select 1 from a where a.publication_id is null limit 1", a=self._a)
        self._unpublished = bool(unpublished)

    @cached_property
    def item(self) -> Table:
        """Each counted thing once."""
        return self._session.sql(_ITEM, **self._numbered)

    @cached_property
    def _levels(self) -> Levels:
        """Applicants of items, at both levels."""
        numbered = self._session.sql(
            "select a.publication_id, o.organisation_number from a join o on o.organisation_id = a.organisation_id",
            a=self._applicant,
            o=self._organisation,
        )
        links = self._rolled_up(numbered, "organisation_number", years=True, standing=True)
        several = links.of_items(
            self._session, "count(*) as organisations", "group by {item} having count(*) > 1"
        ).materialise()
        link = links.of_items(self._session, "l.organisation_number, {year} as filing_year")
        return Levels(self._session, self._organisation, link, several)

    @property
    def counted_organisation(self) -> Table:
        """Organisations as they are counted, at both levels."""
        return self._levels.counted_organisation

    @property
    def item_organisation(self) -> Table:
        """Applicants of items, as legal entities and as groups."""
        return self._levels.item_organisation

    @property
    def organisation_year(self) -> Table:
        """Items and whole parts of items of each organisation, by filing year."""
        return self._levels.organisation_year

    @property
    def organisation_total(self) -> Table:
        """Items and whole parts of items of each organisation, and the years from and to which it filed."""
        return self._levels.organisation_total

    @cached_property
    def item_node(self) -> Table:
        """Leaves of the chain of items."""
        links = self._rolled_up(self._node, "node_id", years=True, distinct="")
        return links.of_items(self._session, "l.node_id, {year} as filing_year")

    @cached_property
    def _place_links(self) -> Table:
        # A truth value is told apart in a third of the time of a word.
        return self._place.sql(
            "select distinct l.publication_id, l.basis = 'applicant' as of_applicant, l.country, l.province, l.city "
            "from self_ l"
        )

    @cached_property
    def _country_links(self) -> _Links:
        return self._rolled_up(self._place_links, "of_applicant", "country", known="country", standing=True)

    @cached_property
    def item_country(self) -> Table:
        """Countries of items, as far as they are known."""
        return self._country_links.of_items(self._session, f"{_BASIS}, l.country")

    @cached_property
    def item_in_several_countries(self) -> Table:
        """Items that count in more than one country, so that those of none can be told."""
        several = self._country_links.of_items(
            self._session,
            f"{_BASIS}, count(*) as countries",
            "group by {item}, l.of_applicant having count(*) > 1",
        )
        return several.materialise()

    @cached_property
    def item_place(self) -> Table:
        """Places of items as far as they are known, down to the city."""
        columns = ("of_applicant", "country", "province", "city")
        links = self._rolled_up(self._place_links, *columns, known="country", distinct="", standing=True)
        return links.of_items(self._session, f"{_BASIS}, l.country, l.province, l.city")

    @cached_property
    def item_district(self) -> Table:
        """Districts and development zones of items, as far as addresses in China tell them."""
        every = self._place.sql(
            "select distinct l.publication_id, l.basis = 'applicant' as of_applicant, l.country, l.province, l.city, "
            "l.district, l.zone from self_ l"
        )
        columns = ("of_applicant", "country", "province", "city", "district", "zone")
        told = self._session.sql(_TELLING_DISTRICTS, l=every, p=self._p, a=self._a)
        links = self._rolled_up(told, *columns, known="country", distinct="", standing=True)
        return links.of_items(
            self._session,
            f"{_BASIS}, l.province, l.city, l.district, l.zone",
            "where l.country = 'CN' and l.city is not null and (l.district is not null or l.zone is not null)",
        )

    @cached_property
    def located(self) -> Table:
        """How many items have a country at all."""
        return add_up_located(self._session, self.item_country, self.item_in_several_countries, self.item)

    def _rolled_up(
        self,
        link: Table,
        *columns: str,
        known: str | None = None,
        years: bool = False,
        distinct: str = "distinct",
        standing: bool = False,
    ) -> _Links:
        """A link of publications as one of items; rows whose `known` is unknown say nothing and are left out.

        `distinct` is empty where the columns are a key of the link already. `standing`: of the publications of
        an application the one that stands for it speaks for all.
        """
        kept, wanted = self._session.materialise, [f"l.{column}" for column in columns]
        texts = [", ".join([*wanted, *([carried] if years else [])]) for carried in _YEARS]
        of_publication = kept(
            _OF_PUBLICATION.format(
                columns=texts[0],
                known=f"l.{known or columns[0]}",
                distinct=distinct,
                stands="p.stands," if standing else "",
            ),
            l=link,
            p=self._p,
        )
        matters = "and t.of_applicant = l.of_applicant" if "of_applicant" in columns else ""
        upwards = (_OF_STANDING if standing else _OF_APPLICATION).format(columns=texts[1], matters=matters)
        if self._unpublished:
            of_application = kept(
                _OF_APPLICATION_TOO.format(
                    published=upwards,
                    wanted=", ".join(wanted),
                    years=", a.filing_year as application_year, a.family_year, a.extended_year" if years else "",
                    known=f"l.{known or columns[0]}",
                ),
                l=of_publication,
                said=link,
                a=self._a,
            )
        else:
            of_application = kept(upwards, l=of_publication)
        of_family = kept(_OF_FAMILY.format(columns=texts[2]), l=of_application)
        return _Links(
            of_publication, of_application, of_family, kept(_OF_EXTENDED.format(columns=texts[3]), l=of_family)
        )

    @cached_property
    def unit_basis(self) -> Table:
        """How many things each unit counts, and whether the data tell the unit apart."""
        return conclude_unit_basis(self._session, self.item)
