"""A user's own format spec: its shapes are checked, and its SQL reaches nothing but the rows given."""

from __future__ import annotations

from pathlib import Path

import pytest

from pingjiang.errors import DefinitionError
from pingjiang.sources import load_formats, read_format
from pingjiang.sources.formats import check_prepare

GOOD = "name: mine\ntitle: {zh: 我的, en: mine}\nfields:\n  publication_number: [Nr]\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_spec_is_read_and_its_digest_follows_its_texts(tmp_path: Path) -> None:
    first = read_format(write(tmp_path, GOOD))
    assert first.digest == read_format(write(tmp_path, GOOD)).digest
    assert first.digest != read_format(write(tmp_path, GOOD + "ignore: [x]\n")).digest


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (GOOD.replace("[Nr]", "Nr"), "fields"),
        ("name: mine\nfields: [a]\n", "fields"),
        ("name: mine\nfields: {title: null}\n", "fields"),
        (GOOD + "dates: ymd\n", "dates"),
        (GOOD.replace("{zh: 我的, en: mine}", "文字"), "title"),
        (GOOD + "signature: 5\n", "signature"),
        (GOOD + "signature: [a, b]\n", "signature"),
        (GOOD + 'separator: [";"]\n', "separator"),
        (GOOD + "ignore_patterns: 5\n", "ignore_patterns"),
        (GOOD + 'ignore_patterns: ["(["]\n', "ignore_patterns"),
        (GOOD + "expects: 5\n", "expects"),
        (GOOD + "authority: 5\n", "authority"),
        (GOOD + 'country_pattern: "(["\n', "country_pattern"),
        (GOOD + 'keep_together: "(["\n', "keep_together"),
        (GOOD + 'keep_together: ", *ltd"\n', "keep_together"),
        (GOOD + 'country_pattern: "[A-Z]{2}$"\n', "country_pattern"),
        (GOOD + 'country_pattern: "(?<=x)([A-Z]{2})$"\n', "country_pattern"),
        (GOOD + 'strip: {title: "(a)\\\\1"}\n', "strip"),
        (GOOD + 'strip: {title: "a++"}\n', "strip"),
        (GOOD + "strip: abc\n", "strip"),
        (GOOD + 'strip: {title: "(["}\n', "strip"),
        ("[1, 2]", "name, title, fields"),
        ("a: [", "YAML"),
        (GOOD + "prepare: ../mine.sql\n", "prepare"),
        (GOOD + "prepare: /etc/passwd\n", "prepare"),
        (GOOD + "prepare: none.sql\n", "prepare"),
    ],
)
def test_a_wrong_shape_names_its_file_and_key(tmp_path: Path, text: str, key: str) -> None:
    (tmp_path.parent / "mine.sql").write_text("select * from raw", encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        read_format(write(tmp_path, text))
    assert key in str(caught.value)
    assert "mine.yaml" in str(caught.value)


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_text('/etc/passwd')",
        "select * from '/etc/passwd'",
        "select * from raw; copy (select 1) to '/tmp/x'",
        "copy raw to '/tmp/x'",
        "attach '/tmp/x.db'",
        "select * from raw, read_csv('x.csv')",
        "select * from raw join read_parquet('x') p on true",
        "select getenv('HOME') from raw",
        "select * from glob('/*')",
        "select * from query('select 1')",
        "select * from record",
        'with a as (select * from "/etc/passwd.csv"), "/etc/passwd.csv" as (select 1) select * from a',
        "with read_text as (select 1) select * from read_text('/etc/passwd')",
        "select * from other.raw",
        "select * from raw where exists (from read_blob('/etc/passwd'))",
        "select * from raw, 'x.parquet'",
        "with raw as (select * from '/etc/passwd.csv') select * from raw",
        "pragma version",
        "select from where",
    ],
)
def test_sql_of_a_spec_reaches_nothing_but_its_rows(tmp_path: Path, sql: str) -> None:
    (tmp_path / "mine.sql").write_text(sql, encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"mine\.sql"):
        read_format(write(tmp_path, GOOD + "prepare: mine.sql\n"))


def test_sql_of_shipped_specs_keeps_the_same_rule() -> None:
    with_sql = {name: spec.prepare for name, spec in load_formats().items() if spec.prepare}
    assert len(with_sql) >= 3
    for name, sql in with_sql.items():
        check_prepare(str(sql), name)
