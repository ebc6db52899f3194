"""A query's text as its tree. QueryRefused says at which character it breaks off, and what was expected there."""

from __future__ import annotations

from pingjiang.errors import QueryRefused, Unfit
from pingjiang.query.fields import DEFAULT, Field, find_field, like, load_fields
from pingjiang.query.raw import Raw, RawField, RawMany, RawNear, RawNot, RawRange, RawSet, RawWord
from pingjiang.query.reading import read_range, read_value
from pingjiang.query.tree import MAX_DEPTH, And, Fielded, Near, Node, Not, Or, SetRef, Term

MAX_WITHIN = 99
MAX_NEAR = 6  # sides of one nW, nN in all


def parse(text: str) -> Node:
    """The tree of a query.

    >>> parse("标题=(电池 AND 隔膜) NOT IPC=H01M4*")
    And(parts=(Fielded(field='TI', part=And(parts=(Term(text='电池', whole=False), Term(text='隔膜', whole=False)))), \
Not(part=Fielded(field='IPC', part=Symbol(text='H01M4')))))
    """
    from pingjiang.query.grammar import read_raw  # loads the parser

    return _Reader(text).outer(read_raw(text))


class _Reader:
    """Raw nodes as typed ones. `text` is for complaints."""

    def __init__(self, text: str) -> None:
        self.text = text

    def fail(self, at: int, zh: str, en: str, remedy: tuple[str, str] | None = None) -> QueryRefused:
        return QueryRefused(zh, en, query=self.text, position=at + 1, remedy=remedy)

    def outer(self, raw: Raw) -> Node:
        """What stands in no field's brackets; words there are asked of the default field."""
        if raw.depth > MAX_DEPTH:
            raise self.fail(
                raw.at, f"括号或 NOT 嵌套超过 {MAX_DEPTH} 层。", f"Brackets or NOT nest deeper than {MAX_DEPTH}."
            )
        match raw:
            case RawMany(operator, parts):
                made = tuple(self.outer(part) for part in parts)
                return Or(made) if operator == "or" else And(made)
            case RawNot(part):
                return Not(self.outer(part))
            case RawSet(name):
                return SetRef(name.lstrip("#"), saved=name.startswith("##"))
            case RawField(name, part, at):
                field = self.field(name, at)
                return Fielded(field.name, self.inner(field, part))
            case _:
                return Fielded(DEFAULT, self.inner(load_fields()[DEFAULT], raw))

    def field(self, name: str, at: int) -> Field:
        found = find_field(name)
        if found is None:
            near = like(name)
            remedy = (f"是否是 {'、'.join(near)}？", f"Is it {', '.join(near)}?") if near else (
                "字段见 docs/query.md；词里含 = 或 : 时请加引号。",
                "Fields are listed in docs/query.md; a word that holds = or : wants quotes.",
            )  # fmt: skip
            raise self.fail(at, f"没有字段“{name}”。", f"There is no field '{name}'.", remedy)
        return found

    def inner(self, field: Field, raw: Raw) -> Node:
        """What is asked of one field."""
        try:
            match raw:
                case RawMany(operator, parts):
                    made = tuple(self.inner(field, part) for part in parts)
                    return Or(made) if operator == "or" else And(made)
                case RawNot(part):
                    return Not(self.inner(field, part))
                case RawNear():
                    return self.near(field, raw)
                case RawRange(low, high):
                    return read_range(field, low.text, high.text)
                case RawWord(text, quoted, _, mark):
                    return read_value(field, text, mark, quoted=quoted)
        except Unfit as error:
            raise self.fail(raw.at, f"{error.zh}。", f"{error.en}.") from None
        raise self.fail(
            raw.at,
            "字段的括号里不能再有字段或 # 集合。",
            "Within the brackets of a field no other field and no #set can stand.",
            ("把它移到括号外。", "Move it out of the brackets."),
        )

    def near(self, field: Field, raw: RawNear) -> Node:
        """`a 3W b`, its sides from the left."""
        if not field.is_words:
            raise self.fail(
                raw.operators[0][1],
                f"{field.zh}（{field.name}）里没有词距；nW、nN 用于文字字段。",
                f"{field.name} knows no distance: nW and nN are for words.",
            )
        made = self.side(field, raw.parts[0])
        for (operator, at), part in zip(raw.operators, raw.parts[1:], strict=True):
            within = int(operator[:-1])
            if within > MAX_WITHIN:
                raise self.fail(at, f"词距最多 {MAX_WITHIN}。", f"A distance is {MAX_WITHIN} at most.")
            made = Near(made, self.side(field, part), within, operator[-1] in "Ww")
        if sides(made) > MAX_NEAR:
            raise self.fail(
                raw.operators[0][1], f"一处 nW、nN 最多连 {MAX_NEAR} 项。", f"nW and nN join {MAX_NEAR} sides at most."
            )
        return made

    def side(self, field: Field, raw: Raw) -> Node:
        """One side of nW, nN: words, words joined by OR, or nW, nN again."""
        match raw:
            case RawWord(_, _, _, ""):
                made = self.inner(field, raw)
                if isinstance(made, Term):
                    return made
            case RawMany("or", parts):
                return Or(tuple(self.side(field, part) for part in parts))
            case RawNear():
                return self.near(field, raw)
        raise self.fail(
            raw.at,
            "nW、nN 的两边只能是词、用 OR 连起来的词，或另一个 nW、nN。",
            "On either side of nW and nN stand words, words joined by OR, or another nW or nN.",
            ("如 标题=((甲 OR 乙) 3W 丙)，字段在括号外。", "Write TI=((a OR b) 3W c), the field outside the brackets."),
        )


def sides(node: Node) -> int:
    """How many words in a row one nW, nN joins at most, alternatives counted each."""
    match node:
        case Near(left, right):
            return sides(left) + sides(right)
        case Or(parts):
            return max(sides(part) for part in parts)
        case _:
            return 1
