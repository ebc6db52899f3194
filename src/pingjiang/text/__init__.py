"""Folding of text: what makes two spellings the same for comparison, never for storage."""

from pingjiang.text.fold import header_key, organisation_key_sql, organisation_legal_forms

__all__ = ["header_key", "organisation_key_sql", "organisation_legal_forms"]
