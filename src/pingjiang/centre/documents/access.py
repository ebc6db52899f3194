"""Documents and papers are seen by whoever sees their case."""

from __future__ import annotations

from pingjiang.centre.casework import access
from pingjiang.centre.casework.models import Case
from pingjiang.centre.documents.models import Document, Paper, Version

access.register(Document, lambda actor: Document.objects.filter(case__in=access.visible_to(actor, Case)))
access.register(Version, lambda actor: Version.objects.filter(document__case__in=access.visible_to(actor, Case)))
access.register(Paper, lambda actor: Paper.objects.filter(case__in=access.visible_to(actor, Case)))
