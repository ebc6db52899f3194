"""Figures of the city lake, chosen for an application."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pingjiang.centre.casework import access
from pingjiang.centre.evidence import citing
from pingjiang.centre.evidence.opening import Opened
from pingjiang.centre.pages.requests import ActorRequest, for_actor
from pingjiang.centre.pages.words import said
from pingjiang.centre.programme.content.reading import said_now
from pingjiang.centre.programme.content.specs import CITED
from pingjiang.centre.programme.models import Application
from pingjiang.centre.programme.services import citations
from pingjiang.centre.programme.views.shared import may_edit, why
from pingjiang.centre.programme.workflow import APPLICANT
from pingjiang.errors import PingjiangError


class CiteForm(forms.Form):
    """Which figure, of which node, where."""

    measure = forms.ChoiceField(label=gettext_lazy("指标"))
    node = forms.ChoiceField(label=gettext_lazy("环节"))
    place = forms.ChoiceField(label=gettext_lazy("城市"), required=False)

    def __init__(self, at: Opened, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = {
            "measure": [(each.name, said(each.label)) for each in citing.MEASURES], "node": citing.nodes(at),
            "place": [("", _("全部")), *citing.places(at)],
        }  # fmt: skip
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]


@for_actor
def cite(request: ActorRequest, pk: int) -> HttpResponseBase:
    """Choose a figure of a release and take it over, or take one out. Http404 for whoever does not write it now."""
    application = access.find(request.actor, Application, case_id=pk)
    writes = APPLICANT in access.parties(request.actor, application.case) and may_edit(request.actor, application.case)
    if not writes:
        raise Http404
    known = citing.releases()
    wanted = request.POST.get("release") or request.GET.get("release") or (known[0] if known else "")
    at = citing.citable(wanted) if wanted else None
    form = CiteForm(at, request.POST if "measure" in request.POST else None) if at is not None else None
    if request.method == "POST":
        if (number := request.POST.get("drop", "")).isdecimal():
            citations.drop(application, request.actor, int(number))
            return HttpResponseRedirect(request.path)
        if form is not None and at is not None and form.is_valid():
            try:
                found = citations.cite(application, request.actor, at.id, **form.cleaned_data)
            except PingjiangError as error:
                form.add_error(None, why(error))
            else:
                told = f"{found.label} {found.value} {found.unit}"
                messages.success(request, _("已引用：%(figure)s") % {"figure": told})
                return HttpResponseRedirect(f"{request.path}?release={at.id}")
    request.synthetic = application.case.synthetic
    figures = said_now(application).get(CITED, {}).get("figures", [])
    context = {
        "application": application,
        "case": application.case,
        "form": form,
        "releases": known,
        "release": wanted,
        "figures": list(enumerate(figures)),
    }
    return render(request, "programme/cite.html", context, status=422 if form is not None and form.errors else 200)
