"""A classifier for the leaves of a chain and the tags of a list: trained from what people decided, and never else.

`features` says what of a document counts and `weighing` how much, `learning` learns and scores, `held_out` measures
on documents that were left out, `kept` keeps a model beside the lake, `applied` scores the
publications of a release. docs/tagging.md.
"""
