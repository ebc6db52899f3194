"""Who is who among inventors: mentions in publications to persons, with reasons and a score.

`concluding` makes the tables of a release, `linking` links mentions alone. Both need numpy, which most commands do
without: their modules are imported by those who link.
"""
