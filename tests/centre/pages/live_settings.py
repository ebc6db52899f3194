"""Settings of the site that the browser looks at: static files as in production, a database in a file."""

from tests.centre.settings import *  # noqa: F403
from tests.centre.settings import SITE_FOLDER

STATIC_ROOT = SITE_FOLDER.with_name(f".{SITE_FOLDER.name}.static")

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
ROOT_URLCONF = "tests.centre.pages.live_urls"
