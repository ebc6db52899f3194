"""What is where. A part of evidence has its own list of addresses below `evidence/<lake>/`."""

from __future__ import annotations

from django.urls import include, path

from pingjiang.centre.evidence import views
from pingjiang.centre.evidence.atlas import shared
from pingjiang.centre.evidence.chain import urls as chain
from pingjiang.centre.evidence.data import views as data
from pingjiang.centre.evidence.framing import leading_to

urlpatterns = [
    path("evidence/", views.lakes, name="evidence"),
    path("evidence/new/", data.new, name="evidence-new"),
    path("evidence/data/", leading_to("evidence-data"), name="evidence-data-menu"),
    path("evidence/<int:lake>/data/", include("pingjiang.centre.evidence.data.urls")),
    path("evidence/atlas/", leading_to("evidence-atlas"), name="evidence-atlas-menu"),
    path("evidence/<int:lake>/atlas/", include("pingjiang.centre.evidence.atlas.urls")),
    path("evidence/shared/", shared.list_for_people, name="evidence-shared"),
    path("evidence/shared/<int:shared>/", shared.for_people, name="evidence-shared-atlas"),
    path("evidence/shared/<int:shared>/<slug:view>/", shared.for_people, name="evidence-shared-atlas-view"),
    path("public/atlas/", shared.list_for_all, name="public-atlases"),
    path("public/atlas/<int:shared>/", shared.for_all, name="public-atlas"),
    path("public/atlas/<int:shared>/<slug:view>/", shared.for_all, name="public-atlas-view"),
    path("evidence/search/", leading_to("evidence-search"), name="evidence-search-menu"),
    path("evidence/<int:lake>/search/", include("pingjiang.centre.evidence.search.urls")),
    path("evidence/identity/", leading_to("evidence-identity"), name="evidence-identity-menu"),
    path("evidence/review/", leading_to("evidence-review"), name="evidence-review-menu"),
    path("evidence/people/", leading_to("evidence-people"), name="evidence-people-menu"),
    path("evidence/<int:lake>/identity/", include("pingjiang.centre.evidence.identity.urls")),
    path("evidence/rosters/", leading_to("evidence-rosters"), name="evidence-rosters-menu"),
    path("evidence/<int:lake>/rosters/", include("pingjiang.centre.evidence.rosters.urls")),
    path("evidence/chain/", leading_to("evidence-chain"), name="evidence-chain-menu"),
    path("evidence/<int:lake>/chain/", include(chain.urlpatterns)),
    path("evidence/tagging/", include(chain.tagging)),
]
