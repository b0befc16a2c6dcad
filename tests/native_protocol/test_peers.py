"""Challenges and logins: each in its time, bounded, and of nobody else."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from tests.integration.resolver.fakes import Watch

from jialiang.integration.resolver import native_peers
from jialiang.integration.resolver.native_peers import Challenges, Logins, Peer, new_session


def _peer(address: str = "192.0.2.1", **members: object) -> Peer:
    return Peer("native_tcp", ip_address(address), "127.0.0.1", **members)


@pytest.fixture
def watch() -> Watch:
    return Watch()


def test_a_challenge_is_given_once_and_holds_what_was_asked(watch: Watch):
    challenges, peer = Challenges(watch), _peer()
    begun = challenges.begin(peer, 7, b"digest", b"content", 100)
    assert (begun.digest, begun.content, begun.op, len(begun.nonce)) == (b"digest", b"content", 100, 16)
    assert challenges.take(peer, 7) == begun
    assert challenges.take(peer, 7) is None


def test_no_two_challenges_are_alike(watch: Watch):
    challenges, peer = Challenges(watch), _peer()
    assert len({challenges.begin(peer, at, b"", b"", 1).nonce for at in range(100)}) == 100


def test_a_challenge_runs_out_after_a_minute(watch: Watch):
    challenges, peer = Challenges(watch), _peer()
    challenges.begin(peer, 7, b"", b"", 1)
    watch.seconds += 60
    assert challenges.take(peer, 7) is None


def test_a_challenge_is_of_its_connection_and_session(watch: Watch):
    challenges, peer = Challenges(watch), _peer()
    challenges.begin(peer, 7, b"", b"", 1)
    assert challenges.take(_peer(), 7) is None
    assert challenges.take(peer, 8) is None
    assert challenges.take(peer, 7) is not None


def test_a_new_challenge_of_a_session_takes_the_place_of_the_old_one(watch: Watch):
    challenges, peer = Challenges(watch), _peer()
    challenges.begin(peer, 7, b"old", b"", 1)
    challenges.begin(peer, 7, b"new", b"", 1)
    assert len(challenges) == 1
    waiting = challenges.take(peer, 7)
    assert waiting is not None
    assert waiting.digest == b"new"


def test_the_oldest_challenge_gives_way(watch: Watch, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(native_peers, "MOST_CHALLENGES", 3)
    challenges, peer = Challenges(watch), _peer()
    for session in range(5):
        challenges.begin(peer, session, b"", b"", 1)
    assert len(challenges) == 3
    assert [challenges.take(peer, session) is not None for session in range(5)] == [
        False,
        False,
        True,
        True,
        True,
    ]


def test_a_login_lasts_half_an_hour_after_its_last_use(watch: Watch):
    logins, peer = Logins(watch), _peer(key="a")
    logins.put(peer, 7, "300:a/b")
    watch.seconds += 1799
    assert logins.identity(peer, 7) == "300:a/b"
    watch.seconds += 1799
    assert logins.identity(peer, 7) == "300:a/b"
    watch.seconds += 1800
    assert logins.identity(peer, 7) == ""
    assert len(logins) == 0


def test_a_login_is_of_its_address_and_session_and_may_be_ended(watch: Watch):
    logins, peer = Logins(watch), _peer(key="a")
    logins.put(peer, 7, "300:a/b")
    assert logins.identity(_peer(key="b"), 7) == ""
    assert logins.identity(peer, 8) == ""
    logins.end(peer, 7)
    assert logins.identity(peer, 7) == ""


def test_the_oldest_login_gives_way(watch: Watch, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(native_peers, "MOST_LOGINS", 2)
    logins, peer = Logins(watch), _peer(key="a")
    for session in (1, 2, 3):
        logins.put(peer, session, f"{session}:a/b")
    assert [logins.identity(peer, session) for session in (1, 2, 3)] == ["", "2:a/b", "3:a/b"]


def test_sessions_are_positive_numbers_of_chance():
    given = {new_session() for _ in range(200)}
    assert len(given) > 190
    assert all(0 < number < 2**31 for number in given)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
    ],
)
def test_a_household_is_an_ipv4_address_or_half_an_ipv6_address(one: str, other: str, same: bool):
    assert (_peer(one).household == _peer(other).household) == same
