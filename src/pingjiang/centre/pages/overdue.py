"""Everything late in the cases that an actor sees: one list, whatever the workflow."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from pingjiang.centre.casework import service, tasks
from pingjiang.centre.casework.tasks import Late
from pingjiang.centre.pages.lists import Column, Filter, Linked, Listing, Marked, Search
from pingjiang.centre.pages.places import case_url
from pingjiang.centre.pages.requests import ActorRequest, for_actor
from pingjiang.centre.pages.words import named, said

_COLUMNS = [
    Column("case", gettext_lazy("案件"), lambda late: Linked(late.case.title, case_url(late.case)), sort="case__title",
           fixed=True),
    Column("number", gettext_lazy("编号"), lambda late: late.case.number, sort="case__number"),
    Column("what", gettext_lazy("逾期事项"), lambda late: said(late.label)),
    Column("kind", gettext_lazy("性质"), lambda late: _("待办") if late.kind == "task" else _("期限"), sort="kind"),
    Column("workflow", gettext_lazy("业务"), lambda late: said(service.workflow_of(late.case).label), shown=False),
    Column("owner", gettext_lazy("单位"), lambda late: named(late.case.owner), sort="case__owner__name_zh"),
    Column("due", gettext_lazy("截止"), lambda late: late.due_on, sort="due_on"),
    Column("days", gettext_lazy("逾期工作日"), lambda late: Marked(str(late.days), "bad"), sort="days", number=True),
]  # fmt: skip


def _step(rows: list[Late], value: str) -> list[Late]:
    return [late for late in rows if late.days >= int(value)]


def _kind(rows: list[Late], value: str) -> list[Late]:
    return [late for late in rows if late.kind == value]


def _words(rows: list[Late], words: str) -> list[Late]:
    wanted = words.casefold()
    return [
        late
        for late in rows
        if any(wanted in text.casefold() for text in (late.case.title, late.case.number, late.case.owner.name_zh))
    ]


@require_GET
@for_actor
def overdue(request: ActorRequest) -> HttpResponseBase:
    """What is late, the longest first."""
    steps = [(str(step), gettext_lazy("%(n)s 日以上") % {"n": step}) for step in tasks.STEPS[1:]]
    listing = Listing(
        request, tasks.overdue(request.actor), _COLUMNS, name="overdue", order="-days",
        filters=[
            Filter("days", gettext_lazy("逾期"), steps, _step),
            Filter("kind", gettext_lazy("性质"), [("task", gettext_lazy("待办")), ("clock", gettext_lazy("期限"))],
                   _kind),
        ],
        search=Search(gettext_lazy("案件、编号、单位"), _words),
        empty=gettext_lazy("没有逾期。待办过了截止日、期限用完时，列在这里。"),
        synthetic_of=lambda late: late.case.synthetic,
    )  # fmt: skip
    return listing.answer("pages/list.html", {"title": _("逾期")})
