"""Readers of whole documents, a module a family of formats: each has `read(document)`, which gives rows of `Said`."""
