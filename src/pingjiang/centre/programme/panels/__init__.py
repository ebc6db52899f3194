"""What is computed for expert panels, without a database and without a page.

draw.py        a stratified draw that anybody can repeat from a published list and a public number
draw_page.py   the page on which they do: one file, offline; its body is draw.html
scores.py      what experts gave: totals, mean, trimmed mean, z-score, Borda, ranks with their ties, spread, bands
kemeny.py      the order with the fewest disagreements, exact or with a bound; of few in kemeny_few.py, by search in
               kemeny_many.py, which works on many panels side by side
stability.py   what the funded set hangs on: an expert left out, experts resampled
"""
