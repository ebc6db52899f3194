"""The atlas: figures of a release under filters that combine, each with its list; saved views; figures for others.

asking     what an address asks for, and addresses of other questions
results    rows of figures, kept for a while
telling    a figure with its foot, and the ways from its numbers to their lists
by_time, by_place, by_node, by_organisation   the figures
"""
