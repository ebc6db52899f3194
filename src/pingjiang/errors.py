"""The tree of errors. Each tells the caller what to do.

    PingjiangError                 something we can name went wrong
    ├── InputRefused               a file cannot be taken as it is: fix the file, run again (exit 2)
    │   ├── FormatUnknown          no format claims these columns: name one, or write a YAML spec
    │   └── FileDamaged            truncated, encrypted, empty, or not what its name says
    ├── LakeError                  the lake cannot be used as asked: the last good release is untouched
    │   ├── NotALake               the folder holds other things: name another (exit 2)
    │   ├── LakeBusy               another process writes: wait, run again
    │   └── LakeCorrupt            a release does not match its manifest: use an older release
    ├── DefinitionError            a definition of ours (indicator, chain, format, schema) breaks a rule
    └── QueryFailed                the engine refused SQL; carries the SQL

A single bad row is no exception: it is a `rejected` line in the receipt, with its reason.
"""

from __future__ import annotations


class PingjiangError(Exception):
    """Base of all errors that Pingjiang raises on purpose. `str()` is fit to show to a user."""


class InputRefused(PingjiangError):
    """An input file is refused as a whole. Names file, row, column and remedy.

    `row` is the row as a spreadsheet shows it (the first row is 1); `column` is a header or letter.
    """

    def __init__(
        self,
        message: str,
        *,
        file: str,
        row: int | None = None,
        column: str | None = None,
        remedy: str,
    ) -> None:
        self.message = message
        self.file = file
        self.row = row
        self.column = column
        self.remedy = remedy
        super().__init__(self._text())

    def _text(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column is not None:
            place += f", column {self.column}"
        return f"{place}: {self.message} Remedy: {self.remedy}"

    def as_dict(self) -> dict[str, str | int | None]:
        """The refusal as plain data, for `--json`."""
        return {
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "message": self.message,
            "remedy": self.remedy,
        }


class FormatUnknown(InputRefused):
    """No format spec recognises the columns of the file."""


class FileDamaged(InputRefused):
    """The bytes are truncated, encrypted, empty or of another kind than the name says."""


class LakeError(PingjiangError):
    """The lake cannot be used as asked. The last good release is untouched."""


class NotALake(LakeError):
    """The path is no folder, or a folder that holds other things. Nothing in it was touched."""


class LakeBusy(LakeError):
    """Another process holds the writer's lock."""


class LakeCorrupt(LakeError):
    """A file of a release does not match its manifest."""


class DefinitionError(PingjiangError):
    """A definition of ours (indicator, chain, format, schema) breaks a rule. Names file and rule."""


class QueryFailed(PingjiangError):
    """The engine refused SQL. Carries the SQL so that it can be run by hand."""

    def __init__(self, message: str, sql: str) -> None:
        self.sql = sql
        super().__init__(f"{message}\n--- SQL ---\n{sql}")
