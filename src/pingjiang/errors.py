"""The tree of errors. Each tells the caller what to do.

    PingjiangError                 something we can name went wrong
    ├── InputRefused               a file cannot be taken as it is: fix the file, run again (exit 2)
    │   ├── FormatUnknown          no format claims these columns: name one, or write a YAML spec
    │   ├── FileDamaged            truncated, encrypted, empty, or not what its name says
    │   └── PackageRefused         a package was changed, is not whole, or does not fit this program
    │       └── SenderUnknown      it is whole, but nobody here trusts who signed it: ask the sender, then trust
    ├── LakeError                  the lake cannot be used as asked: the last good release is untouched
    │   ├── NotALake               the folder holds other things: name another (exit 2)
    │   ├── LakeBusy               another process writes: wait, run again
    │   └── LakeCorrupt            a release does not match its manifest: use an older release
    ├── EngineUnavailable          a query engine cannot be reached, or does not see the lake (exit 2)
    │   └── EngineLost             it was reached and answers no more: mend the cluster, run again
    ├── QueryRefused               a query of the query language cannot be read: it says at which character (exit 2)
    ├── SetUnknown                 a query names a saved set that there is not, or that holds itself (exit 2)
    ├── FactRefused                a fact is not of the type or unit that a policy's field wants: mend it (exit 2)
    ├── BarMissed                  a measured figure lies below its bar: find out why (exit 3)
    ├── DefinitionError            a definition of ours (indicator, chain, format, schema) breaks a rule
    └── QueryFailed                the engine refused SQL; carries the SQL
        └── WriteFailed            the query ran, its rows could not be written: no space, or the disk is gone

A single bad row is no exception: it is a `rejected` line in the receipt, with its reason.

Every text for a user stands in both languages, Chinese first: `PingjiangError("没有…。", "There is no …")`.
A single text serves both: what only a developer meets, or what holds both languages already.
"""

from __future__ import annotations

# What stands at the end of every interrupted command. This file imports nothing: the entry point reads it
# before all else, and until then Ctrl-C has no answer.
INTERRUPTED = (
    "已中断：数据湖完好，没有留下半成品；再次运行同一条命令即可。",
    "Interrupted: the lake is as good as before, nothing is half done; run the same command again.",
)
Words = str | tuple[str, str]  # one text, or the same in Chinese and in English


def both(words: Words) -> str:
    """Chinese and English beside each other; a single text as it is."""
    return words if isinstance(words, str) else f"{words[0]} {words[1]}"


class Unfit(ValueError):
    """A text that is not what it should be, in Chinese and in English; where it stands the reader adds."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh = zh
        self.en = en
        super().__init__(f"{zh} {en}")


class PingjiangError(Exception):
    """Base of all errors that Pingjiang raises on purpose. `str()` is fit to show to a user.

    `row` is the row as a spreadsheet or an editor shows it (the first is 1); `column` a header or letter.
    """

    exit_code = 1
    _row = "row"

    def __init__(
        self,
        zh: str,
        en: str | None = None,
        *,
        file: str | None = None,
        row: int | None = None,
        column: str | None = None,
        remedy: Words | None = None,
    ) -> None:
        self.words: Words = zh if en is None else (zh, en)
        self.remedy_words = remedy
        self.message = both(self.words)
        self.file = file
        self.row = row
        self.column = column
        self.remedy = None if remedy is None else both(remedy)
        super().__init__(self._text())

    def _text(self) -> str:
        place = [] if self.file is None else [self.file]
        if self.row is not None:
            place.append(f"第 {self.row} 行 {self._row} {self.row}")
        if self.column is not None:
            place.append(f"列 column {self.column}")
        text = f"{', '.join(place)}: {self.message}" if place else self.message
        return text if self.remedy is None else f"{text} 办法 Remedy: {self.remedy}"

    def as_dict(self) -> dict[str, str | int | None]:
        """The error as plain data, for `--json`."""
        return {
            "kind": type(self).__name__,
            "message": self.message,
            "file": self.file,
            "row": self.row,
            "column": self.column,
            "remedy": self.remedy,
        }


class InputRefused(PingjiangError):
    """An input file is refused as a whole. Names file and remedy, row and column where they are known."""

    exit_code = 2
    file: str
    remedy: str

    def __init__(
        self,
        zh: str,
        en: str | None = None,
        *,
        file: str,
        row: int | None = None,
        column: str | None = None,
        remedy: Words,
    ) -> None:
        super().__init__(zh, en, file=file, row=row, column=column, remedy=remedy)


class FormatUnknown(InputRefused):
    """No format spec recognises the columns of the file."""


class FileDamaged(InputRefused):
    """The bytes are truncated, encrypted, empty or of another kind than the name says."""


class PackageRefused(InputRefused):
    """A signed package is not as its sender made it, or cannot be used here. Nothing of it was taken."""


class SenderUnknown(PackageRefused):
    """A package is whole, and signed by a key that nobody here has said to trust."""


class LakeError(PingjiangError):
    """The lake cannot be used as asked. The last good release is untouched."""


class NotALake(LakeError):
    """The path is no folder, or a folder that holds other things. Nothing in it was touched."""

    exit_code = 2


class LakeBusy(LakeError):
    """Another process holds the writer's lock."""


class LakeCorrupt(LakeError):
    """A file of a release does not match its manifest."""


class EngineUnavailable(PingjiangError):
    """A query engine that was asked for cannot be reached, lacks its client, or does not see the lake."""

    exit_code = 2


class EngineLost(EngineUnavailable):
    """A query engine has gone away while it worked. What was under construction is discarded."""

    exit_code = 1


class QueryRefused(PingjiangError):
    """A query cannot be read. `position` is that of the character at which it breaks off, the first being 1."""

    exit_code = 2
    _SHOWN = 36  # characters before and behind the position

    def __init__(self, zh: str, en: str, *, query: str, position: int, remedy: Words | None = None) -> None:
        self.query = query
        self.position = position
        super().__init__(zh, en, remedy=remedy)

    def _text(self) -> str:
        return f"第 {self.position} 个字符 At character {self.position}: {super()._text()}\n{self.pointer()}"

    def pointer(self) -> str:
        """The part of the query around the position, and beneath it a mark: wide characters get a wide space."""
        at = self.position - 1
        start = max(0, at - self._SHOWN)
        before = "".join(" " if char.isspace() else char for char in self.query[start:at])
        behind = "".join(" " if char.isspace() else char for char in self.query[at : at + self._SHOWN])
        gap = "".join("\u3000" if char > "\u2e7f" else " " for char in before)
        return f"    {before}{behind}\n    {gap}^"

    def as_dict(self) -> dict[str, str | int | None]:
        """As every error, with the position."""
        return {**super().as_dict(), "position": self.position}


class SetUnknown(PingjiangError):
    """A query names a saved set that there is not, or that holds itself."""

    exit_code = 2


class FactRefused(PingjiangError):
    """A fact is not of the type or unit that a policy's field wants, or there is no such field."""

    exit_code = 2

    def of(self, case: str) -> FactRefused:
        """The same refusal, naming the case of the fact."""
        words = (self.words,) if isinstance(self.words, str) else self.words
        return FactRefused(*words, file=case, remedy=self.remedy_words)


class BarMissed(PingjiangError):
    """A figure lies below the bar that was set for it. Names both; what was measured stands all the same."""

    exit_code = 3


class DefinitionError(PingjiangError):
    """A definition (indicator, chain, format, schema, setting) breaks a rule. Names file, line and rule."""

    exit_code = 2
    _row = "line"


class QueryFailed(PingjiangError):
    """The engine refused SQL. Carries the SQL so that it can be run by hand."""

    def __init__(self, message: str, sql: str) -> None:
        self.sql = sql
        super().__init__(message)

    def _text(self) -> str:
        return f"{super()._text()}\n--- SQL ---\n{self.sql}"


class WriteFailed(QueryFailed):
    """A query's rows could not be written. Nothing of them is left."""
