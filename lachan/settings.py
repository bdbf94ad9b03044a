"""Django settings of the centre, read from the environment.

They load without a database and without secrets: what is secret lies in files of the data folder and is read when it is
first needed. Every name is described in docs/operations.md.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

PACKAGE = Path(__file__).resolve().parent
LACHAN_DATA = Path(os.environ.get("LACHAN_DATA", "lachan-data")).resolve()
LACHAN_PROFILE = os.environ.get("LACHAN_PROFILE", "vn")
# Files of the agencies' own safes exist beside the centre in a demonstration only.
LACHAN_DEMO = os.environ.get("LACHAN_DEMO", "") == "1"

# Where citizens meet the pages: it stands in the notice to an account holder.
LACHAN_PUBLIC_URL = os.environ.get("LACHAN_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")

# The one origin at which officers' security keys answer; its host is the relying party (never an IP address: browsers refuse it).
LACHAN_KEY_ORIGIN = os.environ.get("LACHAN_KEY_ORIGIN", LACHAN_PUBLIC_URL).rstrip("/")

# Time-stamp authorities (RFC 3161), at most two: address, and the file with the certificates that it answers to.
LACHAN_TSA = tuple(
    (url, os.environ.get(f"LACHAN_TSA_{n}_CA", ""))
    for n in (1, 2)
    if (url := os.environ.get(f"LACHAN_TSA_{n}_URL", ""))
)
# The certificate (PEM, with its chain) that signs printed orders; its key is keys/pdf.pem of the data folder.
LACHAN_PDF_CERT = os.environ.get("LACHAN_PDF_CERT", "")
# How many of the witnesses in `witnesses.json` a tree head needs before it is final.
LACHAN_WITNESSES = int(os.environ.get("LACHAN_WITNESSES", "0"))

DEBUG = False
ALLOWED_HOSTS = os.environ.get("LACHAN_HOSTS", "127.0.0.1,localhost,testserver").split(",")


def _secret_key() -> str:
    """The cookie key lives in the data folder; without one (tools, tests) an ephemeral key serves."""
    path = LACHAN_DATA / "keys" / "cookie.key"
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    return os.urandom(32).hex()


SECRET_KEY = _secret_key()


def _database(url: str) -> dict[str, Any]:
    """Read `sqlite:///path` or `postgresql://user:password@host:port/name`."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path.removeprefix("/")) or str(LACHAN_DATA / "lachan.sqlite3"),
            "OPTIONS": {
                # A writer takes the lock when it begins, so two writers queue instead of failing half-way.
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": (
                    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
                    "PRAGMA cache_size=-32000;PRAGMA mmap_size=268435456;"
                ),
            },
        }
    query = dict(item.split("=", 1) for item in parts.query.split("&") if "=" in item)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
    }


DATABASES = {
    "default": _database(
        os.environ.get("LACHAN_DATABASE", f"sqlite:///{LACHAN_DATA / 'lachan.sqlite3'}")
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "lachan.evidence.apps.EvidenceConfig",
    "lachan.members.apps.MembersConfig",
    "lachan.access.apps.AccessConfig",
    "lachan.exchange.apps.ExchangeConfig",
    "lachan.reports.apps.ReportsConfig",
    "lachan.cases.apps.CasesConfig",
    "lachan.holds.apps.HoldsConfig",
    "lachan.web.apps.WebConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "lachan.access.middleware.ActorMiddleware",
]

ROOT_URLCONF = "lachan.web.urls"
AUTH_USER_MODEL = "access.Login"
LOGIN_URL = "/dang-nhap"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates", PACKAGE / "web"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "lachan.web.context.page",
            ],
            # Built-ins, so that no template loads them; the texts' own tags come along.
            "builtins": [
                "django.templatetags.i18n",
                "lachan.web.templatetags.amounts",
                "lachan.web.templatetags.built",
                "lachan.web.templatetags.columns",
                "lachan.web.templatetags.inputs",
                "lachan.web.templatetags.instants",
                "lachan.web.templatetags.said",
                "lachan.web.templatetags.shown",
            ],
        },
    },
]

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
FORMAT_MODULE_PATH = "lachan.web.formats"
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = LACHAN_DATA / "static"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
WHITENOISE_USE_FINDERS = True

FILE_UPLOAD_HANDLERS = [
    "lachan.access.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
# Loopback trials run without TLS; a deployment sets LACHAN_TLS=1 (docs/operations.md).
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("LACHAN_TLS", "") == "1"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LACHAN_LOG", "WARNING")},
}
