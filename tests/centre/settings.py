"""Settings of the site under test: mode 'test', a database in memory unless PINGJIANG_SITE_DATABASE names one."""

import os
import tempfile

os.environ.setdefault("PINGJIANG_SITE_MODE", "test")
# The browser of the tests keeps a loop in this thread; the tests themselves are not asynchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
os.environ.setdefault("PINGJIANG_SITE_FOLDER", tempfile.gettempdir())

from pingjiang.centre.settings import *  # noqa: F403
from pingjiang.centre.settings import INSTALLED_APPS as _APPS

INSTALLED_APPS = [*_APPS, "tests.centre.casework.errands", "tests.centre.jobs.chores"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick: what is tested is not the hash
