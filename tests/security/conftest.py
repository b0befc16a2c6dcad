"""What tests of people share."""

from typing import Any

import pytest


@pytest.fixture
def quick_hashing(settings: Any) -> None:
    """Hash passwords quickly, where neither their hashes nor the time they take are examined."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
