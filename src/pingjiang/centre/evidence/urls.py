"""What is where. A part of evidence has its own list of addresses below `evidence/<lake>/`."""

from __future__ import annotations

from django.urls import include, path

from pingjiang.centre.evidence import views
from pingjiang.centre.evidence.chain import urls as chain
from pingjiang.centre.evidence.framing import leading_to

urlpatterns = [
    path("evidence/", views.lakes, name="evidence"),
    path("evidence/chain/", leading_to("evidence-chain"), name="evidence-chain-menu"),
    path("evidence/<int:lake>/chain/", include(chain.urlpatterns)),
    path("evidence/tagging/", include(chain.tagging)),
]
