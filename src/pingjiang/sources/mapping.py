"""SQL that turns the text cells of a table into typed fields of `record`, by a format spec.

All cells arrive as text, blank cells as NULL. A cell that cannot be read as its type becomes NULL here
and a row of `doubt` in reading.py: never a guess, never lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pingjiang.schema import Column, table
from pingjiang.schema.codes import code_list
from pingjiang.sources.event_lists import event_list
from pingjiang.sources.formats import PART_FIELDS, SEPARATORS, Format
from pingjiang.text import header_key

WHITE = "' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(8194) || chr(12288)"
# Excel counts days from here (1900 system, with its leap-year error of 1900 already inside).
EXCEL_DAY_ZERO = "date '1899-12-30'"
# 1950-01-01. A smaller number is hardly a day that lost its format: it is some other number, and no date.
_FIRST_EXCEL_DAY = 18_264


# Columns that hold lists; those of the second kind are told by documents alone.
_OF_DOCUMENTS = {"claims", "citations", "events", "relations"}
_LISTS = {"texts", "parties"}


def literal(text: str) -> str:
    """`text` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    """`text` as a quoted SQL name."""
    return '"' + text.replace('"', '""') + '"'


def trimmed(expression: str) -> str:
    """Without white space of any width at both ends; '' becomes NULL."""
    return f"nullif(trim({expression}, {WHITE}), '')"


def _possible(date: str) -> str:
    """SQL: a date that a patent can bear, from the first patent laws to tomorrow; NULL for any other."""
    return f"case when year({date}) >= 1790 and not {in_future(date)} then {date} end"


def in_future(date: str) -> str:
    """SQL: whether a date has not come yet. Offices to the east of us may have tomorrow already."""
    return f"{date} > current_date + 1"


def is_applied(number: str) -> str:
    """SQL: whether a number says by its own words that it is an application's: ZL (a patent in China), 特願."""
    words = ("ZL", "zl", "Zl", "ＺＬ", "特願", "特愿", "実願", "實願", "意願")
    after_country = ("CNZL", "CN Z", "cnzl", "ＣＮＺＬ", "JP特願", "JP実願", "JP意願")
    listed, behind = (", ".join(map(literal, each)) for each in (words, after_country))
    return f"(substr({number}, 1, 2) in ({listed}) or substr({number}, 1, 4) in ({behind}))"


def is_patent_in_china(number: str) -> str:
    """SQL: whether a patent number is one of China, which is the application's: ZL201811107071.6, 85102475.5."""
    bare = f"regexp_full_match(trim({number}), '(CN|cn)? ?([0-9]{{8}}[.][0-9Xx]|[0-9]{{12}}([.]?[0-9Xx])?)')"
    return f"({is_applied(number)} or {bare})"


def folded_number(number: str) -> str:
    """SQL: the letters and digits of a number."""
    return f"regexp_replace(upper({number}), '[^A-Z0-9]', '', 'g')"


class Mapper:
    """Builds the select list for one table of one format. Headers are those of relation `cells`."""

    def __init__(self, spec: Format, mapping: Mapping[str, Sequence[str]], headers: Sequence[str]) -> None:
        self.spec = spec
        self.mapping = mapping
        self.headers = list(headers)

    def cell(self, field: str) -> str:
        """The text of a field: the first non-empty of its columns; NULL where no column has it."""
        parts = [self.column(header) for header in self.mapping.get(field, ())]
        if not parts:
            return "cast(null as varchar)"
        expression = parts[0] if len(parts) == 1 else f"coalesce({', '.join(parts)})"
        if field in self.spec.strip:
            expression = f"regexp_replace({expression}, {literal(self.spec.strip[field])}, '', 'g')"
        return expression

    def column(self, header: str) -> str:
        """SQL: the text of a column; NULL for words that mean nothing."""
        column = f"cells.{name(header)}"
        if self.spec.null_words:
            words = ", ".join(literal(word) for word in self.spec.null_words)
            return f"case when {column} in ({words}) then null else {column} end"
        return column

    def _bare(self, field: str, expression: str) -> str:
        """The text of a field without white space around it: cells of a file come so already."""
        made_here = self.spec.prepare is not None or field in self.spec.strip
        return trimmed(expression) if made_here else expression

    # -- numbers -----------------------------------------------------------------------------------

    def number(self, field: str) -> str:
        """A number as printed, with its kind where that stands in a column of its own."""
        cell = self.cell(field)
        if self.spec.number_with_date:
            cell = f"regexp_replace({cell}, '[ ,]+[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$', '')"
        if field == "publication_number" and self.spec.append_kind and "kind" in self.mapping:
            return f"{cell} || coalesce(' ' || {self.cell('kind')}, '')"
        return cell

    def _number(self, field: str) -> str:
        number = self.number(field)
        return trimmed(number) if self.spec.number_with_date else self._bare(field, number)

    # -- types -------------------------------------------------------------------------------------

    def typed(self, column: Column) -> str:
        """The value of a record column. Documents give their lists as lists; cells of tables are split."""
        if (column.type in _LISTS and self.spec.documents is not None) or column.type in _OF_DOCUMENTS:
            if column.name == "events" and self.spec.events:
                return event_list(self)
            told = column.name in self.mapping
            return f"cast({f'cells.{name(column.name)}' if told else 'null'} as {column.engine_type})"
        match column.field:
            case "publication":
                number = self._number(column.name)
                return f"case when {is_applied(number)} then null else {number} end"
            case "application":
                publication = self._number("publication_number")
                applied = f"case when {is_applied(publication)} then {publication} end"
                return f"coalesce({self._number(column.name)}, {applied})"
            case "text":
                return self._bare(column.name, self.cell(column.name))
            case "integer":
                return self.integer(column.name)
            case "date":
                return self.date(column.name)
            case "patent_type" | "standing":
                return self.code(column.name, column.field)
            case "texts":
                return self.texts(column.name)
            case "parties":
                return self.parties(column.name)
        raise AssertionError(f"record.{column.name}: unknown field type {column.field!r}")

    def integer(self, field: str) -> str:
        """A whole number above zero, also as spreadsheets write it (16.0); NULL for anything else.

        Zero is how tools write that they don't know: no patent has zero claims.
        """
        cell = self.cell(field)
        whole = f"regexp_full_match({cell}, '[0-9]+([.]0+)?')"
        return f"nullif(case when {whole} then try_cast(regexp_replace({cell}, '[.]0+$', '') as bigint) end, 0)"

    def said(self, column: Column) -> str:
        """The text of a cell that may fail to be read as its type; NULL where it says that nothing is known."""
        cell = self.cell(column.name)
        if self._dated(column.name):
            cell = f"regexp_extract({self.cell('application_number')}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$')"
            return f"case when {cell} not in ('', '0001-01-01') then {cell} end"
        return f"case when not regexp_full_match({cell}, '[-0/. :]*') then {cell} end"

    def _dated(self, field: str) -> bool:
        """Whether the date of this field stands behind the application's number."""
        return field == "filing_date" and self.spec.number_with_date and field not in self.mapping

    def checks(self, field: str) -> bool:
        """Whether a column of the table tells this field, so that it may fail to."""
        return field in self.mapping or self._dated(field)

    def code(self, field: str, codes: str) -> str:
        """A code of a closed list; NULL for a word that is not on it."""
        if field not in self.mapping:
            return "cast(null as varchar)"
        whens = " ".join(f"when {literal(w)} then {literal(c)}" for w, c in code_list(codes).items())
        return f"case lower({self._bare(field, self.cell(field))}) {whens} end"

    def date(self, field: str) -> str:
        """A date written in any of the usual ways; NULL where it is none, or could be two."""
        if self._dated(field):
            number = self.cell("application_number")
            return _possible(f"try_cast(regexp_extract({number}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$') as date)")
        if field not in self.mapping:
            return "cast(null as date)"
        return _possible(self.any_date(self._bare(field, self.cell(field)), of_cells=True))

    def any_date(self, text: str, *, of_cells: bool = False) -> str:
        """SQL: the date that a text names, possible or not. `of_cells`: other cells of its row are at hand."""
        half_width = f"translate({text}, '０１２３４５６７８９－／．', '0123456789-/.')"
        cell = f"regexp_replace({half_width}, '[T ]+[0-9]{{1,2}}:[0-9:.]+ ?(Z|[+-][0-9:]{{2,5}})?$', '')"
        dashed = f"regexp_replace(regexp_replace({cell}, '日$', ''), ' *[年月./-] *', '-', 'g')"
        # Most cells are so already, and then nothing else is computed for them.
        cases = [
            f"when regexp_full_match({text}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}') then try_cast({text} as date)",
            f"when regexp_full_match({cell}, '[0-9]{{8}}') then try_strptime({cell}, '%Y%m%d')",
            # A day that lost its format, maybe with the time of day behind the point.
            f"when regexp_full_match({cell}, '[1-7][0-9]{{4}}([.][0-9]+)?') "
            f"and try_cast(left({cell}, 5) as integer) >= {_FIRST_EXCEL_DAY} "
            f"then {EXCEL_DAY_ZERO} + try_cast(left({cell}, 5) as integer)",
            f"when regexp_full_match({dashed}, '[0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}}') "
            f"then try_strptime({dashed}, '%Y-%m-%d')",
            f"when regexp_full_match({cell}, '[0-9]{{1,2}}[.][0-9]{{1,2}}[.][0-9]{{4}}') "
            f"then try_strptime({cell}, '%d.%m.%Y')",
            f"when regexp_full_match({cell}, '[0-9]{{1,2}} [A-Za-z]{{3}} [0-9]{{4}}') "
            f"then try_strptime({cell}, '%d %b %Y')",
            f"when regexp_full_match({cell}, '[0-9]{{1,2}} [A-Za-z]{{4,}} [0-9]{{4}}') "
            f"then try_strptime({cell}, '%d %B %Y')",
            f"when regexp_full_match({cell}, '[A-Za-z]{{3}} [0-9]{{1,2}}, [0-9]{{4}}') "
            f"then try_strptime({cell}, '%b %d, %Y')",
            f"when regexp_full_match({cell}, '[A-Za-z]{{4,}} [0-9]{{1,2}}, [0-9]{{4}}') "
            f"then try_strptime({cell}, '%B %d, %Y')",
        ]
        cases += self._day_first_cases(dashed, of_cells)
        return f"cast(case {' '.join(cases)} end as date)"

    def _day_first_cases(self, dashed: str, of_cells: bool) -> list[str]:
        """Dates that begin with the day or the month: only in the order that the format declares."""
        order = "%d-%m-" if "dmy" in self.spec.date_order else "%m-%d-" if "mdy" in self.spec.date_order else None
        if order is None:
            return []
        cases = [
            f"when regexp_full_match({dashed}, '[0-9]{{1,2}}-[0-9]{{1,2}}-[0-9]{{4}}') "
            f"then try_strptime({dashed}, '{order}%Y')"
        ]
        year = self.year_beside()
        if year is not None and of_cells:
            # Two digits: the latest century that does not pass the year of publication, which itself may be one
            # less than that of the date (the last days of December).
            short = f"cast(right({dashed}, 2) as integer)"
            full = f"({year} + 1 - (({year} + 1 - {short}) % 100 + 100) % 100)"
            cases.append(
                f"when regexp_full_match({dashed}, '[0-9]{{1,2}}-[0-9]{{1,2}}-[0-9]{{2}}') and {year} is not null "
                f"then try_strptime(left({dashed}, length({dashed}) - 2) || {full}, '{order}%Y')"
            )
        return cases

    def year_beside(self) -> str | None:
        """SQL: the year of publication in a column of its own, where the format declares one."""
        bound = next((h for h in self.headers if header_key(h) in self.spec.century_before), None)
        return None if bound is None else f"try_cast(cells.{name(bound)} as integer)"

    # -- lists -------------------------------------------------------------------------------------

    def texts(self, field: str) -> str:
        """A cell split into its entries, trimmed, empty ones dropped; NULL where nothing is left."""
        if field not in self.mapping:
            return "cast(null as varchar[])"
        cell, back = self.cell(field), "{entry}"
        if self.spec.keep_together and field in ("applicants", "inventors"):
            cell = f"regexp_replace({cell}, '(?i){self.spec.keep_together}\\b', chr(1) || '\\1', 'g')"
            back = "replace({entry}, chr(1), ', ')"
        separator, *others = SEPARATORS[self.spec.separator]
        for other in others:
            cell = f"replace({cell}, {literal(other)}, {literal(separator)})"
        split = f"string_split({cell}, {literal(separator)})"
        entry = back.format(entry=f"trim(entry, {WHITE})")
        entries = f"list_filter(list_transform({split}, lambda entry: {entry}), lambda entry: entry <> '')"
        return f"nullif({entries}, [])"

    def parties(self, field: str) -> str:
        """A cell split into names, each with the address that the source gives it."""
        if field not in self.mapping:
            return "cast(null as struct(name varchar, country varchar, state varchar, city varchar, address varchar)[])"
        role = field.removesuffix("s")
        country, full_name, address = "cast(null as varchar)", "entry", "cast(null as varchar)"
        if self.spec.country_pattern:
            pattern = literal(self.spec.country_pattern)
            country = f"nullif(regexp_extract(entry, {pattern}, 1), '')"
            full_name = f"trim(regexp_replace(entry, {pattern}, ''), {WHITE})"
        elif field in self.spec.party_address:
            country = "nullif(regexp_extract(entry, ', *([A-Z]{2})(,[0-9]+)?$', 1), '')"
            full_name = f"trim(regexp_extract(entry, '^[^,]+'), {WHITE})"
            address = "nullif(regexp_extract(entry, '^[^,]+,(.*)$', 1), '')"
        # A column of its own speaks of the first party: exports give one address a row.
        own = {part: self.cell(f"{role}_{part}") for part in ("country", "state", "city", "address")
               if f"{role}_{part}" in PART_FIELDS and self._has(f"{role}_{part}")}  # fmt: skip

        def part(key: str, otherwise: str) -> str:
            return f"case when place = 1 then {own[key]} end" if key in own else otherwise

        none = "cast(null as varchar)"
        return (
            f"list_transform({self.texts(field)}, lambda entry, place: {{'name': {full_name}, "
            f"'country': {part('country', country)}, 'state': {part('state', none)}, "
            f"'city': {part('city', none)}, 'address': {part('address', address)}}})"
        )

    def _has(self, field: str) -> bool:
        return field in self.mapping

    def select_list(self) -> str:
        """All said columns of `record`, typed, in schema order."""
        return ", ".join(
            f"{self.typed(column)} as {name(column.name)}" for column in table("record").columns if column.field
        )
