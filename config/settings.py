"""All settings. The environment is read here and nowhere else; nonsense in it stops the program with a sentence.

| variable             | meaning                                                     | default                     |
|----------------------|-------------------------------------------------------------|-----------------------------|
| SECRET_KEY           | signs sessions; at least 32 characters                      | none: must be set           |
| DEBUG                | true shows errors in the browser; never in production       | false                       |
| DATABASE_URL         | e.g. postgres://user:password@host/name?connect_timeout=5   | SQLite in VAR_DIR           |
| ALLOWED_HOSTS        | host names served, separated by commas                      | 127.0.0.1,localhost         |
| CSRF_TRUSTED_ORIGINS | origins of forms behind a proxy, separated by commas        | none                        |
| HTTPS                | true: cookies only over HTTPS, HSTS, redirects              | true unless DEBUG           |
| PROXIES              | proxies in front that append to X-Forwarded-For             | 0                           |
| EMAIL_URL            | e.g. smtp+tls://user:password@host:587                      | console://                  |
| DEFAULT_FROM_EMAIL   | sender of mails                                             | segmentti@localhost         |
| VAR_DIR              | where SQLite file and documents live                        | var/ beside manage.py       |
| MEDIA_ROOT           | where documents live                                        | VAR_DIR/media               |
| REPLICA_URL          | a copy that follows DATABASE_URL, asked by lists            | none                        |
| REPLICA_SECONDS      | how long whoever wrote something does without the copy      | 10                          |
| CONN_MAX_AGE         | seconds a connection is kept; 0 behind a pool of connections | 60                         |
| STORAGE              | class of the storage of documents, e.g. of django-storages  | files in MEDIA_ROOT         |
| STORAGE_OPTIONS      | its options as JSON                                         | {}                          |
| PG_BIN               | where pg_dump and pg_restore are, for backup and restore    | looked for in PATH          |
| TIME_ZONE            | e.g. Europe/Helsinki                                        | Europe/Helsinki             |
| SITE_URL             | our address for links in mails, e.g. https://crm.example    | none: no links              |
| MAILS_PER_SECOND     | how many mails leave at most, by all workers; 0: no limit   | 10                          |
| MAIL_ATTEMPTS        | how often a mail is tried that is refused for a while       | 5                           |
| MAIL_BACKOFF         | seconds until the second try; each later one waits double   | 60                          |
| MAIL_JOBS            | how many workers may deliver one logged segment at once     | 2                           |
| JOB_LEASE            | seconds until a silent worker's job is given to another     | 15                          |
| JOB_FILE_DAYS        | how long files that jobs made can be downloaded             | 7                           |
| LOG_LEVEL            | DEBUG, INFO, WARNING, ERROR                                 | INFO                        |
| LOG_FORMAT           | line, or json: one object a line, with a line a request     | line                        |
| METRICS_TOKEN        | opens /metrics to "Authorization: Bearer ..."               | none: closed                |
| ENV_FILE             | a file of NAME=value lines read first; empty for none       | .env beside manage.py       |
"""

import datetime
import os
import zoneinfo
from pathlib import Path
from typing import Any

import environs
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from marshmallow.validate import OneOf, Range, Regexp

BASE_DIR = Path(__file__).resolve().parent.parent

env = environs.Env()
if _env_file := os.environ.get("ENV_FILE", str(BASE_DIR / ".env")):
    env.read_env(_env_file, recurse=False)


def _read_databases() -> dict[str, dict[str, Any]]:
    """The database, and the copy of it that lists may ask."""
    databases = {"default": _read_database("DATABASE_URL")}
    if env.str("REPLICA_URL", ""):
        databases["replica"] = _read_database("REPLICA_URL") | {"TEST": {"MIRROR": "default"}}
    return databases


def _read_database(name: str) -> dict[str, Any]:
    """The database of this address, with what each engine needs to be safe under several users."""
    try:
        database: dict[str, Any] = dict(
            env.dj_db_url(
                name,
                f"sqlite:///{VAR_DIR / 'segmentti.sqlite3'}",
                conn_max_age=env.int("CONN_MAX_AGE", 60, validate=Range(min=0)),
            )
        )
    except (ValueError, environs.EnvError) as error:
        raise ImproperlyConfigured(f"{name} cannot be read: {error}") from error
    if database["ENGINE"] == "django.db.backends.sqlite3":
        Path(database["NAME"]).parent.mkdir(parents=True, exist_ok=True)
        database["OPTIONS"] = SQLITE_OPTIONS
        database["TEST"] = {"NAME": os.environ.get("TEST_SQLITE_NAME")}
    elif database["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured(f"{name} must begin with sqlite:// or postgres://")
    database["CONN_HEALTH_CHECKS"] = True
    is_pooled = database["CONN_MAX_AGE"] == 0
    # Behind a pool of connections a cursor of the server's would be left on another's connection.
    database["DISABLE_SERVER_SIDE_CURSORS"] = is_pooled
    if database["ENGINE"] == "django.db.backends.postgresql":
        # A pool takes no such options; it has settings of its own for it.
        ours = POSTGRES_OPTIONS if is_pooled else POSTGRES_OPTIONS | {"options": SERVER_OPTIONS}
        database["OPTIONS"] = ours | database.get("OPTIONS", {})
    return database


def _read_time_zone() -> str:
    """A time zone that exists: Django itself would only fail at the first date."""
    name = env.str("TIME_ZONE", "Europe/Helsinki")
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError) as error:
        raise ImproperlyConfigured(f"TIME_ZONE {name!r} is not a known time zone") from error
    return name


def _read_email() -> dict[str, Any]:
    """How mail is sent; an unknown scheme only leaves things out, so that is looked at here."""
    email: dict[str, Any] = dict(env.dj_email_url("EMAIL_URL", "console://"))
    if "EMAIL_BACKEND" not in email:
        raise ImproperlyConfigured("EMAIL_URL must begin with smtp://, smtp+tls:// or console://")
    if email["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend":
        email["EMAIL_BACKEND"] = "interactions.delivery.smtp.Backend"
    return email


def _read_secret_key() -> str:
    """The signing key: long enough to be one."""
    key = env.str("SECRET_KEY")
    if len(key) < 32:
        raise ImproperlyConfigured("SECRET_KEY must have at least 32 characters")
    return key


# Readers of an SQLite file never wait; a writer takes its lock at BEGIN, so that two of them
# queue for up to the time limit instead of failing with "database is locked" half way.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
}

# A network that is cut says nothing, and TCP waits for two hours. Both sides give a connection up whose
# other side is silent for some twenty seconds: nobody hangs on it, and its locks do not outlive it.
POSTGRES_OPTIONS = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 20_000,
}
SERVER_OPTIONS = (
    "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=2"
    " -c tcp_user_timeout=20000"
)

VAR_DIR = env.path("VAR_DIR", BASE_DIR / "var").absolute()
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = _read_secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
HTTPS = env.bool("HTTPS", not DEBUG)

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "csp",
    "bootstrap",
    "django_countries",
    "django_filters",
    "django_htmx",
    "django_tomselect",
    "django_tasks",
    "config.queue.QueueConfig",
    "axes",
    "crm",
    "interactions",
    "segments",
]

MIDDLEWARE = [
    "config.middleware.ActingMiddleware",
    "config.metrics.MeasuringMiddleware",
    "config.replica.ReplicaMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.CompressPagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "config.middleware.SightMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.NoNullInAddressMiddleware",
    "config.middleware.AdminSelectionMiddleware",
    "config.storing.StorageMiddleware",
    "axes.middleware.AxesMiddleware",
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "crm.access.Backend",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["crm.templatetags.addresses"],
        },
    }
]
FORM_RENDERER = "crm.rendering.Renderer"

DATABASES = _read_databases()
DATABASE_ROUTERS = ["config.replica.Router"]
REPLICA_SECONDS = env.int("REPLICA_SECONDS", 10, validate=Range(min=1))
PG_BIN = env.str("PG_BIN", "")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fi", _("Finnish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "config.formats"
TIME_ZONE = _read_time_zone()
USE_I18N = True
USE_TZ = True
# Ids stand in pages too: "1,234" is none. Numbers for eyes are grouped where they are shown (intcomma, floatformat:"2g").
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = env.path("MEDIA_ROOT", VAR_DIR / "media")
# Documents are served by a view that checks rights, never by URL: there is no MEDIA_URL.
STORAGES = {
    "default": {
        "BACKEND": "crm.storage.Documents",
        "OPTIONS": {
            "backend": env.str("STORAGE", "django.core.files.storage.FileSystemStorage"),
            "options": env.json("STORAGE_OPTIONS", {}),
        },
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # Pages of letters as pictures, for all workers; they hold personal data and are soon gone.
    "looks": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "looks",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": 100},
    },
}
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024

# django.tasks only starts work; what guarantees that it is done is the lease in crm/work.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
JOB_LEASE = env.float("JOB_LEASE", 15, validate=Range(min=0.5))
JOB_FILE_DAYS = env.int("JOB_FILE_DAYS", 7, validate=Range(min=1))
# Jobs that ended are forgotten after so many days, the work itself is not.
JOB_DAYS = 90

_email = _read_email()
EMAIL_BACKEND = _email["EMAIL_BACKEND"]
EMAIL_HOST = _email["EMAIL_HOST"]
EMAIL_PORT = _email["EMAIL_PORT"] or 25
EMAIL_HOST_USER = _email["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _email["EMAIL_USE_TLS"]
EMAIL_USE_SSL = _email["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 30
SITE_URL = env.str("SITE_URL", "", validate=Regexp(r"^(https?://[^/\s]+)?$")).rstrip("/")
MAILS_PER_SECOND = env.float("MAILS_PER_SECOND", 10, validate=Range(min=0))
MAIL_ATTEMPTS = env.int("MAIL_ATTEMPTS", 5, validate=Range(min=1, max=100))
MAIL_BACKOFF = env.float("MAIL_BACKOFF", 60, validate=Range(min=0))
MAIL_JOBS = env.int("MAIL_JOBS", 2, validate=Range(min=1, max=50))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "segmentti@localhost")

# What a step would do is told while one types; a question that takes longer is broken off.
PREVIEW_SECONDS = 5
# For a PDF somebody waits for; the web server ends a request after thirty.
PDF_SECONDS = 25
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Signing in is throttled: so many wrong passwords for one name from one address, then a pause. Both
# together, so that nobody locks out somebody else, or a whole office behind one address.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = datetime.timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
# A header that any client can send is believed only where proxies of ours append to it.
PROXIES = env.int("PROXIES", 0, validate=Range(min=0, max=9))
AXES_CLIENT_IP_CALLABLE = "config.middleware.client_address"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

METRICS_TOKEN = env.str("METRICS_TOKEN", "", validate=Regexp(r"^(\S{16,})?$"))
LOG_FORMAT = env.str("LOG_FORMAT", "line", validate=OneOf(["line", "json"]))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"act": {"()": "config.logs.ActFilter"}},
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} [{request_id}] {message}", "style": "{"},
        "json": {
            "()": "pythonjsonlogger.json.JsonFormatter",
            "format": "{asctime}{levelname}{name}{message}{request_id}{user}{act}",
            "style": "{",
            "rename_fields": {"asctime": "at", "levelname": "level", "name": "logger"},
        },
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["act"]}
    },
    "loggers": {
        # Django's own handler beside ours would say everything twice.
        "django": {"handlers": []},
        # A line a request, where a program reads them; web servers have lines of their own.
        "config.requests": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"},
    },
    "root": {
        "handlers": ["console"],
        "level": env.str(
            "LOG_LEVEL", "INFO", validate=OneOf(["DEBUG", "INFO", "WARNING", "ERROR"])
        ),
    },
}
