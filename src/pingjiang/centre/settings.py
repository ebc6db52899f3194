"""Settings of the site: from the environment only. Nonsense is refused, never repaired.

PINGJIANG_SITE_MODE       'production' (default), 'demo' (loopback only, printed passwords) or 'test'
PINGJIANG_SITE_FOLDER     folder of database and uploads; by default pingjiang/site in the user's folder of data
PINGJIANG_SITE_DATABASE   'postgresql://USER:PASSWORD@HOST:PORT/NAME'; by default SQLite in that folder
PINGJIANG_SITE_SECRET     key of sessions and seals, 50 characters or more; required in production
PINGJIANG_SITE_HOSTS      names by which the site is reached, parted by commas; required in production
"""

from __future__ import annotations

import os

from pingjiang.centre.surroundings import Surroundings

_around = Surroundings.from_environment(os.environ)

SITE_MODE = _around.mode
SITE_FOLDER = _around.folder
DEBUG = False
SECRET_KEY = _around.secret
ALLOWED_HOSTS = list(_around.hosts)
DATABASES = {"default": _around.database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "pingjiang.centre.accounts",
    "pingjiang.centre.casework",
    "pingjiang.centre.api",
    "pingjiang.centre.money",
    "pingjiang.centre.facts",
    "pingjiang.centre.jobs",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
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

# Chinese is the language of the sources; English is its one translation.
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
STATIC_URL = "/static/"

# What travels over the open net is bound to TLS; the demo and the tests stay on this machine.
_safe = SITE_MODE == "production"
SECURE_SSL_REDIRECT = _safe
SECURE_HSTS_SECONDS = 31_536_000 if _safe else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _safe
SECURE_HSTS_PRELOAD = _safe
SESSION_COOKIE_SECURE = _safe
CSRF_COOKIE_SECURE = _safe
SESSION_COOKIE_AGE = 8 * 3600  # a working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
