"""Indicators: one SQL file each, with its definition, unit and source in front. Found, checked, run."""

from pingjiang.indicators.registry import Indicator, describe, load_all, parse
from pingjiang.indicators.run import results_as_json, run, run_all

__all__ = ["Indicator", "describe", "load_all", "parse", "results_as_json", "run", "run_all"]
