"""The query language: fields, Boolean operators, proximity; search and the rules of chains are asked in it.

parse(text)                     a query's text -> its tree; QueryRefused says at which character it breaks off
echo(tree, "zh" | "en")         the tree as text, with every bracket; parses to the same tree
meaning.holds(tree, document)   what it means, told once, of one document
sql.ask(session, tables, tree)   the publications of a release that it holds, by SQL
sets.expand(tree, sets)         `#3`, `##name` replaced by the queries that they stand for
translate(text, dialect)        a query of another tool in this language, and what could not be said
"""

from pingjiang.query.echo import echo
from pingjiang.query.parse import parse

__all__ = ["echo", "parse"]
