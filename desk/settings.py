"""Django's settings, all of them out of the environment: see `.env.example`."""

import os
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from environs import Env

from environment.mail import mailer, sender
from environment.media_store import media_url
from environment.settings import ROOT, read_settings

qianmen = QIANMEN = read_settings()
_env = Env()

DEBUG = False
SECRET_KEY = _env.str("SECRET_KEY", "")
if not SECRET_KEY:
    if not qianmen.is_demo:
        raise SystemExit("SECRET_KEY is not set: production needs one of its own")
    SECRET_KEY = "demo-only-and-refused-in-production"  # noqa: S105
ONE_CLICK_LOGIN = qianmen.is_demo

_desk = urlsplit(qianmen.desk_url)
ALLOWED_HOSTS = sorted({_desk.hostname or "127.0.0.1", "127.0.0.1", "localhost"})
CSRF_TRUSTED_ORIGINS = [qianmen.desk_url]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _desk.scheme == "https"
SESSION_COOKIE_HTTPONLY = True
# Two demos on one machine, on other ports, must not log each other out.
SESSION_COOKIE_NAME = f"desk_session_{qianmen.desk_port}"
CSRF_COOKIE_NAME = f"desk_csrf_{qianmen.desk_port}"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "SAMEORIGIN"

INSTALLED_APPS = [
    "desk.people",
    "desk.conversations",
    "desk.workdays",
    "desk.cases",
    "desk.webhooks",
    "desk.telling",
    "desk.supervision",
    "desk.handling",
    "desk.reports",
    "desk.routing",
    "desk.rosters",
    "desk.wall",
    "desk.knowledge",
    "desk.synonyms",
    "desk.quality",
    "desk.lessons",
    "desk.replies",
    "desk.reviewing",
    "desk.composing",
    "desk.practice",
    "desk.keeping",
    "desk.lines",
    "desk.demo",
    "ninja",  # the pages of the API's documentation, which would else come from elsewhere
    "django_htmx",
    "wagtail.snippets",
    "wagtail.users",
    "wagtail.documents",  # Wagtail's admin addresses need both, though no page of ours has them
    "wagtail.images",
    "wagtail.admin",
    "wagtail.search",
    "wagtail.contrib.settings",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
]
AUTH_USER_MODEL = "people.User"
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "desk.pages.policy.OwnPagesPolicy",
    "servestatic.middleware.ServeStaticMiddleware",
    "desk.api.errors.InOneForm",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "desk.knowledge.used_pages.OnlyUsedPages",
]

ROOT_URLCONF = "desk.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "desk" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
            "libraries": {"desk": "desk.pages.tags"},
        },
    }
]


def _database(address: str) -> dict[str, Any]:
    config: dict[str, Any] = dict(dj_database_url.parse(address, conn_max_age=None))
    if config["ENGINE"] == "django.db.backends.sqlite3":
        Path(config["NAME"]).parent.mkdir(parents=True, exist_ok=True)
        # IMMEDIATE: two writers that both begin by reading would otherwise fail, not wait.
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
        }
        # Tests use threads, which a database in memory does not survive.
        config["TEST"] = {"NAME": str(qianmen.home / "test.sqlite3")}
    else:
        # Each request of the desk has a thread of its own, and a connection with it: without a pool
        # two hundred open pages are more than the server takes.
        config["CONN_MAX_AGE"] = 0
        most = 10 + 5 * (os.cpu_count() or 2)  # as many threads as a worker has, and some
        config["OPTIONS"] = {"pool": {"min_size": 1, "max_size": most, "timeout": 10}}
    return config


DATABASES = {"default": _database(qianmen.database_url)}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
LOCALE_PATHS = [ROOT / "desk" / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = qianmen.home / "static"
STATICFILES_DIRS = [ROOT / "desk" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "servestatic.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = qianmen.home / "uploads"  # Wagtail's own; citizens' pictures go by MEDIA_URL (fsspec)
CITIZEN_MEDIA_URL = media_url(qianmen)

WAGTAIL_SITE_NAME = "知识库"
WAGTAILADMIN_BASE_URL = qianmen.desk_url
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_RESET_ENABLED = False  # an administrator gives a new one
WAGTAIL_USER_TIME_ZONES = ["Asia/Shanghai"]
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES

EMAIL_URL = _env.str("EMAIL_URL", "")  # empty: no mail is set up, and letters say so
MAILERS = {"default": mailer(EMAIL_URL, _env.dj_email_url("EMAIL_URL") if EMAIL_URL else {})}
DEFAULT_FROM_EMAIL = sender(EMAIL_URL, _desk.hostname or "localhost")
# A city's own systems live inside: where a webhook may go beside the open network.
_networks: list[str] = _env.list("QIANMEN_WEBHOOK_NETWORKS", [])
WEBHOOK_NETWORKS = [ip_network(one) for one in _networks]
LOGGING_CONFIG = None  # environment.logs sets logging up, for every process alike
