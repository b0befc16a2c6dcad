"""What the tests of assembly share."""

import pytest

from jialiang.security.keys import pkcs8


@pytest.fixture
def cheap_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Encrypt key files fast: their price, half a second each by design, is tested with the key store."""
    monkeypatch.setattr(pkcs8, "COST", 16)
