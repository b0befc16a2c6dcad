"""The usual type B inputs of a calibration, each in one line: certificate, drift, resolution, uniformity."""

from __future__ import annotations

from jialiang.kernel.text import Text
from jialiang.science.budget import InputQuantity
from jialiang.science.distributions import Distribution, Normal, Rectangular


def certificate_uncertainty(
    *,
    unit: str,
    expanded_uncertainty: float,
    coverage_factor: float,
    source: str,
    symbol: str = "delta_standard",
) -> InputQuantity:
    """Return the uncertainty of a measurement standard from its certificate: normal, u = U/k."""
    distribution = Normal.from_expanded(expanded_uncertainty, coverage_factor)
    name = Text(zh="标准器校准值", en="Calibration of the measurement standard")
    return _zero_centred(symbol, name, unit, distribution, source)


def drift(*, unit: str, half_width: float, source: str, symbol: str = "delta_drift") -> InputQuantity:
    """Return the drift of a standard since its calibration, within ± ``half_width``: rectangular."""
    name = Text(zh="标准器的漂移", en="Drift of the measurement standard")
    return _zero_centred(symbol, name, unit, Rectangular(half_width), source)


def displayed_resolution(
    *, unit: str, step: float, source: str, symbol: str = "delta_resolution"
) -> InputQuantity:
    """Return the rounding of a display whose last digit moves by ``step``: rectangular within ± step/2."""
    name = Text(zh="被校仪器的显示分辨力", en="Displayed resolution of the instrument")
    return _zero_centred(symbol, name, unit, Rectangular(step / 2), source)


def uniformity(*, unit: str, half_width: float, source: str, symbol: str = "delta_bath") -> InputQuantity:
    """Return the difference between two places of a bath or chamber, within ± ``half_width``: rectangular."""
    name = Text(zh="恒温槽均匀性", en="Uniformity of the bath")
    return _zero_centred(symbol, name, unit, Rectangular(half_width), source)


def other_influence(
    *, symbol: str, name: Text, unit: str, distribution: Distribution, source: str
) -> InputQuantity:
    """Return any other influence that adds to the measured value with estimate zero."""
    return _zero_centred(symbol, name, unit, distribution, source)


def _zero_centred(
    symbol: str, name: Text, unit: str, distribution: Distribution, source: str
) -> InputQuantity:
    return InputQuantity(symbol, name, unit, 0.0, distribution, sensitivity=1.0, source=source)
