"""Placing: publications on the leaves of a chain, each with the reason, as set-based SQL.

Symbols are few and publications many, so rules meet the distinct symbols first; what comes of it is
joined with `publication_class` once. Texts are read only of publications that a rule's symbols let
through; a rule without symbols reads the texts of all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from pingjiang.chain.classifier.applied import classified
from pingjiang.chain.classifier.kept import Models
from pingjiang.chain.queries import answered
from pingjiang.chain.rule import Rule
from pingjiang.chain.tree import Chain
from pingjiang.chain.words import Words, expression, fold_sql
from pingjiang.engine.session import Session, Table, quote
from pingjiang.query.symbols import sort_key_sql
from pingjiang.schema.tables import table as table_schema

Tables = dict[str, Table]

# Between the texts of one zone: no letter, no space, no hyphen, so that no word reaches across.
_BREAK = " ¦ "
# The part of a rule that a symbol answers.
_PARTS = {"symbols": 0, "also": 1, "without": 2}


def place(chain: Chain, publication: Table, publication_class: Table, models: Models | None = None) -> Tables:
    """Tables `publication_node`, `chain_node` and `chain_closure` of a chain.

    `publication_node` has one row per publication and leaf. Its `reason` tells the leaf's first rule
    that holds ('#2'), the publication's first symbol that answers it and the pattern it falls into,
    and the word where words decide: '#1 CPC H01L21/76802 ⊂ H01L21/768 · title word "copper"'; or '#1 query';
    and the score where a classifier does, which `models` holds: '#1 classifier battery/solid 0.9312 ≥ 0.6100'.
    Publications that no leaf takes have no row.
    """
    session = publication.session
    matches = _symbol_matches(session, chain, publication_class)
    hits = session.materialise(_HITS.format(counts=_COUNTS), publication_class=publication_class, matches=matches)
    rules = _rules_table(session, chain)
    queries = [(number, rule.query) for number, _, rule in _numbered(chain) if rule.query is not None]
    asked = answered(session, queries, publication, publication_class)
    passed = session.materialise(_CANDIDATES, rules=rules, hits=hits, publication=publication, asked=asked)
    worded = _worded(session, chain, passed, publication)
    classed = _classed(session, chain, passed, publication, publication_class, models or {})
    placed = session.materialise(
        _PLACED, passed=passed, worded=worded, classed=classed, rules=rules, matches=matches, publication=publication
    )
    for scratch in (classed, worded, passed, asked, hits, matches):
        session.drop(scratch)
    return {"publication_node": placed, **chain_tables(session, chain)}


def chain_tables(session: Session, chain: Chain) -> Tables:
    """Tables `chain_node` and `chain_closure` of a chain."""
    tables: Tables = {}
    for name, rows in (("chain_node", chain.nodes()), ("chain_closure", chain.closure())):
        columns = table_schema(name).engine_columns()
        tables[name] = _table(session, columns, [[row[column] for column in columns] for row in rows])
    return tables


def _table(session: Session, columns: Mapping[str, str], rows: Sequence[Sequence[object]]) -> Table:
    """Rows as a Table, by way of Arrow: thousands of rows, where `from_rows` is made for dozens."""
    kinds = {"VARCHAR": pa.string(), "BOOLEAN": pa.bool_()}
    values = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    return session.from_arrow(
        pa.table(
            {
                name: pa.array(column, type=kinds.get(kind, pa.int64()))
                for (name, kind), column in zip(columns.items(), values, strict=True)
            }
        )
    )


def _numbered(chain: Chain) -> list[tuple[int, str, Rule]]:
    """All rules of the chain: running number, leaf, rule. The order is that of the file."""
    rules = [(node.id, rule) for node in chain.tree for rule in node.rules]
    return [(number, node_id, rule) for number, (node_id, rule) in enumerate(rules, start=1)]


def _rules_table(session: Session, chain: Chain) -> Table:
    rows = [
        (
            number,
            node_id,
            rule.number,
            bool(rule.symbols),
            bool(rule.also),
            bool(rule.without),
            rule.has_words(),
            rule.has_words() and rule.zone != "title",
            rule.query is not None,
            rule.classifier is not None,
        )
        for number, node_id, rule in _numbered(chain)
    ]
    columns = {
        "rule_no": "BIGINT",
        "node_id": "VARCHAR",
        "number": "BIGINT",
        "has_symbols": "BOOLEAN",
        "has_also": "BOOLEAN",
        "has_without": "BOOLEAN",
        "has_words": "BOOLEAN",
        "reads_abstract": "BOOLEAN",
        "by_query": "BOOLEAN",
        "by_classifier": "BOOLEAN",
    }
    return _table(session, columns, rows)


def _symbol_matches(session: Session, chain: Chain, publication_class: Table) -> Table:
    """Which symbol answers which part of which rule.

    Columns: match_no, rule_no, part, scheme, symbol, within, reason.
    """
    symbols = session.materialise(
        f"select distinct scheme, symbol, {sort_key_sql('symbol')} as sort_key"
        " from publication_class where scheme in ('IPC', 'CPC') and symbol is not null",
        publication_class=publication_class,
    )
    wanted, refused = _pattern_rows(chain)
    matches = session.materialise(
        _MATCHES,
        symbols=symbols,
        wanted=_table(session, _PATTERN_COLUMNS, wanted),
        refused=_table(session, _PATTERN_COLUMNS, refused),
    )
    session.drop(symbols)
    return matches


_PATTERN_COLUMNS = {
    "rule_no": "BIGINT",
    "part": "BIGINT",
    "scheme": "VARCHAR",
    "low": "VARCHAR",
    "high": "VARCHAR",
    "position": "BIGINT",
    "text": "VARCHAR",
    "within": "BIGINT",
}


def _pattern_rows(chain: Chain) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """The patterns of all rules, a row per scheme: those that are asked for, and those of `except`."""
    wanted: list[tuple[object, ...]] = []
    refused: list[tuple[object, ...]] = []
    for number, _, rule in _numbered(chain):
        for part, patterns, within, rows in (
            ("symbols", rule.symbols, rule.within, wanted),
            ("also", rule.also, None, wanted),
            ("without", rule.without, None, wanted),
            ("symbols", rule.excepted, None, refused),
        ):
            rows.extend(
                (number, _PARTS[part], scheme, pattern.low, pattern.high, position, pattern.text, within)
                for scheme in rule.schemes
                for position, pattern in enumerate(patterns)
            )
    return wanted, refused


_MATCHES = """
with answers as (
    select
        w.rule_no, w.part, s.scheme, s.symbol,
        arg_min(w.text, w.position) as pattern, max(w.within) as within
    from symbols as s
    inner join wanted as w on s.sort_key >= w.low and s.sort_key <= w.high and s.scheme = w.scheme
    group by w.rule_no, w.part, s.scheme, s.symbol
),
excepted as (
    select distinct r.rule_no, r.part, s.scheme, s.symbol
    from symbols as s
    inner join refused as r on s.sort_key >= r.low and s.sort_key <= r.high and s.scheme = r.scheme
)
select
    row_number() over (order by a.rule_no, a.part, a.scheme, a.symbol) as match_no,
    a.rule_no, a.part, a.scheme, a.symbol, a.within,
    a.scheme || ' ' || a.symbol || ' ⊂ ' || a.pattern as reason
from answers as a
anti join excepted as e
    on e.rule_no = a.rule_no and e.part = a.part and e.scheme = a.scheme and e.symbol = a.symbol
"""

# One number holds position and match: its least value is the first symbol as the source lists them,
# ties going to the first match. An unknown position comes last.
_HITS = """
with ranked as (
    select
        p.publication_id, p.scheme, p.symbol, p.position,
        case when {counts} then row_number() over (
            partition by p.publication_id, p.scheme, {counts} order by p.position, p.symbol
        ) end as standing
    from publication_class as p
    where p.scheme in ('IPC', 'CPC')
)
select
    c.publication_id, m.rule_no, m.part,
    min(coalesce(cast(c.position as bigint), 2147483647) * 4294967296 + m.match_no) as first_match
from ranked as c
inner join matches as m on m.scheme = c.scheme and m.symbol = c.symbol
where m.within is null or c.standing <= m.within
group by c.publication_id, m.rule_no, m.part
"""
# What `within` counts: symbols of known position, save those that only tag (CPC's section Y) or index
# (its groups from 2000 on, the only ones of four digits).
_COUNTS = "(p.position is not null and p.symbol not like 'Y%' and substr(p.symbol, 9, 1) <> '/')"


# publication_id, rule_no, has_words, match_no of all that the rules' symbols or queries let through.
_CANDIDATES = """
with entered as (
    select h.publication_id, h.rule_no, h.first_match % 4294967296 as match_no
    from hits as h
    where h.part = 0
    union all
    select p.publication_id, r.rule_no, cast(null as bigint) as match_no
    from publication as p
    cross join rules as r
    where not r.has_symbols and not r.by_query
    union all
    select a.publication_id, a.rule_no, cast(null as bigint) as match_no
    from asked as a
)
select e.publication_id, e.rule_no, e.match_no, r.has_words, r.reads_abstract
from entered as e
inner join rules as r on r.rule_no = e.rule_no
left join hits as also on also.publication_id = e.publication_id and also.rule_no = e.rule_no and also.part = 1
left join hits as without
    on without.publication_id = e.publication_id and without.rule_no = e.rule_no and without.part = 2
where (not r.has_also or also.publication_id is not null) and without.publication_id is null
"""


def folded_texts(publication: Table) -> Table:
    """publication_id, title, abstract of all publications, as words are looked for in them."""
    return publication.session.sql(
        f"with raw as (select p.publication_id, {_TITLE} as title, {_ABSTRACT} as abstract from publication as p) "
        f"select r.publication_id, {fold_sql('r.title')} as title, {fold_sql('r.abstract')} as abstract from raw as r",
        publication=publication,
    )


def _worded(session: Session, chain: Chain, candidates: Table, publication: Table) -> Table:
    """publication_id, rule_no, word_reason of candidates whose words hold as well."""
    selects = [_word_select(number, rule) for number, _, rule in _numbered(chain) if rule.has_words()]
    if not selects:
        return session.materialise(_NO_WORDS)
    texts = session.materialise(_TEXTS, publication=publication, candidates=candidates)
    found = session.materialise("\nunion all\n".join(selects), texts=texts)
    session.drop(texts)
    return found


def _classed(
    session: Session, chain: Chain, candidates: Table, publication: Table, publication_class: Table, models: Models
) -> Table:
    """publication_id, rule_no, said of candidates whose classifier takes them."""
    asked = [(number, rule.classifier) for number, _, rule in _numbered(chain) if rule.classifier is not None]
    if not asked:
        return session.materialise(_NO_SCORES)
    return classified(session, asked, candidates, publication, publication_class, models)


_NO_SCORES = """
select cast(null as varchar) as publication_id, cast(null as bigint) as rule_no, cast(null as varchar) as said limit 0
"""
_NO_WORDS = """
select cast(null as varchar) as publication_id, cast(null as bigint) as rule_no, cast(null as varchar) as word_reason
limit 0
"""

# One row per rule and publication, joined once: each rule then reads its own rows, and its own only.
_TITLE = f"concat_ws('{_BREAK}', p.title, p.title_zh, p.title_en)"
_ABSTRACT = f"concat_ws('{_BREAK}', p.abstract_zh, p.abstract_en)"
_TEXTS = f"""
with raw as (
    select
        c.rule_no, c.publication_id, {_TITLE} as title, case when c.reads_abstract then {_ABSTRACT} end as abstract
    from candidates as c
    inner join publication as p on p.publication_id = c.publication_id
    where c.has_words
)
select r.rule_no, r.publication_id, {fold_sql("r.title")} as title, {fold_sql("r.abstract")} as abstract
from raw as r
"""


def _word_select(number: int, rule: Rule) -> str:
    zones, reasons = _zones(rule), []
    if rule.any.both():
        reasons.append(_any_reason(rule.any, zones))
    if rule.all.both():
        languages = [words for words in (rule.all.zh, rule.all.en) if words]
        told = [quote(" and ".join(f'word "{word}"' for word in words)) for words in languages]
        reasons.append(f"case when {_all_found(languages[0], zones)} then {told[0]} else {told[-1]} end")
    return (
        f"select t.publication_id, t.rule_no, {' || chr(32) || '.join(reasons) or 'cast(null as varchar)'}"
        f" as word_reason from texts as t where t.rule_no = {number} and {words_hold(rule)}"
    )


def words_hold(rule: Rule) -> str:
    """Whether a rule's words hold, as a condition on `t.title` and `t.abstract`, which are folded."""
    zones, conditions = _zones(rule), []
    if rule.any.both():
        conditions.append(_found(rule.any.both(), zones))
    if rule.all.both():
        held = (_all_found(words, zones) for words in (rule.all.zh, rule.all.en) if words)
        conditions.append("(" + " or ".join(held) + ")")
    if rule.none.both():
        conditions.append(f"not {_found(rule.none.both(), zones)}")
    return " and ".join(conditions)


def _zones(rule: Rule) -> tuple[str, ...]:
    return ("title", "abstract") if rule.zone == "both" else (rule.zone,)


def _all_found(words: tuple[str, ...], zones: tuple[str, ...]) -> str:
    return "(" + " and ".join(_found((word,), zones) for word in words) + ")"


def _found(words: tuple[str, ...], zones: tuple[str, ...]) -> str:
    pattern = quote(expression(words)[0])
    return "(" + " or ".join(f"regexp_matches(t.{zone}, {pattern})" for zone in zones) + ")"


def _any_reason(words: Words, zones: tuple[str, ...]) -> str:
    """'title word "lithography"': the first zone that holds one of the words, and the word as it stands."""
    pattern, groups = expression(words.both())
    told = []
    for zone in zones:
        each = (f"nullif(regexp_extract(t.{zone}, {quote(pattern)}, {group + 1}), '')" for group in range(groups))
        told.append(f"""'{zone} word "' || coalesce({", ".join(each)}, cast(null as varchar)) || '"'""")
    return f"coalesce({', '.join(told)}, cast(null as varchar))"


_PLACED = """
with told as (
    select c.publication_id, c.rule_no, c.match_no, cast(null as varchar) as word_reason
    from passed as c
    where not c.has_words
    union all
    select c.publication_id, c.rule_no, c.match_no, w.word_reason
    from passed as c
    inner join worded as w on w.publication_id = c.publication_id and w.rule_no = c.rule_no
),
held as (
    select t.publication_id, t.rule_no, t.match_no, t.word_reason, k.said
    from told as t
    inner join rules as r on r.rule_no = t.rule_no
    left join classed as k on k.publication_id = t.publication_id and k.rule_no = t.rule_no
    where not r.by_classifier or k.said is not null
),
first_rules as (
    select h.publication_id, r.node_id, min(h.rule_no) as rule_no
    from held as h
    inner join rules as r on r.rule_no = h.rule_no
    group by h.publication_id, r.node_id
)
select
    f.publication_id, f.node_id,
    '#' || r.number || ' ' || concat_ws(
        ' · ', m.reason, h.word_reason, case when r.by_query then 'query' end, h.said
    ) as reason
from first_rules as f
inner join held as h on h.publication_id = f.publication_id and h.rule_no = f.rule_no
inner join rules as r on r.rule_no = f.rule_no
left join matches as m on m.match_no = h.match_no
semi join publication as p on p.publication_id = f.publication_id
"""
