"""Class symbols of IPC, CPC and LOC (Locarno) in their one display form: 'H01L21/768', 'Y02E60/10', '14-02'.

A symbol may stop at any level ('H01', 'H01L', 'H01L21'). The version is kept where the text gives it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

Scheme = Literal["IPC", "CPC", "LOC"]

_SYMBOL: Final = re.compile(
    r"""(?:INT\.?\s*CL\.?\s*\d{0,2}\s*[:.]?\s*|([1-8])\s?(?=[A-H]\s?\d\d))?   # edition, to 2005
        ([A-HY])\s*(\d{2})                        # section and class
        (?:\s*([A-Z])                             # subclass
            (?:\s*-?\s*(?:0*(\d{1,4})\s*[/:]\s*(\d{2,6})  # main group / subgroup
                         |(\d{1,10})              # or both run together, or the main group alone
            ))?
        )?
        (?:[INA](?![\dA-Z]))?                     # inventive, not inventive, additional
        (?![\dA-Z]|/[^\s])
        (?:\s*[\[(〔]\s*(?:V\.?)?\s*((?:19|20)\d\d[.\-/]?\d\d|[1-8])\s*[)\]〕])?""",
    re.VERBOSE,
)
_VERSION_BEHIND: Final = re.compile(r"[(〔\[]\s*((?:19|20)\d\d)\.(\d\d)\s*[)〕\]]")
_LOCARNO: Final = re.compile(
    r"(?:LOC\s*[(]\s*(\d{1,2})\s*[)]\s*(?:CL\.?)?\s*|LOCARNO\s*:?\s*)?"
    r"(?:(\d{1,2})\s*[-/.]\s*(\d{2})|(\d{2})(\d{2})?)(?![\d/.]|-(?![A-Z]\d{4}))(?:\s*[(]\s*(\d{1,2})\s*[)])?"
)
_LOCARNO_CLASSES: Final = 32
_LEVELS: Final = (1, 3)  # characters of a section and of a class
_DATED_VERSION: Final = re.compile(r"\s*((?:19|20)\d\d)(\d\d)\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class ClassSymbol:
    """A symbol of a scheme: `symbol` in display form, `version` as 'YYYY.MM', edition digit, or None."""

    scheme: Scheme
    symbol: str
    version: str | None = None


def normalise(text: str, scheme: Scheme) -> ClassSymbol | None:
    """The symbol at the beginning of `text`, or None if there is none.

    Reads 'H01L  21/768', 'A61K-0031/12', 'H01L0021768000' (ST.8), 'C07D41700' (Derwent: three digits of main
    group), 'E01B3/32(2006.01)I', 'H04W 64/00 some words', 'G05D1', 'H04L'. Section Y is CPC's alone.
    """
    folded = unicodedata.normalize("NFKC", text) if not text.isascii() else text
    folded = folded.strip(" \t\r\n'\"").upper()
    if scheme == "LOC":
        return _locarno(folded)
    match = _SYMBOL.match(folded)
    if match is None or (scheme == "IPC" and match.group(2) == "Y"):
        return None
    edition, section, class_, subclass, group, subgroup, run, version = match.groups()
    if run is not None:
        group, subgroup = _split_run(run)
    symbol = section + class_ + (subclass or "")
    if group is not None:
        if not group.strip("0"):
            return None
        symbol += group.lstrip("0") + (f"/{subgroup}" if subgroup else "")
    if version is None:
        version = _version_behind(folded, match.end()) or edition
    elif len(version) > 1:
        version = f"{version[:4]}.{version[-2:]}"
    return ClassSymbol(scheme, symbol, version)


def _split_run(run: str) -> tuple[str, str | None]:
    """'0021768000' -> ('0021', '768'), '41700' -> ('417', '00'), '21' -> ('21', None)."""
    if len(run) == 10:
        subgroup = run[4:].rstrip("0")
        return run[:4], subgroup.ljust(2, "0")
    if len(run) >= 5:
        group = 4 if run.startswith("000") else 3
        return run[:group], run[group:]
    return run, None


def _version_behind(folded: str, end: int) -> str | None:
    """A version that stands after the words ('... 〔2009.01〕') or as a date right behind ('20060101AFI')."""
    dated = _DATED_VERSION.match(folded, end)
    found = dated or _VERSION_BEHIND.search(folded, end)
    return f"{found.group(1)}.{found.group(2)}" if found is not None else None


def _locarno(folded: str) -> ClassSymbol | None:
    """'14-02(12)', '1402', '14', '14-02-B0505' (with China's further level).

    A subclass of one digit ('14-0') was cut off: None.
    """
    match = _LOCARNO.match(folded)
    if match is None:
        return None
    edition, class_, subclass, class_alone, run_together, behind = match.groups()
    class_, subclass = class_ or class_alone, subclass or run_together
    if not 1 <= int(class_) <= 99:
        return None
    symbol = class_.zfill(2) + (f"-{subclass}" if subclass else "")
    return ClassSymbol("LOC", symbol, edition or behind)


def normalise_or_design(text: str, scheme: Scheme) -> ClassSymbol | None:
    """`normalise`, for a column that holds Locarno symbols of designs among those of its own scheme.

    A Locarno symbol ('14-02', '1402', 'LOC(10)Cl.14-02') is of scheme LOC whatever the column is called; a class
    without its subclass ('14') is not taken for one.
    """
    found = normalise(text, scheme)
    if found is not None or scheme == "LOC":
        return found
    design = normalise(text, "LOC")
    return design if design is not None and _designed(design.symbol) else None


def _designed(symbol: str) -> bool:
    class_, divider, _ = symbol.partition("-")
    return divider != "" and int(class_) <= _LOCARNO_CLASSES


def normalise_many(texts: Sequence[str | None], scheme: Scheme, *, or_design: bool = False) -> list[ClassSymbol | None]:
    """`normalise` of a column, or `normalise_or_design`; each distinct text is read once. None gives None."""
    read = normalise_or_design if or_design else normalise
    known: dict[str | None, ClassSymbol | None] = {None: None}
    for text in set(texts):
        if text is not None:
            known[text] = read(text, scheme)
    return [known[text] for text in texts]


def _parts(symbol: str) -> tuple[str, str, str]:
    """'H01L21/768' -> ('H01L', '21', '768'); '14-02' -> ('14', '', '02'); missing levels are ''."""
    if symbol[:1].isdigit():
        class_, _, subclass = symbol.partition("-")
        return class_, "", subclass
    head, _, subgroup = symbol.partition("/")
    return head[:4], head[4:], subgroup


def sort_key(symbol: str) -> tuple[str, int, str]:
    """Key that puts display symbols in the order of the scheme: groups by number, subgroups as decimals."""
    head, group, subgroup = _parts(symbol)
    return head, int(group) if group else -1, subgroup


def is_below(symbol: str, ancestor: str) -> bool:
    """True if `symbol` is `ancestor` or lies below it by section, class, subclass or main group.

    A main group is written 'H01L21' or 'H01L21/00'. Which subgroup lies below which (the dots) a symbol does
    not tell: below a subgroup is only itself.
    """
    if symbol == ancestor:
        return True
    head, group, subgroup = _parts(ancestor)
    own_head, own_group, own_subgroup = _parts(symbol)
    if group == "" and subgroup == "":
        return own_head == head or (len(head) in _LEVELS and head[0].isalpha() and own_head.startswith(head))
    return own_head == head and own_group == group != "" and (subgroup in ("", "00") or subgroup == own_subgroup)
