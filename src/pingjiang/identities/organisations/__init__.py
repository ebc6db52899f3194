"""Who is who among applicants: from names as printed to legal entities and ultimate groups, with reasons."""

from pingjiang.identities.organisations.conclude import Organisations, conclude_organisations
from pingjiang.identities.organisations.link import Linked, link, link_names
from pingjiang.identities.organisations.reasons import REASONS

__all__ = ["REASONS", "Linked", "Organisations", "conclude_organisations", "link", "link_names"]
