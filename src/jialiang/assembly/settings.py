"""The settings of this process: the environment, read once."""

from __future__ import annotations

import os
from functools import cache

from jialiang.kernel.settings import Settings, read_settings


@cache
def current_settings() -> Settings:
    """Return the settings of this process."""
    return read_settings(os.environ)
