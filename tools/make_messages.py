"""The English of the site. Chinese is the language of the sources; English is the one translation.

python -m tools.make_messages             compile django.po to django.mo (part of `make setup`; never committed)
python -m tools.make_messages --update    add new texts of the sources to django.po, drop those that are gone
"""

from __future__ import annotations

import argparse
import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

CENTRE = Path(__file__).parents[1] / "src" / "pingjiang" / "centre"
PO = CENTRE / "locale" / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS: dict[str, None] = dict.fromkeys(("_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"))
_TEXT = r"""u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_CALL = re.compile(rf"\b(_|gettext|ngettext)\(\s*{_TEXT}(?:\s*,\s*{_TEXT})?")
Text = str | tuple[str, str]  # a text, or one with its plural


def texts() -> dict[Text, list[str]]:
    """Every text of the sources that is to be translated → the files that say it."""
    found: dict[Text, list[str]] = {}
    for path in sorted(CENTRE.rglob("*")):
        if "vendor" in path.parts or path.suffix not in (".py", ".html", ".txt"):
            continue
        reader = _of_python if path.suffix == ".py" else _of_template
        for text in reader(path):
            found.setdefault(text, []).append(path.relative_to(CENTRE).as_posix())
    return found


def _of_python(path: Path) -> Iterator[Text]:
    for _line, function, said, _comments in extract_python(io.BytesIO(path.read_bytes()), KEYWORDS, [], {}):
        parts = [str(each) for each in said] if isinstance(said, tuple) else [str(said)]
        if str(function).startswith("ngettext"):
            yield parts[0], parts[1]
        elif parts[0]:
            yield parts[0]


def _of_template(path: Path) -> Iterator[Text]:
    for call in _CALL.finditer(templatize(path.read_text(encoding="utf-8"), origin=str(path))):
        first, second = (str(ast.literal_eval(text)) if text else "" for text in call.group(2, 3))
        if call[1] == "ngettext":
            yield first, second
        else:
            yield first


def catalogue() -> Catalog:
    """What django.po holds."""
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def update() -> None:
    """Bring django.po up to the sources; what is new has no English yet."""
    old = catalogue() if PO.exists() else Catalog(locale="en")
    new = Catalog(locale="en", project="pingjiang", charset="utf-8", fuzzy=False)
    for text, files in sorted(texts().items(), key=lambda each: str(each[0])):
        known = old.get(text if isinstance(text, str) else text[0])
        said: object = known.string if isinstance(known, Message) else ("" if isinstance(text, str) else ("", ""))
        new.add(text, said, auto_comments=[", ".join(sorted(set(files)))])  # type: ignore[arg-type]
    PO.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    write_po(buffer, new, width=110, omit_header=False, include_previous=False)
    kept = [line for line in buffer.getvalue().decode().splitlines() if not line.startswith(_DATED)]
    PO.write_text("\n".join(kept).rstrip() + "\n", encoding="utf-8")


_DATED = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By', '"Last-Translator', '"Report-Msgid', "# ", "#\n")


def compile_mo() -> None:
    """Write django.mo beside django.po, where it is older."""
    mo = PO.with_suffix(".mo")
    if mo.exists() and mo.stat().st_mtime >= PO.stat().st_mtime:
        return
    buffer = io.BytesIO()
    write_mo(buffer, catalogue())
    mo.write_bytes(buffer.getvalue())


def main() -> None:
    """Compile, or update."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true", help="take up the texts of the sources")
    if parser.parse_args().update:
        update()
    compile_mo()


if __name__ == "__main__":
    main()
