"""The settings of this process: the environment, read once."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from jialiang.kernel.settings import Settings, read_settings


@cache
def current_settings() -> Settings:
    """Return the settings of this process."""
    return read_settings(os.environ)


def schema_folder() -> Path | None:
    """Return ``JIALIANG_SCHEMAS``; commands for files need no installation, and so no other setting."""
    named = os.environ.get("JIALIANG_SCHEMAS", "")
    return Path(named) if named else None
