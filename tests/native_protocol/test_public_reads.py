"""What a stranger reads over TCP and UDP, IPv4 and IPv6, with a client that knows only the wire notes."""

from __future__ import annotations

import socket
import struct
import time

import pytest
from tests.native_protocol.client import (
    Client,
    Reader,
    block,
    content,
    digest_of,
    numbers,
    question,
    taken_apart,
)
from tests.native_protocol.running import NAME, VALUES, Published, Running

from jialiang.formats.handle.count_log import Counted
from jialiang.formats.handle.values import HandleValue
from jialiang.integration.resolver.native_streams import StreamLimits

WAYS = [("tcp", "127.0.0.1"), ("udp", "127.0.0.1"), ("tcp", "::1"), ("udp", "::1")]
PUBLIC_ONLY, DO_NOT_REFER, RETURN_DIGEST = 0x01000000, 0x00100000, 0x00800000


def _client(running: Running, transport: str = "tcp", host: str = "127.0.0.1", **more: int) -> Client:
    return Client(host, running.port(host), transport, **more)


@pytest.mark.parametrize(("transport", "host"), WAYS)
def test_a_record_is_resolved_whole(running: Running, transport: str, host: str):
    with _client(running, transport, host) as client:
        for _ in range(3):  # from the table, then from memory
            response = client.resolve(NAME)
            assert (response.op, response.code) == (1, 1)
            name, values = response.record()
            assert name == NAME
            assert [(value.index, value.type, value.data) for value in values] == [
                (value.index, value.type, value.data) for value in VALUES
            ]
            assert {(value.ttl, value.permissions, value.ttl_kind) for value in values} == {(86400, 14, 0)}


@pytest.mark.parametrize(
    ("indexes", "types", "kept"),
    [
        ((2,), (), [2]),
        ((), ("url",), [1]),
        ((2000,), ("URL",), [1, 2000]),
        ((1, 2, 7), (), [1, 2]),
        ((), ("ser.", "EMAIL"), [2]),
    ],
)
def test_values_are_chosen_by_index_or_type(
    running: Running, indexes: tuple[int, ...], types: tuple[str, ...], kept: list[int]
):
    with _client(running) as client:
        _, values = client.resolve(NAME, indexes, types).record()
        assert [value.index for value in values] == kept


def test_a_type_with_a_dot_behind_asks_for_its_subtypes(running: Running, published: Published):
    published.record("88.101.5/typed", [HandleValue(1, "DESC.zh", b"a"), HandleValue(2, "DESCRIPTION", b"b")])
    with _client(running) as client:
        _, values = client.resolve("88.101.5/typed", types=("desc.",)).record()
        assert [value.type for value in values] == ["DESC.zh"]


def test_what_is_not_there_is_told_apart(running: Running, published: Published):
    published.ended("88.101.5/asleep", 404)
    published.ended("88.101.5/ended", 410)
    published.prefix("88.7", "suspended")
    published.record("88.101.5/empty", [])
    with _client(running) as client:
        assert (client.resolve("88.101.5/none").code, client.resolve(NAME, types=("NOPE",)).code) == (
            100,
            200,
        )
        assert client.resolve("88.101.5/empty").code == 200
        assert (client.resolve("88.101.5/asleep").code, client.resolve("88.101.5/asleep").text) == (
            100,
            "suspended",
        )
        assert client.resolve("88.101.5/ended").text == "retired"
        assert client.resolve("88.7/x").code == 100
        assert client.resolve("99.1/x").code == 301
        assert client.resolve("no-slash").code == 102


def test_names_compare_without_regard_to_the_case_of_ascii_letters_and_are_echoed_as_asked(running: Running):
    with _client(running) as client:
        for _ in range(2):
            assert client.resolve(NAME.upper()).record()[0] == NAME.upper()


def test_a_change_and_an_end_are_seen_within_a_second(running: Running, published: Published):
    with _client(running) as client:
        assert client.resolve(NAME).code == 1
        published.record(NAME, [HandleValue(1, "URL", b"https://example.org/new")])
        began = time.monotonic()
        while client.resolve(NAME).record()[1][0].data != b"https://example.org/new":
            assert time.monotonic() - began < 1.0
        published.ended(NAME, 404)
        began = time.monotonic()
        while client.resolve(NAME).code != 100:
            assert time.monotonic() - began < 1.0


def test_a_suspended_prefix_silences_its_records_within_a_second(running: Running, published: Published):
    with _client(running) as client:
        assert client.resolve(NAME).code == 1
        published.prefix("88.101.5", "suspended")
        began = time.monotonic()
        while client.resolve(NAME).code != 100:
            assert time.monotonic() - began < 1.0


@pytest.mark.parametrize(("transport", "host"), WAYS)
def test_the_site_names_the_address_that_the_client_reached(running: Running, transport: str, host: str):
    with _client(running, transport, host) as client:
        response = client.ask(2, block("/"), 0x19000000)
    assert (response.code, response.flags) == (1, 0x19000000)
    version, major, minor, _, flags, hash_option = struct.unpack_from(">HBBHBB", response.body)
    assert (version, major, minor, flags, hash_option) == (1, 2, 10, 0x80, 2)
    reader = Reader(response.body)
    reader.at = 8
    assert (reader.block(), reader.number(), reader.number()) == (b"", 0, 1)
    server = response.body[reader.at :]
    packed = socket.inet_pton(socket.AF_INET6, host if ":" in host else f"::ffff:{host}")
    assert server[:4] == b"\0\0\0\1"
    assert server[4:20] == packed
    assert server[20:24] == bytes(4)
    interfaces = [struct.unpack_from(">BBI", server, 28 + 6 * at) for at in range(2)]
    assert interfaces == [(3, 1, 2641), (3, 0, 2641)], "TCP first: clients in use take the first"


def test_the_site_names_the_addresses_that_are_set(published: Published):
    with (
        Running(published.path, addresses=("192.0.2.1", "2001:db8::1")) as running,
        _client(running) as client,
    ):
        body = client.ask(2).body
    assert socket.inet_pton(socket.AF_INET6, "::ffff:192.0.2.1") in body
    assert socket.inet_pton(socket.AF_INET6, "2001:db8::1") in body


def test_a_server_on_every_address_tells_the_one_towards_the_client(published: Published):
    with Running(published.path, hosts=("0.0.0.0", "::")) as running:
        for host, port in (("127.0.0.1", running.port("0.0.0.0")), ("::1", running.port("::"))):
            for transport in ("tcp", "udp"):
                with Client(host, port, transport) as client:
                    packed = socket.inet_pton(socket.AF_INET6, host if ":" in host else f"::ffff:{host}")
                    assert packed in client.ask(2).body


def test_a_response_repeats_number_session_and_flags_and_lasts_for_hours(running: Running):
    with _client(running) as client:
        for _ in range(2):
            response = client.ask(1, question(NAME), PUBLIC_ONLY, session=77)
            assert (response.session, response.flags, response.envelope_flags) == (77, PUBLIC_ONLY, 2)
            assert 3600 < response.expires - time.time() <= 12 * 3600


@pytest.mark.parametrize(("minor", "suggested", "kind"), [(1, 1, 2), (3, 10, 3)])
def test_a_digest_of_the_request_is_sent_where_it_is_wished(
    running: Running, minor: int, suggested: int, kind: int
):
    with _client(running, minor=minor) as client:
        sent = content(1, question(NAME), RETURN_DIGEST)
        envelope = struct.pack(">4B4I", 2, minor, 2, suggested, 0, 7, 0, len(sent))
        client.socket.sendall(envelope + sent)
        response = client.read()
    assert response.digest == digest_of(kind, sent[:-4])
    assert response.record()[0] == NAME


def test_a_request_that_has_run_out_is_refused(running: Running):
    with _client(running) as client:
        response = client.ask(1, question(NAME), expires=int(time.time()) - 10)
        assert (response.code, "run out" in response.text) == (4, True)
        assert client.ask(1, question(NAME), expires=0).code == 1, "0 says nothing about it"


@pytest.mark.parametrize(
    "op", [100, 101, 102, 103, 104, 105, 200, 201, 300, 301, 302, 400, 402, 1000, 2000, 2001, 7]
)
def test_a_read_replica_does_not_support_what_it_cannot_do(running: Running, op: int):
    with _client(running) as client:
        bodies = {
            100: question(NAME)[:-4],
            102: question(NAME)[:-4],
            103: block(NAME) + numbers(()),
            104: question(NAME)[:-4],
        }
        bodies |= {
            200: block("") * 2 + bytes(8),
            201: block("") + bytes(16),
            2000: question(NAME),
            2001: block(NAME) + bytes(4),
        }
        assert client.ask(op, bodies.get(op, block(NAME))).code == 5


def test_ending_a_session_is_always_granted(running: Running):
    with _client(running) as client:
        assert client.ask(401).code == 1


def test_a_delegated_prefix_refers_to_its_server(running: Running, published: Published):
    interfaces = [{"query": True, "admin": True, "protocol": "TCP", "port": 2641}]
    site = {"servers": [{"serverId": 1, "address": "192.0.2.7", "interfaces": interfaces}]}
    published.prefix("88.200", "delegated", site)
    with _client(running) as client:
        response = client.resolve("88.200/x")
        assert response.code == 303
        name, (value,) = response.record()
        assert (name, value.type) == ("0.NA/88.200", "HS_SITE")
        assert socket.inet_pton(socket.AF_INET6, "::ffff:192.0.2.7") in value.data
        assert client.resolve("88.200/x", flags=DO_NOT_REFER).code == 301
    with _client(running, minor=1) as old:
        sent = content(1, question("88.200/x"))
        old.socket.sendall(struct.pack(">4B4I", 2, 1, 2, 1, 0, 7, 0, len(sent)) + sent)
        assert old.read().code == 302, "clients of old know no 303"


def test_the_record_of_a_prefix_kept_here_is_our_site(running: Running):
    with _client(running) as client:
        name, (value,) = client.resolve("0.NA/88.101.5").record()
        assert (name, value.type) == ("0.NA/88.101.5", "HS_SITE")
        assert client.resolve("0.NA/88.101.5", types=("HS_SITE",)).code == 1
        assert client.resolve("0.NA/88.101.5", types=("URL",)).code == 100
        assert client.resolve("0.NA/88.999").code == 301


def test_requests_one_after_the_other_without_waiting_are_all_answered_by_their_numbers(running: Running):
    with _client(running) as client:
        names = [NAME, "88.101.5/none", NAME, "no-slash", NAME] * 40
        frames = []
        for number, name in enumerate(names):
            sent = content(1, question(name))
            frames.append(struct.pack(">4B4I", 2, 3, 2, 10, 0, number, 0, len(sent)) + sent)
        client.socket.sendall(b"".join(frames))
        answered = [client.read() for _ in names]
    codes = {response.request: response.code for response in answered}
    assert [codes[number] for number in range(len(names))] == [1, 100, 1, 102, 1] * 40


def test_a_request_that_comes_byte_by_byte_is_answered(running: Running):
    with _client(running) as client:
        sent = content(1, question(NAME))
        for at in range(len(frame := struct.pack(">4B4I", 2, 3, 2, 10, 0, 9, 0, len(sent)) + sent)):
            client.socket.sendall(frame[at : at + 1])
        assert client.read().code == 1


def test_answers_are_sent_to_a_client_that_has_stopped_sending(running: Running):
    with _client(running) as client:
        sent = content(1, question("88.101.5/none"))
        client.socket.sendall(struct.pack(">4B4I", 2, 3, 2, 10, 0, 9, 0, len(sent)) + sent)
        client.socket.shutdown(socket.SHUT_WR)
        assert client.read().code == 100
        assert client.socket.recv(1) == b""


def test_ten_thousand_lookups_without_a_fault(running: Running):
    with _client(running) as client:
        frames = []
        for number in range(10_000):
            sent = content(1, question(NAME))
            frames.append(struct.pack(">4B4I", 2, 3, 2, 10, 0, number, 0, len(sent)) + sent)
        for at in range(0, len(frames), 100):
            client.socket.sendall(b"".join(frames[at : at + 100]))
            waiting = set(range(at, at + 100))
            for _ in range(100):
                response = client.read()
                waiting.remove(response.request)
                assert response.code == 1
                assert len(response.body) == 171
    assert running.counts[Counted("native_tcp", "found", "none", "", "88.101.5")] == 10_000


def test_everything_that_is_answered_counts(running: Running, published: Published):
    published.ended("88.101.5/asleep", 404)
    with _client(running) as client, _client(running, "udp") as datagrams:
        client.resolve(NAME)
        client.resolve(NAME)
        client.resolve("88.101.5/none")
        client.resolve("88.101.5/asleep")
        datagrams.resolve(NAME)
        client.ask(2)
    assert running.counts == {
        Counted("native_tcp", "found", "none", "", "88.101.5"): 2,
        Counted("native_tcp", "not_found"): 1,
        Counted("native_tcp", "suspended", "none", "", "88.101.5"): 1,
        Counted("native_udp", "found", "none", "", "88.101.5"): 1,
    }


def test_who_asks_for_too_much_that_is_not_there_waits(published: Published):
    with Running(published.path, misses=5) as running, _client(running) as client:
        codes = [client.resolve(f"88.101.5/none-{at}").code for at in range(7)]
        assert codes == [100] * 5 + [3] * 2


def test_a_table_that_cannot_be_read_makes_the_server_busy_and_not_wrong(
    running: Running, published: Published
):
    with _client(running) as client:
        assert client.resolve(NAME).code == 1
        published.path.rename(published.path.with_suffix(".away"))
        time.sleep(0.9)
        assert client.resolve(NAME).code == 3
        published.path.with_suffix(".away").rename(published.path)
        time.sleep(0.9)
        assert client.resolve(NAME).code == 1


def test_only_so_many_connections_of_one_household_stay(published: Published):
    with Running(published.path, limits=StreamLimits(connections=10, of_a_household=3)) as running:
        clients = [_client(running) for _ in range(3)]
        assert [client.resolve(NAME).code for client in clients] == [1, 1, 1]
        with _client(running) as one_more, pytest.raises(ConnectionError):
            one_more.resolve(NAME)
        clients.pop().__exit__()
        time.sleep(0.2)
        with _client(running) as again:
            assert again.resolve(NAME).code == 1
        for client in clients:
            client.__exit__()


class TestDatagrams:
    """What holds for UDP alone."""

    def test_a_long_answer_is_not_sent_and_the_client_is_told_to_use_tcp(
        self, running: Running, published: Published
    ):
        published.record("88.101.5/long", [HandleValue(1, "URL", b"x" * 400)])
        with _client(running, "udp") as client:
            response = client.resolve("88.101.5/long")
            assert (response.code, response.text) == (3, "ask over TCP")
            assert response.envelope_flags == 0x22, "the flag of a message that was cut"
        with _client(running) as client:
            assert client.resolve("88.101.5/long").code == 1

    def test_a_long_request_may_have_a_long_answer_in_pieces(self, running: Running, published: Published):
        published.record("88.101.5/long", [HandleValue(1, "URL", bytes(range(200)) * 7)])
        with _client(running, "udp") as client:
            response = client.resolve("88.101.5/long", types=("URL", *(f"T{at:037d}" for at in range(12))))
            assert response.code == 1
            assert response.record()[1][0].data == bytes(range(200)) * 7

    @pytest.mark.parametrize("cut", [*range(0, 64, 7), 76])
    def test_whatever_comes_back_is_at_most_thrice_as_long(self, running: Running, cut: int):
        sent = content(1, question("88.101.5/none"))
        datagram = (struct.pack(">4B4I", 2, 3, 2, 10, 0, 5, 0, max(0, min(len(sent), cut - 20))) + sent)[:cut]
        with _client(running, "udp") as client:
            client.socket.settimeout(0.2)
            client.socket.send(datagram)
            try:
                received = client.socket.recv(2048)
            except TimeoutError:
                return
        assert len(received) <= 3 * len(datagram)
        assert taken_apart(received[:20], received[20:]).request == 5
