"""The chain of a release in the browser: tree, leaves, versions, strategy; and the tagging desk.

memory     what was computed of a release, kept for the next who asks
shown      tree, counts and coverage by unit; the chain of a release and the one of the next build
leaves     a leaf: rules, sample and how it stands, publications with the reason of their placement
changing   outlines taken as versions of the lake's own chain
jobs       what takes long: hits of blocks, publications that move, national tables, lists, training
desks      who codes a list, what is next, what they have said
views, version_views, strategy_views, tagging_views, desk_views
"""
