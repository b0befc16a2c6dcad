"""From one address to Django's description of a database."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from jialiang.kernel.settings import BadSetting, Settings

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    " PRAGMA busy_timeout=30000; PRAGMA cache_size=-20000"
)


def database(settings: Settings) -> dict[str, Any]:
    """Return Django's ``DATABASES["default"]``: SQLite with WAL in the data folder, or ``postgresql://…``."""
    if not settings.database_url:
        return _sqlite(str(settings.data_dir / "jialiang.sqlite3"))
    parts = urlsplit(settings.database_url)
    if parts.scheme == "sqlite":
        return _sqlite(unquote(parts.path))
    if parts.scheme in {"postgresql", "postgres"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": dict(parse_qsl(parts.query)),
        }
    raise BadSetting(
        name="JIALIANG_DATABASE_URL", reason=f"{parts.scheme!r}", known="postgresql://user@host/name"
    )


def _sqlite(path: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 30, "init_command": SQLITE_PRAGMAS},
        "TEST": {"NAME": None},
    }
