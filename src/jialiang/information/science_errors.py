"""What a door refuses of a question of measurement science; words in ``error_texts/sci.json``."""

from __future__ import annotations

from jialiang.kernel.errors import InvalidInput


class AskedTooMuch(InvalidInput):
    """More than one request may ask for; facts: ``member``, ``given``, ``most``."""

    code = "JL-SCI-001"
