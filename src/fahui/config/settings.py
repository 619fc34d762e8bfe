"""Django settings. Values come from the environment through readers that refuse nonsense (docs/reference/settings.md)."""

from __future__ import annotations

import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from fahui.config import environment as env
from fahui.config import postgres
from fahui.foundation.files import write_once

SOURCE = Path(__file__).resolve().parents[1]
DATA_DIR = env.folder("FAHUI_DATA_DIR", Path.cwd() / "var")
CITY = env.text("FAHUI_CITY", "leshan")
DEBUG = False
TESTING = env.flag("FAHUI_TESTING")


def _secret_key() -> str:
    """The signing key: from the environment, or made once in the data directory."""
    given = env.text("FAHUI_SECRET_KEY")
    if given:
        return given
    path = DATA_DIR / "keys" / "django"
    write_once(path, secrets.token_urlsafe(48).encode())
    return path.read_text(encoding="utf-8").strip()


def _database() -> dict[str, object]:
    """The one database. `fahui_app`, which owns no table, is the role of everything but migrations."""
    url = env.text("DATABASE_URL")
    if not url:
        cluster = postgres.Cluster(DATA_DIR)
        if not (DATA_DIR / "keys" / "postgres").exists():
            raise env.BadSetting(
                f"No database in {DATA_DIR}. Run `./fahui up` first, or set DATABASE_URL to your own PostgreSQL."
            )
        url = cluster.url()
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise env.BadSetting(f"DATABASE_URL must begin with postgresql://, not {parts.scheme}://.")
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    options: dict[str, object] = {"application_name": "fahui"}
    if not env.flag("FAHUI_AS_OWNER"):
        options["options"] = "-c role=fahui_app"
        # The worker does two jobs at a time, and some need a second connection beside their own.
        options["pool"] = {"min_size": 1, "max_size": env.integer("FAHUI_DB_POOL", 8, least=4), "timeout": 20}
    options |= {key: unquote(value) for key, value in query.items() if key != "host"}
    return {
        "ENGINE": "fahui.config.engine",
        "NAME": parts.path.lstrip("/") or "fahui",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
        # The engine looks at each connection itself.
        "CONN_HEALTH_CHECKS": False,
        "ATOMIC_REQUESTS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": options,
    }


SECRET_KEY = _secret_key()
DATABASES = {"default": _database()}
# The counts behind limits on sign-ins, codes and look-ups, for all web processes together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "foundation_sharedcount",
        # Old rows go every hour (accounts.actions.forget_old_limits); throwing live ones away would lift a limit.
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    },
}  # fmt: skip
# Plans of frequent statements are kept by each connection. Off for a pooler that gives every transaction another one.
DATABASE_KEEPS_PLANS = env.flag("FAHUI_DB_KEEPS_PLANS", True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ALLOWED_HOSTS = [h for h in env.text("FAHUI_HOSTS", "*").split(",") if h]
CSRF_TRUSTED_ORIGINS = [o for o in env.text("FAHUI_ORIGINS").split(",") if o]
CSRF_FAILURE_VIEW = "fahui.channels.common.expired"
ROOT_URLCONF = "fahui.config.urls"
WSGI_APPLICATION = "fahui.config.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "procrastinate.contrib.django",
    "fahui.foundation",
    "fahui.casework",
    "fahui.knowledge",
    "fahui.standards",
    "fahui.channels",
]

MIDDLEWARE = [
    "fahui.channels.middleware.Observe",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "fahui.channels.middleware.Preferences",
    "fahui.channels.middleware.ReaderScope",
    "fahui.channels.api.api.Collisions",
]
# Those of them the API needs.
API_MIDDLEWARE = {
    "fahui.channels.middleware.Observe", "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware", "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "fahui.channels.middleware.Preferences", "fahui.channels.middleware.ReaderScope", "fahui.channels.api.api.Collisions",
}  # fmt: skip

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Ours before those of the packages, whatever the order of the apps.
        "DIRS": [SOURCE / "channels" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "fahui.channels.context.site",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "fahui.channels.templatetags.fahui"],
        },
    }
]

# Signing in: staff by password and second factor, residents by phone code (fahui.foundation.accounts).
AUTH_USER_MODEL = "foundation.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "fahui.channels.desk.signin.StaffAdapter"
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "login": "60/m/ip"}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_TEMPLATE_EXTENSION = "html"
MFA_ADAPTER = "fahui.channels.desk.signin.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "Fahui 法惠"
MFA_PASSKEY_LOGIN_ENABLED = False
# Staff must have a second factor. A demo installation may switch it off, which its pages then say.
STAFF_MFA_REQUIRED = env.flag("FAHUI_STAFF_MFA", True)

# The bureau's own identity provider, for staff. A link begins it, not a form: form targets are held to our own pages.
SOCIALACCOUNT_ADAPTER = "fahui.channels.desk.oidc.BureauAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True
OIDC_CLAIM = env.text("FAHUI_OIDC_CLAIM", "preferred_username")
OIDC_URL = env.text("FAHUI_OIDC_URL")


def _oidc() -> dict[str, object]:
    """The provider as allauth wants it; its secret never leaves the environment."""
    if not OIDC_URL:
        return {}
    client, secret = env.text("FAHUI_OIDC_CLIENT"), env.text("FAHUI_OIDC_SECRET")
    if not (client and secret):
        raise env.BadSetting("FAHUI_OIDC_URL is set: FAHUI_OIDC_CLIENT and FAHUI_OIDC_SECRET are needed too, from the provider.")
    return {"openid_connect": {"APPS": [{
        "provider_id": "bureau", "name": env.text("FAHUI_OIDC_NAME", "统一身份认证"),
        "client_id": client, "secret": secret,
        "settings": {"server_url": OIDC_URL, "oauth_pkce_enabled": True},
    }]}}  # fmt: skip


SOCIALACCOUNT_PROVIDERS = _oidc()
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"
# Tests make many accounts; only they use the quick hash.
PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{'MD5' if TESTING else 'PBKDF2'}PasswordHasher"]

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if env.flag("FAHUI_HTTPS"):
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [SOURCE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = env.folder("FAHUI_STATIC_ROOT", DATA_DIR / "static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "files"}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

FILES_DIR = DATA_DIR / "files"
UPLOAD_MAX_BYTES = env.integer("FAHUI_UPLOAD_MAX_MB", 20, least=1) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# Text messages leave through a sender named here: "file" appends to DATA_DIR/sms.log, "console" prints,
# "http" posts to FAHUI_SMS_URL.
SMS_SENDER = env.text("FAHUI_SMS_SENDER", "file")
SMS_URL = env.text("FAHUI_SMS_URL")
SMS_TOKEN = env.text("FAHUI_SMS_TOKEN")
# Who writes the words of answers: an endpoint that speaks OpenAI's chat completions; none by default, then nothing leaves.
ASK_URL = env.text("FAHUI_ASK_URL")
ASK_MODEL = env.text("FAHUI_ASK_MODEL", "default")
ASK_KEY = env.text("FAHUI_ASK_KEY")
PUBLIC_URL = env.text("FAHUI_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
DEMO = (DATA_DIR / "demo").exists()
# Pictures under the map's outlines, an https address with {z}, {x} and {y}; none by default: then no other host is asked.
MAP_TILES = env.text("FAHUI_MAP_TILES")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "fahui.config.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.text("FAHUI_LOG_LEVEL", "WARNING")},
    "loggers": {
        "fahui": {"level": env.text("FAHUI_LOG_LEVEL", "INFO"), "propagate": True},
        "procrastinate": {"level": "WARNING", "propagate": True},
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []
