"""Headers that no format knows, mapped by hand: columns with sample values, tried as they are chosen, kept."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pingjiang import pipeline
from pingjiang.centre.casework import access
from pingjiang.centre.evidence.access import works_on
from pingjiang.centre.evidence.data import formats, uploads
from pingjiang.centre.evidence.data.forms import MappingForm, SpecForm
from pingjiang.centre.evidence.framing import on_lake
from pingjiang.centre.evidence.models import DataLake, OwnFormat, Upload
from pingjiang.centre.pages.requests import ActorRequest
from pingjiang.centre.pages.words import refusal, said
from pingjiang.errors import PingjiangError
from pingjiang.sources import parse_format
from pingjiang.sources.receipt import REASONS

_SHOWN_ROWS = 5
_LARGEST_SPEC = 400_000  # bytes


def _part(request: ActorRequest, lake: DataLake, pk: int, part: int) -> tuple[Upload, dict[str, Any]]:
    """A table of an upload that waits. Http404 for others than those who work on the lake."""
    if not works_on(request.actor, lake):
        raise Http404
    row = access.find(request.actor, Upload, pk=pk, lake=lake, run=None, set_aside_at=None)
    found = next((each for each in row.parts if each["at"] == part and each["header"]), None)
    if found is None:
        raise Http404
    return row, found


def _mapping(request: ActorRequest, header: list[str]) -> dict[str, str]:
    """Column → field, as the form says it. Unknown fields are as if nothing was chosen."""
    known = {name for name, _words in formats.fields()}
    chosen = {cell: request.POST.get(f"column-{at}", "") for at, cell in enumerate(header) if cell}
    return {cell: name for cell, name in chosen.items() if name in known}


def _begun(found: dict[str, Any]) -> dict[str, str]:
    """What is guessed already: columns that the format at hand reads."""
    return {cell: name for name, cells in found["mapping"].items() for cell in cells}


@on_lake
def columns(request: ActorRequest, lake: DataLake, pk: int, part: int) -> HttpResponseBase:
    """Map the columns of a table by hand; a POST keeps the mapping, and what waits is looked into by it."""
    row, found = _part(request, lake, pk, part)
    header = found["header"]
    chosen = _mapping(request, header) if request.method == "POST" else _begun(found)
    form = MappingForm(request.POST or None, initial={"title": row.file_name.rpartition(".")[0] or row.file_name})
    if request.method == "POST" and form.is_valid():
        try:
            name = formats.free_name(lake.owner)
            text = formats.as_yaml(name, form.cleaned_data["title"], header, chosen, **form.keys)
            pipeline.try_format(header, found["rows"], parse_format(text, name))
            with transaction.atomic():
                formats.keep(request.actor, lake.owner, text)
                uploads.choose_format(row, request.actor, formats.OWN + name)
        except PingjiangError as error:
            form.add_error(None, refusal(error))
        else:
            messages.success(request, _("已保存映射；表头相同的文件今后按它读取。"))
            return HttpResponseRedirect(reverse("evidence-data", args=[lake.pk]))
    samples = [
        (at, cell, [each[at] if at < len(each) else None for each in found["rows"][:_SHOWN_ROWS]], chosen.get(cell, ""))
        for at, cell in enumerate(header)
        if cell
    ]
    context = {"lake": lake, "upload": row, "part": found, "form": form, "columns": samples,
               "fields": [(name, said(words)) for name, words in formats.fields()]}  # fmt: skip
    return render(request, "evidence/data/map.html", context, status=422 if form.errors else 200)


@require_POST
@on_lake
def tried(request: ActorRequest, lake: DataLake, pk: int, part: int) -> HttpResponseBase:
    """How the first rows are read by what is chosen now."""
    _row, found = _part(request, lake, pk, part)
    form = MappingForm({"title": "-", **request.POST.dict()})
    context: dict[str, Any] = {"rows": len(found["rows"])}
    if form.is_valid():
        try:
            chosen = _mapping(request, found["header"])
            text = formats.as_yaml("tried", "-", found["header"], chosen, **form.keys)
            result = pipeline.try_format(found["header"], found["rows"], parse_format(text, "-"))
            words = dict(formats.fields())
            context |= {
                "tried": result,
                "fields": [(said(words.get(name, (name, name))), read) for name, read in result.fields.items()],
                "reasons": [(said(REASONS[name]), count) for name, count in result.receipt.reasons.items()],
                "doubts": [(said(REASONS[name]), count) for name, count in result.receipt.doubts.items()],
            }
        except PingjiangError as error:
            context["problem"] = refusal(error)
    return render(request, "evidence/data/parts/tried.html", context)


@on_lake
def formats_page(request: ActorRequest, lake: DataLake) -> HttpResponseBase:
    """The owner's own formats; a POST takes one from a file of YAML."""
    form = SpecForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        if not works_on(request.actor, lake):
            raise Http404
        if form.is_valid():
            try:
                file = form.cleaned_data["spec"]
                kept = formats.keep(request.actor, lake.owner, _text(file), file=file.name)
                uploads.look_again(lake, request.actor)
            except PingjiangError as error:
                form.add_error("spec", refusal(error))
            else:
                messages.success(request, _("已保存格式 %(name)s") % {"name": kept.name})
                return HttpResponseRedirect(request.path)
    context = {"lake": lake, "form": form, "works": works_on(request.actor, lake),
               "formats": access.visible_to(request.actor, OwnFormat).select_related("made_by__user")}  # fmt: skip
    return render(request, "evidence/data/formats.html", context, status=422 if form.errors else 200)


def _text(file: Any) -> str:
    return str(file.read(_LARGEST_SPEC).decode("utf-8", errors="replace"))


@require_GET
@on_lake
def spec(request: ActorRequest, lake: DataLake, name: str) -> HttpResponseBase:
    """A format as a file of YAML, for the command line or another site."""
    found = access.find(request.actor, OwnFormat, owner=lake.owner, name=name)
    response = HttpResponse(found.yaml, content_type="application/yaml")
    response["Content-Disposition"] = content_disposition_header(True, f"{found.name}.yaml") or "attachment"
    return response
