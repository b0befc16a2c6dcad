"""Requests of the native protocol laid out by hand, each field changed in turn: what is answered from memory alone is
octet for octet what is answered the long way, and datagrams in pieces stay within their bound too."""

from __future__ import annotations

import asyncio
from struct import Struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.integration.resolver.fakes import Watch
from tests.integration.resolver.node import EMAIL, NAME, SUBTYPE, URL, Node
from tests.integration.resolver.test_native_octets_by_hand import CLIENT, Service, received

from jialiang.formats.handle.wire.datagrams import Assembly, datagrams
from jialiang.formats.handle.wire.messages import Envelope, Header, Message, read_message
from jialiang.formats.handle.wire.value_octets import value_octets
from jialiang.integration.resolver.misses import MissLimit
from jialiang.integration.resolver.native_datagrams import AMPLIFICATION
from jialiang.integration.resolver.native_peers import Peer
from jialiang.integration.resolver.native_reads import NativeReads
from jialiang.integration.resolver.native_service import NativeService
from jialiang.integration.resolver.native_site import OwnSite

NOW = 1_781_582_850
FIELDS = (
    "major", "minor", "flags", "suggested", "session", "request", "sequence", "length",
    "op", "response", "op_flags", "serial", "recursions", "reserved", "expiration", "body_length",
)  # fmt: skip
FRAME = Struct(">BBBBIIIIIIIHBBII")
USUAL = dict.fromkeys(FIELDS, 0) | {
    "major": 2, "minor": 10, "flags": 2, "suggested": 10, "request": 7, "op": 1, "expiration": NOW + 60,
}  # fmt: skip


def question(name: str = NAME, indexes: tuple[int, ...] = (), types: tuple[str, ...] = ()) -> bytes:
    """Return the body of a resolution, as the reference lays it out."""
    parts = [len(name.encode()).to_bytes(4, "big"), name.encode(), len(indexes).to_bytes(4, "big")]
    parts += [index.to_bytes(4, "big") for index in indexes]
    parts += [len(types).to_bytes(4, "big")]
    parts += [len(kind.encode()).to_bytes(4, "big") + kind.encode() for kind in types]
    return b"".join(parts)


def frame(body: bytes | None = None, credential: bytes = bytes(4), **changed: int) -> bytes:
    """Return a request with some fields changed."""
    body = question() if body is None else body
    fields = USUAL | {"length": 24 + len(body) + len(credential), "body_length": len(body)} | changed
    return FRAME.pack(*(fields[name] for name in FIELDS)) + body + credential


def fields_of(answer: bytes) -> dict[str, int]:
    return dict(zip(FIELDS, FRAME.unpack_from(answer), strict=True))


class Bench:
    """A service over the rows of a node, without any socket."""

    def __init__(self, transport: str = "native_tcp") -> None:
        node = Node()
        self.counted = node.counted
        reads = NativeReads(
            node.resolver, OwnSite(["192.0.2.1"], 2641), MissLimit(1000, monotonic=Watch()), node.counted.append,
            limit_bytes=100_000, monotonic=node.watch,
        )  # fmt: skip
        self.service = NativeService(reads, None, MissLimit(5), clock=lambda: NOW, monotonic=node.watch)
        assert CLIENT is not None
        self.peer = Peer("native_udp" if transport == "native_udp" else "native_tcp", CLIENT, "192.0.2.1")

    def slowly(self, data: bytes) -> bytes:
        fields = fields_of(data)
        names = ("length", "request", "session", "sequence", "major", "minor", "flags")
        envelope = Envelope(*(fields[name] for name in names), suggested_minor=fields["suggested"])
        return asyncio.run(self.service.answer(envelope, data[20:], self.peer))

    def at_once(self, data: bytes) -> bytes | None:
        return self.service.at_once(data, 0, self.peer)


@pytest.fixture
def bench() -> Bench:
    """A service that has answered the question once and may answer it from memory."""
    bench = Bench()
    bench.slowly(frame())
    return bench


# --- from memory and the long way ----------------------------------------------------------------------------

FAST = [
    {},
    {"session": 1},
    {"session": 0xFFFFFFFF},
    {"request": 0},
    {"request": 0xFFFFFFFF},
    {"minor": 0},
    {"minor": 255},
    {"flags": 0},
    {"flags": 3},
    {"suggested": 0},
    {"recursions": 9},
    {"recursions": 255},
    {"serial": 0xFFFF},
    {"reserved": 1},
    {"expiration": 0},
    {"expiration": NOW},
    {"expiration": 0xFFFFFFFF},
    {"op_flags": 0x80000000},  # authoritative
    {"op_flags": 0x10000000},  # recursive
    {"op_flags": 0x01000000},  # public values only
    {"op_flags": 0x02000000},  # keep the connection
    {"op_flags": 0x00100000},  # do not refer
]


@pytest.mark.parametrize("changed", FAST, ids=str)
def test_what_memory_answers_is_octet_for_octet_the_long_answer(bench: Bench, changed: dict[str, int]) -> None:
    data = frame(**changed)
    quick = bench.at_once(data)
    assert quick is not None
    assert quick == bench.slowly(data)
    answered = fields_of(quick)
    for name in ("minor", "session", "request", "recursions", "op", "op_flags"):
        assert answered[name] == fields_of(data)[name]
    assert (answered["major"], answered["flags"], answered["suggested"], answered["response"]) == (2, 2, 10, 1)
    assert (answered["sequence"], answered["serial"], answered["reserved"]) == (0, 1, 0)
    assert answered["expiration"] == NOW + 12 * 3600
    assert answered["length"] == len(quick) - 20
    assert answered["body_length"] == len(quick) - 44 - 4


def test_an_answer_holds_the_name_as_asked_and_the_public_values_in_order(bench: Bench) -> None:
    for name in (NAME, NAME.lower(), NAME.upper()):
        answered = bench.slowly(frame(question(name)))
        values = b"".join(value_octets(value) for value in (URL, EMAIL, SUBTYPE))
        assert answered[44:-4] == question(name)[: 4 + len(name)] + b"\0\0\0\3" + values
        assert answered[-4:] == bytes(4)
        assert b"secret" not in answered


SLOW = [
    {"flags": 0x82},  # compressed
    {"flags": 0x42},  # encrypted
    {"major": 1},
    {"major": 3},
    {"op": 0},
    {"op": 2},
    {"op": 100},
    {"response": 1},
    {"expiration": NOW - 1},
    {"expiration": 1},
    {"op_flags": 0x40000000},  # certified
    {"op_flags": 0x20000000},  # encrypted
    {"op_flags": 0x00800000},  # with a digest
    {"op_flags": 0x00000002},  # trusted query
    {"op_flags": 0x00000001},
    {"length": 0},
    {"length": 24},
    {"body_length": 0},
]


@pytest.mark.parametrize("changed", SLOW, ids=str)
def test_whatever_is_out_of_the_ordinary_is_not_answered_from_memory(bench: Bench, changed: dict[str, int]) -> None:
    assert bench.at_once(frame(**changed)) is None


@pytest.mark.parametrize(
    "body",
    [
        question(indexes=(1,)),
        question(types=("URL",)),
        question(indexes=(1, 2), types=("EMAIL",)),
        question("88.101.5/none"),
        question("99.9/x"),
        question("no-slash"),
        question()[:-1],
        question() + b"\0",
        b"",
        b"\0\0\0\0" * 3,
    ],
)
def test_a_choice_or_another_name_takes_the_long_way(bench: Bench, body: bytes) -> None:
    assert bench.at_once(frame(body)) is None


def test_a_credential_behind_the_body_takes_the_long_way(bench: Bench) -> None:
    assert bench.at_once(frame(credential=b"\0\0\0\1x")) is None
    assert bench.at_once(frame(credential=b"")) is None


def test_who_has_logged_in_is_not_answered_from_memory(bench: Bench) -> None:
    bench.peer.identity = "300:88.101.5/app"
    assert bench.at_once(frame()) is None


# --- what the long way answers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "response"),
    [
        ({"major": 3}, 4),
        ({"major": 1}, 4),
        ({"flags": 0x82}, 4),
        ({"flags": 0x42}, 4),
        ({"expiration": NOW - 1}, 4),
        ({"body_length": 3}, 4),
        ({"body_length": 0xFFFFFFFF}, 4),
        ({"op": 0}, 5),
        ({"op": 3}, 5),
        ({"op": 400, "body_length": 0}, 4),
        ({"op": 402}, 5),
        ({"op": 1000}, 5),
        ({"op": 0xFFFFFFFF}, 5),
        ({"op": 100}, 4),  # the body of a question is no record
        ({"op": 2001}, 4),
    ],
)
def test_a_changed_field_is_answered_by_its_code(bench: Bench, changed: dict[str, int], response: int) -> None:
    answered = fields_of(bench.slowly(frame(**changed)))
    assert (answered["response"], answered["op"]) == (response, changed.get("op", 1))
    assert answered["request"] == 7


@pytest.mark.parametrize("response", [1, 2, 100, 0xFFFFFFFF])
def test_a_response_is_never_answered(bench: Bench, response: int) -> None:
    assert bench.slowly(frame(response=response)) == b""


@pytest.mark.parametrize(
    ("body", "response"),
    [
        (question(indexes=(1,)), 1),
        (question(indexes=(300,)), 200),  # there, and not public
        (question(indexes=(77,)), 200),
        (question(types=("url",)), 1),
        (question(types=("NONE",)), 200),
        (question(types=("DESC.",)), 1),
        (question(types=("DESC",)), 200),
        (question(indexes=(77,), types=("EMAIL",)), 1),  # one or the other
        (question("88.101.5/none"), 100),
        (question("99.9/x"), 301),
        (question("no-slash"), 102),
        (question(""), 102),
        (question("88..5/x"), 102),
    ],
)
def test_each_question_has_its_response_code(bench: Bench, body: bytes, response: int) -> None:
    assert fields_of(bench.slowly(frame(body)))["response"] == response


@pytest.mark.parametrize("cut", range(1, len(question()), 5))
def test_a_question_cut_anywhere_is_a_fault_of_the_protocol(bench: Bench, cut: int) -> None:
    assert fields_of(bench.slowly(frame(question()[:-cut])))["response"] == 4


@given(st.dictionaries(st.sampled_from(FIELDS), st.integers(0, 255), max_size=4))
def test_whichever_fields_are_changed_memory_and_the_long_way_agree(changed: dict[str, int]) -> None:
    bench = SHARED
    data = frame(**changed)
    quick = bench.at_once(data)
    if quick is not None:
        assert quick == bench.slowly(data)


SHARED = Bench()
SHARED.slowly(frame())


def test_both_ways_count_the_same(bench: Bench) -> None:
    del bench.counted[:]
    bench.at_once(frame())
    bench.slowly(frame())
    assert len(set(bench.counted)) == 1
    assert len(bench.counted) == 2


# --- datagrams in pieces -------------------------------------------------------------------------------------


def padded(length: int) -> bytes:
    """Return a request of ``length`` octets in one datagram."""
    return frame(question("88.101.5/" + "x" * (length - 44 - 4 - 12 - 9)))


@pytest.mark.parametrize(
    ("asked", "body", "pieces"),
    [
        (180, 3 * 180 - 48, 0),  # 540 octets in one, 560 in two datagrams: beyond the bound
        (180, 3 * 180 - 48 - 20, 2),  # 520 in one, 540 in two: exactly the bound
        (180, 3 * 180 - 48 - 19, 0),
        (180, 512 - 48, 1),
        (180, 512 - 48 + 1, 2),
        (512, 3 * 512 - 48, 0),
        (512, 3 * 512 - 48 - 20, 0),  # four pieces of 492 would be 1576
        (512, 3 * 492 - 28, 3),  # three full pieces
        (512, 3 * 492 - 28 + 1, 0),
    ],
)
@pytest.mark.parametrize("at_once", [False, True])
def test_pieces_count_with_their_own_envelopes(asked: int, body: int, pieces: int, at_once: bool) -> None:
    data = padded(asked)
    assert len(data) == asked
    sent = received(Service(body, at_once=at_once), data)
    assert sum(map(len, sent)) <= AMPLIFICATION * asked
    if pieces:
        assert len(sent) == pieces
        assert all(len(piece) <= 512 for piece in sent)
    else:
        assert [piece[24:28] for piece in sent] == [b"\0\0\0\3"]  # busy: ask over TCP


@given(st.integers(70, 512), st.integers(0, 4000))
def test_never_more_than_thrice_comes_back_however_it_is_cut(asked: int, body: int) -> None:
    sent = received(Service(body, at_once=False), padded(asked))
    assert 0 < sum(map(len, sent)) <= AMPLIFICATION * asked


@given(st.binary(max_size=2000), st.randoms(use_true_random=False))
def test_pieces_sent_are_put_together_by_whoever_gets_them(body: bytes, chance: object) -> None:
    message = Message(Envelope(0, 9, 3), Header(1, response=1, expiration=NOW), body)
    pieces = datagrams(message)
    chance.shuffle(pieces)  # type: ignore[attr-defined]
    assembly = Assembly(longest=4000, at_once=4, seconds=5)
    found = [whole for whole in (assembly.add("x", piece, 0.0) for piece in pieces) if whole is not None]
    assert len(found) == 1
    envelope, content = found[0]
    assert read_message(Envelope(len(content), envelope.request, envelope.session).octets() + content).body == body
