"""What the process from which the tests' processes are forked has loaded: the program, and its tables of words.

Nothing here starts a thread or opens an engine: what is forked from it starts as if it had just been loaded.
"""

import os

os.environ["COLUMNS"] = "200"  # what people read is not broken into lines

from pingjiang import cli, pipeline  # noqa: F401
from pingjiang.chain.tree import load
from pingjiang.text.brands import brands
from pingjiang.text.folding import fold
from pingjiang.text.keys import organisation_key_sql
from pingjiang.text.meanings import read_words
from pingjiang.text.sounds import sound

load("semiconductors")
brands()
organisation_key_sql("name")
for read in (fold, sound, read_words):
    read("合成公司")
