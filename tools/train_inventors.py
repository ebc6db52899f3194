"""Make the model of inventors anew: `python -m tools.train_inventors [--choose]`, with PINGJIANG_SAMPLES set.

Reads the labelled mentions of the blocks that are not held out (see evaluate/inventors.py), and nothing of the others
but how common names and words are. `--choose` prints figures of four-fold cross-validation over the training blocks
for every setting tried; without it the settings below are taken and `model.yaml` is written. Deterministic.

Two models are made: of two single mentions, and of groups as they are met on the way. Signs of weights are bound where
it is known which way a feature speaks; so what few labels suggest by chance is not learnt.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from pingjiang.config import Settings
from pingjiang.engine import Session
from pingjiang.evaluate.inventors import DEVELOPMENT, GRANTED_BEFORE, TRUTH, is_held_out, read_truth
from pingjiang.identities.inventors import model as models
from pingjiang.identities.inventors import names
from pingjiang.identities.inventors.candidates import candidates, possible
from pingjiang.identities.inventors.features import BATCH, NAMES, Comparison, Floats, Groups, Integers, merged, picked
from pingjiang.identities.inventors.gathering import gather
from pingjiang.identities.inventors.grouping import group
from pingjiang.identities.inventors.linking import portions
from pingjiang.identities.inventors.model import Model, Weights

OUT = Path(models.__file__).parent / "model.yaml"
FOLDS = 4
SEED_BARS = (5.0, 3.5, 1.5, 0.0)  # at which the groups are made that the second model learns from
SEEDS = 2  # of them, by the first model alone: from these groups cross-validation goes on
SAME, DIFFERENT = 400, 1_500  # pairs of a labelled inventor that are learnt from, at most
HEAVIEST = 2_500.0
AGAINST = {"common", "common>2", "gap", "gap>5", "span>25", "nothing", "nothing*common", "nothing*size",
           "name:spelling*common", "name:parted", "name:other_middle", "name:spelling", "name:short", "name:missing",
           "name:initial", "name:bare"}  # fmt: skip
FOR = {"org*cls", "org*co", "org*city", "co*common"}
# Labels lean towards a result that takes "Jun-Hee" and "Junhee" for two persons as a rule. Exports of several tools
# write one person both ways: a team, an organisation and a trade in common must be able to say so.
LOWEST = {"name:parted": -3.0}


@dataclass(frozen=True)
class Setting:
    """What cross-validation chooses: ridge, how much the size of groups weighs, and the bars."""

    ridge: float = 30.0
    power: float = 0.5
    bars: tuple[float, ...] = (3.0, 1.0, 0.0, -0.3)


CHOSEN = Setting()


@dataclass(frozen=True)
class Pairs:
    """Pairs to learn from: features, whether they are one person, weight, product of sizes, block."""

    features: Floats
    same: npt.NDArray[np.bool_]
    weight: npt.NDArray[np.float64]
    sizes: npt.NDArray[np.float64]
    block: npt.NDArray[np.object_]

    def of(self, keep: npt.NDArray[np.bool_]) -> Pairs:
        """Some of them."""
        return Pairs(self.features[keep], self.same[keep], self.weight[keep], self.sizes[keep], self.block[keep])


@dataclass(frozen=True)
class Labelled:
    """Units of training blocks: as groups of one, their labels ('' where there is none) and blocks."""

    groups: Groups
    label: npt.NDArray[np.object_]
    block: npt.NDArray[np.object_]


def read(truth: Path, settings: Settings) -> Labelled:
    """The units of the blocks that are not held out."""
    with Session(memory_limit="3GB", temp_folder=settings.temp_dir) as session:
        told = read_truth(session, truth, settings, GRANTED_BEFORE)
        gathered = gather(session, told.sources)
        rows = session.rows(
            """
            select g.unit, coalesce(max(m.label), ''), min(m.block)
            from g join m on m.mention_id = g.mention_id group by g.unit order by g.unit
            """,
            g=gathered.mention,
            m=told.mention,
        )
        [(units, groups)] = list(portions(session, gathered))
    assert [row[0] for row in rows] == units.tolist()
    label, block = (np.array([row[at] for row in rows], dtype=object) for at in (1, 2))
    training = np.flatnonzero([not is_held_out(each) for each in block])
    return Labelled(picked(groups, training), label[training], block[training])


def fold_of(block: str) -> int:
    """The fold of a training block."""
    return int(hashlib.sha256(f"cv{block}".encode()).hexdigest(), 16) % FOLDS


# -- learning ----------------------------------------------------------------------------------------


def pairs(groups: Groups, label: npt.NDArray[np.object_], block: npt.NDArray[np.object_], *, single: bool) -> Pairs:
    """Pairs of groups that touch a label: of single mentions, or those in which one is not."""
    comparison = Comparison(groups)
    i, j = possible(comparison, *candidates(groups))
    keep = ((label[i] != "") | (label[j] != "")) & ((np.maximum(groups.size[i], groups.size[j]) == 1) == single)
    i, j = i[keep], j[keep]
    fault = (label[i] != label[j]) & _beyond_doubt(comparison, i, j)
    i, j = i[~fault], j[~fault]
    chosen, weight = _sampled(label[i], label[j])
    i, j = i[chosen], j[chosen]
    features = np.concatenate(
        [comparison.features(i[at : at + BATCH], j[at : at + BATCH]) for at in range(0, len(i), BATCH)]
    )
    sizes = np.minimum(groups.size[i].astype(np.float64) * groups.size[j], HEAVIEST)
    return Pairs(features, label[i] == label[j], weight, sizes, block[i])


def _beyond_doubt(comparison: Comparison, i: Integers, j: Integers) -> npt.NDArray[np.bool_]:
    """Same letters, a rare co-inventor and an organisation: where the labels say otherwise they are not learnt from.

    "Jeongil Seo" and "Jeong Il Seo" of one team and institute are labelled as two. Such labels count when it is
    measured, for and against; a model that believed them would take co-inventors for no evidence at all.
    """
    found = []
    for at in range(0, len(i), BATCH):
        features = comparison.features(i[at : at + BATCH], j[at : at + BATCH])
        column = {name: features[:, NAMES.index(name)] for name in ("co:weight", "org*co")}
        found.append((column["co:weight"] >= 8) & (column["org*co"] > 0))
    beyond: npt.NDArray[np.bool_] = np.concatenate(found) & (comparison.relation(i, j) <= names.PARTED)
    return beyond


def _sampled(a: npt.NDArray[np.object_], b: npt.NDArray[np.object_]) -> tuple[Integers, npt.NDArray[np.float64]]:
    """Rows to learn from and their weights: of a labelled inventor with many pairs some stand for all."""
    drawn = np.random.default_rng(20_260_701)
    own, same = np.where(a != "", a, b).astype(str), a == b
    _, key = np.unique(np.char.add(own, np.where(same, "=", "/")), return_inverse=True)
    order = np.argsort(key, kind="stable")
    rows, weights = [], []
    for part in np.split(order, np.flatnonzero(np.diff(key[order])) + 1):
        most = SAME if same[part[0]] else DIFFERENT
        chosen = np.sort(drawn.choice(part, most, replace=False)) if len(part) > most else part
        rows.append(chosen)
        weights.append(np.full(len(chosen), np.sqrt(len(part) / len(chosen))))
    return np.concatenate(rows), np.concatenate(weights)


def fit(learnt: Pairs, setting: Setting, power: float) -> Weights:
    """Logistic regression with signs where they are known, standardised, so that the ridge means the same for all."""
    mean, spread = learnt.features.mean(axis=0), learnt.features.std(axis=0) + 1e-6
    z = ((learnt.features - mean) / spread).astype(np.float64)
    same = learnt.same.astype(np.float64)
    weight = learnt.weight * learnt.sizes**power
    weight = weight / weight.mean()

    def loss(beta: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        odds = z @ beta[:-1] + beta[-1]
        slope = weight * (1 / (1 + np.exp(-odds)) - same)
        value = (weight * (np.logaddexp(0, odds) - same * odds)).sum() + setting.ridge / 2 * (beta[:-1] ** 2).sum()
        return float(value), np.r_[z.T @ slope + setting.ridge * beta[:-1], slope.sum()]

    found = minimize(
        loss, np.zeros(len(NAMES) + 1), jac=True, method="L-BFGS-B",
        bounds=[*(_bounds(name, width) for name, width in zip(NAMES, spread.tolist(), strict=True)), (None, None)],
        options={"maxiter": 600},
    ).x  # fmt: skip
    scaled = found[:-1] / spread
    return Weights(scaled.astype(np.float32), float(found[-1] - (scaled * mean).sum()))


def _bounds(name: str, spread: float) -> tuple[float | None, float | None]:
    """Where the standardised weight of a feature may lie."""
    if name in AGAINST or name.endswith((":none", ":none*size")):
        return (LOWEST[name] * spread if name in LOWEST else None), 0.0
    if name in FOR or name.endswith((":log", ":weight", ":alike", ":root")):
        return 0.0, None
    return None, None


@dataclass(frozen=True)
class Material:
    """What the two models learn from, and the groups from which the rest is joined."""

    single: Pairs
    several: tuple[Pairs, ...]
    seeds: Integers
    labelled: Labelled

    def fitted(self, setting: Setting, without: int | None = None) -> Model:
        """The model, of all folds but one."""

        def of(learnt: Pairs) -> Pairs:
            return learnt if without is None else learnt.of(np.array([fold_of(b) != without for b in learnt.block]))

        several = [of(each) for each in self.several]
        return Model(
            fit(of(self.single), setting, 0.0), fit(together(several), setting, setting.power),
            setting.bars, setting.bars[-1] - 2,
        )  # fmt: skip


def material(labelled: Labelled) -> Material:
    """Pairs of single mentions; then groups, joined at high bars by what these teach, and pairs of them."""
    single = pairs(labelled.groups, labelled.label, labelled.block, single=True)
    first = fit(single, CHOSEN, 0.0)
    several: list[Pairs] = []
    seeds = np.arange(len(labelled.groups))
    for at in range(len(SEED_BARS)):
        second = first if at < SEEDS else fit(together(several), CHOSEN, CHOSEN.power)
        joined = group(labelled.groups, Model(first, second, SEED_BARS[: at + 1], 99.0))
        _, row = np.unique(joined.label, return_inverse=True)
        count = int(row.max()) + 1
        several.append(
            pairs(merged(labelled.groups, row, count), _of_groups(row, labelled.label, count),
                  _of_groups(row, labelled.block, count), single=False)
        )  # fmt: skip
        seeds = row if at < SEEDS else seeds
    return Material(single, tuple(several), seeds, labelled)


def together(several: Sequence[Pairs]) -> Pairs:
    """All of the pairs."""
    names_ = ("features", "same", "weight", "sizes", "block")
    return Pairs(*(np.concatenate([getattr(each, name) for each in several]) for name in names_))


def _of_groups(row: Integers, told: npt.NDArray[np.object_], count: int) -> npt.NDArray[np.object_]:
    """What most mentions of each group say; of equally many the lesser."""
    word, code = np.unique(told.astype(str), return_inverse=True)
    seen, counts = np.unique(row * np.int64(len(word)) + code, return_counts=True)
    group_of, code_of = np.divmod(seen, len(word))
    order = np.lexsort((code_of, -counts, group_of))
    first = order[np.searchsorted(group_of[order], np.arange(count))]
    most: npt.NDArray[np.object_] = word[code_of[first]].astype(object)
    return most


# -- choosing ----------------------------------------------------------------------------------------


def measures(label: npt.NDArray[np.object_], cluster: Integers) -> dict[str, float]:
    """Pairs and B³ as evaluate/inventors.py has them, of arrays."""
    named = label != ""
    _, truth = np.unique(label[named].astype(str), return_inverse=True)
    _, cluster = np.unique(cluster, return_inverse=True)
    size, known = np.bincount(cluster), np.bincount(cluster[named], minlength=int(cluster.max()) + 1)
    mine = cluster[named]
    _, cell, cells = np.unique(mine * np.int64(truth.max() + 1) + truth, return_inverse=True, return_counts=True)
    both, true = cells[cell], np.bincount(truth)[truth]
    right = (both - 1).sum() / 2
    wrong = ((size[mine] - known[mine]) + (known[mine] - both) / 2).sum()
    missed = (true - both).sum() / 2
    p, r = right / (right + wrong), right / (right + missed)
    bp, br = (both / size[mine]).mean(), (both / true).mean()
    return {"P": p, "R": r, "F1": 2 * p * r / (p + r), "B3P": bp, "B3R": br, "B3": 2 * bp * br / (bp + br)}


def cross_validated(told: Material, setting: Setting) -> Iterator[tuple[float, dict[str, float]]]:
    """Figures at each bar, every fold joined by what the others teach."""
    fold = np.array([fold_of(block) for block in told.labelled.block])
    count = int(told.seeds.max()) + 1
    seeds = merged(told.labelled.groups, told.seeds, count)
    cluster = {bar: np.zeros(len(fold), np.int64) for bar in setting.bars}
    for without in range(FOLDS):
        own = np.flatnonzero(fold == without)
        rows = np.unique(told.seeds[own])
        fitted = told.fitted(setting, without=without)
        for at, bar in enumerate(setting.bars):
            joined = group(picked(seeds, rows), replace(fitted, bars=setting.bars[: at + 1], doubt=99.0))
            cluster[bar][own] = joined.label[np.searchsorted(rows, told.seeds[own])] * FOLDS + without
    for bar, found in cluster.items():
        yield bar, measures(told.labelled.label, found)


def write(fitted: Model, setting: Setting) -> None:
    """The model as data."""
    lines = [
        "# Weights of features: of two single mentions, and of groups. Made by tools/train_inventors.py; do not edit.",
        f'# Labelled mentions: SHA-256 {DEVELOPMENT}, granted before {GRANTED_BEFORE},',
        "# blocks whose SHA-256 is not divisible by three.",
        f"# Setting: {setting}",
        f"bars: [{', '.join(map(str, fitted.bars))}]",
        f"doubt: {fitted.doubt}",
        f"constants: [{fitted.single.constant:.5f}, {fitted.several.constant:.5f}]",
        "weights:",
        *(f'  "{name}": [{one:.5f}, {two:.5f}]'
          for name, one, two in zip(NAMES, fitted.single.weight, fitted.several.weight, strict=True)),
    ]  # fmt: skip
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Choose, or make the model."""
    settings = Settings.from_environment()
    assert settings.samples is not None, "PINGJIANG_SAMPLES is not set"
    told = material(read(settings.samples / TRUTH, settings))
    if "--choose" in sys.argv:
        for ridge in (3.0, 10.0, 30.0):
            setting = replace(CHOSEN, ridge=ridge)
            for bar, figures in cross_validated(told, setting):
                print(
                    f"ridge {ridge} bar {bar:5.2f}",
                    *(f"{k} {v:.4f}" for k, v in figures.items()),
                    flush=True,
                )
        return
    write(told.fitted(CHOSEN), CHOSEN)
    print(OUT)


if __name__ == "__main__":
    main()
