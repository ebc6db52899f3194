"""Folding of text: what makes two spellings the same for comparison, never for storage; and how a name is shown."""

from pingjiang.text.fold import header_key, organisation_key_sql, organisation_legal_forms, shown_name_sql

__all__ = ["header_key", "organisation_key_sql", "organisation_legal_forms", "shown_name_sql"]
