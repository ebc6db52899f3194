"""Search: a query and what it finds, the page of a publication, similar documents, whole results as files.

asking      the address of a search as it is meant: query, unit, order, page
history     what one asked before, and sets kept by name
facets      values of a result, and the query that each narrows it to
jobs        what takes longer: whole results as files (the index of a release is made by data.runs)
"""
