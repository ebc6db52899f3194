"""Who is who among applicants: from names as printed to legal entities and ultimate groups, with reasons.

`conclude` makes the tables of a release, `link` links names alone, `evidence` finds pairs by what lies beyond the
string, `told` has the reasons in words. Linking needs numpy, which most commands do without: its modules are imported
by those who link.
"""
