"""Places, thin: country, and in China province and prefecture, where the address says so in so many words.

Chinese addresses are read by the names of provinces and prefectures (`china.yaml`); Latin city names in
China by their pinyin, where just one prefecture is written so (Suzhou is 苏州 and 宿州: the city stays as
printed and the province unknown). What is not told stays unknown.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from pingjiang import definitions
from pingjiang.engine import Session, Table
from pingjiang.schema.codes import code_list

# Codes of ISO 3166-1 for the provinces that have one of their own, as patent offices use them.
_OWN_CODES = {"台湾省": "TW", "香港特别行政区": "HK", "澳门特别行政区": "MO"}
_SHORT = re.compile(r"(省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)$")


@cache
def _china() -> list[dict[str, Any]]:
    return list(definitions.shipped("pingjiang.identities", "china.yaml"))


def english_names() -> dict[str, str]:
    """Chinese name → English name, of the provinces and prefectures of China."""
    names = {province["zh"]: province["en"] for province in _china()}
    for province in _china():
        names |= province["cities"]
    return names


def _tables(session: Session) -> dict[str, Table]:
    """Lookup tables: province words, prefecture words, pinyin, country words."""
    provinces, cities, pinyin = [], [], []
    for province in _china():
        zh, english = province["zh"], province["en"].lower()
        provinces += [(zh, zh), (_SHORT.sub("", zh), zh)]
        own = province["cities"] or ({zh: province["en"]} if zh.endswith("市") else {})
        pinyin.append((english, zh, zh if zh in own else None))
        for city, latin in own.items():
            cities.append((city, zh, city))
            if city.endswith("市") and len(city) > 2:
                cities.append((city[:-1], zh, city))
            if province["cities"]:
                plain = latin.lower()
                forms = {plain, plain.replace("'", ""), plain.replace("ü", "u"), plain.replace("ü", "v")}
                pinyin += [(form, zh, city) for form in forms]
    countries = sorted(code_list("country").items())
    text3 = {"word": "VARCHAR", "province": "VARCHAR", "city": "VARCHAR"}
    return {
        "province_word": session.from_rows({"word": "VARCHAR", "province": "VARCHAR"}, sorted(set(provinces))),
        "city_word": session.from_rows(text3, sorted(set(cities))),
        "pinyin": session.from_rows(text3, sorted(set(pinyin), key=str)),
        "country_word": session.from_rows({"word": "VARCHAR", "code": "VARCHAR"}, countries),
    }


def _alternatives(words: set[str]) -> str:
    return "|".join(sorted((re.escape(word) for word in words), key=lambda word: (-len(word), word)))


def _chinese_sql() -> str:
    """Distinct Chinese addresses → province and prefecture."""
    provinces = {word for p in _china() for word in (p["zh"], _SHORT.sub("", p["zh"]))}
    full = {city for p in _china() for city in p["cities"]} | {p["zh"] for p in _china() if p["zh"][-1] == "市"}
    bases = {city[:-1] for city in full if city.endswith("市") and len(city) > 2}
    return f"""
    with stripped as (
      select a.address, regexp_replace(a.address, '^[\\s0-9０-９中国]*', '') as rest from a
    ), parted as (
      select s.address, s.rest, nullif(regexp_extract(s.rest, '^({_alternatives(provinces)})', 1), '') as head
      from stripped s
    ), found as (
      select
        p.address, w.province,
        coalesce(
          nullif(regexp_extract(substr(p.rest, length(coalesce(p.head, '')) + 1),
            '^(?:省|市)?({_alternatives(full | bases)})', 1), ''),
          nullif(regexp_extract(p.rest, '({_alternatives(full)})', 1), '')
        ) as city_word
      from parted p left join province_word w on w.word = p.head
    )
    select
      f.address, coalesce(f.province, c.province) as province,
      case when f.province is null or f.province = c.province then c.city end as city
    from found f left join city_word c on c.word = f.city_word
    where f.province is not null or c.province is not null
    """


def _latin_sql() -> str:
    """Distinct printed cities of China in Latin letters → province and prefecture.

    `province_alone`: the printed city is nothing but the name of a province.
    """
    provinces = "|".join(sorted(province["en"].lower() for province in _china()))
    # "Hangzhou Zhejiang" is written without the comma.
    parted = f"regexp_replace(lower({{}}), '[ .]+({provinces})( province)?$', ',\\1')"
    return _LATIN.format(city=parted.format("trim(c.city)"), state=parted.format("trim(c.state)"))


_LATIN = """
with words as (
  select
    c.city as printed, c.state, trim(regexp_replace(part.word, '( city| shi| province| district)+$', '')) as word,
    part.of_city
  from c, unnest(list_concat(
    list_transform(string_split({city}, ','), lambda w: {{'word': w, 'of_city': true}}),
    list_transform(string_split(coalesce({state}, ''), ','), lambda w: {{'word': w, 'of_city': false}})
  )) as parts(part)
  where trim(part.word) <> ''
), alone as (
  select w.printed, w.state, bool_and(p.word is not null) as province_alone
  from words w left join (select distinct p.word from pinyin p where p.city is null) p on p.word = w.word
  where w.of_city
  group by w.printed, w.state
), hits as (
  select w.printed, w.state, p.province, p.city
  from words w join pinyin p on p.word = w.word
), told as (
  select h.printed, h.state, h.province from hits h where h.city is null or h.city = h.province
), narrowed as (
  select h.* from hits h
  where not exists (select 1 from told t where t.printed = h.printed and t.state is not distinct from h.state
    and t.province <> h.province)
)
select
  n.printed, n.state,
  case when count(distinct n.province) = 1 then min(n.province) end as province,
  case when count(distinct n.city) = 1 and count(distinct n.province) = 1 then min(n.city) end as city,
  bool_or(a.province_alone) as province_alone
from narrowed n
join alone a on a.printed = n.printed and a.state is not distinct from n.state
group by n.printed, n.state
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


def conclude_places(session: Session, publication: Table, applicant: Table, inventor: Table) -> Table:
    """Addresses of applicants and inventors → `publication_place`, with a row of NULLs where none is known."""
    lookups = _tables(session)
    parties = "select p.address from applicant p union select p.address from inventor p"
    addresses = session.materialise(
        f"select distinct p.address from ({parties}) p where regexp_matches(p.address, '[\\x{{4E00}}-\\x{{9FFF}}]')",
        applicant=applicant,
        inventor=inventor,
    )
    chinese = session.materialise(
        _chinese_sql(), a=addresses, province_word=lookups["province_word"], city_word=lookups["city_word"]
    )
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
    latin = session.materialise(_latin_sql(), c=cities, pinyin=lookups["pinyin"])
    return session.materialise(
        _PLACE,
        publication=publication,
        applicant=applicant,
        inventor=inventor,
        chinese=chinese,
        latin=latin,
        country_word=lookups["country_word"],
    )
