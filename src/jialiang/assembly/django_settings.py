"""Django's settings, derived from the installation's."""

from __future__ import annotations

from pathlib import Path

from jialiang.assembly.databases import database
from jialiang.assembly.settings import current_settings

JIALIANG = current_settings()
PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = JIALIANG.secret_key
DEBUG = False
ALLOWED_HOSTS = ["*"] if JIALIANG.demo else [JIALIANG.domain.split(":")[0], "127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [JIALIANG.public_url]
DATABASES = {"default": database(JIALIANG)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

APPS_IN_ORDER = [
    "security.tenancy",
    "security.accounts",
    "security.audit",
    "security.keys",
    "security.tokens",
    "governance.outbox",
    "governance.jobs",
    "governance.counters",
    "governance.publication",
    "governance.resolution_counts",
    "governance.subordinate_nodes",
    "governance.node_reports",
    "governance.idempotency",
    "base.organizations",
    "base.label_templates",
    "base.prefixes",
    "base.handle_identities",
    "base.identifier_templates",
    "base.identifiers",
    "base.instruments",
    "base.instrument_marks",
    "base.measurement_standards",
    "base.uncertainty_budgets",
    "base.readings",
    "base.comparison_rounds",
    "base.commissions",
    "base.calibrations",
    "base.certificates",
    "base.traceability",
    "console",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    *[
        f"jialiang.{name}"
        for name in APPS_IN_ORDER
        if (PACKAGE / name.replace(".", "/") / "apps.py").is_file()
    ],
]
AUTH_USER_MODEL = "security_accounts.Person"
ROOT_URLCONF = "jialiang.assembly.urls"
WSGI_APPLICATION = "jialiang.assembly.wsgi.application"

MIDDLEWARE = [
    "jialiang.console.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "jialiang.assembly.static_files.StaticFiles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "jialiang.console.middleware.SignedIn",
    "jialiang.console.middleware.ErrorPages",
    "allauth.account.middleware.AccountMiddleware",
    "jialiang.integration.api.middleware.Door",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "console" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jialiang.console.shell.frame",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "jialiang.console.templatetags.jl_blocks",
                "jialiang.console.templatetags.jl_cells",
                "jialiang.console.templatetags.jl_forms",
                "jialiang.console.templatetags.jl_marks",
                "jialiang.console.templatetags.jl_numbers",
            ],
        },
    }
]
MESSAGE_TAGS = {20: "info", 25: "ok", 30: "warn", 40: "stop"}
CSRF_FAILURE_VIEW = "jialiang.console.messages.form_not_trusted"

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "email", "name_zh", "name_en")},
    },
]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "jialiang.console.sign_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/15m/key"}
MFA_ADAPTER = "jialiang.console.sign_in.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = f"嘉量 {JIALIANG.domain}"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = JIALIANG.public_url.startswith("http:")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": JIALIANG.data_dir / "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGE_COOKIE_NAME = "jialiang_language"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "console" / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = JIALIANG.data_dir / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "jialiang.assembly.static_files.VendorFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "jialiang.assembly.static_files.DigestedStorage"},
}
WHITENOISE_USE_FINDERS = not STATIC_ROOT.is_dir()
WHITENOISE_MAX_AGE = 24 * 60 * 60

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * JIALIANG.session_idle_minutes
SESSION_SAVE_EVERY_REQUEST = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = JIALIANG.public_url.startswith("https:")
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = JIALIANG.max_upload_bytes
