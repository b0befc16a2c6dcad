"""A prefix is counted by one spelling: however it was asked for, by which way, and whether memory gave the answer."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.integration.resolver.fakes import Watch
from tests.integration.resolver.node import URL, Node

from jialiang.formats.handle.count_log import counted_prefix
from jialiang.formats.handle.octets import text_octets
from jialiang.formats.handle.wire.bodies import Question
from jialiang.formats.handle.wire.codes import OpCode
from jialiang.formats.handle.wire.messages import Envelope, Header, Message
from jialiang.integration.resolver.clients import parsed_address
from jialiang.integration.resolver.misses import MissLimit
from jialiang.integration.resolver.native_frames import Asked
from jialiang.integration.resolver.native_peers import Peer
from jialiang.integration.resolver.native_reads import NativeReads
from jialiang.integration.resolver.native_records import native_record
from jialiang.integration.resolver.native_site import OwnSite

REGISTERED, COUNTED = "21.T14999/Ins-7", "21.t14999"
SPELLINGS = ["21.T14999/Ins-7", "21.t14999/ins-7", "21.t14999/INS-7", "21.T14999/ins-7"]
NOW = 1_781_582_850.0


@pytest.fixture
def node() -> Node:
    node = Node(per_minute=1000)
    node.reader.prefix("21.T14999")
    node.reader.record(REGISTERED, URL)
    return node


def prefixes(node: Node) -> set[str]:
    return {each.prefix for each in node.counted}


# --- JSON ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_first_answer_and_the_one_from_memory_count_the_same(node: Node, spelling: str) -> None:
    for _ in range(3):
        assert node.get(spelling).status == 200
    assert Counter(node.counted) == Counter({node.counted[0]: 3})
    assert prefixes(node) == {COUNTED}


def test_all_spellings_in_turn_count_as_one(node: Node) -> None:
    for spelling in SPELLINGS * 2:
        node.get(spelling)
    (counted,) = Counter(node.counted).items()
    assert counted[1] == len(SPELLINGS) * 2


@pytest.mark.parametrize("query", ["", "pretty", "index=1", "type=url", "callback=f", "via=qr"])
@pytest.mark.parametrize("spelling", SPELLINGS[:2])
def test_whatever_is_asked_of_a_record_it_counts_by_the_same_prefix(node: Node, query: str, spelling: str) -> None:
    node.get(spelling, query)
    node.get(spelling, query)
    assert prefixes(node) == {COUNTED}


@pytest.mark.parametrize(("state", "status"), [("suspended", 404), ("retired", 410)])
@pytest.mark.parametrize("spelling", SPELLINGS[:2])
def test_a_tombstone_counts_by_it_too(node: Node, state: str, status: int, spelling: str) -> None:
    node.reader.closed(REGISTERED, state, status)
    assert node.get(spelling).status == status
    assert [(each.outcome, each.prefix) for each in node.counted] == [(state, COUNTED)]


@pytest.mark.parametrize("name", ["21.T14999/none", "99.X1/none", "no-slash", "21.T14999"])
def test_what_is_not_there_counts_without_any_prefix(node: Node, name: str) -> None:
    node.get(name)
    assert prefixes(node) == {""}


def test_head_and_the_fast_way_count_alike(node: Node) -> None:
    node.get(SPELLINGS[0], method="HEAD")
    node.get(SPELLINGS[1], "", ("if-none-match", '"x"'))
    node.get(SPELLINGS[2])
    assert len(set(node.counted)) == 1


# --- pages and redirects -------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "noredirect"])
def test_a_page_and_a_redirect_count_by_the_folded_prefix(node: Node, query: str) -> None:
    node.reader.prefix("0.na")
    node.reader.record("0.NA/88.101.5", URL)
    for name in ("0.NA/88.101.5", "0.na/88.101.5"):
        assert node.open(f"/{name}", query).status in {200, 302}
    assert prefixes(node) == {"0.na"}


# --- the native protocol -------------------------------------------------------------------------------------


class Native:
    """What answers the native protocol from the rows of a node, and how it is asked."""

    def __init__(self, node: Node) -> None:
        self.counted = node.counted
        self.reads = NativeReads(
            node.resolver,
            OwnSite(["192.0.2.1"], 2641),
            MissLimit(100, monotonic=Watch()),
            node.counted.append,
            limit_bytes=100_000,
            monotonic=node.watch,
        )
        address = parsed_address("203.0.113.9")
        assert address is not None
        self.peer = Peer("native_tcp", address, "192.0.2.1")

    def ask(self, name: str) -> bool:
        """Ask for a record whole, by memory alone if that may answer; tell whether it did."""
        question = Question(name)
        message = Message(Envelope(0, 7), Header(OpCode.RESOLVE), question.octets())
        if self.reads.at_once(message.octets(), 0, self.peer, NOW) is not None:
            return True
        asyncio.run(self.reads.resolve(Asked(message, NOW), question, self.peer))
        return False


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_both_ways_of_the_native_protocol_count_like_the_others(node: Node, spelling: str) -> None:
    native = Native(node)
    assert [native.ask(spelling) for _ in range(3)] == [False, True, True]
    assert [(each.kind, each.outcome, each.prefix) for each in node.counted] == [("native_tcp", "found", COUNTED)] * 3


def test_a_question_for_some_values_counts_by_it_too(node: Node) -> None:
    native = Native(node)
    for question in (Question(SPELLINGS[0], (1,)), Question(SPELLINGS[1], (), ("URL",)), Question(SPELLINGS[2], (9,))):
        message = Message(Envelope(0, 7), Header(OpCode.RESOLVE), question.octets())
        assert native.reads.at_once(message.octets(), 0, native.peer, NOW) is None
        asyncio.run(native.reads.resolve(Asked(message, NOW), question, native.peer))
    assert prefixes(node) == {COUNTED}


def test_what_is_counted_is_folded_and_what_is_answered_is_as_registered(node: Node) -> None:
    row = asyncio.run(node.resolver.record(SPELLINGS[1]))
    assert isinstance(row, tuple)
    assert native_record(row).prefix == COUNTED
    assert REGISTERED.encode() in row[0]
    question = Question(SPELLINGS[1])
    message = Message(Envelope(0, 7), Header(OpCode.RESOLVE), question.octets())
    said = asyncio.run(Native(node).reads.resolve(Asked(message, NOW), question, Native(node).peer))
    assert said.body.startswith(text_octets(SPELLINGS[1]))


# --- the rule ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("88.101.5/Ins-7", "88.101.5"),
        ("21.T14999/X/Y", "21.t14999"),
        ("21.T14999", "21.t14999"),
        ("0.NA/21.T14999", "0.na"),
        ("ÄB.Ω/x", "Äb.Ω"),
        ("/x", ""),
        ("", ""),
    ],
)
def test_only_ascii_letters_before_the_first_slash_are_folded(name: str, prefix: str) -> None:
    assert counted_prefix(name) == prefix


@given(st.text(max_size=30), st.text(max_size=30))
def test_two_names_count_alike_exactly_if_their_prefixes_differ_in_ascii_case_alone(one: str, other: str) -> None:
    def plain(name: str) -> str:
        before = name.split("/", 1)[0]
        return "".join(each.lower() if each.isascii() else each for each in before)

    assert (counted_prefix(one) == counted_prefix(other)) == (plain(one) == plain(other))
    assert counted_prefix(counted_prefix(one)) == counted_prefix(one)
