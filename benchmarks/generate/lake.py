"""A lake of any size, as imports leave it: `record` alone, with whole documents, ready to be built.

Publications are those of `release.py` (same numbers, dates, applicants), told by one source that gives abstracts,
claims, citations and classes too. Words are drawn from a vocabulary of 4,096 by hashing, so that they pack like
text and not like repetition. Everything is synthetic.

With `people` it tells inventors (one to four a family, drawn from forty of its first applicant, few of them often) and
the applicants' addresses too, as pages on who is who need them.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from benchmarks.generate import release_sql as sql
from benchmarks.generate.release import Parameters, _chunk, _chunks, block_pattern
from pingjiang.engine import Lake, Release, Session
from pingjiang.schema import table

_WORDS, _ABSTRACT, _CLAIMS, _CLAIM = 4096, 150, 12, 60
SOURCE_ID = "synthetic-incopat"


def generate_lake(
    folder: Path, parameters: Parameters, *, texts: bool = True, people: bool = False, memory_limit: str = "6GB"
) -> Release:
    """Write a lake into `folder`, without abstracts and claims where `texts` is not set. Returns its one release."""
    lake = Lake(folder)
    with lake.draft() as draft, Session(memory_limit=memory_limit) as session:
        pattern = session.from_rows(sql.PATTERN_COLUMNS, block_pattern(parameters.seed)).materialise()
        countries = session.from_rows(sql.COUNTRY_COLUMNS, sql.country_rows())
        organisations = session.materialise(
            sql.organisations(parameters.organisations, parameters.seed), country=countries
        )
        vocabulary = session.materialise(_VOCABULARY)
        for first, last in _chunks(parameters):
            made = _chunk(session, parameters, pattern, organisations, first, last)
            said = session.sql(
                _record_sql(parameters.seed, texts=texts, people=people),
                text=made["text"],
                publication=made["publication"],
                applicant=made["publication_applicant"],
                vocabulary=vocabulary,
                organisation=organisations,
            )
            draft.add("record", session.sql(f"select {table('record').select_list()} from said", said=said))
            for each in made.values():
                session.drop(each)
        for name in ("reject", "doubt"):
            empty = session.from_rows(table(name).engine_columns(), [])
            draft.add(name, empty)
        return draft.publish(made_by="import", sources=[_source(parameters)])


def _source(parameters: Parameters) -> dict[str, object]:
    """The receipt that the lake keeps for its one source."""
    return {
        "path": "synthetic.xlsx",
        "format": "incopat",
        "source_id": SOURCE_ID,
        "sha256": hashlib.sha256(repr(parameters).encode()).hexdigest(),
        "rows_read": parameters.publications,
        "accepted": parameters.publications,
        "merged": 0,
        "rejected": 0,
        "publications_written": parameters.publications,
        "licence": "synthetic",
        "attribution": "made by benchmarks/generate/lake.py",
        "cutoff": "2025-10-31",
    }


_VOCABULARY = f"""
select list(w.word order by w.i) as words from (
  select range as i, substr(md5('word ' || range), 1, 2 + cast(hash(range) % 7 as integer)) as word
  from range({_WORDS})
) w
"""


def _prose(key: str, words: int, seed: int) -> str:
    """So many words, drawn by a key."""
    drawn = f"v.words[1 + cast((hash({key}, i, {seed}) >> 40) % {_WORDS} as integer)]"  # low bits come in cycles
    return f"array_to_string(list_transform(range({words}), lambda i: {drawn}), ' ')"


_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰涛明超霞平刚桂华建国志文斌玲红梅春海燕波宁晨浩宇轩欣怡佳雪琳峰云龙凤兰亮"
_STAFF, _TEAM = 40, 4  # persons of an organisation; most inventors of a family


def _inventors(seed: int) -> str:
    """Persons of a publication's family: of the staff of its first applicant, few of them often."""
    person = f"(t.ranks[1] * {_STAFF} + {sql.zipf('t.f * 16 + i', 'inventor', seed, _STAFF)})"
    han = (
        f"'{_SURNAMES}'[1 + {sql.pick(person, 'surname', seed, len(_SURNAMES))}] || "
        f"'{_GIVEN}'[1 + {sql.pick(person, 'given', seed, len(_GIVEN))}] || "
        f"'{_GIVEN}'[1 + {sql.pick(person, 'second', seed, len(_GIVEN))}]"
    )
    latin = " || ', ' || ".join(
        f"translate(v.words[1 + {sql.pick(person, which, seed, _WORDS)}], '0123456789', 'ghijklmnop')"
        for which in ("last", "first")
    )
    name = f"case when h.country = 'CN' then {han} else {latin} end"
    team = f"range({sql.zipf('t.f', 'team', seed, _TEAM)})"
    return (
        f"list_transform(list_distinct(list_transform({team}, lambda i: {name})), lambda name: "
        "{'name': name, 'country': null, 'state': null, 'city': null, 'address': null})"
    )


def _record_sql(seed: int, *, texts: bool, people: bool) -> str:
    """Rows of `record` of a chunk; columns that no row tells are left to the schema."""
    given = {
        "source_id": f"'{SOURCE_ID}'",
        "source_row": "p.source_row",
        "row_number": "t.p + 2",
        "format": "'incopat'",
        "key": "p.publication_id",
        "key_kind": "'publication'",
        "content_hash": "md5(p.publication_id)",
        "publication_id": "p.publication_id",
        "application_id": "case when starts_with(p.application_id, 'publication:') then null else p.application_id end",
        "publication_number": "p.publication_id",
        "application_number": "p.application_id",
        "abstract": _prose("t.p", _ABSTRACT, seed),
        "applicants": "a.parties",
        "ipc": "list_transform(t.nodes, lambda node: 'H01L 21/' || lpad(cast(node as varchar), 2, '0'))",
        "priorities": "case when t.by_priority then ['CN' || year(t.filed) || (10000000 + t.f)] end",
        "cited": f"list_transform(range({sql.pick('t.p', 'cited', seed, 8)}), "
        f"lambda i: 'US' || (5000000 + (hash(t.p, i, {seed}) >> 36) % 6000000) || 'B2')",
        "claims": f"list_transform(range(1, 2 + {sql.pick('t.p', 'claims', seed, 2 * _CLAIMS)}), lambda n: "
        f"{{'number': n, 'text': {_prose('t.p * 64 + n', _CLAIM, seed + 1)}, 'language': 'en', "
        "'depends_on': case when n > 1 then [1] end})",
    }
    told = ("authority", "number", "kind", "title_zh", "title_en", "publication_date", "filing_date", "patent_type",
            "claim_count", "legal_status")  # fmt: skip
    given |= {name: f"p.{name}" for name in told}
    if people:
        given["inventors"] = _inventors(seed)
    if not texts:
        del given["abstract"], given["claims"]
    address = "o.province || o.city || '高新区星桥路' || a.rank || '号'" if people else "null"
    columns = ", ".join(f'{given.get(column.name, "null")} as "{column.name}"' for column in table("record").columns)
    return f"""
    with parties as (
      select a.publication_id, list({{'name': a.name, 'country': a.country, 'state': null, 'city': null,
        'address': {address}}} order by a.sequence) as parties
      from applicant a join organisation o on o.rank = a.rank group by a.publication_id
    )
    select {columns}
    from text t
    join publication p on p.publication_id = t.publication_id
    left join parties a on a.publication_id = p.publication_id
    left join organisation h on h.rank = t.ranks[1]
    cross join vocabulary v
    """
