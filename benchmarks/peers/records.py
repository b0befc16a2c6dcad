"""Phase records for the Allan family: power-law noises of five slopes, seeded."""

from __future__ import annotations

from typing import Any

import numpy as np

DEVIATIONS = ("adev", "oadev", "mdev", "tdev", "hdev", "ohdev", "totdev")
NOISES = (2, 1, 0, -1, -2)


def generate_records(count: int, seed: int) -> list[dict[str, Any]]:
    """Return records of 40 to 900 phase values whose frequency has the power α of ``alpha``."""
    draws = np.random.Generator(np.random.PCG64(seed))
    records = []
    for number in range(count):
        alpha = NOISES[number % len(NOISES)]
        length = int(draws.integers(40, 900))
        phase = np.cumsum(_power_law(length, alpha, draws)) * 1e-9
        most = (length - 1) // 3
        records.append(
            {
                "id": f"record-{number + 1:02d}",
                "kind": "record",
                "alpha": alpha,
                "probability": 0.683 if number % 2 else 0.95,
                "tau0": float(draws.choice([0.1, 1.0, 10.0])),
                "phase": [float(x) for x in phase],
                "deviations": list(DEVIATIONS),
                "factors": [m for m in (1, 4, 16, 50, 128) if m <= most],
            }
        )
    return records


def _power_law(length: int, alpha: int, draws: np.random.Generator) -> np.ndarray:
    """Shape white noise in frequency by f^(α/2)."""
    spectrum = np.fft.rfft(draws.normal(size=length))
    frequency = np.fft.rfftfreq(length)
    frequency[0] = frequency[1]
    return np.fft.irfft(spectrum * frequency ** (alpha / 2), length)
