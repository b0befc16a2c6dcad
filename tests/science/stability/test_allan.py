"""The Allan family: the published figures of the 1000-point record, the laws of each deviation, its confidence."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2

from jialiang.science.errors import ParameterNotAllowed, TooFewObservations
from jialiang.science.stability.allan import (
    FAMILY,
    averaging_factor,
    deviation,
    htotdev,
    octaves,
    phase_record,
    record_of_frequency,
)
from jialiang.science.stability.allan_confidence import confidence, equivalent_degrees, noise_type

# NIST SP 1065, table of the 1000-point test suite, τ = 1, 10, 100
PUBLISHED = {
    "adev": (2.922319e-01, 9.965736e-02, 3.897804e-02),
    "oadev": (2.922319e-01, 9.159953e-02, 3.241343e-02),
    "mdev": (2.922319e-01, 6.172376e-02, 2.170921e-02),
    "tdev": (1.687202e-01, 3.563623e-01, 1.253382e00),
    "hdev": (2.943883e-01, 1.052754e-01, 3.910861e-02),
    "ohdev": (2.943883e-01, 9.581083e-02, 3.237638e-02),
    "totdev": (2.922319e-01, 9.134743e-02, 3.406530e-02),
    "htotdev": (2.943883e-01, 9.614787e-02, 3.058103e-02),
}


@pytest.fixture(scope="module")
def thousand():
    """The record of SP 1065: a linear congruential generator, 1000 frequencies."""
    n, found = 1234567890, []
    for _ in range(1000):
        found.append(n / 2147483647)
        n = 16807 * n % 2147483647
    return found


@pytest.mark.parametrize("kind", FAMILY)
def test_published_figures_of_the_thousand_points(thousand, kind):
    record = record_of_frequency(thousand, 1.0)
    found = [deviation(record, kind, tau) for tau in (1, 10, 100)]
    assert found == pytest.approx(PUBLISHED[kind], rel=3e-7)


def test_the_record_itself_is_that_of_the_publication(thousand):
    assert np.mean(thousand) == pytest.approx(4.897745e-01, rel=1e-6)
    assert np.std(thousand, ddof=1) == pytest.approx(2.884664e-01, rel=1e-6)
    assert max(thousand) == pytest.approx(9.957453e-01, rel=1e-6)
    assert min(thousand) == pytest.approx(1.371760e-03, rel=1e-5)


def by_definition(x, m, tau, kind):
    """Sums written out as in the handbook."""
    n = len(x)
    if kind == "oadev":
        terms = [(x[i + 2 * m] - 2 * x[i + m] + x[i]) ** 2 for i in range(n - 2 * m)]
        return math.sqrt(sum(terms) / (2 * tau**2 * len(terms)))
    if kind == "ohdev":
        terms = [(x[i + 3 * m] - 3 * x[i + 2 * m] + 3 * x[i + m] - x[i]) ** 2 for i in range(n - 3 * m)]
        return math.sqrt(sum(terms) / (6 * tau**2 * len(terms)))
    if kind == "mdev":
        terms = [
            sum(x[i + 2 * m] - 2 * x[i + m] + x[i] for i in range(j, j + m)) ** 2
            for j in range(n - 3 * m + 1)
        ]
        return math.sqrt(sum(terms) / (2 * m**2 * tau**2 * len(terms)))
    y = [(x[i + m] - x[i]) / tau for i in range(0, n - m, m)]
    if kind == "adev":
        return math.sqrt(sum((b - a) ** 2 for a, b in zip(y, y[1:], strict=False)) / (2 * (len(y) - 1)))
    terms = [(c - 2 * b + a) ** 2 for a, b, c in zip(y, y[1:], y[2:], strict=False)]
    return math.sqrt(sum(terms) / (6 * len(terms)))


@settings(max_examples=25)
@given(
    st.lists(st.floats(-10, 10).map(lambda v: round(v, 4)), min_size=20, max_size=60),
    st.integers(1, 5),
    st.sampled_from([0.1, 1.0, 60.0]),
)
def test_every_deviation_is_its_definition(x, m, tau0):
    record = phase_record(x, tau0)
    for kind in ("adev", "oadev", "mdev", "hdev", "ohdev"):
        expected = by_definition(x, m, m * tau0, kind)
        assert deviation(record, kind, m * tau0) == pytest.approx(expected, rel=1e-9, abs=1e-9), kind


def test_total_deviation_by_its_extended_record():
    x = np.cumsum(np.random.default_rng(1).standard_normal(40))
    n, m = 40, 7
    extended = {i: x[i - 1] for i in range(1, n + 1)}
    for j in range(1, n - 1):
        extended[1 - j] = 2 * x[0] - x[j]
        extended[n + j] = 2 * x[-1] - x[n - 1 - j]
    terms = [(extended[i - m] - 2 * extended[i] + extended[i + m]) ** 2 for i in range(2, n)]
    expected = math.sqrt(sum(terms) / (2 * m**2 * (n - 2)))
    assert deviation(phase_record(x, 1.0), "totdev", m) == pytest.approx(expected, rel=1e-12)


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.floats(-100, 100), st.floats(-100, 100), st.floats(0.001, 1000))
def test_offsets_of_phase_and_frequency_do_not_matter_and_scale_does(seed, offset, rate, scale):
    x = np.random.default_rng(seed).standard_normal(65)
    t = np.arange(65)
    plain, moved = phase_record(x, 1.0), phase_record(scale * (x + offset + rate * t), 1.0)
    for kind in FAMILY:
        found, expected = deviation(moved, kind, 4), deviation(plain, kind, 4)
        assert found == pytest.approx(scale * expected, rel=1e-8), kind


def test_hadamard_deviations_do_not_see_linear_frequency_drift():
    t = np.arange(200.0)
    drifting = phase_record(0.5 * 0.01 * t * t, 1.0)
    assert deviation(drifting, "oadev", 10) == pytest.approx(0.01 * 10 / math.sqrt(2), rel=1e-9)
    assert deviation(drifting, "ohdev", 10) == pytest.approx(0, abs=1e-12)
    assert deviation(drifting, "hdev", 10) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("alpha", "kind", "slope"),
    [
        (2, "oadev", -1),
        (2, "mdev", -1.5),
        (0, "oadev", -0.5),
        (0, "mdev", -0.5),
        (-2, "oadev", 0.5),
        (-2, "ohdev", 0.5),
    ],
)
def test_slopes_of_power_law_noise(alpha, kind, slope):
    w = np.random.default_rng(8).standard_normal(40_000)
    x = {2: w, 0: np.cumsum(w), -2: np.cumsum(np.cumsum(w))}[alpha]
    record = phase_record(x, 1.0)
    short, long = deviation(record, kind, 4), deviation(record, kind, 64)
    assert math.log(long / short) / math.log(16) == pytest.approx(slope, abs=0.08)


def test_phase_and_frequency_are_two_views_of_one_record():
    y = np.random.default_rng(3).standard_normal(100)
    by_frequency = record_of_frequency(y, 0.5)
    by_phase = phase_record(np.concatenate([[0], np.cumsum(y) * 0.5]), 0.5)
    for kind in FAMILY:
        assert deviation(by_frequency, kind, 2.0) == pytest.approx(
            deviation(by_phase, kind, 2.0), rel=1e-9
        ), kind
    assert deviation(by_frequency, "adev", 0.5) == pytest.approx(
        math.sqrt(np.mean(np.diff(y) ** 2) / 2), rel=1e-12
    )


def test_where_the_record_is_too_short_there_is_no_figure():
    record = phase_record([0.0, 1.0, 0.0, 2.0, 1.0], 1.0)
    assert deviation(record, "oadev", 2) is not None
    assert deviation(record, "mdev", 2) is None
    assert deviation(record, "tdev", 2) is None
    assert deviation(record, "hdev", 2) is None
    assert deviation(record, "adev", 3) is None
    assert deviation(record, "totdev", 4) is not None
    assert deviation(record, "totdev", 5) is None
    assert deviation(record, "htotdev", 2) is None
    assert octaves(record) == (1.0, 2.0)


def test_the_bias_of_the_hadamard_total_deviation_follows_the_noise():
    x = np.cumsum(np.random.default_rng(1).standard_normal(80))
    white, walk = htotdev(x, 5, 1.0), htotdev(x, 5, 1.0, -2)
    assert walk / white == pytest.approx(math.sqrt(0.995 / 0.771))
    with pytest.raises(ParameterNotAllowed):
        htotdev(x, 5, 1.0, 2)


# ν by the sums of Greenhall and Riley for 1001 phase values; α = 2, 1, 0, -1, -2, made once with another program
DEGREES = {
    ("adev", 1): (514.036055, 635.465906, 782.030299, 895.247361, 762.290490),
    ("adev", 10): (51.180157, 54.400376, 66.987577, 87.778177, 87.958076),
    ("oadev", 10): (507.173123, 247.306833, 135.071405, 114.668676, 91.038443),
    ("mdev", 10): (123.940233, 98.116495, 94.634258, 93.272984, 74.957131),
    ("ohdev", 10): (423.176287, 207.947991, 113.698909, 97.028523, 94.323830),
}


@pytest.mark.parametrize(("kind", "m"), DEGREES)
def test_equivalent_degrees_of_freedom(kind, m):
    found = [equivalent_degrees(kind, alpha, m, 1001) for alpha in (2, 1, 0, -1, -2)]
    assert found == pytest.approx(DEGREES[kind, m], rel=1e-7)


def test_degrees_of_freedom_go_on_smoothly_to_long_averages():
    for alpha in (2, 1, 0, -1, -2):
        before, after = (equivalent_degrees("oadev", alpha, m, 200_001) for m in (1000, 1001))
        assert after == pytest.approx(before, rel=0.01)
    assert equivalent_degrees("totdev", 0, 100, 1001) == pytest.approx(15)
    assert equivalent_degrees("oadev", 0, 500, 1001) >= 1


@pytest.mark.parametrize("alpha", [2, 0, -2])
@pytest.mark.parametrize("m", [1, 8, 32])
def test_the_noise_type_is_told_from_the_record(alpha, m):
    w = np.random.default_rng(4).standard_normal(8192)
    x = {2: w, 0: np.cumsum(w), -2: np.cumsum(np.cumsum(w))}[alpha]
    assert noise_type(x, m) == alpha


def test_flicker_frequency_noise_is_told_too():
    rng = np.random.default_rng(9)
    spectrum = (rng.standard_normal(8193) + 1j * rng.standard_normal(8193)) / np.sqrt(
        np.maximum(np.arange(8193), 1)
    )
    spectrum[0] = 0
    assert noise_type(np.cumsum(np.fft.irfft(spectrum)), 4) == -1


def test_intervals_are_those_of_chi_squared_and_hold_the_truth_as_often_as_they_say():
    record = record_of_frequency(np.random.default_rng(5).standard_normal(400), 1.0)
    sigma = deviation(record, "oadev", 4)
    found = confidence(record, "oadev", 4, sigma, alpha=0, probability=0.9)
    nu = found.degrees_of_freedom
    assert found.low == pytest.approx(sigma * math.sqrt(nu / chi2.ppf(0.95, nu)), rel=1e-9)
    assert found.high == pytest.approx(sigma * math.sqrt(nu / chi2.ppf(0.05, nu)), rel=1e-9)
    inside = 0
    for seed in range(300):
        record = record_of_frequency(np.random.default_rng(seed).standard_normal(200), 1.0)
        sigma = deviation(record, "oadev", 10)
        known = confidence(record, "oadev", 10, sigma, alpha=0, probability=0.683)
        inside += known.low <= 1 / math.sqrt(10) <= known.high
    assert inside / 300 == pytest.approx(0.683, abs=0.08)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda: phase_record([1.0, 2.0], 1), TooFewObservations),
        (lambda: phase_record([1.0, math.nan, 2.0], 1), ParameterNotAllowed),
        (lambda: record_of_frequency([1.0], 1), TooFewObservations),
        (lambda: record_of_frequency([1.0, math.inf], 1), ParameterNotAllowed),
        (lambda: phase_record([1.0, 2.0, 3.0], 0), ParameterNotAllowed),
        (lambda: averaging_factor(1.5, 1), ParameterNotAllowed),
        (lambda: averaging_factor(0.5, 1), ParameterNotAllowed),
        (lambda: deviation(phase_record([1.0, 2.0, 3.0], 1), "sdev", 1), ParameterNotAllowed),
        (lambda: equivalent_degrees("sdev", 0, 1, 100), ParameterNotAllowed),
        (lambda: equivalent_degrees("oadev", -3, 1, 100), ParameterNotAllowed),
        (
            lambda: confidence(phase_record([1.0, 2.0, 4.0], 1), "adev", 1, 1.0, probability=1),
            ParameterNotAllowed,
        ),
    ],
)
def test_what_has_no_deviation_is_refused(wrong, error):
    with pytest.raises(error):
        wrong()


def test_the_spacing_may_be_any_fraction():
    assert averaging_factor(0.3, 0.1) == 3
    assert averaging_factor(1e-6 * 7, 1e-6) == 7
