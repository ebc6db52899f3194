"""Settings of the site under test: mode 'test', a database in memory unless PINGJIANG_SITE_DATABASE names one."""

import os
import pathlib
import tempfile

os.environ.setdefault("PINGJIANG_SITE_MODE", "test")
os.environ.setdefault("PINGJIANG_SITE_FOLDER", tempfile.gettempdir())

from pingjiang.centre.settings import *  # noqa: F403
from pingjiang.centre.settings import INSTALLED_APPS as _APPS
from pingjiang.centre.settings import MIDDLEWARE as _MIDDLEWARE
from pingjiang.centre.settings import TEMPLATES

INSTALLED_APPS = [*_APPS, "tests.centre.casework.errands"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick: what is tested is not the hash

# Frames of pages for the templates of rooms that are tested without the room of pages.
TEMPLATES[0]["DIRS"] = [pathlib.Path(__file__).parent / "templates"]

# Who is signed in acts in the first role, as the room of pages has it.
MIDDLEWARE = [*_MIDDLEWARE, "tests.centre.acting.acting"]
