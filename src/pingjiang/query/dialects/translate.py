"""A query of another tool in this language. What cannot be said leaves a hole with a name, and is listed.

A hole is a saved set that nobody has saved (`##untranslated-1`): the query is echoed with it, and refused until it is
filled or taken out. What is said with another meaning is listed as changed. Nothing is left out in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pingjiang.errors import QueryRefused, Unfit
from pingjiang.query.dialects.dialect import Dialect, load_dialect
from pingjiang.query.dialects.lexing import Piece, pieces_of
from pingjiang.query.dialects.translation import Item, Translation
from pingjiang.query.fields import Field, load_fields
from pingjiang.query.parse import MAX_NEAR, MAX_WITHIN, sides
from pingjiang.query.reading import read_range, read_value
from pingjiang.query.tokens import pieces
from pingjiang.query.tree import MAX_DEPTH, And, Fielded, Near, Node, Not, Or, SetRef, Symbol, Term, walk

HOLE = "untranslated"


def translate(text: str, name: str) -> Translation:
    """A query in the language of `name` (dialect.DIALECTS) in this one.

    Raises DefinitionError where there is no such dialect, QueryRefused for a text that is no query there either.
    """
    dialect = load_dialect(name)
    found = pieces_of(text, dialect)
    if not found:
        raise QueryRefused("检索式是空的。", "The query is empty.", query=text, position=1)
    reader = _Reader(text, dialect, found)
    tree = reader.whole()
    return Translation(tree, tuple(reader.holes), tuple(reader.changed), dialect.assumed)


class _Unsaid(Exception):
    """A part that cannot be said."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(en)


@dataclass(slots=True)
class _Reader:
    text: str
    dialect: Dialect
    pieces: list[Piece]
    at: int = 0
    depth: int = 0
    holes: list[Item] = field(default_factory=list)
    changed: list[Item] = field(default_factory=list)

    # -- the frame ---------------------------------------------------------------------------------

    def whole(self) -> Node:
        try:
            tree = self.several(None)
            if self.peek() is not None:
                raise self.refused("这个“)”没有对应的“(”。", "This ')' closes nothing.")
            return tree
        except _Unsaid as why:  # an operator between conditions: nothing smaller than the whole can be left out
            self.holes, self.changed = [], []
            return self.hole(0, len(self.pieces), why)

    def peek(self) -> Piece | None:
        return self.pieces[self.at] if self.at < len(self.pieces) else None

    def refused(self, zh: str, en: str) -> QueryRefused:
        piece = self.peek()
        position = len(self.text.rstrip()) + 1 if piece is None else piece.start + 1
        return QueryRefused(zh, en, query=self.text, position=position)

    def hole(self, first: int, behind: int, why: _Unsaid) -> SetRef:
        start, end = self.pieces[first].start, self.pieces[behind - 1].end
        name = SetRef(f"{HOLE}-{len(self.holes) + 1}", saved=True)
        self.holes.append(Item(self.text[start:end], start + 1, why.zh, why.en, name.text()))
        return name

    def note(self, piece: Piece, words: tuple[str, str]) -> None:
        """Something is said with another meaning; the same is told once."""
        if all(seen.zh != words[0] for seen in self.changed):
            self.changed.append(Item(piece.text.strip(), piece.start + 1, *words))

    def several(self, of: Field | None) -> Node:
        """Operands and what joins them, up to a closing bracket or the end."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.refused(f"括号嵌套超过 {MAX_DEPTH} 层。", f"Brackets nest deeper than {MAX_DEPTH}.")
        first = self.negated(of)
        joined: list[tuple[str, Node]] = []
        while (piece := self.peek()) is not None and piece.kind != ")":
            operator = "and"
            if piece.kind == "operator":
                self.at += 1
                operator = piece.text
            elif piece.kind == "unsaid":
                raise _Unsaid(*piece.why)
            side = self.negated(of)
            joined.append(("and", Not(side)) if operator == "not" else (operator, side))
        self.depth -= 1
        return self.from_the_left(first, joined) if self.dialect.left else self.by_precedence(first, joined)

    def from_the_left(self, first: Node, joined: list[tuple[str, Node]]) -> Node:
        made, last, levels = first, "", 0
        for operator, side in joined:
            levels += operator != last
            if levels > MAX_DEPTH // 2:
                raise self.refused("从左到右的运算层次过多，请加括号。", "Too many turns from the left: put brackets.")
            kind = Or if operator == "or" else And
            parts = made.parts if operator == last and isinstance(made, Or | And) else (made,)
            made, last = kind((*parts, side)), operator
        return made

    def by_precedence(self, first: Node, joined: list[tuple[str, Node]]) -> Node:
        rows: list[list[Node]] = [[first]]
        for operator, side in joined:
            if operator == "or":
                rows.append([side])
            else:
                rows[-1].append(side)
        parts = tuple(row[0] if len(row) == 1 else And(tuple(row)) for row in rows)
        return parts[0] if len(parts) == 1 else Or(parts)

    def negated(self, of: Field | None) -> Node:
        nots = 0
        while (piece := self.peek()) is not None and piece.kind == "operator" and piece.text == "not":
            self.at += 1
            nots += 1
        if nots > MAX_DEPTH:
            raise self.refused("NOT 过多。", "There are too many NOT.")
        made = self.near(of)
        for _ in range(nots):
            made = Not(made)
        return made

    def near(self, of: Field | None) -> Node:
        first = self.at
        made = self.operand(of)
        while (piece := self.peek()) is not None and piece.kind == "near":
            self.at += 1
            other = self.operand(of)
            made = self.joined(made, other, piece, first)
        return made

    def joined(self, left: Node, right: Node, piece: Piece, first: int) -> Node:
        """Two sides of a distance; where each names its field, that of both."""
        named = None
        if isinstance(left, Fielded) and isinstance(right, Fielded) and left.field == right.field:
            named, left, right = left.field, left.part, right.part
        made = Near(left, right, min(piece.within, MAX_WITHIN), bool(piece.near and piece.near.ordered))
        if not _is_near(made) or sides(made) > MAX_NEAR:
            raise _Unsaid("词距的两边不是同一字段里的词", "on both sides of a distance stand words of one field")
        return made if named is None else Fielded(named, made)

    # -- operands ----------------------------------------------------------------------------------

    def operand(self, of: Field | None) -> Node:
        piece = self.peek()
        if piece is None:
            raise self.refused("检索式没有写完。", "The query ends too early.")
        if piece.kind == "unsaid":
            raise _Unsaid(*piece.why)
        if piece.kind == "(":
            return self.bracketed(of)
        if piece.kind == "turned":
            self.at += 1
            return self.clause(self.at - 1, lambda: self.turned(piece))
        if piece.kind == "field":
            return self.clause(self.at, lambda: self.fielded(piece))
        if piece.kind in ("word", "quoted", "range"):
            if of is not None:
                self.at += 1
                return self.value(of, piece, "", "")
            default = load_fields()[self.dialect.default]
            return self.clause(self.at, lambda: Fielded(default.name, self.loose(default)))
        raise self.refused("这里应是检索词、字段或“(”。", "Expected a word, a field or '('.")

    def loose(self, default: Field) -> Node:
        piece = self.pieces[self.at]
        self.at += 1
        if self.dialect.default_note:
            self.note(piece, self.dialect.default_note)
        return self.value(default, piece, "", "")

    def bracketed(self, of: Field | None) -> Node:
        self.at += 1
        made = self.several(of)
        piece = self.peek()
        if piece is None or piece.kind != ")":
            raise self.refused("括号没有关上。", "A bracket is not closed.")
        self.at += 1
        return made

    def clause(self, first: int, read: Callable[[], Node]) -> Node:
        """A condition, or a hole in its place."""
        depth, notes = self.depth, len(self.changed)
        try:
            return read()
        except _Unsaid as why:
            self.depth = depth
            del self.changed[notes:]
            self.at = self.behind(first)
            return self.hole(first, self.at, why)

    def behind(self, first: int) -> int:
        """The piece behind a condition that begins at `first`, with all that a distance or the like joins to it."""
        at = self.operand_end(first)
        while at < len(self.pieces) and self.pieces[at].kind in ("near", "unsaid"):
            at += 1
            if at < len(self.pieces) and self.pieces[at].kind not in ("operator", ")"):
                at = self.operand_end(at)
        return at

    def operand_end(self, first: int) -> int:
        """The piece behind an operand: a field takes the word or the brackets behind it."""
        at = first + (self.pieces[first].kind == "field")
        depth = 0
        while at < len(self.pieces):
            depth += {"(": 1, ")": -1}.get(self.pieces[at].kind, 0)
            at += 1
            if depth <= 0:
                break
        return at

    def fielded(self, piece: Piece) -> Node:
        ours = self.ours(piece)
        self.at += 1
        made = []
        start = self.at
        for name in ours:
            self.at = start
            of = load_fields()[name]
            made.append(Fielded(name, self.asked(of, piece)))
        if len(made) == 1:
            return made[0]
        if any(isinstance(part, And | Not) for one in made for part in walk(one)):
            raise _Unsaid("几个字段合在一起，括号里不能有 AND、NOT", "several fields at once allow no AND, NOT within")
        return Or(tuple(made))

    def ours(self, piece: Piece) -> tuple[str, ...]:
        if piece.name in self.dialect.fields:
            return self.dialect.fields[piece.name]
        if piece.name in self.dialect.changed:
            name, words = self.dialect.changed[piece.name]
            self.note(piece, words)
            return (name,)
        raise _Unsaid(*self.dialect.unsaid.get(piece.name, ("没有对应的字段", "there is no such field here")))

    def asked(self, of: Field, piece: Piece) -> Node:
        """What stands behind the sign of a field."""
        following = self.peek()
        if following is None:
            raise self.refused("检索式没有写完。", "The query ends too early.")
        if following.kind == "(":
            if piece.mark:
                raise _Unsaid(f"'{piece.mark}' 后面不能是括号", f"brackets cannot follow '{piece.mark}'")
            return self.bracketed(of)
        if following.kind not in ("word", "quoted", "range"):
            raise (
                _Unsaid(*following.why)
                if following.kind == "unsaid"
                else self.refused("这里应是检索词。", "Expected a word.")
            )
        self.at += 1
        return self.value(of, following, piece.mark, piece.name)

    def turned(self, piece: Piece) -> Node:
        """`20110101<=pd<=20130101`."""
        match = re.match(r"(\S+?)\s*(<=?)\s*[\w-]+?\s*(?:(<=?)\s*(\S+))?$", piece.text)
        name = self.ours(piece)[0]
        of = load_fields()[name]
        if match is None or of.kind not in ("date", "integer"):
            raise _Unsaid("这个比较无法转换", "this comparison cannot be said")
        parts = [self.said(lambda: read_value(of, match[1], ">=" if match[2] == "<=" else ">", quoted=False))]
        if match[4]:
            parts.append(self.said(lambda: read_value(of, match[4], match[3], quoted=False)))
        return Fielded(name, parts[0] if len(parts) == 1 else And(tuple(parts)))

    # -- values ------------------------------------------------------------------------------------

    def said(self, read: Callable[[], Node]) -> Node:
        try:
            return read()
        except Unfit as error:
            raise _Unsaid(error.zh, error.en) from None

    def value(self, of: Field, piece: Piece, mark: str, code: str) -> Node:
        text = piece.text[1:-1] if piece.kind == "quoted" else piece.text
        if piece.kind == "range":
            ends = re.split(r"\s+to\s+", text.strip("[] \t\n"), maxsplit=1, flags=re.IGNORECASE)
            return self.said(lambda: read_range(of, ends[0].strip(), ends[1].strip()))
        if mark in ("all", "any", "within"):
            return self.related(of, text, mark)
        known = self.dialect.values.get(code or self.code_of(of), {})
        text = known.get(text.upper(), text)
        if of.is_words:
            return self.words(text, whole=mark == "==", quoted=piece.kind == "quoted", of=of)
        quoted = piece.kind == "quoted"
        made = self.said(lambda: read_value(of, text, "=" if mark in ("=", "==") else mark, quoted=quoted))
        if isinstance(made, Symbol) and "/" in made.text and not text.endswith("*") and "=" not in made.text:
            self.note(piece, ("这里按号码取其开头相同的全部", "here all symbols whose number begins so are taken"))
        return made

    def code_of(self, of: Field) -> str:
        """The code of the field whose brackets we are in, where it has values of its own."""
        return next((c for c in self.dialect.values if self.dialect.fields.get(c) == (of.name,)), "")

    def related(self, of: Field, text: str, mark: str) -> Node:
        """`ti any "a b"`, `ti all "a b"`, `pd within "2005 2006"`."""
        parts = re.split(r"[\s,]+", text.strip())
        if mark == "within":
            if len(parts) != 2:
                raise _Unsaid("within 后面应是两个日期", "two dates follow 'within'")
            return self.said(lambda: read_range(of, parts[0], parts[1]))
        made = tuple(self.words(part, whole=False, quoted=False, of=of) for part in parts)
        if len(made) == 1:
            return made[0]
        return Or(made) if mark == "any" else And(made)

    def words(self, text: str, *, whole: bool, quoted: bool, of: Field) -> Node:
        """Words with the wildcards of the dialect; one that may stand for nothing makes two words of one."""
        signs = self.dialect.wildcards
        optional = [sign for sign, what in signs.items() if what == "optional" and sign in text]
        if text == "*" and not quoted:
            return self.said(lambda: read_value(of, "*", "", quoted=False))
        if optional:
            if text.count(optional[0]) > 3:
                raise _Unsaid("可有可无的通配符过多", "too many wildcards that may stand for nothing")
            texts = [""]
            for char in text:
                texts = [t + c for t in texts for c in (("", "?") if char == optional[0] else (_sign(char, signs),))]
            return Or(tuple(self.term(one, whole, of) for one in dict.fromkeys(texts)))
        return self.term("".join(_sign(char, signs) for char in text), whole, of)

    def term(self, text: str, whole: bool, of: Field) -> Node:
        def made() -> Term:
            pieces(text, names=of.kind != "text")
            return Term(text, whole)

        return self.said(made)


def _sign(char: str, signs: Mapping[str, str]) -> str:
    """A character of a word with the wildcards of this language."""
    what = signs.get(char)
    if what == "any":
        return "*"
    if what == "one":
        return "?"
    return f"\\{char}" if char in "*?\\" else char


def _is_near(node: Node) -> bool:
    """Whether it may stand as a side of a distance."""
    match node:
        case Term(_, whole):
            return not whole
        case Or(parts):
            return all(_is_near(part) for part in parts)
        case Near(left, right):
            return _is_near(left) and _is_near(right)
        case _:
            return False
