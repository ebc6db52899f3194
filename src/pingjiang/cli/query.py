"""Commands on queries: how one is understood, and what it is in the words of another tool."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.markup import escape

from pingjiang.cli.frame import JsonOption, app, console, print_json

query_app = typer.Typer(help="Queries: how they are understood. 检索式：如何理解。", no_args_is_help=True)
app.add_typer(query_app, name="query")
_Text = Annotated[str, typer.Argument(help="The query 检索式", show_default=False)]


@query_app.command("check")
def check(
    text: _Text,
    sets: Annotated[
        list[str] | None,
        typer.Option("--set", help="A saved set: '#1=QUERY', '##name=QUERY' 已存集合", show_default=False),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show a query with all its brackets, or where it breaks off. 显示检索式的括号，或指出错在第几个字符。"""
    from pingjiang.query import echo, parse  # its parser takes time to load
    from pingjiang.query.corpus import fields_of
    from pingjiang.query.sets import expand, references

    tree = parse(text)
    named = references(tree)
    told: dict[str, Any] = {"echo": echo(tree), "echo_zh": echo(tree, "zh"), "sets": named}
    if sets:
        whole = expand(tree, named_sets(sets))
        told |= {"expanded": echo(whole), "expanded_zh": echo(whole, "zh")}
        tree = whole
    told["fields"] = sorted(fields_of(tree))
    if as_json:
        print_json(told)
        return
    for key in ("expanded_zh", "expanded") if sets else ("echo_zh", "echo"):
        console.print(escape(told[key]), highlight=False)
    if named and not sets:
        console.print(f"集合 sets  {escape(', '.join(named))}", highlight=False)


def named_sets(given: list[str]) -> dict[str, str]:
    """'##name=QUERY' as name → query."""
    found: dict[str, str] = {}
    for one in given:
        name, sign, query = one.partition("=")
        if not sign or not name.strip().startswith("#"):
            raise typer.BadParameter(f"应写成 '##名称=检索式' · write '##name=QUERY': {one!r}")
        found[name.strip()] = query
    return found


@query_app.command("translate")
def translate(
    text: _Text,
    dialect: Annotated[
        str, typer.Option("--from", help="incopat, patsnap, patentics, espacenet 来源", show_default=False)
    ],
    as_json: JsonOption = False,
) -> None:
    """Say a query of another tool in this language, and list what could not be said. 转换其他工具的检索式。"""
    from pingjiang.query.dialects import load_dialect
    from pingjiang.query.dialects import translate as turn

    made = turn(text, dialect)
    told = made.as_dict()
    if as_json:
        print_json({"from": dialect, **told})
        return
    console.print(f"{escape(told['query_zh'])}\n{escape(told['query'])}", highlight=False)
    for words, items in (("未译 not said", made.untranslated), ("含义有变 changed", made.changed)):
        for item in items:
            hole = f"  {item.set}" if item.set else ""
            place = f"第 {item.position} 个字符 character {item.position}"
            console.print(escape(f"  {words}{hole}  {place}: {item.text}  {item.zh} · {item.en}"), highlight=False)
    if made.assumed:
        name = load_dialect(dialect)
        console.print(
            f"  {escape(name.zh)} 的手册未能查到，字段按同类工具理解，请核对 · "
            f"the manual of {escape(name.en)} was not at hand: its codes are taken to be those of its kin, check them",
            highlight=False,
        )
