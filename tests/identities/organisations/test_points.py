"""Points of doubtful pairs: every weight of the method belongs to one, and they add up to the log odds."""

from __future__ import annotations

import numpy as np
import pytest

from pingjiang.identities.organisations.method import shipped_method
from pingjiang.identities.organisations.points import POINTS, points_of
from pingjiang.identities.organisations.scoring import score_pairs


@pytest.mark.parametrize("level", ["entity", "group"])
def test_points_add_up_to_the_score(level: str) -> None:
    weights = getattr(shipped_method(), level)["weights"]
    chance = np.random.default_rng(1)
    values = {name: chance.random(200) for name in weights}
    points = points_of(values, weights)
    assert points.shape == (200, len(POINTS))
    np.testing.assert_allclose(1 / (1 + np.exp(-points.sum(axis=1))), score_pairs(values, weights))


def test_a_feature_without_a_place_is_refused() -> None:
    with pytest.raises(KeyError):
        points_of({"new": np.ones(2)}, {"new": 1.0})
