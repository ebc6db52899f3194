"""Settings of the site: from the environment only. Nonsense is refused, never repaired.

PINGJIANG_SITE_MODE       'production' (default), 'demo' (loopback only, printed passwords) or 'test'
PINGJIANG_SITE_FOLDER     folder of database and uploads; by default pingjiang/site in the user's folder of data
PINGJIANG_SITE_DATABASE   'postgresql://USER:PASSWORD@HOST:PORT/NAME'; by default SQLite in that folder
PINGJIANG_SITE_SECRET     key of sessions and seals, 50 characters or more; required in production, kept in the folder
                          by a demo
PINGJIANG_SITE_HOSTS      names by which the site is reached, parted by commas; required in production
PINGJIANG_SITE_ADDRESS    where it is reached from outside, 'https://HOST'; by default the first of its names. Papers
                          bear it as a QR code
PINGJIANG_SITE_MAIL       'smtps://USER:PASSWORD@HOST:PORT', smtp+starttls or smtp; without it no mail is sent
PINGJIANG_SITE_MAIL_FROM  the sender's address
PINGJIANG_SITE_DIGEST_AT  time of day at which everybody's digest is written, 'HH:MM'; by default 08:30
PINGJIANG_SITE_MAX_UPLOAD megabytes of one upload; by default 100
PINGJIANG_SITE_CLAMD      ClamAV's daemon: path of its socket or 'HOST:PORT'; by default its usual socket, if there
"""

from __future__ import annotations

import datetime
import os
from pathlib import Path

from pingjiang.centre.surroundings import Surroundings

_around = Surroundings.from_environment(os.environ)

SITE_MODE = _around.mode
SITE_FOLDER = _around.folder
DEBUG = False
SECRET_KEY = _around.secret
ALLOWED_HOSTS = list(_around.hosts)
SITE_ADDRESS = _around.address
DATABASES = {"default": _around.database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "pingjiang.centre.rounds",
    "pingjiang.centre.accounts",
    "pingjiang.centre.casework",
    "pingjiang.centre.documents",
    "pingjiang.centre.announcements",
    "pingjiang.centre.programme",
    "pingjiang.centre.manual",
    "pingjiang.centre.api",
    "pingjiang.centre.pages",
    "axes",
    "pingjiang.centre.money",
    "pingjiang.centre.facts",
    "pingjiang.centre.jobs",
    "pingjiang.centre.evidence",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "pingjiang.centre.pages.middleware.content_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "pingjiang.centre.pages.middleware.whole_redirects",
    "pingjiang.centre.pages.middleware.session_limits",
    "pingjiang.centre.pages.middleware.acting",
    "pingjiang.centre.pages.middleware.forms_alone",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",  # a page is for people signed in unless it says otherwise
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "pingjiang.centre.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "pingjiang.centre.pages.context.shell",
            ]
        },
    }
]

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesBackend",  # first: an account that is locked is asked nothing
    "django.contrib.auth.backends.ModelBackend",
    "pingjiang.centre.accounts.second_factor.CodeBackend",
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "desk"
# Five wrong passwords or codes for one name lock it for a quarter of an hour, wherever they come from.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = datetime.timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True  # who signed in stands in the history of the site
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # not by address: a whole bureau comes from one, and attackers have many
AXES_SENSITIVE_PARAMETERS = ["username", "password", "code"]

# Chinese is the language of the sources; English is its one translation.
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LOCALE_PATHS = [Path(__file__).with_name("locale")]

# Names with a digest and packed twins, made by `pingjiang serve` when it starts; the tests take the files as they are.
STATIC_URL = "/static/"
STATIC_ROOT = None if SITE_MODE == "test" else SITE_FOLDER.with_name(f".{SITE_FOLDER.name}.static")  # in no backup
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # what no page names is not packed
_KINDS_OF_STATIC = {
    "test": "django.contrib.staticfiles.storage.StaticFilesStorage",
    "demo": "whitenoise.storage.CompressedManifestStaticFilesStorage",
    "production": "whitenoise.storage.CompressedManifestStaticFilesStorage",
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _KINDS_OF_STATIC[SITE_MODE]},
}

# Uploads go to disk as they come; what is larger than may be is refused before it is read.
SITE_MAX_UPLOAD = _around.max_upload
SITE_MAX_EXPANDED = 2 * 10**9
SITE_CLAMD = _around.clamd
FILE_UPLOAD_HANDLERS = ["pingjiang.centre.documents.receiving.Limited"]

SITE_MAIL = bool(_around.mail)
SITE_DIGEST_AT = _around.digest_at
EMAIL_TIMEOUT = 20
globals().update(_around.mail)

# What travels over the open net is bound to TLS; the demo and the tests stay on this machine.
_safe = SITE_MODE == "production"
SECURE_SSL_REDIRECT = _safe
SECURE_HSTS_SECONDS = 31_536_000 if _safe else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _safe
SECURE_HSTS_PRELOAD = _safe
SESSION_COOKIE_SECURE = _safe
CSRF_COOKIE_SECURE = _safe
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "pingjiang.centre.pages.errors.stale_form"
SESSION_COOKIE_AGE = 8 * 3600  # a working day since signing in
SESSION_IDLE_AGE = 3600  # an hour without a click
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
