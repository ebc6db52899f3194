"""Lists that people tag: made and given out, how far they are, where people differ; and the desk, by keyboard."""

from __future__ import annotations

import tempfile
import uuid
from functools import wraps
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from pingjiang.centre.casework import access
from pingjiang.centre.evidence.access import works_on
from pingjiang.centre.evidence.chain import desks, jobs
from pingjiang.centre.evidence.chain.views import book, chain_frame
from pingjiang.centre.evidence.framing import on_release
from pingjiang.centre.evidence.models import DataLake, TaggingAssignment, TaggingList
from pingjiang.centre.evidence.models.chain import SUGGESTIONS
from pingjiang.centre.evidence.opening import NotBuilt, Opened, lake_of, opened
from pingjiang.centre.evidence.persons import name_in_log
from pingjiang.centre.pages.lists import text_of
from pingjiang.centre.pages.requests import ActorRequest, for_actor
from pingjiang.centre.pages.words import refusal
from pingjiang.errors import PingjiangError
from pingjiang.judging.tag_lists import tag_of
from pingjiang.judging.tagging import TagDesk
from pingjiang.query import parse

_VERDICTS = ("yes", "no", "unsure")


class ListForm(forms.Form):
    """A list to be made."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=40)
    tags = forms.CharField(
        label=gettext_lazy("标签"), widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("每行一个，最多 9 个：编号=中文|English"),
    )  # fmt: skip
    query = forms.CharField(label=gettext_lazy("检索式"), required=False, help_text=gettext_lazy("不写则取全部"))
    sample = forms.IntegerField(label=gettext_lazy("抽取件数"), min_value=1, max_value=20_000, initial=200)
    assigned = forms.MultipleChoiceField(
        label=gettext_lazy("分给"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("不选则由本单位工作人员标引"),
    )  # fmt: skip
    double = forms.IntegerField(
        label=gettext_lazy("双人标引，%"), min_value=0, max_value=100, initial=20, required=False
    )
    due = forms.DateField(label=gettext_lazy("截止日"), required=False, widget=forms.DateInput({"type": "date"}))
    exclusive = forms.BooleanField(label=gettext_lazy("标签互斥"), required=False)
    suggestion = forms.ChoiceField(label=gettext_lazy("分类器的建议"))

    def __init__(self, *args: Any, people: list[Any], **more: Any) -> None:
        super().__init__(*args, **more)
        self.people = {str(each.pk): each for each in people}
        self.fields["assigned"].choices = [  # type: ignore[attr-defined]
            (str(each.pk), f"{each.user.name} · {each.organisation}") for each in people
        ]
        self.fields["suggestion"].choices = [  # type: ignore[attr-defined]
            (name, text_of(words)) for name, words in SUGGESTIONS.items()
        ]

    def clean(self) -> dict[str, Any]:
        """Tags and query can be read; who is to code twice, there are two of."""
        told = super().clean() or {}
        try:
            told["tags"] = [tag_of(line) for line in desks.tags_from(str(told.get("tags", "")).splitlines())]
            if told.get("query"):
                parse(told["query"])
        except PingjiangError as error:
            raise forms.ValidationError(refusal(error)) from error
        if not 1 <= len(told["tags"]) <= 9:
            self.add_error("tags", _("写 1 到 9 个标签。"))
        if len(told.get("assigned") or ()) < 2:
            told["double"] = 0
        return told

    def wanted(self) -> desks.Wanted:
        """What is asked for."""
        told = self.cleaned_data
        return desks.Wanted(
            told["name"], told["tags"], told["query"] or None, told["sample"],
            [self.people[pk] for pk in told["assigned"]], (told["double"] or 0) / 100, told["due"], told["exclusive"],
            told["suggestion"],
        )  # fmt: skip


@on_release
def lists(request: ActorRequest, at: Opened) -> HttpResponseBase:
    """The lists of a lake with their progress, and a new one."""
    context = chain_frame(request, at, "tags")
    form = ListForm(request.POST or None, people=desks.eligible(at.row), initial={"suggestion": "after"})
    if request.method == "POST":
        if not context["works"]:
            raise Http404
        if form.is_valid():
            try:
                made = desks.create(at.row, form.wanted(), request.actor)
                return HttpResponseRedirect(reverse("evidence-tagging-list", args=[made.pk]))
            except PingjiangError as error:
                form.add_error(None, refusal(error))
    library = TagDesk(at.lake)
    rows = []
    for row in TaggingList.objects.filter(lake=at.row).prefetch_related("assignments"):
        told = library.named(row.name)
        made_of = library.codings(told).progress(told)
        rows.append({
            "row": row, "told": told, "whole": sum(each["whole"] for each in made_of),
            "to_code": sum(each["to_code"] for each in made_of),
        })  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "evidence/chain/tags.html", {**context, "rows": rows, "form": form}, status=status)


@require_GET
@for_actor
def mine(request: ActorRequest) -> HttpResponseBase:
    """The lists that were given to the actor, or that their centre has."""
    rows = []
    for row in desks.lists_of(request.actor):
        found = desks.desk(row, request.actor)
        rows.append({"row": row, "desk": found})
        request.synthetic = row.lake.synthetic
    return render(request, "evidence/chain/mine.html", {"rows": rows})


def _of_list(view: Any) -> Any:
    """A view of one list that the actor sees: `view(request, row, …)`; else 404."""

    @for_actor
    @wraps(view)
    def found(request: ActorRequest, pk: int, **more: Any) -> HttpResponseBase:
        row = access.find(request.actor, TaggingList, pk=pk)
        request.synthetic = row.lake.synthetic
        return view(request, row, **more)  # type: ignore[no-any-return]

    return found


def _of_workers(view: Any) -> Any:
    """The same for those alone who work on the list's lake."""

    @_of_list
    @wraps(view)
    def found(request: ActorRequest, row: TaggingList, **more: Any) -> HttpResponseBase:
        if not works_on(request.actor, row.lake):
            raise Http404
        return view(request, row, **more)  # type: ignore[no-any-return]

    return found


@require_GET
@_of_list
def one(request: ActorRequest, row: TaggingList) -> HttpResponseBase:
    """How far a list is, how far people agree, what its classifier can do; to those who read the lake."""
    access.find(request.actor, DataLake, pk=row.lake_id)
    library = TagDesk(lake_of(row.lake))
    told = library.named(row.name)
    made = library.codings(told)
    labels, open_ones = made.labels(), made.open()
    tags = [
        {
            "tag": tag, "yes": sum(labels.get(tag.id, {}).values()),
            "no": sum(not held for held in labels.get(tag.id, {}).values()),
            "open": sum(tag.id in of for of in open_ones.values()),
        }
        for tag in told.tags
    ]  # fmt: skip
    context = {
        "row": row, "told": told, "tags": tags, "progress": made.progress(told), "open": len(open_ones),
        "agreement": [{**each, "tag": told.tag(each["tag"])} for each in made.agreement(told)],
        "assignments": row.assignments.select_related("membership__user", "membership__organisation"),
        "desk": desks.desk(row, request.actor), "works": works_on(request.actor, row.lake), "lake": row.lake,
        "job": jobs.latest("tagging train", row.lake, row.name), "suggestion": SUGGESTIONS[row.suggestion],
    }  # fmt: skip
    return render(request, "evidence/chain/list.html", context)


@_of_list
def code(request: ActorRequest, row: TaggingList) -> HttpResponseBase:
    """The desk: one publication, its tags by the keys 1 to 9."""
    found = desks.desk(row, request.actor)
    if found is None:
        raise Http404
    if request.method == "POST":
        return _coded(request, row, found)
    asked = request.GET.get("at", "")
    place = int(asked) if asked.isdecimal() and 0 < int(asked) <= len(found.items) else found.next_open(0) or 1
    number = found.items[place - 1].publication_id
    try:
        at = opened(row.lake)
    except NotBuilt as error:
        return render(request, "evidence/not_built.html", {"lake": row.lake, "why": refusal(error)})
    said = found.said(number)
    mode = row.suggestion
    shows = mode == "before" or (mode == "after" and found.is_whole(number))
    last = request.GET.get("last", "")
    mine = {item.publication_id for item in found.items}
    here = reverse("evidence-tagging-desk", args=[row.pk])
    context = {
        "row": row, "desk": found, "place": place, "shown": desks.publication_of(at, number), "at": at,
        "tags": [(nth, tag, said.get(tag.id)) for nth, tag in enumerate(found.told.tags, start=1)],
        "suggestion": desks.suggestion(at, found.told, number) if shows else [],
        "last": last if last in mine else "",
        "last_suggestion": desks.suggestion(at, found.told, last) if mode != "never" and last in mine
        and found.is_whole(last) else [],
        "before": f"{here}?at={place - 1}" if place > 1 else None,
        "after": f"{here}?at={place + 1}" if place < len(found.items) else None,
        "reads": request.actor.organisation.pk == row.lake.owner_id,
    }  # fmt: skip
    return render(request, "evidence/chain/desk.html", context)


def _coded(request: ActorRequest, row: TaggingList, found: desks.Desk) -> HttpResponseBase:
    here, library = reverse("evidence-tagging-desk", args=[row.pk]), TagDesk(lake_of(row.lake))
    place = int(request.POST["at"]) if request.POST.get("at", "").isdecimal() else 0
    numbers = [item.publication_id for item in found.items]
    try:
        if "undo" in request.POST:
            undone = library.undo_last(row.name, who=found.coder)
            back = numbers.index(undone[0].b) + 1 if undone and undone[0].b in numbers else place
            return HttpResponseRedirect(f"{here}?at={back}")
        publication = request.POST.get("publication", "")
        asked = {tag.id: request.POST.get(f"tag-{tag.id}", "") for tag in found.told.tags}
        if request.POST.get("all") in _VERDICTS:
            asked = dict.fromkeys(asked, request.POST["all"])
        # What was not marked is no: the person has seen the publication and says that the tag does not fit.
        verdicts = {tag: verdict if verdict in _VERDICTS else "no" for tag, verdict in asked.items()}
        library.code(row.name, publication, verdicts, who=found.coder)
    except PingjiangError as error:
        messages.error(request, refusal(error))
        return HttpResponseRedirect(f"{here}?at={place}")
    again = desks.desk(row, request.actor)
    onward = again.next_open(place) if again else None
    if onward is None:
        messages.success(request, _("本任务已全部标完"))
        return HttpResponseRedirect(f"{here}?at={place}&last={publication}")
    return HttpResponseRedirect(f"{here}?at={onward}&last={publication}")


@_of_workers
def adjudicate(request: ActorRequest, row: TaggingList) -> HttpResponseBase:
    """Where people differ or are unsure: decided here, above what they said."""
    library = TagDesk(lake_of(row.lake))
    told = library.named(row.name)
    if request.method == "POST":
        try:
            library.say(
                row.name, request.POST.get("publication", ""), request.POST.get("tag", ""),
                request.POST.get("verdict", ""), adjudication=True, who=name_in_log(request.actor),
                why=request.POST.get("why"),
            )  # fmt: skip
        except PingjiangError as error:
            messages.error(request, refusal(error))
        return HttpResponseRedirect(request.get_full_path())
    at = opened(row.lake)
    rows = [
        {"shown": desks.publication_of(at, number), "tag": told.tag(tag), "said": said}
        for number, of in library.codings(told).open().items() for tag, said in of.items()
    ]  # fmt: skip
    return render(
        request, "evidence/chain/adjudicate.html", {"row": row, "rows": rows[:50], "total": len(rows), "lake": row.lake}
    )


@require_GET
@_of_list
def export(request: ActorRequest, row: TaggingList) -> HttpResponseBase:
    """The sheet of the actor's items, with what they have said."""
    found = desks.desk(row, request.actor)
    if found is None:
        raise Http404
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        TagDesk(lake_of(row.lake)).export(row.name, path, who=found.coder if found.told.experts else None)
        return book(path.read_bytes(), f"{row.name}.xlsx")


@require_POST
@_of_workers
def train(request: ActorRequest, row: TaggingList) -> HttpResponseBase:
    """Train the classifier of a list, as a job."""
    jobs.ask("tagging train", row.lake, row.name, request.actor, again=uuid.uuid4().hex)
    messages.success(request, _("已开始训练"))
    return HttpResponseRedirect(reverse("evidence-tagging-list", args=[row.pk]))


@require_POST
@_of_workers
def withdraw(request: ActorRequest, row: TaggingList) -> HttpResponseBase:
    """Take a list away from somebody."""
    asked = request.POST.get("assignment", "")
    pk = int(asked) if asked.isdecimal() else 0
    desks.end(access.find(request.actor, TaggingAssignment, pk=pk, list=row))
    return HttpResponseRedirect(reverse("evidence-tagging-list", args=[row.pk]))
