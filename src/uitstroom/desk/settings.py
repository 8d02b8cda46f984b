"""Django's settings of the desk, all from the environment that `uitstroom desk` sets."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from psycopg.conninfo import conninfo_to_dict

HERE = Path(__file__).parent


def database(address: str) -> dict[str, Any]:
    """Django's description of a database at a postgresql:// address."""
    parts: dict[str, Any] = conninfo_to_dict(address)
    named = {name.upper(): str(parts.pop(key, "")) for name, key in _PARTS.items()}
    return {
        "ENGINE": "django.db.backends.postgresql", **named, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**parts, "connect_timeout": 5},
    }  # fmt: skip


_PARTS = {"name": "dbname", "user": "user", "password": "password", "host": "host", "port": "port"}
_ENVIRONMENT = os.environ
ADDRESS = _ENVIRONMENT.get("UITSTROOM_DESK_DATABASE", "postgresql:///uitstroom")
DATABASES = {"default": database(ADDRESS)}
SECRET_KEY = _ENVIRONMENT.get("UITSTROOM_DESK_SECRET", "only for commands that answer no page")
ALLOWED_HOSTS = _ENVIRONMENT.get("UITSTROOM_DESK_HOSTS", "localhost,127.0.0.1").split(",")
BEHIND_TLS = _ENVIRONMENT.get("UITSTROOM_DESK_TLS", "yes") == "yes"
"""Whether a server in front speaks TLS; only the demo on loopback does without."""
DESK_DAY = _ENVIRONMENT.get("UITSTROOM_DESK_DAY")
"""The day that the desk holds for today (YYYY-MM-DD); the demo's register lives in 2017."""
DESK_CATALOGUE = _ENVIRONMENT.get("UITSTROOM_DESK_CATALOGUE")
DESK_KEY_FILE = _ENVIRONMENT.get("UITSTROOM_DESK_KEY_FILE")
DESK_RELEASES = tuple(filter(None, _ENVIRONMENT.get("UITSTROOM_DESK_RELEASES", "").split(os.pathsep)))
"""Folders of what was published: a correction names the cells in them that it moves."""
DESK_DEMO = _ENVIRONMENT.get("UITSTROOM_DESK_DEMO") == "yes"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "uitstroom.desk",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "uitstroom.desk.entrance.Entrance",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "uitstroom.desk.boundary.Boundary",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "uitstroom.desk.words.context",
            ],
            "string_if_invalid": "",
        },
    }
]
ROOT_URLCONF = "uitstroom.desk.routes"
WSGI_APPLICATION = None
AUTH_USER_MODEL = "desk.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "uitstroom.desk.entrance.ByName"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "work"

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
TIME_ZONE = "Europe/Brussels"
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = HERE / "static"
STATICFILES_DIRS: list[str] = []
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

SESSION_COOKIE_NAME = "__Host-desk"
SESSION_COOKIE_AGE = 4 * 60 * 60
SESSION_COOKIE_SECURE = SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "__Host-desk-form"
CSRF_COOKIE_SECURE = CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "uitstroom.desk.pages.trouble.stale_form"
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_HSTS_SECONDS = 63_072_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = BEHIND_TLS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE], "style-src": [SELF], "img-src": [SELF], "form-action": [SELF],
        "frame-ancestors": [NONE], "base-uri": [NONE],
    }
}  # fmt: skip
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "desk/locked.html"
AXES_USERNAME_FORM_FIELD = "username"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler", "level": "ERROR"}},
    "root": {"handlers": ["console"], "level": "ERROR"},
    # What Django logs of a failure can hold what somebody typed; `trouble` logs the kind of failure alone.
    "loggers": {"django": {"level": "CRITICAL"}},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
