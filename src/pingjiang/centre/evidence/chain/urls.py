"""What is where, below `evidence/<lake>/chain/` and `evidence/tagging/`."""

from __future__ import annotations

from django.urls import path

from pingjiang.centre.evidence.chain import strategy_views, tagging_views, version_views, views

urlpatterns = [
    path("", views.tree, name="evidence-chain"),
    path("coverage/", views.coverage, name="evidence-chain-coverage"),
    path("coverage/national/", strategy_views.national, name="evidence-chain-national"),
    path("items/<slug:where>/", views.where, name="evidence-chain-where"),
    path("node/<str:node>/", views.node, name="evidence-chain-node"),
    path("node/<str:node>/judge/", views.judge, name="evidence-chain-judge"),
    path("node/<str:node>/release/", views.release, name="evidence-chain-release"),
    path("versions/", version_views.versions, name="evidence-chain-versions"),
    path("versions/new/", version_views.hand_in, name="evidence-chain-hand-in"),
    path("versions/draft/<int:pk>/", version_views.draft, name="evidence-chain-draft"),
    path("versions/<slug:digest>/outline/", version_views.outline, name="evidence-chain-outline"),
    path("versions/<slug:old>/<slug:new>/", version_views.diff, name="evidence-chain-diff"),
    path("strategy/", strategy_views.strategy, name="evidence-chain-strategy"),
    path("strategy/sample/", strategy_views.sample, name="evidence-chain-sample"),
    path("strategy/take/", strategy_views.take, name="evidence-chain-take"),
    path("strategy/<int:pk>/", strategy_views.workbook, name="evidence-chain-workbook"),
    path("tags/", tagging_views.lists, name="evidence-chain-tags"),
]
tagging = [
    path("", tagging_views.mine, name="evidence-tagging"),
    path("<int:pk>/", tagging_views.one, name="evidence-tagging-list"),
    path("<int:pk>/code/", tagging_views.code, name="evidence-tagging-desk"),
    path("<int:pk>/adjudicate/", tagging_views.adjudicate, name="evidence-tagging-adjudicate"),
    path("<int:pk>/export/", tagging_views.export, name="evidence-tagging-export"),
    path("<int:pk>/train/", tagging_views.train, name="evidence-tagging-train"),
    path("<int:pk>/withdraw/", tagging_views.withdraw, name="evidence-tagging-withdraw"),
]
