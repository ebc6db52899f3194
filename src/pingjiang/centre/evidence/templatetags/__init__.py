"""Filters of the evidence templates."""
