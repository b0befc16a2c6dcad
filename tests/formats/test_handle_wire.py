"""The native protocol as bytes: recorded pairs byte for byte, laws, faults with their place, hostile packets."""

from __future__ import annotations

import json
import random
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.handle_strategies import envelopes, headers, records, requests, responses, values

from jialiang.formats.handle.challenges import digest_of
from jialiang.formats.handle.octets import BadOctets, Octets
from jialiang.formats.handle.values import HandleRecord, HandleValue
from jialiang.formats.handle.wire import bodies
from jialiang.formats.handle.wire.bodies import Body
from jialiang.formats.handle.wire.codes import HashCode, OpCode, OpFlag
from jialiang.formats.handle.wire.conversation import Answered, RequestDigest, read_request, read_response
from jialiang.formats.handle.wire.messages import (
    LONGEST_MESSAGE,
    Envelope,
    Header,
    Message,
    read_content,
    read_envelope,
    read_header,
    read_message,
)
from jialiang.formats.handle.wire.value_octets import read_record, read_value, record_octets, value_octets

SEQUENCE = [0, 1, 2, 3, 4, 6, 7, 9, 10, 12, 13, 15, 16, 18, 19, 21]


@pytest.fixture(scope="module")
def recorded(oracles: Path) -> dict[int, dict[str, Any]]:
    """The pairs that a client in use exchanged, by their number."""
    file = oracles / "identifiers" / "native_wire_caict_idsdk.json"
    return {pair["seq"]: pair for pair in json.loads(file.read_text(encoding="utf-8"))["messages"]}


def test_all_recorded_pairs_are_here(recorded: dict[int, dict[str, Any]]):
    assert list(recorded) == SEQUENCE


@pytest.mark.parametrize("number", SEQUENCE)
def test_a_recorded_request_is_read_and_written_byte_for_byte(
    number: int, recorded: dict[int, dict[str, Any]]
):
    pair = recorded[number]
    data = bytes.fromhex(pair["request_hex"])
    message = read_message(data)
    asked = read_request(message)
    assert message.header.op == pair["opCode"]
    assert f"0x{message.header.flags:08x}" == pair["opFlags"]
    assert not isinstance(asked, bodies.Unread)
    assert replace(message, body=asked.octets()).octets() == data


@pytest.mark.parametrize("number", SEQUENCE)
def test_a_recorded_response_is_read_and_written_byte_for_byte(
    number: int, recorded: dict[int, dict[str, Any]]
):
    pair = recorded[number]
    data = bytes.fromhex(pair["response_hex"])
    message = read_message(data)
    answered = read_response(message)
    assert message.header.response == pair["expectedResponseCode"]
    assert replace(message, body=answered.octets()).octets() == data


@pytest.mark.parametrize("number", [2, 3])
def test_the_digest_in_a_recorded_response_is_that_of_header_and_body_of_its_request(
    number: int, recorded: dict[int, dict[str, Any]]
):
    request = read_message(bytes.fromhex(recorded[number]["request_hex"]))
    answered = read_response(read_message(bytes.fromhex(recorded[number]["response_hex"])))
    assert answered.digest == RequestDigest(HashCode.MD5, digest_of(HashCode.MD5, request.digested))


def test_what_the_recorded_requests_ask(recorded: dict[int, dict[str, Any]]):
    asked = {
        number: read_request(read_message(bytes.fromhex(recorded[number]["request_hex"])))
        for number in recorded
    }
    assert asked[0] == bodies.Name("/")
    assert asked[2] == bodies.Login("88.101.5/admin", 300)
    assert asked[10] == bodies.Question("88.101.5/ins-0000001", (2000,), ("URL",))
    assert asked[19] == bodies.Name("88.101.5/ins-0000001")
    answer = asked[3]
    assert isinstance(answer, bodies.ChallengeAnswer)
    assert (answer.kind, answer.handle, answer.index) == ("HS_PUBKEY", "88.101.5/admin", 300)
    proof = Octets(answer.proof)
    assert (proof.text("digest"), len(proof.block("signature"))) == ("SHA-256", 256)
    created = asked[4]
    assert isinstance(created, bodies.Record)
    assert [(value.index, value.type, value.text) for value in created.record.values] == [
        (1, "URL", "https://example.org/i/1"),
        (2, "EMAIL", "lab@example.org"),
        (2000, "serialNumber", "SN-0001"),
    ]
    assert {(value.ttl, value.permissions) for value in created.record.values} == {(86400, 14)}
    chinese = asked[6]
    assert isinstance(chinese, bodies.Record)
    assert chinese.record.handle == "88.101.5/压力表-№7"
    assert chinese.record.values[1].text == "数字压力表 0~60 MPa"


def test_the_recorded_site_names_one_server_for_both_uses(recorded: dict[int, dict[str, Any]]):
    answered = read_response(read_message(bytes.fromhex(recorded[0]["response_hex"])))
    assert isinstance(answered.body, bodies.SiteBody)
    (server,) = answered.body.site.servers
    assert server.address_text == "127.0.0.1"
    assert [(own.protocol, own.port, own.query, own.admin) for own in server.interfaces] == [
        ("TCP", 2641, True, True)
    ]


@given(envelopes, headers, st.binary(max_size=60), st.one_of(st.none(), st.binary(max_size=20)))
def test_a_message_survives_bytes(envelope: Envelope, header: Header, body: bytes, credential: bytes | None):
    message = Message(envelope, header, body, credential)
    read = read_message(message.octets())
    assert read == replace(message, envelope=replace(envelope, length=len(message.content)))
    assert read.octets() == message.octets()


@given(values)
def test_a_value_survives_bytes(value: HandleValue):
    octets = Octets(value_octets(value))
    assert read_value(octets) == value
    assert octets.left == 0


@given(records)
def test_a_record_survives_bytes(record: HandleRecord):
    assert read_record(Octets(record_octets(record))) == record


@given(requests)
def test_a_request_survives_bytes(asked: tuple[int, Body]):
    op, body = asked
    assert read_request(Message(Envelope(0, 1), Header(op), body.octets())) == body


@given(responses, st.sampled_from([None, *(HashCode.MD5, HashCode.SHA1, HashCode.SHA256)]), st.binary())
def test_a_response_survives_bytes(said: tuple[int, int, Body], kind: HashCode | None, digested: bytes):
    op, response, body = said
    digest = None if kind is None else RequestDigest(kind, digest_of(kind, digested))
    answered = Answered(body, digest)
    flags = 0 if digest is None else int(OpFlag.RETURN_DIGEST)
    assert read_response(Message(Envelope(0, 1), Header(op, response, flags), answered.octets())) == answered


def test_what_servers_add_behind_a_complaint_is_passed_over():
    message = Message(Envelope(0, 1), Header(1, 301), bodies.Complaint("no").octets() + b"\0\0\0\7")
    assert read_response(message).body == bodies.Complaint("no")
    assert read_response(replace(message, body=b"")).body == bodies.Complaint("")


def test_a_site_may_be_asked_for_without_a_name():
    assert read_request(Message(Envelope(0, 1), Header(OpCode.SITE_INFO), b"")) == bodies.Nothing()


SIMPLE = Message(Envelope(0, 7), Header(OpCode.RESOLVE), bodies.Question("a/b").octets())


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        (SIMPLE.octets()[:19], "envelope"),
        (SIMPLE.octets()[:-1], "length of the message"),
        (SIMPLE.octets() + b"\0", "length of the message"),
        (replace(SIMPLE, envelope=Envelope(0, 7, major=3)).octets(), "version of the protocol"),
        (replace(SIMPLE, envelope=Envelope(0, 7, major=0)).octets(), "version of the protocol"),
        (replace(SIMPLE, envelope=Envelope(0, 7, flags=0x82)).octets(), "flags of the envelope"),
        (replace(SIMPLE, envelope=Envelope(0, 7, flags=0x42)).octets(), "flags of the envelope"),
        (Envelope(23, 7).octets() + bytes(23), "header"),
        (Envelope(24, 7).octets() + bytes(20) + b"\0\0\0\1", "body"),
        (Envelope(28, 7).octets() + bytes(24) + b"\0\0\0\1", "credential"),
        (Envelope(29, 7).octets() + bytes(29), "credential"),
        (Envelope(LONGEST_MESSAGE + 1, 7).octets(), "length of the message"),
    ],
)
def test_a_broken_frame_is_refused_at_its_place(changed: bytes, place: str):
    with pytest.raises(BadOctets) as caught:
        read_message(changed)
    assert caught.value.facts["place"] == place
    assert caught.value.code == "JL-HDL-020"


def test_compressed_and_encrypted_messages_are_refused_in_words():
    with pytest.raises(BadOctets) as caught:
        read_message(replace(SIMPLE, envelope=Envelope(0, 7, flags=0x82)).octets())
    assert "compressed" in caught.value.what.en
    assert "压缩" in caught.value.what.zh


@pytest.mark.parametrize(
    ("op", "body", "place", "offset"),
    [
        (OpCode.RESOLVE, "00000003612f6200000001", "number of indexes", 7),
        (OpCode.RESOLVE, "00000003612f62000000007fffffff", "number of types", 11),
        (OpCode.RESOLVE, "00000003612f62000000000000000000", "body", 15),
        (OpCode.RESOLVE, "000000036120ff0000000000000000", "name", 0),
        (OpCode.RESOLVE, "ffffffff612f62", "name", 4),
        (OpCode.CREATE, "00000003612f6200000001" + "00" * 25, "number of values", 7),
        (
            OpCode.CREATE,
            "00000003612f6200000001" + "00" * 8 + "02" + "00" * 17,
            "kind of the time to live",
            19,
        ),
        (
            OpCode.CREATE,
            "00000003612f6200000001" + "00" * 13 + "10" + "00" * 12,
            "permissions of a value",
            24,
        ),
        (OpCode.CREATE, "00000003612f6200000001" + "00" * 22 + "00000009", "number of references", 33),
        (OpCode.CREATE, "00000003612f6200000801" + "00" * (26 * 2049), "number of values", 7),
        (OpCode.DELETE, "", "name", 0),
        (OpCode.DELETE, "00000003612f6200", "body", 7),
        (OpCode.LOGIN_ID_SYSTEM, "00000003612f620000", "index of the identity", 7),
        (OpCode.VERIFY_CHALLENGE, "00000000000000010000000000000000", "proof", 16),
    ],
)
def test_a_broken_body_is_refused_at_its_place(op: int, body: str, place: str, offset: int):
    with pytest.raises(BadOctets) as caught:
        read_request(Message(Envelope(0, 7), Header(op), bytes.fromhex(body)))
    assert (caught.value.facts["place"], caught.value.facts["offset"]) == (place, offset)


@pytest.mark.parametrize(
    ("response", "flags", "body", "place"),
    [
        (1, OpFlag.RETURN_DIGEST, "04" + "00" * 40, "kind of the digest"),
        (1, OpFlag.RETURN_DIGEST, "01" + "00" * 15, "digest of the request"),
        (402, 0, "00000010", "nonce"),
        (303, 0, "00000001612f", "number of values"),
    ],
)
def test_a_broken_response_is_refused_at_its_place(response: int, flags: int, body: str, place: str):
    with pytest.raises(BadOctets) as caught:
        read_response(
            Message(Envelope(0, 7), Header(OpCode.RESOLVE, response, int(flags)), bytes.fromhex(body))
        )
    assert caught.value.facts["place"] == place


def test_unknown_operations_keep_their_body_as_it_is():
    assert read_request(Message(Envelope(0, 7), Header(1000), b"\1\2")) == bodies.Unread(b"\1\2")


def test_an_envelope_says_which_version_both_sides_speak():
    assert Envelope(0, 1, minor=3).version == (2, 10)
    assert Envelope(0, 1, major=2, minor=1, flags=0, suggested_minor=9).version == (2, 1)


def test_an_envelope_is_read_from_the_middle_of_a_stream():
    data = b"xx" + SIMPLE.octets()
    assert read_envelope(data, 2) == replace(SIMPLE.envelope, length=len(SIMPLE.content))
    assert read_header(data[22:])[0] == SIMPLE.header


@given(st.binary(max_size=200))
def test_bytes_of_chance_are_read_or_refused_and_nothing_else(data: bytes):
    try:
        message = read_message(data)
        read_request(message)
        read_response(message)
    except BadOctets:
        return


@given(requests, st.integers(0, 10_000), st.integers(0, 255))
def test_one_wrong_byte_is_read_or_refused_and_nothing_else(asked: tuple[int, Body], place: int, byte: int):
    op, body = asked
    data = bytearray(Message(Envelope(0, 7), Header(op), body.octets()).octets())
    data[place % len(data)] = byte
    try:
        message = read_message(bytes(data))
        assert message.octets() == bytes(data)
        read_request(message)
    except BadOctets as error:
        assert 0 <= int(str(error.facts["offset"])) <= len(data)


def test_numbers_of_a_stranger_make_nothing_large():
    rng = random.Random(20250701)  # noqa: S311
    record = HandleRecord("a/b", tuple(HandleValue(index, "URL", b"x" * 30) for index in range(1, 6)))
    good = Message(Envelope(0, 7), Header(OpCode.CREATE), bodies.Record(record).octets()).octets()
    tracemalloc.start()
    try:
        for _ in range(2000):
            data = bytearray(good)
            at = rng.randrange(20, len(data) - 4)
            data[at : at + 4] = rng.choice([b"\x7f\xff\xff\xff", b"\xff\xff\xff\xff", b"\x00\xfe\x00\x00"])
            try:
                read_request(read_content(read_envelope(bytes(data)), bytes(data[20:])))
            except BadOctets:
                continue
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1_000_000
