"""Every text of the site has both languages, and the switch keeps the page."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from django.test import Client
from tools import make_messages

from tests.centre.cast import Cast

CENTRE = make_messages.CENTRE
HAN = re.compile(r"[\u3400-\u9fff]")
# Of the site: what is no template of it, such as the offline page of a draw, says both languages at once.
TEMPLATES = sorted(path for path in CENTRE.rglob("*.html") if "templates" in path.parts)
NAMES = "demo.py"  # of made-up people and firms, in their own script
SOURCES = sorted(path for path in CENTRE.rglob("*.py") if "migrations" not in path.parts and path.name != NAMES)
BOTH = re.compile(r"[A-Za-z]{4,}")
GAP = re.compile(r"%\(\w+\)s")


def _ids() -> dict[str, Message]:
    every = [each for each in make_messages.catalogue() if each.id]
    return {str(each.id[0] if isinstance(each.id, tuple) else each.id): each for each in every}


def test_every_text_of_the_sources_is_translated_and_nothing_else() -> None:
    said = {text if isinstance(text, str) else text[0] for text in make_messages.texts()}
    assert len(said) > 200
    assert sorted(said ^ set(_ids())) == [], "run `python -m tools.make_messages --update` and translate"


def test_no_translation_is_missing_fuzzy_chinese_or_lacks_a_gap() -> None:
    for text, message in _ids().items():
        told = [str(each) for each in message.string] if isinstance(message.string, tuple) else [str(message.string)]
        assert all(told), f"not translated: {text}"
        assert not message.fuzzy, f"fuzzy: {text}"
        for each in told:
            assert not HAN.search(each), f"Chinese in the English of {text}"
            assert set(GAP.findall(each)) == set(GAP.findall(text)), f"other gaps: {text}"


def test_no_plural_forms_but_the_two_of_english() -> None:
    assert make_messages.catalogue().num_plurals == 2


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(CENTRE).as_posix())
def test_a_template_says_nothing_untranslated(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"{%\s*blocktrans(late)?.*?{%\s*endblocktrans(late)?\s*%}", "", text, flags=re.S)
    text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", "", text, flags=re.S)
    text = re.sub(r'<div class="chk".*?</div>', "", text, flags=re.S)  # the four characters of the mark are a drawing
    assert not HAN.search(text), HAN.findall(text)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(CENTRE).as_posix())
def test_chinese_in_code_stands_beside_its_english_or_goes_through_gettext(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str) and HAN.search(node.value)):
            continue
        outer: ast.AST = node
        while isinstance(parents.get(outer), ast.JoinedStr | ast.FormattedValue | ast.BinOp | ast.IfExp):
            outer = parents[outer]
        parent = parents.get(outer)
        if isinstance(parent, ast.Expr) or BOTH.search(_whole(outer)):  # a docstring, or both languages in one
            continue
        where = f"{path.relative_to(CENTRE)}:{node.lineno}: {node.value!r} has no English"
        assert isinstance(parent, ast.Call | ast.Tuple | ast.List | ast.Dict), where
        if isinstance(parent, ast.Call) and _name(parent) in make_messages.KEYWORDS:
            continue
        others = [each for each in ast.iter_child_nodes(parent) if each is not outer]
        assert any(_has_text(each) for each in others), where


def _whole(node: ast.AST) -> str:
    return " ".join(str(each.value) for each in ast.walk(node) if isinstance(each, ast.Constant))


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _has_text(node: ast.AST) -> bool:
    texts = [each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    return any(text.strip() and not HAN.search(text) for text in texts)


def test_the_switch_keeps_page_and_query(client: Client, cast: Cast) -> None:
    client.force_login(cast.olga.user)
    page = "/cases/?open=yes&sort=-number&q=%E4%BB%B6"
    before = client.get(page).content.decode()
    assert 'lang="zh-CN"' in before and "案件" in before
    answer = client.post("/language/", {"language": "en", "next": page})
    assert answer["Location"] == page
    after = client.get(page).content.decode()
    assert 'lang="en"' in after and "No row fits" in after
    cast.olga.user.refresh_from_db()
    assert cast.olga.user.language == "en"


def test_a_language_that_there_is_not_changes_nothing(client: Client, cast: Cast) -> None:
    assert client.post("/language/", {"language": "xx", "next": "/sign-in/"})["Location"] == "/sign-in/"
    assert 'lang="zh-CN"' in client.get("/sign-in/").content.decode()


@pytest.mark.parametrize("path", ["/", "/todo/", "/cases/", "/me/", "/people/", "/me/password/", "/me/second-factor/"])
def test_pages_in_english_hold_no_chinese_but_names(client: Client, cast: Cast, path: str) -> None:
    client.force_login(cast.alice.user)
    client.post("/language/", {"language": "en"})
    text = client.get(path).content.decode()
    for name in ("甲公司", "乙公司", "市局", "吴中区", "中文"):
        text = text.replace(name, "")
    text = re.sub(r"<!--.*?-->", "", text, flags=re.S)
    assert not HAN.search(text), HAN.findall(text)
