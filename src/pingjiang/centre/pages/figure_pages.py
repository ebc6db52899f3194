"""Pages with figures: on the screen, on a wall, and each figure's table as a workbook.

    figure_page(request, "evidence/atlas.html", {"title": …}, [trend, owners])

`?wall=1` shows the page to a room: dark, larger, without menu and filters. `?figure=NAME` is that figure's workbook.
The template has `{% figure figures.trend %}{% endfigure %}`; PNG and SVG are made by the browser (charts.js).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from pingjiang.centre.documents.workbooks import workbook
from pingjiang.centre.pages.context import Shell
from pingjiang.centre.pages.figures import Figure
from pingjiang.centre.pages.lists import XLSX, plain


def figure_page(
    request: HttpRequest, template: str, context: Mapping[str, object], figures: Sequence[Figure], status: int = 200
) -> HttpResponse:
    """The page, or the workbook of the figure that the address names. What it names wrongly is as if not said."""
    named = {each.name: each for each in figures}
    if any(each.synthetic for each in figures):
        request.synthetic = True  # type: ignore[attr-defined]
    asked = named.get(request.GET.get("figure", ""))
    if asked is not None:
        return table(asked, synthetic=Shell(request).synthetic)
    request.wall = request.GET.get("wall") == "1"  # type: ignore[attr-defined]
    return render(request, template, {**context, "figures": named}, status=status)


def table(figure: Figure, *, synthetic: bool) -> HttpResponse:
    """A figure's table as a workbook, with title and whole foot on the sheet before it."""
    rows = [[plain(cell) for cell in row] for row in figure.rows]
    book = workbook(figure.name, figure.heads, rows, [figure.title, *figure.whole_foot], synthetic=synthetic)
    response = HttpResponse(book, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, f"{figure.file_name}.xlsx") or "attachment"
    return response
