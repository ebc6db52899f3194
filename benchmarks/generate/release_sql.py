"""The SQL of the generated release: each function gives one table of a chunk as text of a query.

Chance is a hash of the thing's number and a word, so a row never depends on how rows are cut into chunks.
"""

from __future__ import annotations

CUTOFF = "date '2025-10-31'"
START = "date '1990-01-01'"
# Growth a year. What was filed lately has one text only so far: those families grow faster.
GROWTH, GROWTH_OF_SINGLES = 0.07, 0.13
LEAVES, GROUPS, SEGMENTS = 32, 8, 4

PATTERN_COLUMNS = {
    "slot": "INTEGER",
    "application_slot": "INTEGER",
    "family_slot": "INTEGER",
    "sequence": "INTEGER",
    "place_in_family": "INTEGER",
    "family_size": "INTEGER",
    "longest": "INTEGER",
}
COUNTRY_COLUMNS = {"country": "VARCHAR", "office": "VARCHAR", "low": "DOUBLE", "high": "DOUBLE"}
# Country of the organisation, office that it files at first, weight.
COUNTRIES = (
    ("CN", "CN", 440), ("US", "US", 200), ("JP", "JP", 120), ("KR", "KR", 70), ("DE", "EP", 50),
    ("TW", "TW", 30), ("FR", "EP", 20), ("GB", "EP", 15), ("NL", "EP", 10), ("CH", "EP", 9), ("CA", "US", 8),
    ("SE", "EP", 7), ("IT", "EP", 6), ("IN", "WO", 5), ("IL", "WO", 4), ("AU", "WO", 3), ("SG", "WO", 2),
    ("BR", "WO", 1),
)  # fmt: skip
CITIES = (
    ("江苏", "苏州"), ("江苏", "南京"), ("江苏", "无锡"), ("上海", "上海"), ("北京", "北京"), ("广东", "深圳"),
    ("广东", "广州"), ("浙江", "杭州"), ("浙江", "宁波"), ("湖北", "武汉"), ("四川", "成都"), ("陕西", "西安"),
    ("安徽", "合肥"), ("山东", "青岛"), ("天津", "天津"), ("重庆", "重庆"),
)  # fmt: skip


def country_rows() -> list[tuple[str, str, float, float]]:
    """Countries with the slice of [0, 1) that is theirs."""
    total, low, rows = sum(weight for _, _, weight in COUNTRIES), 0.0, []
    for country, office, weight in COUNTRIES:
        rows.append((country, office, low, low + weight / total))
        low += weight / total
    return rows


def chance(key: str, word: str, seed: int) -> str:
    """A number in [0, 1) that follows from a key, a word and the seed."""
    return f"((hash(cast({key} as bigint), '{word}', {seed}) >> 11) / cast(9007199254740992 as double))"


def pick(key: str, word: str, seed: int, choices: int) -> str:
    """A whole number from 0 to choices - 1, all alike."""
    return f"cast(hash(cast({key} as bigint), '{word}', {seed}) % {choices} as integer)"


def zipf(key: str, word: str, seed: int, ranks: int) -> str:
    """A rank from 1 to `ranks`, rank k with a probability close to 1/k (Zipf, exponent 1)."""
    return f"least(cast(floor(pow({ranks + 1}, {chance(key, word, seed)})) as integer), {ranks})"


def organisations(count: int, seed: int) -> str:
    """Organisations by rank, with country, first office and (in China) a city."""
    provinces = ", ".join(f"'{province}'" for province, _ in CITIES)
    cities = ", ".join(f"'{city}'" for _, city in CITIES)
    city = f"1 + least({zipf('rank', 'city', seed, len(CITIES))}, {len(CITIES)}) - 1"
    return f"""
    with drawn as (
      select range as rank, {chance("range", "country", seed)} as draw from range(1, {count + 1})
    )
    select rank, left(md5('organisation ' || rank), 16) as organisation_id,
      case when country.country = 'CN' then ([{cities}])[{city}] || '星桥' || rank || '科技有限公司'
           else 'Starbridge ' || rank || ' ' || country.country || ' Corp' end as name,
      -- One in eight belongs to the group of another.
      left(md5('organisation ' || case when rank % 8 = 7 then rank - 6 else rank end), 16) as group_id,
      1 + {pick("rank", "spellings", seed, 4)} as spellings,
      country.country, country.office,
      case when country.country = 'CN' then ([{provinces}])[{city}] end as province,
      case when country.country = 'CN' then ([{cities}])[{city}] end as city
    from drawn join country on draw >= low and draw < high
    """


def documents(first: int, last: int) -> str:
    """Publications by number, with the numbers of their application and family."""
    return f"""
    select range as p, range // 87 * 60 + application_slot as a, range // 87 * 40 + family_slot as f,
      sequence, place_in_family, family_size, longest
    from range({first}, {last}) join pattern on slot = range % 87
    """


def families(seed: int, ranks: int) -> str:
    """Families: their organisations (ranks), nodes, and the day of the last publication.

    The window for that day begins late enough that all that came before it is later than 1990.
    """
    lower = f"({START} + (600 + 600 * cast(family_size > 1 as integer) + 1300 * (longest - 1)))"
    span = f"({CUTOFF} - {lower})"
    rate = f"(case when family_size = 1 and longest = 1 then {GROWTH_OF_SINGLES} else {GROWTH} end)"
    growth = f"(cast({rate} as double) * {span} / 365)"
    return f"""
    with once as (select f, any_value(family_size) as family_size, any_value(longest) as longest
                  from document group by f),
    drawn as (
      select f, family_size,
        {zipf("f", "first", seed, ranks)} as first_rank,
        {chance("f", "joint", seed)} as joint,
        {lower} + cast(floor(
          ln(1 + {chance("f", "day", seed)} * (exp({growth}) - 1)) / {growth} * {span}) as integer) as last_day
      from once
    )
    select f, family_size, first_rank, last_day,
      list_distinct(case when joint < 0.024 then [first_rank, {zipf("f", "second", seed, ranks)},
                                                  {zipf("f", "third", seed, ranks)}]
                         when joint < 0.12 then [first_rank, {zipf("f", "second", seed, ranks)}]
                         else [first_rank] end) as ranks,
      case when {chance("f", "unplaced", seed)} < 0.05 then cast([] as integer[])
           else list_distinct(list_transform(
             range({zipf("f", "nodes", seed, 4)}),
             lambda i: {zipf("f * 8 + i", "node", seed, LEAVES)})) end as nodes,
      {chance("f", "priority", seed)} as priority_draw
    from drawn
    """


def filings(seed: int) -> str:
    """Applications: office, dates, type and whether granted. Dates go back from the last publication."""
    return f"""
    with once as (
      select a, any_value(f) as f, any_value(place_in_family) as place_in_family,
        cast(count(*) as integer) as publications
      from document group by a
    ),
    drawn as (
      select a, f, place_in_family, publications, o.office as home, o.country,
        family.family_size, family.ranks, family.nodes, family.priority_draw,
        family.last_day - case when family.family_size > 1 then {pick("a", "later", seed, 600)} else 0 end
          as last_day,
        400 + {pick("a", "gap", seed, 900)} as gap,
        case when publications = 1 and place_in_family = 1 then {chance("f", "type", seed)} else 1 end as type_draw,
        {chance("a", "granted", seed)} as grant_draw
      from once join family using (f) join organisation o on o.rank = family.first_rank
    ),
    typed as (
      select *,
        case when type_draw < 0.05 then 'design'
             when type_draw < 0.45 and country = 'CN' then 'utility_model' else 'invention' end as patent_type
      from drawn
    )
    select a, f, publications, family_size, ranks, nodes, priority_draw, patent_type, gap, last_day,
      case when place_in_family = 1 then home else list_filter(['US', 'CN', 'EP', 'JP', 'KR', 'WO'],
        lambda office: office <> home)[1 + (place_in_family - 2 + {pick("f", "offices", seed, 4)}) % 5] end as office,
      case when patent_type <> 'invention' then true when publications = 1 then grant_draw < 0.1
           else grant_draw < 0.8 end as granted,
      last_day - (publications - 1) * gap - (case when patent_type = 'invention' then 190 else 120 end
        + {pick("a", "wait", seed, 360)}) as filed,
      {chance("a", "undated", seed)} < 0.01 as undated,
      publications = 1 and family_size = 1 and {chance("a", "unidentified", seed)} < 0.05 as unidentified,
      {chance("a", "orphan", seed)} < 0.02 as orphan,
      {chance("a", "nowhere", seed)} < 0.07 as nowhere,
      family_size > 1 or priority_draw < 0.5 as by_priority
    from typed
    """


def publications(seed: int) -> str:
    """Publications with all that their tables need. `publication_id` is unique by its running number."""
    return f"""
    with dated as (
      select d.p, d.a, d.f, d.sequence, g.* exclude (a, f),
        case when undated then null else filed end as filing_date,
        last_day - (publications - d.sequence) * gap as publication_date,
        granted and d.sequence = publications as grant_text
      from document d join filing g using (a)
    ),
    named as (
      select *, office || (200000000 + p) || case
          when patent_type = 'utility_model' then 'U' when patent_type = 'design' then 'S'
          when grant_text then case when office in ('CN', 'KR') then 'B' else 'B' || (1 + p % 2) end
          when office in ('CN', 'TW') then 'A' else 'A' || sequence end as publication_id
      from dated
    )
    select *,
      case when unidentified then 'publication:' || publication_id
           else office || year(filed) || (100000000 + a) end as application_id,
      'F' || left(md5('family ' || f), 15) as family_id,
      'E' || left(md5('extended ' || (f // 40 * 32 + case when f % 40 < 24 then f % 40 else 12 + f % 40 // 2 end)), 15)
        as extended_family_id,
      case when {chance("p", "untyped", seed)} < 0.02 then null else patent_type end as said_type,
      case when {chance("p", "unsaid", seed)} < 0.01 then null else grant_text end as is_grant,
      case when {chance("p", "claims", seed)} < 0.15 then null
           else 1 + cast(floor(-9 * ln(1 - {chance("p", "claim", seed)})) as integer) end as claim_count,
      nowhere or {chance("p", "nowhere", seed)} < 0.01 as no_country
    from named
    """


def publication_table() -> str:
    """Table `publication`. Abstracts stay NULL: no indicator reads them, and a column unread costs nothing."""
    return """
    select publication_id, office as authority, cast(200000000 + p as varchar) as number,
      substr(publication_id, 12) as kind, is_grant, publication_date, application_id, said_type as patent_type,
      '一种第' || f || '号装置及其控制方法' as title, '一种第' || f || '号装置及其控制方法' as title_zh,
      'Device no. ' || f || ' and method of controlling it' as title_en,
      null as abstract_zh, null as abstract_en, filing_date,
      case when is_grant then publication_date end as grant_date,
      case when by_priority then filing_date end as priority_date, claim_count,
      case when granted then '授权' else '公开' end as legal_status,
      null as standing, null as corrects, 'incopat:bench.xlsx:' || (p + 2) as source_row, 1 as sources
    from text
    """


def applications() -> str:
    """Table `application`, concluded from its publications: the grant stands for it, else the first."""
    return """
    with best as (
      select application_id,
        arg_min(publication_id, (not coalesce(is_grant, false), publication_date, publication_id)) as publication_id,
        arg_min(said_type, (not coalesce(is_grant, false), publication_date, publication_id)) as patent_type,
        arg_min(claim_count, (not coalesce(is_grant, false), publication_date, publication_id)) as claim_count,
        min(publication_date) as first_publication_date,
        min(publication_date) filter (where is_grant) as grant_date,
        any_value(family_id) as family_id, any_value(extended_family_id) as extended_family_id,
        any_value(office) as authority, bool_or(unidentified) as stand_in,
        bool_or(by_priority) as by_priority,
        any_value(filing_date) as filing_date, count(*) as publications
      from text group by application_id
    )
    select *, not stand_in as identified, year(filing_date) as filing_year,
      case when by_priority then filing_date end as priority_date, null as title_alone, null as source_row_alone
    from best
    """


def family_table() -> str:
    """Table `simple_family`; its first application's representative stands for it."""
    return """
    select family_id, any_value(extended_family_id) as extended_family_id, bool_or(by_priority) as by_priority,
      coalesce(min(priority_date), min(filing_date)) as earliest_date,
      count(*) as applications, count(distinct authority) as authorities,
      arg_min(publication_id, (first_publication_date, publication_id)) as publication_id
    from application group by family_id
    """


def extended_table() -> str:
    """Table `extended_family`: 24 families of a block stand alone, the other 16 in pairs."""
    return """
    select extended_family_id, bool_or(by_priority) as by_priority,
      coalesce(min(priority_date), min(filing_date)) as earliest_date,
      count(*) as applications, count(distinct family_id) as simple_families,
      count(distinct authority) as authorities,
      arg_min(publication_id, (first_publication_date, publication_id)) as publication_id
    from application group by extended_family_id
    """


def applicants(seed: int, ranks: int) -> str:
    """Table `publication_applicant`; later texts name another first applicant in 3 % of cases."""
    return f"""
    with listed as (
      select publication_id, source_row, no_country,
        case when sequence > 1 and {chance("p", "assigned", seed)} < 0.03
             then list_distinct(list_prepend({zipf("p", "assignee", seed, ranks)}, family.ranks[2:]))
             else family.ranks end as applicant_ranks
      from (select *, 'incopat:bench.xlsx:' || (p + 2) as source_row from text) t join family using (f)
      where not orphan
    ),
    one as (
      select publication_id, source_row, no_country, unnest(applicant_ranks) as rank,
        generate_subscripts(applicant_ranks, 1) as sequence
      from listed
    )
    select publication_id, sequence, o.name, o.organisation_id, case when no_country then null else o.country end
      as country, null as address, source_row, one.rank
    from one join organisation o using (rank)
    """


def node_table(seed: int) -> str:
    """Table `publication_node`: the family's leaves, of which one text in ten lacks one."""
    return f"""
    with placed as (
      select publication_id, p, unnest(nodes) as leaf, generate_subscripts(nodes, 1) as position from text
    )
    select publication_id, 'leaf_' || lpad(cast(leaf as varchar), 2, '0') as node_id, 'IPC H01L21/00' as reason
    from placed where position = 1 or {chance("p * 8 + position", "dropped", seed)} >= 0.1
    """


def place_table(seed: int) -> str:
    """Table `publication_place` for both bases; one row of NULLs where nothing is known."""
    return f"""
    with known as (
      select distinct applicant.publication_id, 'applicant' as basis, o.country, o.province, o.city
      from applicant join organisation o using (rank) where applicant.country is not null
      union
      select text.publication_id, 'inventor', o.country, o.province, o.city
      from (select publication_id, unnest(ranks) as rank from text where not no_country) text
      join organisation o using (rank)
      union
      select text.publication_id, 'inventor', o.country, o.province, o.city
      from (select publication_id, {pick("p", "visitor", seed, 4000)} + 1 as rank from text
            where not no_country and {chance("p", "visit", seed)} < 0.15) text
      join organisation o using (rank)
    ),
    every as (select publication_id, unnest(['applicant', 'inventor']) as basis from text)
    select publication_id, basis, known.country, known.province, known.city,
      cast(null as varchar) as district, cast(null as varchar) as zone
    from every left join known using (publication_id, basis)
    """


def chain_nodes() -> str:
    """Table `chain_node`: 4 segments, 8 groups, 32 leaves."""
    per_group, per_segment = LEAVES // GROUPS, GROUPS // SEGMENTS
    return f"""
    with nodes as (
      select 'segment_' || range as node_id, null as parent_id, 1 as level, range as position
      from range(1, {SEGMENTS + 1})
      union all
      select 'group_' || range, 'segment_' || ((range - 1) // {per_segment} + 1), 2, range
      from range(1, {GROUPS + 1})
      union all
      select 'leaf_' || lpad(cast(range as varchar), 2, '0'), 'group_' || ((range - 1) // {per_group} + 1), 3, range
      from range(1, {LEAVES + 1})
    )
    select *, level = 3 as is_leaf, '环节 ' || node_id as name_zh, 'Node ' || node_id as name_en,
      '合成数据的环节' as definition_zh, 'a node of synthetic data' as definition_en, 'by hash' as rule_text
    from nodes
    """


CHAIN_CLOSURE = """
with recursive up(ancestor_id, node_id) as (
  select node_id, node_id from chain_node
  union all
  select chain_node.parent_id, up.node_id from up join chain_node on chain_node.node_id = up.ancestor_id
  where chain_node.parent_id is not null
)
select * from up
"""

# Years within 18 months of the cut-off are incomplete: 2024 and later.
HORIZON = f"""
select {CUTOFF} as cutoff_date, min(filing_year) as first_year, max(filing_year) as last_year,
  false as grants_only, 18 as lag_months, 2023 as last_complete_year, 'incopat' as limited_by
from application
"""

UNIT_BASIS = """
select 'publication' as unit, count(*) as items, count(*) as identified, true as told_apart,
  '每件公开文献计一件' as note_zh, 'each publication counts once' as note_en from publication
union all
select 'application', count(*), count(*) filter (where identified), true, '每件申请计一件',
  'each application counts once' from application
union all
select 'simple_family', count(*), count(*) filter (where by_priority), true, '每个简单同族计一件',
  'each simple family counts once' from simple_family
union all
select 'extended_family', count(*), count(*) filter (where by_priority), true, '每个扩展同族计一件',
  'each extended family counts once' from extended_family
"""
