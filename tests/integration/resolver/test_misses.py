"""The limit on asking for what is not there."""

import pytest

from jialiang.integration.resolver import misses
from jialiang.integration.resolver.misses import MissLimit, TooManyMisses

ONE, OTHER = b"\xc0\x00\x02\x01", b"\xc0\x00\x02\x02"


class Watch:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def miss(limit: MissLimit, household: bytes) -> None:
    limit.admit(household)
    limit.charge(household)


def test_thirty_misses_at_once_and_the_thirty_first_waits() -> None:
    limit = MissLimit(30, monotonic=Watch())
    for _ in range(30):
        miss(limit, ONE)
    with pytest.raises(TooManyMisses) as refused:
        miss(limit, ONE)
    assert refused.value.facts == {"seconds": 2}
    assert refused.value.http_status == 429


def test_the_stated_wait_is_long_enough_and_no_longer_than_needed() -> None:
    watch = Watch()
    limit = MissLimit(6, monotonic=watch)
    for _ in range(6):
        miss(limit, ONE)
    watch.seconds += 9.9
    with pytest.raises(TooManyMisses):
        miss(limit, ONE)
    watch.seconds += 0.1
    miss(limit, ONE)


def test_another_household_is_not_touched() -> None:
    limit = MissLimit(1, monotonic=Watch())
    miss(limit, ONE)
    miss(limit, OTHER)
    with pytest.raises(TooManyMisses):
        miss(limit, ONE)


def test_what_is_found_costs_nothing() -> None:
    limit = MissLimit(2, monotonic=Watch())
    for _ in range(100):
        limit.admit(ONE)
    assert len(limit) == 0


def test_misses_that_were_under_way_together_are_all_paid_for() -> None:
    watch = Watch()
    limit = MissLimit(6, monotonic=watch)
    for _ in range(8):
        limit.admit(ONE)
    for _ in range(8):
        limit.charge(ONE)
    with pytest.raises(TooManyMisses) as refused:
        limit.admit(ONE)
    assert refused.value.facts == {"seconds": 30}
    watch.seconds += 30
    limit.admit(ONE)


def test_no_wait_is_longer_than_two_bursts() -> None:
    limit = MissLimit(6, monotonic=Watch())
    for _ in range(1000):
        limit.charge(ONE)
    with pytest.raises(TooManyMisses) as refused:
        limit.admit(ONE)
    assert refused.value.facts == {"seconds": 70}


def test_a_long_pause_saves_up_no_more_than_one_burst() -> None:
    watch = Watch()
    limit = MissLimit(3, monotonic=watch)
    miss(limit, ONE)
    watch.seconds += 86400
    for _ in range(3):
        miss(limit, ONE)
    with pytest.raises(TooManyMisses):
        miss(limit, ONE)


def test_memory_is_bounded_and_the_longest_silent_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(misses, "HOUSEHOLDS", 10)
    limit = MissLimit(1, monotonic=Watch())
    for number in range(50):
        miss(limit, number.to_bytes(4, "big"))
    assert len(limit) == 10
    miss(limit, (0).to_bytes(4, "big"))
    with pytest.raises(TooManyMisses):
        miss(limit, (49).to_bytes(4, "big"))
