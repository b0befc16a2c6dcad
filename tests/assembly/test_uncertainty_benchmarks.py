"""The measurement of the uncertainty engine: same figures on every side, aims held or missed, peers in turn."""

import sys
from pathlib import Path

import pytest
from benchmarks import uncertainty
from benchmarks.peers.environments import PeerAbsent, python_of

WITHIN = {
    "ratio_to_numpy": 1.0,
    "mebibytes_at_1e6": 39.0,
    "mebibytes_above_8_bytes_a_draw_at_1e7": 31.0,
    "law_of_ten_inputs_ms": 1.9,
    "validated_budgets_a_minute": 201.0,
}
FAKE = "def run():\n    return 1.5, 2.5\n"


@pytest.fixture
def fake(monkeypatch):
    """A peer that is this very Python and answers at once."""
    monkeypatch.setitem(uncertainty.SIDES, "metrolopy", FAKE)
    side = uncertainty.Side("metrolopy", Path(sys.executable))
    yield side
    side.stop()


def test_every_aim_has_a_figure_and_holds_within_it(capsys):
    assert set(WITHIN) == set(uncertainty.AIMS)
    assert uncertainty.report(WITHIN, {}) == 0
    assert "MISSED" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "figure"),
    [
        ("ratio_to_numpy", 1.11),
        ("mebibytes_at_1e6", 40.1),
        ("mebibytes_above_8_bytes_a_draw_at_1e7", 32.1),
        ("law_of_ten_inputs_ms", 2.1),
        ("validated_budgets_a_minute", 199.0),
    ],
)
def test_an_aim_that_is_missed_is_said_and_fails(capsys, name, figure):
    assert uncertainty.report(WITHIN | {name: figure}, {}) == 1
    assert capsys.readouterr().out.count("MISSED") == 1


def test_an_absent_peer_is_named_and_fails_nothing(capsys):
    assert uncertainty.report(WITHIN, {"suncal": "suncal: no matching distribution"}) == 0
    assert "absent: suncal: suncal: no matching distribution" in capsys.readouterr().out


def test_a_peer_that_cannot_be_installed_is_absent(monkeypatch, tmp_path):
    def nowhere(peer, *, folder):
        raise PeerAbsent(f"{peer.name}: nowhere")

    monkeypatch.setattr(uncertainty, "install", nowhere)
    started, absent = uncertainty.sides(["suncal", "metrolopy"], tmp_path)
    assert started == []
    assert absent == {"metrolopy": "metrolopy: nowhere", "suncal": "suncal: nowhere"}


def test_plain_numpy_and_the_engine_give_the_published_figures():
    """GUM-S1 9.3 by 10⁶ draws and more: mean 1.2341 mg, u 0.0755 mg, shortest interval [1.0843, 1.3838] mg."""
    for deed in (uncertainty.plain_numpy, uncertainty.ours):
        mean, u, low, high = deed(400_000, 3)
        assert mean == pytest.approx(1.2341, abs=5e-4)
        assert u == pytest.approx(0.0755, abs=4e-4)
        assert high - low == pytest.approx(1.3838 - 1.0843, abs=3e-3)


def test_sides_run_once_for_each_turn(fake):
    for _ in range(3):
        fake.turn()
    assert len(fake.taken) == 3
    assert all(0 <= taken < 1 for taken in fake.taken)
    assert fake.ends == (1.5, 2.5)


def test_the_table_of_a_turn_has_numpy_ours_and_the_peer(fake):
    found = uncertainty.in_turn(1, [fake])
    assert found["ratio_to_numpy"] == pytest.approx(found["ours_ms"] / found["numpy_ms"])
    assert (found["metrolopy_low"], found["metrolopy_high"]) == (1.5, 2.5)
    assert found["metrolopy_ms"] < found["numpy_ms"]


def test_a_peer_that_breaks_is_named(monkeypatch):
    monkeypatch.setitem(uncertainty.SIDES, "suncal", "import no_such_package\n")
    side = uncertainty.Side("suncal", Path(sys.executable))
    try:
        with pytest.raises(PeerAbsent, match="suncal"):
            side.turn()
    finally:
        side.stop()


def test_the_law_of_ten_inputs_and_validated_budgets_are_measured():
    assert 0 < uncertainty.law_of_ten_inputs() < 1000
    assert uncertainty.validated_budgets() > 1


def test_memory_is_measured_in_a_process_of_its_own():
    assert 0 <= uncertainty.memory(100_000) < 200


@pytest.mark.parametrize("name", list(uncertainty.SIDES))
def test_the_peer_itself_gives_the_published_interval(name):
    peer = next(p for p in uncertainty.ALL_PEERS if p.name == name)
    if not (python_of(peer).parents[1] / "installed").is_file():
        pytest.skip(f"{name} has no environment; python -m benchmarks.uncertainty makes it")
    side = uncertainty.Side(name, python_of(peer))
    try:
        side.turn()
    finally:
        side.stop()
    low, high = side.ends
    assert low == pytest.approx(1.0843, abs=3e-3)
    assert high == pytest.approx(1.3838, abs=3e-3)
