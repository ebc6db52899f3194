"""What is said where a query breaks off: at which character, what was expected there, and what would help."""

from __future__ import annotations

import re

from lark import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from pingjiang.errors import QueryRefused, Words

_OPERATOR_WORDS = {"AND", "OR", "NOT", "与", "或", "非"}
_OPERAND, _OPERATOR = {"WORD", "QUOTED", "FIELD", "LPAR", "SET"}, {"_AND", "_OR", "PROX"}
# What may stand somewhere, as it is told; the first that fits of each line.
_EXPECTED: tuple[tuple[set[str], Words], ...] = (
    ({"FIELD", "SET", "LPAR"}, ("检索词、字段（如 标题=）或“(”", "a word, a field (such as TI=) or '('")),
    ({"WORD", "QUOTED"}, ("检索词或带引号的词组", "a word, or a phrase in quotes")),
    (_OPERATOR, ("AND、OR、NOT 或 nW、nN", "AND, OR, NOT, nW or nN")),
    ({"_TO"}, ("TO", "TO")),
    ({"RSQB"}, ("“]”", "']'")),
    ({"RPAR"}, ("“)”", "')'")),
)


def refusal(text: str, plain: str, error: UnexpectedInput) -> QueryRefused:
    """Why it breaks off, where, and what would have been understood there."""
    at = error.pos_in_stream
    ended = isinstance(error, UnexpectedToken) and error.token.type == "$END"
    if at is None or ended:
        at = len(text.rstrip())
    if isinstance(error, UnexpectedCharacters):
        allowed = set(error.allowed or ())
    else:
        allowed = set(getattr(error, "accepts", None) or getattr(error, "expected", None) or ())
    if not text.strip():
        return QueryRefused("检索式是空的。", "The query is empty.", query=text, position=1)
    word = re.match(r"\w+", plain[at:])
    found = word[0][:20] if word else plain[at : at + 1]
    zh, en, remedy = _cause(plain, at, found, allowed, ended)
    return QueryRefused(zh, en, query=text, position=at + 1, remedy=remedy)


def _cause(plain: str, at: int, found: str, allowed: set[str], ended: bool) -> tuple[str, str, Words | None]:
    """What is wrong, in both languages, with a remedy where there is a likely one."""
    told_zh, told_en = _told(allowed)
    if found in ('"', "“", "”"):
        return "引号没有成对。", "The quotation mark has no partner.", ("补上另一个引号。", "Add the other one.")
    if ended:
        opened = _opened(plain)
        if opened is not None and "RPAR" in allowed:
            bracket = f"第 {opened + 1} 个字符的“(”没有关上。", f"The '(' at character {opened + 1} is not closed."
            return *bracket, ("在末尾补上“)”。", "Add ')' at the end.")
        return f"检索式没有写完：这里应是{told_zh}。", f"The query ends too early: expected {told_en}.", None
    if found == ")" and _opened(plain[:at]) is None:
        return "这个“)”没有对应的“(”。", "This ')' closes nothing.", ("删去它，或补上“(”。", "Take it out, or add '('.")
    if allowed & {"_AND", "_OR"} and found not in "()[]【】=:<>≤≥":
        return (
            f"两个词之间缺少运算符：这里应是{told_zh}。",
            f"Two words stand side by side: expected {told_en}.",
            ("连在一起的词组请加引号，否则写 AND 或 OR。", "Put a phrase in quotes, or write AND or OR between them."),
        )
    if found.upper() in _OPERATOR_WORDS and not ended:
        remedy = (f"要检索“{found}”这个词，请加引号。", f"To look for the word {found!r} put it in quotes.")
    else:
        remedy = None
    return f"“{found}”不能在这里：这里应是{told_zh}。", f"{found!r} cannot stand here: expected {told_en}.", remedy


def _told(allowed: set[str]) -> tuple[str, str]:
    """What may stand here, in words."""
    said: list[tuple[str, str]] = []
    rest = set(allowed)
    for names, words in _EXPECTED:
        if rest & names:
            said.append((words, words) if isinstance(words, str) else words)
            rest -= names | (_OPERAND if names & _OPERAND else set())
    return "，或".join(zh for zh, _ in said) or "结束", ", or ".join(en for _, en in said) or "the end"


def _opened(plain: str) -> int | None:
    """Where the innermost bracket that is not closed stands; quotes are passed over."""
    stack: list[int] = []
    quoted = False
    for at, char in enumerate(plain):
        if char in '"“”':
            quoted = not quoted
        elif not quoted and char == "(":
            stack.append(at)
        elif not quoted and char == ")" and stack:
            stack.pop()
    return stack[-1] if stack else None
