"""Documents and papers are seen by whoever sees their case."""

from __future__ import annotations

from pingjiang.centre.casework import access
from pingjiang.centre.documents.models import Document, Paper, Version

access.register(Document, lambda actor: Document.objects.filter(access.with_case(actor)))
access.register(Version, lambda actor: Version.objects.filter(access.with_case(actor, "document__case")))
access.register(Paper, lambda actor: Paper.objects.filter(access.with_case(actor)))
