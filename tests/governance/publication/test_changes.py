"""Published answers: keys, successors, versions and headers at their limits."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from tests.machines import DatabaseMachine, run

from jialiang.formats.public_keys import after_key, key_by_identifier, key_by_number, unknown_key
from jialiang.governance.publication import selectors
from jialiang.governance.publication.answers import Answer
from jialiang.governance.publication.errors import BadAnswerKey, SuccessorMissing
from jialiang.governance.publication.models import PublishedAnswer
from jialiang.governance.publication.services import LONGEST_KEY, publish, retire

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)


def an_answer(key: str = "a", body: bytes = b"genuine", **members: object) -> Answer:
    return Answer(key, body, **members)


def ends(moment: datetime, key: str = "a") -> Answer:
    return an_answer(key, not_after=moment)


# --- keys ----------------------------------------------------------------------------------------------------

ROOM = LONGEST_KEY - len(after_key(""))
KEYS = {
    "one letter": ("a", True),
    "as long as its successor allows": ("k" * ROOM, True),
    "one letter more": ("k" * (ROOM + 1), False),
    "empty": ("", False),
    "by number": (key_by_number("YZ-2026-000001", "K7QM3XRD9FWTP", "json"), True),
    "by identifier": (key_by_identifier("88.999.1/yz-1", "K7QM3XRD9FWTP", "zh"), True),
    "for the unknown": (unknown_key("en"), True),
    "in Chinese": ("证书", True),
}


@pytest.mark.parametrize(("key", "usable"), KEYS.values(), ids=KEYS)
def test_which_keys_an_answer_may_have(key: str, usable: bool, db: None, now: datetime) -> None:
    if usable:
        publish([an_answer(key)], now)
        found = selectors.answer(key)
        assert found is not None
        assert found.body == b"genuine"
        return
    with pytest.raises(BadAnswerKey) as refused:
        publish([an_answer("fine"), an_answer(key)], now)
    assert refused.value.facts == {"key": key}
    assert selectors.answer("fine") is None
    assert selectors.latest_version() == 0


# --- bodies and headers --------------------------------------------------------------------------------------

BODIES = {
    "empty": b"",
    "every byte": bytes(range(256)),
    "Chinese": "真实".encode(),
    "a megabyte": b"x" * 1024 * 1024,
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_body_is_served_to_the_byte(body: bytes, db: None, now: datetime) -> None:
    publish([an_answer(body=body)], now)
    found = selectors.answer("a")
    assert found is not None
    assert found.body == body
    assert isinstance(found.body, bytes)


def test_headers_come_back_and_are_kept_in_one_order(db: None, now: datetime) -> None:
    headers = {"content-type": "text/html; charset=utf-8", "cache-control": "no-store", "x-title": "真实"}
    publish([an_answer(headers=headers)], now)
    publish([an_answer("b", headers=dict(reversed(headers.items())))], now)
    assert dict(selectors.answer("a").headers) == headers
    assert PublishedAnswer.objects.values_list("headers", flat=True).distinct().count() == 1


def test_an_answer_published_again_loses_the_headers_and_the_end_it_had(db: None, now: datetime) -> None:
    publish([an_answer(after_key("a")), an_answer(headers={"x": "1"}, not_after=now + DAY)], now)
    publish([an_answer(body=b"new")], now + SECOND)
    found = selectors.answer("a")
    assert (dict(found.headers), found.not_after, found.body, found.changed_at) == (
        {},
        None,
        b"new",
        now + SECOND,
    )


# --- ends and successors -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("passed", "served"),
    [
        (-DAY, b"genuine"),
        (-MICROSECOND, b"genuine"),
        (timedelta(0), b"expired"),
        (MICROSECOND, b"expired"),
        (DAY, b"expired"),
    ],
)
def test_the_successor_is_served_from_the_very_moment_of_the_end(
    passed: timedelta, served: bytes, db: None, now: datetime
) -> None:
    publish([ends(now), an_answer(after_key("a"), b"expired")], now - DAY)
    assert selectors.answer_at("a", now + passed).body == served


def test_an_answer_without_end_is_served_for_ever(db: None, now: datetime) -> None:
    publish([an_answer()], now)
    assert selectors.answer_at("a", now + 100 * 365 * DAY).body == b"genuine"
    assert selectors.answer_at("b", now) is None


@pytest.mark.parametrize(
    "batch",
    [
        lambda end: [ends(end), an_answer(after_key("a"), b"expired")],
        lambda end: [an_answer(after_key("a"), b"expired"), ends(end)],
    ],
    ids=["before its successor", "after its successor"],
)
def test_answer_and_successor_may_come_in_any_order(batch, db: None, now: datetime) -> None:
    assert publish(batch(now), now) == 2
    assert selectors.answer_at("a", now).body == b"expired"


def test_an_end_needs_a_successor_and_nothing_of_the_batch_is_written_without(
    db: None, now: datetime
) -> None:
    with pytest.raises(SuccessorMissing) as refused:
        publish([an_answer("other"), ends(now)], now)
    assert refused.value.facts == {"key": "a", "successor": "a#after"}
    assert selectors.changed_since(0) == []


def test_the_successor_of_another_answer_does_not_count(db: None, now: datetime) -> None:
    with pytest.raises(SuccessorMissing):
        publish([an_answer(after_key("b")), ends(now)], now)


@pytest.mark.parametrize("key", ["h:x", "p:x", "g:x"])
def test_an_answer_about_identifiers_is_emptied_so_that_the_feed_shows_it(
    db: None, now: datetime, key: str
) -> None:
    before = publish([Answer(key, b"one", {":status": "410"}), Answer("h:other", b"two")], now)
    assert retire(key) == 1
    (changed,) = selectors.changed_since(before)
    assert (changed.key, changed.body, changed.headers) == (key, b"", {})
    assert retire(key) == 0
    assert retire("h:never") == 0
    assert selectors.latest_version() == before + 1
    publish([Answer(key, b"again")], now)
    assert selectors.answer(key).body == b"again"


def test_a_retired_answer_takes_its_successor_along_and_leaves_others(db: None, now: datetime) -> None:
    publish([ends(now), an_answer(after_key("a")), an_answer("ab"), an_answer("a#before")], now)
    assert retire("a") == 2
    assert retire("a") == 0
    assert {row.key for row in selectors.changed_since(0)} == {"ab", "a#before"}
    with pytest.raises(SuccessorMissing):
        publish([ends(now)], now)


def test_an_end_in_the_past_is_served_by_its_successor_at_once(db: None, now: datetime) -> None:
    publish([ends(now - DAY), an_answer(after_key("a"), b"expired")], now)
    assert selectors.answer_at("a", now).body == b"expired"


# --- versions ------------------------------------------------------------------------------------------------


def test_no_answers_are_no_version(db: None, now: datetime) -> None:
    assert publish([], now) == 0
    publish([an_answer()], now)
    assert publish([], now) == 1


def test_one_key_twice_in_a_batch_ends_with_the_later_one_and_two_versions(db: None, now: datetime) -> None:
    assert publish([an_answer(body=b"1"), an_answer(body=b"2")], now) == 2
    assert [(row.version, row.body) for row in selectors.changed_since(0)] == [(2, b"2")]


@pytest.mark.parametrize(
    ("since", "limit", "seen"),
    [
        (0, 10, [1, 2, 3, 4]),
        (0, 2, [1, 2]),
        (2, 10, [3, 4]),
        (4, 10, []),
        (99, 10, []),
        (-1, 1, [1]),
        (3, 0, []),
    ],
)
def test_the_feed_goes_on_behind_a_version(
    since: int, limit: int, seen: list[int], db: None, now: datetime
) -> None:
    publish([an_answer(letter) for letter in "abcd"], now)
    assert [row.version for row in selectors.changed_since(since, limit=limit)] == seen


def test_a_version_given_in_a_change_that_is_undone_is_given_again(db: None, now: datetime) -> None:
    publish([an_answer()], now)
    with transaction.atomic():
        assert publish([an_answer("b"), an_answer("c")], now) == 3
        transaction.set_rollback(True)
    assert publish([an_answer("d")], now) == 2


class Reader(DatabaseMachine):
    """Verbs publish and retire; a reader follows the feed and must know what a fresh read knows."""

    def __init__(self) -> None:
        super().__init__()
        self.seen = 0
        self.known: dict[str, tuple[int, bytes]] = {}

    @rule(keys=st.lists(st.sampled_from("abc"), max_size=3), body=st.binary(max_size=4))
    def publish_some(self, keys: list[str], body: bytes) -> None:
        before = selectors.latest_version()
        assert publish([an_answer(key, body) for key in keys], self.now) == before + len(keys)

    @rule(key=st.sampled_from("abc"))
    def publish_and_fail(self, key: str) -> None:
        with transaction.atomic():
            publish([an_answer(key, b"never")], self.now)
            transaction.set_rollback(True)

    @rule(limit=st.integers(1, 3))
    def follow(self, limit: int) -> None:
        for row in selectors.changed_since(self.seen, limit=limit):
            assert row.version > self.seen
            self.seen = row.version
            self.known[row.key] = (row.version, row.body)

    @invariant()
    def whoever_has_seen_the_latest_version_knows_everything(self) -> None:
        if self.seen == selectors.latest_version():
            rows = PublishedAnswer.objects.all()
            assert self.known == {row.key: (row.version, bytes(row.body)) for row in rows}

    @invariant()
    def nothing_that_was_undone_is_there(self) -> None:
        assert not any(bytes(row.body) == b"never" for row in PublishedAnswer.objects.all())


def test_whoever_follows_the_feed_knows_what_a_fresh_read_knows(db: None) -> None:
    run(Reader, examples=20, steps=15)
