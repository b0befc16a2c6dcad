"""Answers in memory: how long they are trusted, how they run out, how much room they take."""

import asyncio
from collections.abc import Awaitable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.integration.resolver.fakes import NOON, TableReader, Watch

from jialiang.formats.public_keys import CHECKED_AT_MARKER
from jialiang.integration.resolver.answers import OVERHEAD, TRUSTED_SECONDS, Answer, Answers, header_list
from jialiang.integration.resolver.reader import AnswersUnavailable, Row

MOMENT = b"2026-06-16T07:47:30Z"


def body_of(waiting: Awaitable[Answer | None]) -> bytes | None:
    async def wait() -> Answer | None:
        return await waiting

    answer = asyncio.run(wait())
    return None if answer is None else answer.body_at(MOMENT)


@pytest.fixture
def reader() -> TableReader:
    table = TableReader()
    table.put("a", b"in force")
    return table


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def answers(reader: TableReader, watch: Watch) -> Answers:
    return Answers(reader, limit_bytes=1_000_000, monotonic=watch)


def test_within_its_trust_an_answer_costs_no_reading(
    answers: Answers, reader: TableReader, watch: Watch
) -> None:
    assert body_of(answers.find("a", NOON)) == b"in force"
    watch.seconds += TRUSTED_SECONDS - 0.01
    assert answers.at_hand("a", NOON) is not None
    assert body_of(answers.find("a", NOON)) == b"in force"
    assert reader.asked == [("a", None)]


def test_after_its_trust_only_the_stamp_is_compared(
    answers: Answers, reader: TableReader, watch: Watch
) -> None:
    body_of(answers.find("a", NOON))
    watch.seconds += TRUSTED_SECONDS
    assert answers.at_hand("a", NOON) is None
    assert body_of(answers.find("a", NOON)) == b"in force"
    assert reader.asked == [("a", None), ("a", "1")]
    assert answers.at_hand("a", NOON) is not None


def test_a_withdrawal_is_seen_at_the_next_comparison(
    answers: Answers, reader: TableReader, watch: Watch
) -> None:
    body_of(answers.find("a", NOON))
    reader.put("a", b"withdrawn", stamp="2")
    watch.seconds += TRUSTED_SECONDS
    assert body_of(answers.find("a", NOON)) == b"withdrawn"


def test_trust_counts_from_the_beginning_of_the_reading(watch: Watch, reader: TableReader) -> None:
    class Slow(TableReader):
        async def read(self, key: str, known_stamp: str | None) -> object:
            found = await reader.read(key, known_stamp)
            watch.seconds += 0.3  # a change in this time was not seen by the reading
            return found

    answers = Answers(Slow(), limit_bytes=1_000_000, monotonic=watch)
    body_of(answers.find("a", NOON))
    watch.seconds += 0.11
    assert answers.at_hand("a", NOON) is None


def test_a_removed_answer_is_gone_and_gives_its_room_back(
    answers: Answers, reader: TableReader, watch: Watch
) -> None:
    body_of(answers.find("a", NOON))
    del reader.rows["a"]
    watch.seconds += TRUSTED_SECONDS
    assert body_of(answers.find("a", NOON)) is None
    assert answers.bytes_held == 0
    assert not answers.holds("a")


def test_what_cannot_be_compared_is_not_given(answers: Answers, reader: TableReader, watch: Watch) -> None:
    body_of(answers.find("a", NOON))
    reader.broken = True
    watch.seconds += TRUSTED_SECONDS
    with pytest.raises(AnswersUnavailable):
        body_of(answers.find("a", NOON))
    reader.broken = False
    assert body_of(answers.find("a", NOON)) == b"in force"


def test_at_its_last_moment_the_next_answer_takes_over(answers: Answers, reader: TableReader) -> None:
    reader.put("a", b"in force", stamp="2", not_after=NOON)
    reader.put("a#after", b"expired", stamp="3")
    assert body_of(answers.find("a", NOON - 0.001)) == b"in force"
    assert answers.at_hand("a", NOON - 0.001) is not None
    assert answers.at_hand("a", NOON) is None
    assert body_of(answers.find("a", NOON)) == b"expired"
    assert body_of(answers.find("a", NOON + 86400)) == b"expired"


def test_an_expired_answer_without_follower_is_an_outage_and_not_a_verdict(
    answers: Answers, reader: TableReader
) -> None:
    reader.put("a", b"in force", not_after=NOON)
    with pytest.raises(AnswersUnavailable) as outage:
        body_of(answers.find("a", NOON))
    assert "a#after" in str(outage.value.facts["reason"])


def test_headers_that_cannot_be_read_are_an_outage(answers: Answers, reader: TableReader) -> None:
    reader.rows["a"] = Row("2", b"", "{not json", None)
    with pytest.raises(AnswersUnavailable):
        body_of(answers.find("a", NOON))


def test_the_least_recently_asked_answer_makes_room(reader: TableReader, watch: Watch) -> None:
    for key in "abc":
        reader.put(key, b"x" * 1000)
    size = Answer(reader.rows["a"], 0).size
    answers = Answers(reader, limit_bytes=2 * size, monotonic=watch)
    body_of(answers.find("a", NOON))
    body_of(answers.find("b", NOON))
    assert answers.at_hand("a", NOON) is not None
    body_of(answers.find("c", NOON))
    assert [answers.holds(key) for key in "abc"] == [True, False, True]
    assert answers.bytes_held == 2 * size


def test_an_answer_larger_than_all_room_is_given_but_not_kept(reader: TableReader, watch: Watch) -> None:
    answers = Answers(reader, limit_bytes=OVERHEAD, monotonic=watch)
    assert body_of(answers.find("a", NOON)) == b"in force"
    assert answers.bytes_held == 0


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 3000)), max_size=60))
def test_memory_never_exceeds_its_limit_and_is_counted_exactly(steps: list[tuple[str, int]]) -> None:
    reader, watch = TableReader(), Watch()
    answers = Answers(reader, limit_bytes=12_000, monotonic=watch)
    for number, (key, size) in enumerate(steps):
        reader.put(key, b"x" * size, stamp=str(number))
        watch.seconds += 1
        body_of(answers.find(key, NOON))
        assert answers.bytes_held == sum(answer.size for answer in answers._held.values()) <= 12_000


def test_many_askers_at_once_get_the_same_answer(answers: Answers) -> None:
    async def all_at_once() -> set[bytes]:
        found = await asyncio.gather(*(answers.find("a", NOON) for _ in range(50)))
        return {answer.body_at(MOMENT) for answer in found if answer is not None}

    assert asyncio.run(all_at_once()) == {b"in force"}
    assert answers.bytes_held == Answer(Row("1", b"in force", '{"a": "b"}', None), 0).size + 55


def test_the_moment_of_the_check_replaces_every_marker_and_keeps_the_length() -> None:
    answer = Answer(Row("1", b"<" + CHECKED_AT_MARKER + b"|" + CHECKED_AT_MARKER + b">", "{}", None), 0)
    assert answer.body_at(MOMENT) == b"<" + MOMENT + b"|" + MOMENT + b">"
    later = b"2026-06-16T07:47:31Z"
    assert answer.body_at(later) == b"<" + later + b"|" + later + b">"


def test_a_body_without_marker_is_given_as_it_is() -> None:
    row = Row("1", b"plain", "{}", None)
    assert Answer(row, 0).body_at(MOMENT) is row.body


@pytest.mark.parametrize(
    "stored",
    ['{"Content-Type": "text/html", "Vary": "Cookie"}', '[["Content-Type","text/html"],["Vary","Cookie"]]'],
)
def test_headers_may_be_stored_as_an_object_or_as_pairs(stored: str) -> None:
    assert header_list(stored) == [("content-type", "text/html"), ("vary", "Cookie")]
