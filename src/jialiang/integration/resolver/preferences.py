"""The order of what a client prefers, from a header like Accept or Accept-Language (RFC 9110, 12.5)."""

from __future__ import annotations

from functools import lru_cache

MOST = 32


@lru_cache(maxsize=2048)
def preferred(header: str) -> tuple[str, ...]:
    """Return the names in a header, the preferred first, in lower case up to a semicolon; refused ones are left out."""
    weighed = []
    for place, part in enumerate(header.split(",")[:MOST]):
        name, _, parameters = part.strip().partition(";")
        weight = _weight(parameters)
        if name.strip() and weight > 0:
            weighed.append((-weight, place, name.strip().lower()))
    return tuple(name for _, _, name in sorted(weighed))


def _weight(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, text = parameter.strip().partition("=")
        if name.strip().lower() == "q":
            try:
                return min(1.0, max(0.0, float(text)))
            except ValueError:
                return 0.0
    return 1.0
