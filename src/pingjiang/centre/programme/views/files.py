"""The page of an application on which files are handed in."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from pingjiang.centre.documents.models import Document, Version
from pingjiang.centre.pages.requests import ActorRequest
from pingjiang.centre.programme.content.hashing import laid_aside, materials_of
from pingjiang.centre.programme.content.open import open_of
from pingjiang.centre.programme.content.together import read
from pingjiang.centre.programme.models import Application
from pingjiang.centre.programme.rulepack import materials_of as materials_wanted
from pingjiang.centre.programme.rulepack import pack_of
from pingjiang.centre.programme.services import attaching, drafts
from pingjiang.centre.programme.views.frame import Writing, menu_of
from pingjiang.centre.programme.views.shared import millis, status_of, why
from pingjiang.errors import PingjiangError
from pingjiang.rulebook.policies import Material


class AttachForm(forms.Form):
    """A file for a material."""

    request = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    material = forms.CharField(max_length=60)
    file = forms.FileField()


@dataclass(frozen=True)
class Row:
    """A material: what was handed in for it, and what was taken out again."""

    material: Material
    files: list[tuple[Document, Version]]
    aside: list[tuple[Document, Version]]

    @property
    def accept(self) -> str:
        """Endings of files that it may be."""
        return ",".join(f".{each}" for each in self.material.formats)


def rows_of(application: Application) -> list[Row]:
    """The materials of an application, each with its files."""
    out = laid_aside(application)
    files: dict[str, tuple[list[Any], list[Any]]] = {}
    for document in materials_of(application):
        own = files.setdefault(document.name.partition(":")[2], ([], []))
        own[document.pk in out].append((document, document.versions.all()[0]))
    wanted = materials_wanted(pack_of(application), application.case.track, application.call.materials)
    return [Row(each, *files.get(each.id, ([], []))) for each in wanted]


def page(request: ActorRequest, writing: Writing) -> HttpResponseBase:
    """The page; a POST hands in a file, takes one out, or puts it back."""
    application, problem, status = writing.application, "", 200
    if request.method == "POST":
        try:
            messages.success(request, _done(request, application))
        except (PingjiangError, ValidationError) as error:
            problem, status = why(error), status_of(error)
        else:
            return HttpResponseRedirect(request.path)
    name = writing.page.steps[0].name
    read(application)
    left = open_of(application)
    context = {
        "application": application, "case": application.case, "page": writing.page, "rows": rows_of(application),
        "menu": menu_of(application, writing.pages, writing.page, left),
        "back": writing.url(-1), "next": writing.url(1),
        "problem": problem, "request_id": uuid.uuid4(), "server_millis": millis(timezone.now()),
        "open": [each for each in left if each.step == name],
    }  # fmt: skip
    return render(request, "programme/files.html", context, status=status)


def _done(request: ActorRequest, application: Application) -> str:
    for word, back in (("aside", False), ("back", True)):
        document = request.POST.get(word, "")
        if document.isdecimal():
            drafts.lay_aside(application, request.actor, int(document), back=back)
            return _("已放回") if back else _("已移出")
    form = AttachForm(request.POST, request.FILES)
    if not form.is_valid():
        raise ValidationError([_("请选择文件")])
    sent = form.cleaned_data
    version = attaching.attach(
        application, request.actor, sent["material"], sent["file"].chunks(), sent["file"].name, sent["file"].size,
        request=sent["request"],
    )  # fmt: skip
    return _("已收下：%(name)s") % {"name": version.file_name}
