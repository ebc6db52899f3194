"""Named lists of organisations, persons and publications (重点企业), kept by people.

keeping  make, fill, share and drop one; who sees and who changes it; what it means as a query
views    its pages, and what the batch bars and pages of what is in it send
"""
