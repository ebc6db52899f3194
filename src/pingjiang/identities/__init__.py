"""What is one publication, one application, one family, one organisation; where; and what is counted."""

from pingjiang.identities.counting import Items
from pingjiang.identities.documents import Documents, conclude_documents
from pingjiang.identities.families import Families, conclude_families, members
from pingjiang.identities.horizon import Horizon, conclude_document_formats, conclude_horizon
from pingjiang.identities.lookup import find_numbers
from pingjiang.identities.particulars import PARTICULAR_COLUMNS, Particulars, conclude_particulars
from pingjiang.identities.parties import Parties, conclude_parties, printed_applicants
from pingjiang.identities.places import conclude_places
from pingjiang.identities.register import Register, conclude_register, register_names
from pingjiang.identities.update import UPDATED_TABLES, conclude_update, updated

__all__ = [
    "PARTICULAR_COLUMNS",
    "UPDATED_TABLES",
    "Documents",
    "Families",
    "Horizon",
    "Items",
    "Particulars",
    "Parties",
    "Register",
    "conclude_document_formats",
    "conclude_documents",
    "conclude_families",
    "conclude_horizon",
    "conclude_particulars",
    "conclude_parties",
    "conclude_places",
    "conclude_register",
    "conclude_update",
    "find_numbers",
    "members",
    "printed_applicants",
    "register_names",
    "updated",
]
