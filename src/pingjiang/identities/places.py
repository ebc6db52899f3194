"""Places, thin: country, and in China province and prefecture, where the address says so in so many words.

Chinese addresses are read by the names of provinces, prefectures and counties (`china.yaml`); Latin city names in
China by their pinyin. A county (昆山市, Haidian) is told by the prefecture that it lies in. Where several places
are written alike, what else the text says decides: another place in it, or that it is called a district, a county
or a province. After that the larger place is meant; between equals `likeliest` of `china.yaml` decides, which has
measured entries only. Else the city stays as printed and the province unknown.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, NamedTuple

import pyarrow as pa

from pingjiang import definitions
from pingjiang.engine import Session, Table
from pingjiang.schema.codes import code_list

_SHORT = re.compile(r"(省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)$")
# Names of two characters carry 县 or 市 as part of the name: 沙县, 芒市.
_COUNTY = re.compile(r"(?<=..)(?<!自治)[市县区]$")
_KINDS = {"市": "city", "区": "district", "县": "county", "省": "province"}
_PROVINCE, _PREFECTURE, _COUNTY_LEVEL = 0, 1, 2


@cache
def _china() -> dict[str, Any]:
    return dict(definitions.shipped("pingjiang.identities", "china.yaml"))


def english_names() -> dict[str, str]:
    """Chinese name → English name, of the provinces and prefectures of China."""
    provinces = _china()["provinces"]
    names = {province["zh"]: province["en"] for province in provinces}
    for province in provinces:
        names |= province["cities"] | province.get("direct", {})
    return names


class _Name(NamedTuple):
    """A place as it is written in Latin letters."""

    word: str  # letters only
    province: str
    city: str | None  # the prefecture; None for a province
    rank: int
    kind: str | None
    likely: bool


def _letters(latin: str) -> str:
    plain = unicodedata.normalize("NFD", latin.lower())
    return "".join(letter for letter in plain if "a" <= letter <= "z")


def _counties() -> Iterator[tuple[str, str, str, str]]:
    """(province, prefecture, county, pinyin); what lies under no prefecture is its own."""
    for province in _china()["provinces"]:
        for prefecture, counties in province.get("counties", {}).items():
            yield from ((province["zh"], prefecture, county, latin) for county, latin in counties.items())
        yield from ((province["zh"], place, place, latin) for place, latin in province.get("direct", {}).items())


def _latin_names() -> Iterator[_Name]:
    doubtful, likeliest = _china()["doubtful"], _china()["likeliest"]
    for province in _china()["provinces"]:
        zh = province["zh"]
        own_city = zh if not province["cities"] and zh.endswith("市") else None
        kind = "city" if own_city else "province"
        yield _Name(_letters(province["en"]), zh, own_city, _PROVINCE, kind, likely=True)
        for city, latin in province["cities"].items():
            rank = _COUNTY_LEVEL if latin in doubtful else _PREFECTURE
            likely = likeliest.get(latin, city) == city
            for form in {latin, latin.replace("ü", "v")}:
                yield _Name(_letters(form), zh, city, rank, _KINDS.get(city[-1]), likely)
    for province_zh, prefecture, county, latin in _counties():
        for form in {latin, latin.replace("ü", "v")}:
            yield _Name(_letters(form), province_zh, prefecture, _COUNTY_LEVEL, _KINDS.get(county[-1]), likely=True)


def _chinese_counties() -> Iterator[tuple[str, str | None, str, str]]:
    """(word, province in front of it or None, province, prefecture) where just one county is meant.

    A county that became a city or a district is known by its former names too: 吴江市 is 吴江区.
    """
    prefectures = {city for province in _china()["provinces"] for city in province["cities"]}
    exact: dict[tuple[str, str | None], set[tuple[str, str]]] = defaultdict(set)
    former: dict[tuple[str, str | None], set[tuple[str, str]]] = defaultdict(set)
    for province, prefecture, county, _ in _counties():
        base = _COUNTY.sub("", county)
        forms = {base + ending for ending in "市县区"} - prefectures - {county} if base != county else set()
        for front in (province, None):
            exact[county, front].add((province, prefecture))
            for form in forms:
                former[form, front].add((province, prefecture))
    for known, meant in ((former.keys() - exact.keys(), former), (exact.keys(), exact)):
        for word, front in known:
            if len(meant[word, front]) == 1:
                yield (word, front, *next(iter(meant[word, front])))


def _tables(session: Session) -> dict[str, Table]:
    """Lookup tables: words of provinces, prefectures and counties, names in Latin letters, words of countries."""
    provinces, cities = [], []
    for province in _china()["provinces"]:
        zh = province["zh"]
        provinces += [(zh, zh), (_SHORT.sub("", zh), zh)]
        for city in province["cities"] or ([zh] if zh.endswith("市") else []):
            cities.append((city, zh, city))
            if city.endswith("市") and len(city) > 2:
                cities.append((city[:-1], zh, city))
    countries = sorted(code_list("country").items())
    return {
        "province_word": _table(session, ("word", "province"), sorted(set(provinces))),
        "city_word": _table(session, ("word", "province", "city"), sorted(set(cities))),
        "county_word": _table(session, ("word", "front", "province", "city"), list(_chinese_counties())),
        "latin_name": _table(session, _Name._fields, list(_latin_names())),
        "country_word": _table(session, ("word", "code"), countries),
    }


def _table(session: Session, columns: Sequence[str], rows: Sequence[tuple[object, ...]]) -> Table:
    return session.from_arrow(pa.table(dict(zip(columns, zip(*rows, strict=True), strict=True))))


def _alternatives(words: set[str]) -> str:
    return "|".join(sorted((re.escape(word) for word in words), key=lambda word: (-len(word), word)))


def _chinese_sql() -> str:
    """Distinct Chinese addresses → province and prefecture.

    A county is looked for right behind the province, or where there is none at the beginning.
    """
    told = _china()["provinces"]
    provinces = {word for p in told for word in (p["zh"], _SHORT.sub("", p["zh"]))}
    full = {city for p in told for city in p["cities"]} | {p["zh"] for p in told if p["zh"][-1] == "市"}
    bases = {city[:-1] for city in full if city.endswith("市") and len(city) > 2}
    return f"""
    with stripped as (
      select a.address, regexp_replace(a.address, '^[\\s0-9０-９中国]*', '') as rest from a
    ), parted as (
      select s.address, s.rest, nullif(regexp_extract(s.rest, '^({_alternatives(provinces)})', 1), '') as head
      from stripped s
    ), headed as (
      select
        p.address, p.rest, w.province,
        regexp_replace(substr(p.rest, length(coalesce(p.head, '')) + 1), '^[省市]?\\s*', '') as behind
      from parted p left join province_word w on w.word = p.head
    ), found as (
      select
        h.address, h.province,
        nullif(regexp_extract(h.behind, '^(.{{2,10}}?[市县区旗])', 1), '') as county,
        nullif(regexp_extract(h.behind, '^(.[市县])', 1), '') as short_county,
        coalesce(
          nullif(regexp_extract(h.behind, '^({_alternatives(full | bases)})', 1), ''),
          nullif(regexp_extract(h.rest, '({_alternatives(full)})', 1), '')
        ) as city_word
      from headed h
    )
    select
      f.address, coalesce(f.province, k.province, s.province, c.province) as province,
      coalesce(k.city, s.city, case when f.province is null or f.province = c.province then c.city end) as city
    from found f
    left join county_word k on k.word = f.county and k.front is not distinct from f.province
    left join county_word s on s.word = f.short_county and s.front is not distinct from f.province
    left join city_word c on c.word = f.city_word
    where coalesce(f.province, k.province, s.province, c.province) is not null
    """


def _latin_sql() -> str:
    """Distinct printed cities of China in Latin letters → province and prefecture.

    `province_alone`: the printed city is nothing but the name of a province.
    """
    provinces = _alternatives({province["en"].lower() for province in _china()["provinces"]})
    cities = {latin.lower() for province in _china()["provinces"] for latin in province["cities"].values()}
    parted = "regexp_replace(lower(strip_accents({})), '[0-9]+', ' ', 'g')"
    # "Kunshan Suzhou", "Hangzhou Zhejiang Province" are written without the comma.
    for names in (provinces, _alternatives({name.replace("ü", "u") for name in cities})):
        pattern = f"[ .]+({names})( city| province)?[ .]*(,|$)".replace("'", "''")
        parted = f"regexp_replace({parted}, '{pattern}', ',\\1\\2\\3', 'g')"
    return _LATIN.format(city=parted.format("c.city"), state=parted.format("coalesce(c.state, '')"))


_LATIN = """
with pair as (
  select c.city, c.state, row_number() over (order by c.city, c.state) as id from c
), part as (
  select p.id, p.of_city, unnest(p.texts) as text, generate_subscripts(p.texts, 1) as place
  from (
    select c.id, true as of_city, string_split_regex({city}, '[,;/()]+') as texts from pair c
    union all
    select c.id, false, string_split_regex({state}, '[,;/()]+') from pair c
  ) p
), ended as (
  select
    p.id, p.of_city, p.place, trim(p.text) as text,
    regexp_extract(p.text,
      ' (city|shi|municipality|district|qu|new area|new district|county|xian|province|prov|pr)[ .]*$', 1) as ending
  from part p
  where regexp_matches(p.text, '[a-z]')
), word as (
  select
    e.id, e.of_city, e.place,
    unnest(list_distinct([
      regexp_replace(e.text, '[^a-z]', '', 'g'),
      regexp_replace(left(e.text, length(rtrim(e.text, ' .')) - length(e.ending)), '[^a-z]', '', 'g')
    ])) as word,
    case
      when e.ending in ('city', 'shi', 'municipality') then 'city'
      when e.ending in ('district', 'qu', 'new area', 'new district') then 'district'
      when e.ending in ('county', 'xian') then 'county'
      when e.ending <> '' then 'province'
    end as kind
  from ended e
), meant as (
  -- `farness`: what is called otherwise comes last, and the smaller place behind the larger one.
  select
    w.id, w.of_city, w.place, n.province, n.city, n.likely, n.rank = 0 as is_province,
    n.rank + case when w.kind <> coalesce(n.kind, '') then 3 else 0 end as farness
  from word w left join latin_name n on n.word = w.word
), nearest as (
  select m.*, min(m.farness) over (partition by m.id, m.of_city, m.place) as least from meant m
), told as (
  select distinct n.id, n.province from nearest n where n.is_province and n.farness = n.least
), province_part as (
  select n.id, n.place, coalesce(bool_or(n.is_province and n.city is null and n.farness = n.least), false) as alone
  from nearest n where n.of_city group by n.id, n.place
), alone as (
  select p.id, bool_and(p.alone) as province_alone from province_part p group by p.id
), narrowed as (
  select m.*, min(m.farness) over (partition by m.id, m.of_city, m.place) as least
  from meant m
  left join (select t.id, min(t.province) as first, max(t.province) as last from told t group by t.id) t on t.id = m.id
  where m.province is not null and (t.id is null or (t.first = m.province and t.last = m.province))
), fitting as (
  select
    n.id, n.of_city, n.place, n.province, n.city, n.likely,
    coalesce(min(n.city) over (partition by n.id, n.of_city, n.place)
      = max(n.city) over (partition by n.id, n.of_city, n.place), false) as sure
  from narrowed n where n.farness = n.least
), weighed as (
  -- "Kunshan, Suzhou", "Chang'an Dongguan": beside a word that means one city only, others that agree count alone.
  select f.*, case when s.id is not null then 2 when f.likely then 1 else 0 end as weight
  from fitting f
  left join (select distinct o.id, o.city from fitting o where o.sure) s on s.id = f.id and s.city = f.city
), chosen as (
  select w.*, max(w.weight) over (partition by w.id) as most from weighed w
)
select
  p.city as printed, p.state,
  case when count(distinct h.province) = 1 then min(h.province) end as province,
  case when count(distinct h.city) = 1 and count(distinct h.province) = 1 then min(h.city) end as city,
  bool_or(a.province_alone) as province_alone
from chosen h
join pair p on p.id = h.id
join alone a on a.id = h.id
where h.weight = h.most
group by p.city, p.state
"""

_PLACE = """
with party as (
  select a.publication_id, 'applicant' as basis, a.country, a.state, a.city, a.address from applicant a
  union all
  select i.publication_id, 'inventor', i.country, i.state, i.city, i.address from inventor i
), coded as (
  select
    p.*,
    coalesce(w.code, case when regexp_full_match(p.country, '[A-Z]{2}') then p.country end) as code
  from party p left join country_word w on w.word = lower(p.country)
), placed as (
  select
    c.publication_id, c.basis,
    case coalesce(z.province, l.province)
      when '台湾省' then 'TW' when '香港特别行政区' then 'HK' when '澳门特别行政区' then 'MO'
      else case when z.province is not null then 'CN' else c.code end end as country,
    case when coalesce(z.province, l.province) not in ('台湾省', '香港特别行政区', '澳门特别行政区')
      then coalesce(z.province, l.province) end as province,
    coalesce(
      z.city, l.city,
      case when z.province is null and not coalesce(l.province_alone, false) then nullif(trim(c.city), '') end
    ) as city
  from coded c
  left join chinese z on z.address = c.address
  left join latin l on c.code = 'CN' and l.printed = c.city and l.state is not distinct from c.state
), known as (
  select distinct p.publication_id, p.basis, p.country, p.province, p.city
  from placed p where p.country is not null
), every as (
  select d.publication_id, b.basis from publication d, (values ('applicant'), ('inventor')) as b(basis)
)
select e.publication_id, e.basis, k.country, k.province, k.city
from every e left join known k on k.publication_id = e.publication_id and k.basis = e.basis
"""


def chinese_places(session: Session, addresses: Table) -> Table:
    """Distinct addresses (column `address`) → (address, province, city) of those in Chinese that name a place."""
    lookups = _tables(session)
    return session.materialise(
        _chinese_sql(),
        a=session.sql("select a.address from a where regexp_matches(a.address, '[\\x{4E00}-\\x{9FFF}]')", a=addresses),
        province_word=lookups["province_word"],
        city_word=lookups["city_word"],
        county_word=lookups["county_word"],
    )


def conclude_places(session: Session, publication: Table, applicant: Table, inventor: Table) -> Table:
    """Addresses of applicants and inventors → `publication_place`, with a row of NULLs where none is known."""
    lookups = _tables(session)
    parties = "select p.address from applicant p union select p.address from inventor p"
    addresses = session.materialise(
        f"select distinct p.address from ({parties}) p", applicant=applicant, inventor=inventor
    )
    chinese = chinese_places(session, addresses)
    cities = session.materialise(
        """
        select distinct p.city, p.state
        from (select a.city, a.state, a.country from applicant a union all
              select i.city, i.state, i.country from inventor i) p
        join country_word w on w.word = lower(p.country)
        where w.code = 'CN' and p.city is not null
        """,
        applicant=applicant,
        inventor=inventor,
        country_word=lookups["country_word"],
    )
    latin = session.materialise(_latin_sql(), c=cities, latin_name=lookups["latin_name"])
    return session.materialise(
        _PLACE,
        publication=publication,
        applicant=applicant,
        inventor=inventor,
        chinese=chinese,
        latin=latin,
        country_word=lookups["country_word"],
    )
