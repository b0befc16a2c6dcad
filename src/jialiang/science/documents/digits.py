"""How many digits of u a comparison keeps where nobody says."""

from __future__ import annotations

import math


def digits_for(standard_uncertainty: float) -> int:
    """Return two digits where the first digit of u is 1 or 2, else one."""
    if not 0 < standard_uncertainty < math.inf:
        return 1
    return 2 if f"{standard_uncertainty:.1e}"[0] in "12" else 1
