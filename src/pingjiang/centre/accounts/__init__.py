"""Organisations, people, memberships, roles and hats."""
