"""What each thing that was seen of two names adds to their score: signed points, which people can add up."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from pingjiang.identities.organisations.pairs import Array

# What points are for, in the order in which they are shown. `start` is what every pair begins with; `register` rules
# out two firms of the register, and has no points.
POINTS = (
    "start",
    "words",
    "letters",
    "rest",
    "abbreviation",
    "trade",
    "place",
    "country",
    "kind",
    "evidence",
    "register",
)

_OF = {
    "one": "start",
    **dict.fromkeys(
        ("jacc", "contain", "head_eq", "head_share", "first_eq", "same_words", "gen_low", "pub_low", "shared_only"),
        "words",
    ),
    **dict.fromkeys(("ratio", "ratio2", "ratio_high", "same_text", "prefix"), "letters"),
    **dict.fromkeys(
        ("any_min", "any_max", "left_min", "left_max", "words_left", "cjk_left", "cjk_pub_left", "head_ne", "un_given",
         "comp_nfirst", "pu_min", "generic"), "rest",
    ),
    **dict.fromkeys(("acro3", "acro4"), "abbreviation"),
    **dict.fromkeys(("trade_conf", "trade_left"), "trade"),
    **dict.fromkeys(("place_conf", "place_left", "pub_place"), "place"),
    "country_conf": "country",
    **dict.fromkeys(("kind_conf", "pub"), "kind"),
    **dict.fromkeys(("across", "within", "against"), "evidence"),
}  # fmt: skip


def points_of(values: Mapping[str, Array], weights: Mapping[str, float]) -> Array:
    """Features of pairs → points, a row a pair and a column each of POINTS. A row adds up to the log odds.

    KeyError for a weight of a feature that belongs to no column: the method would score what nobody is shown.
    """
    found = np.zeros((len(next(iter(values.values()))), len(POINTS)))
    for name, weight in weights.items():
        found[:, POINTS.index(_OF[name])] += weight * values[name]
    return found
