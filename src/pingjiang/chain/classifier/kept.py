"""Models beside a lake: what was learnt, of what, how well it does, and where people set its thresholds.

    LAKE/classifiers/<list>.json

A file is text, holds no programs, and is replaced whole or not at all. The same labels on the same release give the
same bytes. Models are made of the judgements of their own lake and stay there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from pingjiang.chain.classifier.learning import Model
from pingjiang.chain.classifier.weighing import Part
from pingjiang.documents.target import fresh_file
from pingjiang.errors import DefinitionError, LakeCorrupt

FOLDER = "classifiers"
_FORMAT = 1


@dataclass(frozen=True)
class Kept:
    """A model with what it was made of.

    list, release  whose judgements, on the documents of which release
    labels         SHA-256 of the labels (`learning.digest`)
    figures        by tag: `held_out.figures`, of documents left out each
    left_out       by tag and document: its score when left out, and whether it bears the tag
    chosen         by tag, where people set the threshold: {"value", "who", "why"}; else that of its figures holds
    exclusive      a document bears one tag at most: that which it passes the threshold of by most
    sha256         of the file
    """

    list: str
    release: str
    labels: str
    model: Model
    figures: Mapping[str, Mapping[str, Any]]
    left_out: Mapping[str, Mapping[str, tuple[float, bool]]]
    chosen: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    exclusive: bool = False
    sha256: str = ""

    def threshold(self, tag: str) -> float:
        """The score from which on a document bears a tag."""
        return float(self.chosen[tag]["value"] if tag in self.chosen else self.figures[tag]["threshold"])

    def taken(self, scores: np.ndarray) -> np.ndarray:
        """Which tags the documents of these scores bear: a row a document, a column a tag. Unknown (NaN) is none."""
        over = np.nan_to_num(scores - np.array([self.threshold(tag) for tag in self.model.tags]), nan=-np.inf)
        if self.exclusive:
            over[np.arange(over.shape[1]) != np.argmax(over, axis=1)[:, None]] = -np.inf
        return np.asarray(over >= 0)

    def require_tag(self, tag: str) -> None:
        """DefinitionError where the model has not learnt a tag."""
        if tag not in self.model.tags:
            told = ", ".join(self.model.tags)
            raise DefinitionError(
                f"标引任务 {self.list} 的分类器没有学过标签 {tag!r}；学过：{told}。",
                f"The classifier of list {self.list} has not learnt {tag!r}; it has learnt: {told}.",
                remedy=("标注后运行 pingjiang tag train。", "Label it, then run `pingjiang tag train`."),
            )


Models = Mapping[str, Kept]


def write(lake: Path, kept: Kept) -> Kept:
    """Keep a model beside a lake, in place of an earlier one of its list. Gives it with its SHA-256."""
    path = lake / FOLDER / f"{kept.list}.json"
    data = json.dumps(_plain(kept), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    with fresh_file(path, overwrite=True) as unfinished:
        unfinished.write_bytes(data)
    return replace(kept, sha256=hashlib.sha256(data).hexdigest())


def read(lake: Path, name: str) -> Kept:
    """The model of a list. DefinitionError where there is none, LakeCorrupt where its file is damaged."""
    path = lake / FOLDER / f"{name}.json"
    if not path.is_file():
        raise DefinitionError(
            f"标引任务 {name} 还没有分类器。",
            f"List {name} has no classifier yet.",
            file=str(path),
            remedy=(
                f"标注后运行 pingjiang tag train {name} --lake {lake}。",
                f"Label documents, then run `pingjiang tag train {name} --lake {lake}`.",
            ),
        )
    data = path.read_bytes()
    try:
        return replace(_kept(json.loads(data)), sha256=hashlib.sha256(data).hexdigest())
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise LakeCorrupt(
            "分类器的文件已损坏。",
            "The file of this classifier is damaged.",
            file=str(path),
            remedy=(
                "重新运行 pingjiang tag train（标注是判断，完好）；由人设定的门槛要重新设定。",
                "Run `pingjiang tag train` anew: labels are judgements, and whole. Thresholds that people had set are "
                "to be set again.",
            ),
        ) from error


def with_chosen(kept: Kept, chosen: Mapping[str, Mapping[str, Any]]) -> Kept:
    """The model with thresholds that people set."""
    return replace(kept, chosen=chosen)


def models_of(lake: Path, wanted: Iterable[str]) -> dict[str, Kept]:
    """The models that rules name ('list/tag'), by list. DefinitionError where one is missing, or has not learnt it."""
    found: dict[str, Kept] = {}
    for each in sorted(set(wanted)):
        name, _, tag = each.partition("/")
        if name not in found:
            found[name] = read(lake, name)
        found[name].require_tag(tag)
    return found


def _plain(kept: Kept) -> dict[str, Any]:
    model = kept.model
    return {
        "format": _FORMAT,
        **{
            name: getattr(kept, name)
            for name in ("list", "release", "labels", "figures", "left_out", "chosen", "exclusive")
        },
        "model": {
            "tags": model.tags,
            "parts": [
                {"kind": part.kind, "terms": part.terms, "rarity": np.round(part.rarity, 8).tolist()}
                for part in model.parts
            ],
            "weights": model.weights.tolist(),
            "constant": model.constant.tolist(),
        },
    }


def _kept(told: Mapping[str, Any]) -> Kept:
    if told["format"] != _FORMAT:
        raise ValueError(f"format {told['format']!r}")
    told_model = told["model"]
    parts = tuple(
        Part(each["kind"], tuple(each["terms"]), np.array(each["rarity"], dtype=float)) for each in told_model["parts"]
    )
    weights, constant = np.array(told_model["weights"], dtype=float), np.array(told_model["constant"], dtype=float)
    model = Model(tuple(told_model["tags"]), parts, weights, constant)
    if weights.shape != (len(model.tags), sum(len(part.terms) for part in parts)) or len(constant) != len(model.tags):
        raise ValueError("weights")
    left_out = {
        tag: {document: (float(score), bool(held)) for document, (score, held) in of.items()}
        for tag, of in told["left_out"].items()
    }
    names = ("list", "release", "labels", "figures", "chosen", "exclusive")
    return Kept(model=model, left_out=left_out, **{name: told[name] for name in names})
