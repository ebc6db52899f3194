"""Accuracy on labelled data: figures beside trivial baselines, with intervals, and the bars that they must reach."""

from pingjiang.evaluate.accuracy import Bar, BarMissed, evaluate_all, load_bars, missed, run, task, tasks

__all__ = ["Bar", "BarMissed", "evaluate_all", "load_bars", "missed", "run", "task", "tasks"]
