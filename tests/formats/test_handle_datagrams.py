"""Messages in datagrams of 512 bytes, and putting them together in bounded room."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.handle.octets import BadOctets
from jialiang.formats.handle.wire.datagrams import PIECE_BYTES, Assembly, datagrams
from jialiang.formats.handle.wire.messages import (
    TRUNCATED,
    Envelope,
    Header,
    Message,
    read_content,
    read_envelope,
)


def _message(body_bytes: int, request: int = 7) -> Message:
    body = bytes(at % 251 for at in range(body_bytes))
    return Message(Envelope(0, request), Header(100), body)


def _assembly(longest: int = 65536, at_once: int = 4) -> Assembly:
    return Assembly(longest=longest, at_once=at_once, seconds=5.0)


@pytest.mark.parametrize(
    ("body_bytes", "number"), [(0, 1), (492 - 28, 1), (492 - 27, 2), (2 * 492 - 28, 2), (2 * 492 - 27, 3)]
)
def test_a_datagram_carries_at_most_492_bytes_of_the_message(body_bytes: int, number: int):
    pieces = datagrams(_message(body_bytes))
    assert len(pieces) == number
    assert all(len(piece) <= 512 for piece in pieces)
    assert all(len(piece) == 512 for piece in pieces[:-1])
    for at, piece in enumerate(pieces):
        envelope = read_envelope(piece)
        assert (envelope.sequence, envelope.length) == (at, body_bytes + 28)
        assert envelope.is_truncated == (number > 1)


@given(st.integers(0, 5000), st.randoms(use_true_random=False))
def test_pieces_in_any_order_make_the_message_again(body_bytes: int, chance: object):
    message = _message(body_bytes)
    pieces = datagrams(message)
    chance.shuffle(pieces)  # type: ignore[attr-defined]
    assembly = _assembly()
    results = [assembly.add("peer", piece, 0.0) for piece in pieces]
    assert results[:-1] == [None] * (len(pieces) - 1)
    assert results[-1] is not None
    envelope, content = results[-1]
    assert not envelope.is_truncated
    assert read_content(envelope, content).body == message.body
    assert len(assembly) == 0


def test_a_piece_that_comes_twice_counts_once():
    first, second = datagrams(_message(600))
    assembly = _assembly()
    assert assembly.add("peer", first, 0.0) is None
    assert assembly.add("peer", first, 0.0) is None
    assert assembly.add("peer", second, 0.0) is not None


def test_two_senders_with_the_same_number_of_request_are_kept_apart():
    first, second = datagrams(_message(600))
    assembly = _assembly()
    assert assembly.add("one", first, 0.0) is None
    assert assembly.add("other", second, 0.0) is None
    assert assembly.add("one", second, 0.0) is not None


def test_pieces_that_come_too_late_make_nothing():
    first, second = datagrams(_message(600))
    assembly = _assembly()
    assembly.add("peer", first, 0.0)
    assert assembly.add("peer", second, 5.0) is None


def test_the_oldest_message_gives_way_when_too_many_are_begun():
    assembly = _assembly(at_once=3)
    begun = [datagrams(_message(600, request)) for request in range(5)]
    for pieces in begun:
        assembly.add("peer", pieces[0], 0.0)
    assert len(assembly) == 3
    assert assembly.add("peer", begun[0][1], 0.0) is None
    assert assembly.add("peer", begun[4][1], 0.0) is not None


def test_what_has_run_out_is_cleared_away_by_the_next_that_begins():
    assembly = _assembly()
    assembly.add("peer", datagrams(_message(600, 1))[0], 0.0)
    assembly.add("peer", datagrams(_message(600, 2))[0], 6.0)
    assert len(assembly) == 1


def test_another_length_under_the_same_number_begins_anew():
    assembly = _assembly()
    assembly.add("peer", datagrams(_message(600))[0], 0.0)
    assert assembly.add("peer", datagrams(_message(700))[1], 0.0) is None
    assert assembly.add("peer", datagrams(_message(700))[0], 0.0) is not None


def test_a_message_longer_than_allowed_is_refused_with_its_first_piece():
    with pytest.raises(BadOctets, match="longer than allowed"):
        _assembly(longest=1000).add("peer", datagrams(_message(1000))[0], 0.0)


def _envelope(**changes: int) -> bytes:
    return replace(Envelope(length=600, request=7, flags=2 | TRUNCATED), **changes).octets()


@pytest.mark.parametrize(
    "datagram",
    [
        _envelope(sequence=2) + bytes(108),
        _envelope(sequence=0) + bytes(PIECE_BYTES - 1),
        _envelope(sequence=1) + bytes(107),
        _envelope(sequence=1) + bytes(PIECE_BYTES),
        _envelope(sequence=0xFFFFFFFF) + bytes(PIECE_BYTES),
        _envelope(flags=2) + bytes(PIECE_BYTES),
        _envelope(length=30, flags=2) + bytes(29),
        _envelope(length=30, flags=2, sequence=1) + bytes(30),
        b"\2\n",
    ],
)
def test_a_piece_that_does_not_fit_is_refused_and_nothing_is_kept(datagram: bytes):
    assembly = _assembly()
    with pytest.raises(BadOctets):
        assembly.add("peer", datagram, 0.0)
    assert len(assembly) == 0


def test_a_whole_message_may_say_that_it_is_one_of_several():
    message = Message(Envelope(0, 7, flags=2 | TRUNCATED), Header(1), b"abc")
    (piece,) = datagrams(message)
    assert _assembly().add("peer", piece, 0.0) is not None
