"""What is where. The `pk` of a page is its case's."""

from __future__ import annotations

from django.urls import path

from pingjiang.centre.programme.views import (
    applications,
    calls,
    checks,
    citing,
    decisions,
    districts,
    objections,
    prechecking,
    publicity,
    simulation,
    writing,
)

urlpatterns = [
    path("calls/", calls.list_of_calls, name="calls"),
    path("calls/new/", calls.new, name="call-new"),
    path("calls/<int:pk>/", calls.page, name="call"),
    path("calls/<int:pk>/edit/", calls.edit, name="call-edit"),
    path("calls/<int:pk>/ask/", calls.ask, name="call-ask"),
    path("calls/<int:pk>/questions/<int:question>/", calls.answer, name="call-answer"),
    path("calls/<int:pk>/check/<slug:track>/", prechecking.check, name="call-check"),
    path("calls/<int:pk>/apply/<slug:track>/", prechecking.begin, name="call-apply"),
    path("public/calls/", calls.public_list, name="public-calls"),
    path("public/calls/<int:pk>/", calls.public_page, name="public-call"),
    path("public/calls/<int:pk>/paper.pdf", calls.public_paper, name="public-call-paper"),
    path("applications/", applications.list_of_applications, name="applications"),
    path("applications/district/", districts.list_for_district, name="district-applications"),
    path("applications/<int:pk>/", applications.page, name="application"),
    path("applications/<int:pk>/write/<slug:name>/", writing.step, name="application-step"),
    path("applications/<int:pk>/write/<slug:name>/reckon/", writing.reckoned, name="application-reckon"),
    path("applications/<int:pk>/write/<slug:name>/drafts/", writing.earlier, name="application-drafts"),
    path("applications/<int:pk>/cite/", citing.cite, name="application-cite"),
    path("applications/<int:pk>/district/", districts.page, name="application-district"),
    path("applications/<int:pk>/check/", checks.page, name="application-check"),
    path("decisions/", decisions.list_of_decisions, name="decisions"),
    path("decisions/new/", decisions.new, name="decision-new"),
    path("decisions/<int:pk>/", decisions.page, name="decision"),
    path("decisions/<int:pk>/object/", objections.lodge, name="decision-object"),
    path("decisions/<int:pk>/paper-objection/", objections.enter_paper, name="decision-paper-objection"),
    path("objections/", objections.list_of_objections, name="objections"),
    path("objections/<int:pk>/", objections.page, name="objection"),
    path("public/decisions/", publicity.public_list, name="public-decisions"),
    path("public/decisions/<int:pk>/", publicity.public_page, name="public-decision"),
    path("public/decisions/<int:pk>/paper.pdf", publicity.public_paper, name="public-decision-paper"),
    path("simulation/", simulation.page, name="simulation"),
]
