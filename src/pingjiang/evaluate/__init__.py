"""Accuracy on labelled data: figures beside plain baselines, with intervals, and the bars that they must reach."""

from pingjiang.evaluate.accuracy import Bar, bars_missed, cells, evaluate_all, load_bars, run, task, tasks

__all__ = ["Bar", "bars_missed", "cells", "evaluate_all", "load_bars", "run", "task", "tasks"]
