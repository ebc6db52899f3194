"""Folding of text: what makes two spellings the same for comparison, never for storage; and how a name is shown.

Of names it also says what they hold: legal forms, words by meaning, sound, kind (`read_names`).
"""

from pingjiang.text.folding import fold
from pingjiang.text.keys import header_key, organisation_key_sql, shown_name_sql
from pingjiang.text.kinds import KINDS
from pingjiang.text.names import NameRead, read_name, read_names
from pingjiang.text.sounds import sound

__all__ = [
    "KINDS",
    "NameRead",
    "fold",
    "header_key",
    "organisation_key_sql",
    "read_name",
    "read_names",
    "shown_name_sql",
    "sound",
]
