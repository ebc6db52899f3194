"""A program of its own: asks the public page for wrong codes, over and over; says what it got.

python -m tests.centre.documents.guesser COUNT
"""

from __future__ import annotations

import sys

from pingjiang.centre import commands

commands.ready()

from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

if __name__ == "__main__":
    setup_test_environment()
    for n in range(int(sys.argv[1])):
        print(Client().get("/verify/", {"code": f"PJ26-{n}"}).status_code, flush=True)
