"""Format specs: which headers a tool writes, how its cells are to be read. Recognised by headers alone.

A spec is YAML with these keys (all but name, title and signature optional):

    name, title {zh, en}
    signature       list of header sets; a table that has all headers of one set is of this format
    fields          record field → its headers, in order of precedence; [] switches a field off. Besides these:
                    grant_publication_number (a second publication of the row), patent_number (an application's in
                    China, a publication's elsewhere), applicant_address, inventor_city and other parts of a party
    ignore          headers that are known and not read; ignore_patterns: regular expressions on folded headers
    separator       what parts lists in a cell: ";" "|" ";;" "," or "\\n"
    keep_together   pattern of what follows a separator inside one name (", Ltd.")
    null_words      cells that mean nothing ("NA")
    authority       office of numbers that are written without one; append_kind: kind stands in its own column
    dates           order: [ymd, dmy, mdy]; century_before: columns with a year that two-digit years do not pass
    country_pattern, party_address, number_with_date, strip, headerless: see mapping.py
    prepare, expects   SQL file beside the spec for what YAML cannot say, and the columns that it reads
    licence, attribution
    table           what the rows are for, where it is not `record`: register_entry (register.py), event_code
                    (listings.py); its fields are those of that table, and headers of all tools play no part
    events          columns that hold lists of legal events: dated (each entry begins with its day; `effective`: names
                    of details that tell from when it holds), decisions (blocks with 决定日 and 决定)
    documents, reader, refuse: of formats that are no tables, see document_specs.py
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from pingjiang import definitions
from pingjiang.errors import DefinitionError, FileDamaged, FormatUnknown
from pingjiang.files import KnownNames, RawDocuments
from pingjiang.schema import table
from pingjiang.sources.document_specs import Documents, code_of, parse_documents
from pingjiang.sources.receipt import REJECT_COLUMNS
from pingjiang.text import header_key

# What parts the entries of a cell, by what a spec says; entries that are empty count for nothing.
SEPARATORS: Mapping[str, Sequence[str]] = {
    ";": (";", "；"),
    "|": ("|", "｜"),
    ";;": (";;",),
    ",": (",", "，"),
    "\n": ("\n",),
    "": (";", "；", "|", "｜", "\n"),
}
_KEYS = {
    "name", "title", "signature", "fields", "ignore", "ignore_patterns", "separator", "keep_together",
    "null_words", "authority", "append_kind", "dates", "country_pattern", "party_address", "number_with_date",
    "strip", "headerless", "prepare", "expects", "licence", "attribution", "notes", "grain",
    "documents", "reader", "table", "refuse",
    "events",
}  # fmt: skip
# Fields beside those of `record`: parts of a party that stand in columns of their own, and numbers that make a
# publication beside that of `publication_number`, or belong to one field or another by how they are written.
PART_FIELDS = (
    "applicant_address", "applicant_country", "inventor_city", "inventor_state", "inventor_country",
    "grant_publication_number", "patent_number",
)  # fmt: skip


# Of tables beside `record`: the fields that a header gives, where they are not its columns as they stand.
_OTHER_TABLES: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "register_entry": (frozenset({"output", "output_unit"}), frozenset({"output_yuan", "output_printed"})),
    "event_code": (frozenset(), frozenset()),
}
# What a table must have to be read, by what its rows are for.
NEEDED: Mapping[str, tuple[str, ...]] = {"register_entry": ("credit_code", "name"), "event_code": ("authority", "code")}

_REJECT_COLUMNS = frozenset(map(header_key, REJECT_COLUMNS))


@dataclass(frozen=True)
class Format:
    """One format spec. Header words are folded by `text.header_key`."""

    name: str
    title_zh: str
    title_en: str
    signature: tuple[frozenset[str], ...]
    fields: Mapping[str, tuple[str, ...]]
    ignore: frozenset[str] = frozenset()
    ignore_patterns: tuple[re.Pattern[str], ...] = ()
    separator: str = ""
    keep_together: str | None = None
    null_words: tuple[str, ...] = ()
    authority: str | None = None
    append_kind: bool = False
    date_order: tuple[str, ...] = ("ymd",)
    century_before: tuple[str, ...] = ()
    country_pattern: str | None = None
    party_address: frozenset[str] = frozenset()
    number_with_date: bool = False
    strip: Mapping[str, str] = field(default_factory=dict)
    headerless: tuple[str, ...] = ()
    prepare: str | None = None
    expects: tuple[str, ...] = ()
    licence: str | None = None
    attribution: str | None = None
    events: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    table: str = "record"
    documents: Documents | None = None
    digest: str = ""  # of the spec's texts: a file read by another version of its spec is read anew

    def ignores(self, header: str) -> bool:
        """Whether a folded header is known and not read: by the spec, or because a file of rejects has it."""
        return (
            header in self.ignore
            or header in _REJECT_COLUMNS
            or any(pattern.search(header) for pattern in self.ignore_patterns)
        )


@dataclass(frozen=True)
class Recognised:
    """A table's format, and what becomes of each of its columns (headers as printed)."""

    format: Format
    mapping: Mapping[str, tuple[str, ...]]
    ignored: tuple[str, ...]
    unknown: tuple[str, ...]


@cache
def common_headers() -> Mapping[str, tuple[str, ...]]:
    """Record field → header words of all tools, folded, in order of precedence."""
    shipped = definitions.shipped("pingjiang.sources", "headers.yaml")
    return {name: tuple(header_key(str(word)) for word in words) for name, words in shipped.items()}


@cache
def known_words() -> frozenset[str]:
    """Every folded header that any format knows, to find the header row of a sheet."""
    words = {word for words in common_headers().values() for word in words}
    for spec in load_formats().values():
        words |= spec.ignore | {word for words_ in spec.fields.values() for word in words_}
        words |= {word for group in spec.signature for word in group}
    return frozenset(words)


@cache
def known_names() -> KnownNames:
    """What the formats know, for opening files: header words, elements of XML, lists of JSON."""
    told = [spec.documents for spec in load_formats().values() if spec.documents]
    return KnownNames(
        lambda cells: sum(header_key(cell) in known_words() for cell in cells if cell),
        frozenset().union(*(documents.elements for documents in told)),
        frozenset().union(*(documents.lists for documents in told)),
    )


@cache
def load_formats() -> Mapping[str, Format]:
    """All shipped formats by name, the generic one last."""
    folder = resources.files("pingjiang.sources") / "formats"
    found: dict[str, Format] = {}
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if not entry.name.endswith(".yaml"):
            continue
        text = entry.read_text(encoding="utf-8")
        data = definitions.parse(text)
        prepare = data.get("prepare")
        sql = (folder / prepare).read_text(encoding="utf-8") if prepare else None
        found[data["name"]] = _parse(data, sql, f"formats/{entry.name}", _digest(text, sql, code_of(data)))
    return found


def read_format(path: Path) -> Format:
    """A user's own spec. DefinitionError names the file, the key and the remedy."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise _not_readable(str(path), error) from error
    data = _own(text, str(path))
    sql = None
    if data.get("prepare"):
        # Specs pass from hand to hand: they must not reach beyond their folder, nor beyond the file being read.
        sql_path = path.parent / data["prepare"]
        if sql_path.name != data["prepare"] or sql_path.suffix != ".sql" or not sql_path.is_file():
            raise DefinitionError(
                f"{path}：prepare 应是同目录下的 .sql 文件 · prepare must name an .sql file beside the spec, "
                f"not {data['prepare']!r}"
            )
        sql = sql_path.read_text(encoding="utf-8")
        check_prepare(sql, str(sql_path))
    return _parse(data, sql, str(path), _digest(text, sql))


def parse_format(text: str, file: str) -> Format:
    """A user's own spec as text; `file` is what refusals call it. DefinitionError as `read_format`.

    It stands alone: one that names a file of SQL beside it is refused.
    """
    data = _own(text, file)
    if data.get("prepare"):
        raise DefinitionError(f"{file}：单独的规格不能有 prepare · a spec without its folder cannot have 'prepare'")
    return _parse(data, None, file, _digest(text, None))


def _own(text: str, file: str) -> dict[str, Any]:
    """The keys of a user's spec, each of its shape."""
    try:
        data = yaml.safe_load(text)
    # ValueError: 0000-00-00 is a date to YAML, and none to Python.
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise _not_readable(file, error) from error
    if not isinstance(data, dict):
        raise DefinitionError(
            f"{file}：格式规格应是含 name、title、fields 的映射 · "
            "a format spec is a mapping with the keys name, title, fields"
        )
    if of_documents := sorted({"documents", "reader", "refuse"} & set(data)):
        raise DefinitionError(
            f"{file}：自定规格只用于表格，不能有 {of_documents[0]} · "
            f"a spec of your own is for tables: {of_documents[0]!r} needs code"
        )
    _check_shapes(data, file)
    return data


def _not_readable(file: str, error: Exception) -> DefinitionError:
    return DefinitionError(f"{file}：不是可读的 YAML · cannot be read as YAML: {error}")


def _digest(text: str, sql: str | None, code: str = "") -> str:
    """Short hash of all that a spec says, the header words of all tools among it, and of its reader's code."""
    said = "\0".join((text, sql or "", code, repr(sorted(common_headers().items()))))
    return hashlib.sha256(said.encode()).hexdigest()[:12]


_TEXT_KEYS = {"keep_together", "authority", "country_pattern", "prepare", "licence", "attribution", "grain", "table"}
_LIST_KEYS = {"ignore", "ignore_patterns", "null_words", "headerless", "expects", "party_address"}
_MAPPING_KEYS = {"title", "fields", "dates", "strip", "events"}


def _check_shapes(data: Mapping[str, Any], file: str) -> None:
    """Each key of a user's spec holds what it should."""

    def wanted(key: str, zh: str, en: str) -> DefinitionError:
        return DefinitionError(f"{file}：{key} 应为{zh} · {key} must be {en}, not {data[key]!r}")

    for key in _TEXT_KEYS & set(data):
        if data[key] is not None and not isinstance(data[key], str):
            raise wanted(key, "文本", "a text")
    for key in _LIST_KEYS & set(data):
        if not isinstance(data[key], list) or not all(isinstance(word, str | int) for word in data[key]):
            raise wanted(key, "文本的列表", "a list of texts")
    for key in _MAPPING_KEYS & set(data):
        if not isinstance(data[key], dict):
            raise wanted(key, "映射", "a mapping")
    for key in ("fields", "dates", "events"):
        if not all(isinstance(words, list) for words in (data.get(key) or {}).values()):
            raise wanted(key, "键到列表的映射", "a mapping of names to lists")
    signature = data.get("signature", [])
    if not isinstance(signature, list) or not all(isinstance(group, list) for group in signature):
        raise wanted("signature", "列表的列表", "a list of lists of headers")
    if not isinstance(data.get("separator", ""), str):
        raise wanted("separator", "文本", "a text")
    _check_patterns(data, file)


def _check_patterns(data: Mapping[str, Any], file: str) -> None:
    """The patterns of a user's spec are regular expressions, and such as the engine knows."""
    patterns = [(key, data[key]) for key in ("keep_together", "country_pattern") if data.get(key)]
    patterns += [("ignore_patterns", pattern) for pattern in data.get("ignore_patterns", ())]
    patterns += [("strip", pattern) for pattern in (data.get("strip") or {}).values()]
    for key, pattern in patterns:
        try:
            groups = re.compile(str(pattern)).groups
        except re.error as error:
            raise DefinitionError(
                f"{file}：{key} 不是正则表达式 · {key}: {pattern!r} is no regular expression: {error}"
            ) from error
        if key != "ignore_patterns" and _NOT_IN_ENGINE.search(str(pattern)):
            raise DefinitionError(
                f"{file}：{key} 不能用环视或反向引用 · {key}: {pattern!r} must do without look-around "
                "and back-references"
            )
        if key in ("keep_together", "country_pattern") and groups < 1:
            raise DefinitionError(
                f"{file}：{key} 要用括号标出取用的部分 · {key}: {pattern!r} must have a group (…) around what is taken"
            )


# What regular expressions of Python have and the engine's (RE2) have not.
_NOT_IN_ENGINE = re.compile(r"\(\?<?[=!]|\(\?P=|\(\?\(|\(\?>|[*+?}]\+|(?<!\\)(?:\\\\)*\\[1-9]")


def check_prepare(sql: str, file: str) -> None:
    """Refuse a spec's own SQL unless it is one query over `raw` alone: DefinitionError."""
    import sqlglot  # of all imports only those by such a spec need it
    from sqlglot import exp

    try:
        trees = sqlglot.parse(sql, dialect="duckdb")
    except sqlglot.errors.SqlglotError as error:
        raise DefinitionError(f"{file}：不是 DuckDB 方言的 SQL · no SQL of DuckDB's dialect: {error}") from error
    [tree] = trees if len(trees) == 1 else [None]
    if not isinstance(tree, exp.Query):
        raise DefinitionError(f"{file}：只能有一个查询 · must be one query, WITH … SELECT")
    own = {cte.alias_or_name for cte in tree.find_all(exp.CTE)} | {"raw"}
    # A name that may be a path is a file where the engine finds no table so called.
    beyond = [name for name in sorted(own) if not re.fullmatch(r"\w+", name)]
    for read in tree.find_all(exp.Table):
        plain = isinstance(read.this, exp.Identifier) and not read.args.get("db") and read.name in own
        beyond += [] if plain else [read.sql(dialect="duckdb")]
    beyond += [node.sql(dialect="duckdb") for node in tree.find_all(exp.ReadCSV, exp.ReadParquet)]
    beyond += [node.name for node in tree.find_all(exp.Anonymous) if _REACHES_OUT.match(node.name)]
    if beyond:
        raise DefinitionError(f"{file}：只能读取 raw · may read `raw` alone, not {beyond[0]!r}")


_REACHES_OUT = re.compile(r"read_|glob$|getenv|query|parquet_|sniff|.*_scan$", re.IGNORECASE)


def _parse(data: Mapping[str, Any], prepare: str | None, file: str, digest: str) -> Format:
    unknown = sorted(set(data) - _KEYS)
    if unknown:
        raise DefinitionError(
            f"{file}：不认识的键 · unknown key {unknown[0]!r}; 认得的键 known keys: {', '.join(sorted(_KEYS))}"
        )
    if not isinstance(data.get("name"), str) or not re.fullmatch(r"[a-z][a-z0-9_]*", data["name"]):
        raise DefinitionError(
            f"{file}：name 须为小写字母、数字和下划线，以字母开头 · name must be a word of a-z, 0-9 and _"
        )
    fields = {name: tuple(header_key(str(w)) for w in words) for name, words in (data.get("fields") or {}).items()}
    rows_for = str(data.get("table", "record"))
    allowed = _fields_of(rows_for, file) if "documents" not in data else _fields_of("record", file)
    for name in [*fields, *data.get("headerless", ())]:
        if name not in allowed:
            raise DefinitionError(
                f"{file}：{name!r} 不是记录的字段 · is no field of a record; 字段 fields: {', '.join(sorted(allowed))}"
            )
    separator = data.get("separator", "")
    if separator not in SEPARATORS:
        raise DefinitionError(
            f"{file}：不认识的分隔符 · unknown separator {separator!r}; 认得 known: {', '.join(map(repr, SEPARATORS))}"
        )
    dates = data.get("dates") or {}
    title = data.get("title") or {}
    try:
        patterns = tuple(re.compile(pattern) for pattern in data.get("ignore_patterns", ()))
    except re.error as error:
        raise DefinitionError(f"{file}: ignore_patterns: {error}") from error
    return Format(
        name=data["name"],
        title_zh=str(title.get("zh", data["name"])),
        title_en=str(title.get("en", data["name"])),
        signature=tuple(_folded(group) for group in data.get("signature", ())),
        fields=fields,
        ignore=_folded(data.get("ignore", ())),
        ignore_patterns=patterns,
        separator=separator,
        keep_together=data.get("keep_together"),
        null_words=tuple(str(word) for word in data.get("null_words", ())),
        authority=data.get("authority"),
        append_kind=bool(data.get("append_kind", False)),
        date_order=tuple(dates.get("order", ("ymd",))),
        century_before=tuple(header_key(word) for word in dates.get("century_before", ())),
        country_pattern=data.get("country_pattern"),
        party_address=frozenset(data.get("party_address") or ()),
        number_with_date=bool(data.get("number_with_date", False)),
        strip=data.get("strip") or {},
        headerless=tuple(data.get("headerless", ())),
        prepare=prepare,
        expects=tuple(data.get("expects", ())),
        licence=data.get("licence"),
        attribution=data.get("attribution"),
        events=_events(data.get("events") or {}, file),
        table=rows_for,
        documents=parse_documents(data, file),
        digest=digest,
    )


_EVENT_KEYS = frozenset({"dated", "decisions", "effective"})


def _events(data: Mapping[str, Any], file: str) -> Mapping[str, tuple[str, ...]]:
    """Headers of columns that hold events, folded; and the names of details, as they are printed."""
    if unknown := sorted(set(data) - _EVENT_KEYS):
        raise DefinitionError(f"{file}：events 不认识的键 · events: unknown key {unknown[0]!r}")
    return {
        key: tuple(str(word) if key == "effective" else header_key(str(word)) for word in words)
        for key, words in data.items()
    }


def _fields_of(rows_for: str, file: str) -> set[str]:
    """The fields that a format of such rows may map. DefinitionError where no table is filled so."""
    if rows_for == "record":
        return {column.name for column in table("record").columns if column.field} | set(PART_FIELDS)
    if rows_for not in _OTHER_TABLES:
        known = ", ".join(("record", *_OTHER_TABLES))
        raise DefinitionError(f"{file}：table 应为 {known} 之一 · table must be one of {known}, not {rows_for!r}")
    more, made = _OTHER_TABLES[rows_for]
    return {column.name for column in table(rows_for).columns if column.field} - made | more


def _folded(words: Iterable[object]) -> frozenset[str]:
    return frozenset(header_key(str(word)) for word in words)


_NUMBERS = {"publication_number", "application_number", "grant_publication_number", "patent_number"}


@cache
def generic() -> Format:
    """What a table is read by that no format claims: the header words of all tools."""
    return Format("generic", "按表头识别的表格", "table recognised by its headers", (), {}, digest=_digest("", None))


def recognise(
    header: Sequence[str], *, file: str, forced: Format | None = None, own: Sequence[Format] = ()
) -> Recognised:
    """The format of a table with these headers, and where each column goes.

    A signature decides; the one with most headers wins, of two alike one of `own`, the specs of whoever asks. Without
    one, the common header words are enough where they give a number and two more fields. FormatUnknown says what was
    missing.
    """
    if forced is not None:
        found = _apply(forced, header)
        if forced.table != "record":
            _require(found, file)
        elif forced.prepare is None and not _NUMBERS & set(found.mapping):
            raise FormatUnknown(
                f"按格式 {forced.name}，表中没有公开号或申请号的列。",
                f"Format {forced.name!r} finds no column with a publication or application number in this table.",
                file=file,
                remedy=(
                    "请核对 --format 是否对应此文件，或在 YAML 规格中写明号码的表头。",
                    "Check that the file is what --format says, or map the number's header in a YAML spec.",
                ),
            )
        return found
    claimed = [(len(signature(spec, header)), spec) for spec in (*own, *load_formats().values())]
    most, best = max(claimed, key=lambda each: each[0])  # the first of those alike
    if most:
        found = _apply(best, header)
        _require(found, file)
        return found
    found = _apply(generic(), header)
    if not _NUMBERS & set(found.mapping) or len(found.mapping) < 3:
        columns = ", ".join(repr(cell) for cell in header[:12])
        known = ", ".join(sorted(found.mapping))
        raise FormatUnknown(
            f"没有格式认得这些列：{columns or '（无）'}；其中认得的：{known or '（无）'}。",
            f"No format claims these columns; known among them: {known or 'none'}.",
            file=file,
            remedy=(
                "用 --format 指定格式名（pingjiang formats 列出），"
                "或写一份 YAML 规格把表头对应到字段，再把路径给 --format。",
                "Name a format with --format NAME (`pingjiang formats` lists them), or write a YAML spec that maps "
                "your headers to fields and give its path to --format.",
            ),
        )
    return found


def signature(spec: Format, header: Sequence[str]) -> frozenset[str]:
    """The largest set of headers, folded, by which a format claims a table; empty where it does not."""
    folded = {header_key(cell) for cell in header if cell}
    return max((group for group in spec.signature if group <= folded), key=len, default=frozenset())


def _require(found: Recognised, file: str) -> None:
    """FormatUnknown where a table of other rows than `record` lacks what each of them must tell."""
    spec = found.format
    missing = [name for name in NEEDED.get(spec.table, ()) if name not in found.mapping]
    if missing:
        words = " / ".join(spec.fields.get(missing[0], ()))
        raise FormatUnknown(
            f"按格式 {spec.name}，表中缺少列：{words}。",
            f"Format {spec.name!r} finds no column for {missing[0]} in this table.",
            file=file,
            remedy=(
                "请补上该列，或在 YAML 规格中写明它的表头。",
                "Add the column, or map its header in a YAML spec.",
            ),
        )


def _apply(spec: Format, header: Sequence[str]) -> Recognised:
    """Map each header to a field of the record, to nothing by name, or to nobody knows."""
    if spec.headerless and not any(header):
        return Recognised(spec, {name: (f"#{i}",) for i, name in enumerate(spec.headerless)}, (), ())
    printed: dict[str, str] = {}
    for cell in header:
        if cell:
            printed.setdefault(header_key(cell), cell)
    mapping: dict[str, tuple[str, ...]] = {}
    shared = common_headers() if spec.table == "record" else {}
    for name, words in {**shared, **spec.fields}.items():
        # A word that the format ignores is read only where the format itself gives it to this field.
        # Two spellings of a header word may fold to one: each column is read once.
        hits = [w for w in dict.fromkeys(words) if w in printed and (name in spec.fields or not spec.ignores(w))]
        if hits:
            mapping[name] = tuple(printed[word] for word in hits)
    told = [word for key in ("dated", "decisions") for word in spec.events.get(key, ()) if word in printed]
    if told:
        mapping["events"] = tuple(printed[word] for word in told)
    used = {cell for cells in mapping.values() for cell in cells} | set(spec.expects)
    century = set(spec.century_before)
    rest = [cell for cell in printed.values() if cell not in used]
    ignored = tuple(c for c in rest if spec.ignores(header_key(c)) or header_key(c) in century)
    unknown = tuple(c for c in rest if c not in ignored)
    return Recognised(spec, mapping, ignored, unknown)


def recognise_documents(raw: RawDocuments, *, forced: Format | None = None) -> Format:
    """The format of a file of documents, by the first that could be read. FormatUnknown where none claims it.

    FileDamaged where none can be read.
    """
    document = raw.first
    if document is None:
        raise FileDamaged(
            "没有一件文献可以读取。",
            "None of its documents can be read.",
            file=raw.file,
            remedy=("请重新下载该文件。", "Download the file again."),
        )
    fitting = {name: spec.documents.fits(document) for name, spec in load_formats().items() if spec.documents}
    best = max(fitting, key=lambda name: fitting[name], default=None)
    spec = load_formats()[best] if best and fitting[best] else None
    remedy = ("可识别的格式用 pingjiang formats 列出。", "`pingjiang formats` lists the formats that are known.")
    refused: tuple[str, str] | None = None
    if spec is None:
        shown = document.name or ", ".join(list(document.content)[:8])
        refused = f"没有格式认得这种文献：{shown}。", f"No format claims these documents: {shown}."
    elif forced is not None and forced.name != spec.name:
        refused = f"这是 {spec.name}，不是 {forced.name}。", f"This is {spec.name}, not {forced.name}."
    if spec is None or spec.documents is None or refused is not None:
        raise FormatUnknown(*(refused or ("", "")), file=raw.file, remedy=remedy)
    if (refuse := spec.documents.refuse) is not None:
        remedy = (refuse.get("remedy_zh", remedy[0]), refuse.get("remedy_en", remedy[1]))
        raise FormatUnknown(refuse["zh"], refuse["en"], file=raw.file, remedy=remedy)
    return spec
