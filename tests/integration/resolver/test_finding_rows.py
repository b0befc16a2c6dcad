"""From a name to a row: prefixes rule over names, spellings are one, rows stay as published, memory is bounded."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from tests.integration.resolver.fakes import FedReader, Watch
from tests.integration.resolver.node import NAME, SECRET, SITE, URL, Node

from jialiang.formats.gs1.links import Gs1Link
from jialiang.formats.gs1.linkset import LinkContext, written_linkset
from jialiang.formats.handle.published import gs1_key, record_key
from jialiang.formats.handle.values import HandleValue, ResponseCode
from jialiang.integration.resolver.held_rows import OVERHEAD, HeldRows, row_number
from jialiang.integration.resolver.reader import AnswersUnavailable, Row
from jialiang.integration.resolver.resolving import Refusal, Resolver
from jialiang.integration.resolver.table_feed import LOOK_SECONDS, TableFeed


class Bench:
    """A resolver on a table in hand."""

    def __init__(self, limit_bytes: int = 1_000_000) -> None:
        self.reader, self.watch = FedReader(), Watch()
        self.feed = TableFeed(self.reader, monotonic=self.watch)
        self.resolver = Resolver(self.reader, self.feed, limit_bytes=limit_bytes)

    def record(self, name: str) -> Any:
        return asyncio.run(self.resolver.record(name))

    def later(self) -> None:
        self.watch.seconds += LOOK_SECONDS


@pytest.fixture
def bench() -> Bench:
    bench = Bench()
    bench.reader.prefix("88.101.5")
    bench.reader.record(NAME, URL)
    return bench


# --- why there is none -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "code", "status", "outcome"),
    [
        ("88.101.5/none", ResponseCode.HANDLE_NOT_FOUND, 404, "not_found"),
        ("88.101.5/", ResponseCode.HANDLE_NOT_FOUND, 404, "not_found"),  # an empty suffix is one
        ("88.101.6/x", ResponseCode.SERVER_NOT_RESPONSIBLE, 400, "refused"),
        ("88.101/5/x", ResponseCode.SERVER_NOT_RESPONSIBLE, 400, "refused"),
        ("88.101.50/x", ResponseCode.SERVER_NOT_RESPONSIBLE, 400, "refused"),
        ("0.NA/88.101.6", ResponseCode.SERVER_NOT_RESPONSIBLE, 400, "refused"),
        ("0.na/88.101.5", ResponseCode.HANDLE_NOT_FOUND, 404, "not_found"),  # ours, but without a record
        ("88.101.5", ResponseCode.INVALID_HANDLE, 400, "refused"),
        ("", ResponseCode.INVALID_HANDLE, 400, "refused"),
        ("/x", ResponseCode.INVALID_HANDLE, 400, "refused"),
        ("88..5/x", ResponseCode.INVALID_HANDLE, 400, "refused"),
        ("88.101.5/a\x00b", ResponseCode.INVALID_HANDLE, 400, "refused"),
    ],
)
def test_a_name_without_a_record_is_refused_with_its_reason(
    bench: Bench, name: str, code: ResponseCode, status: int, outcome: str
) -> None:
    found = bench.record(name)
    assert isinstance(found, Refusal)
    assert (found.code, found.status, found.outcome) == (code, status, outcome)
    said = json.loads(found.body())
    assert (said["responseCode"], said["handle"]) == (int(code), name)
    assert said["message"]
    assert "state" not in said


@pytest.mark.parametrize(
    ("state", "code", "status", "outcome"),
    [
        ("suspended", ResponseCode.HANDLE_NOT_FOUND, 404, "suspended"),
        ("delegated", ResponseCode.PREFIX_REFERRAL, 400, "refused"),
    ],
)
def test_a_prefix_out_of_force_hides_what_is_there_and_what_is_not_alike(
    bench: Bench, state: str, code: ResponseCode, status: int, outcome: str
) -> None:
    bench.record(NAME)
    bench.reader.prefix("88.101.5", state, SITE)
    bench.later()
    for name in (NAME, "88.101.5/none", "0.NA/88.101.5"):
        found = bench.record(name)
        assert (found.code, found.status, found.outcome) == (code, status, outcome)
        assert found.site == (SITE if state == "delegated" else None)
        assert (json.loads(found.body()).get("state") == "suspended") is (state == "suspended")


def test_a_prefix_back_in_force_shows_its_records_again(bench: Bench) -> None:
    for state, there in (
        ("active", True),
        ("suspended", False),
        ("active", True),
        ("delegated", False),
        ("active", True),
    ):
        bench.reader.prefix("88.101.5", state, SITE if state == "delegated" else None)
        bench.later()
        assert isinstance(bench.record(NAME), tuple) is there


def test_a_prefix_that_is_emptied_is_not_ours_any_more(bench: Bench) -> None:
    bench.reader.write(next(key for key in bench.reader.rows if key.startswith("p:")), b"")
    bench.later()
    assert bench.record(NAME).code == ResponseCode.SERVER_NOT_RESPONSIBLE


def test_a_very_long_name_is_not_told_back_whole(bench: Bench) -> None:
    found = bench.record("x" * 5000)
    assert isinstance(found, Refusal)
    assert len(found.body()) < 600


# --- what is there ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spelling", [NAME, NAME.lower(), NAME.upper(), "88.101.5/iNS-7"])
def test_spellings_by_case_are_one_record_written_as_it_was_registered(bench: Bench, spelling: str) -> None:
    body, _, status, _ = bench.record(spelling)
    assert status == 200
    assert json.loads(body)["handle"] == NAME


@pytest.mark.parametrize(
    "other", ["88.101.5/Ins-7 ", "88.101.5/Ins-7/", "88.101.5/İns-7", "88.101.5/Ins%2D7", "88.101.5//Ins-7"]
)
def test_other_letters_are_another_name(bench: Bench, other: str) -> None:
    assert isinstance(bench.record(other), Refusal)


@pytest.mark.parametrize(
    ("status", "headers"), [(200, "{}"), (404, '{":status": "404"}'), (410, '[[":status", "410"]]')]
)
def test_the_status_of_a_row_stands_in_its_headers(bench: Bench, status: int, headers: str) -> None:
    bench.reader.rows[record_key(NAME)] = Row("9 x", b"body", headers, None)
    assert bench.record(NAME)[:3] == (b"body", row_number("9 x"), status)
    assert bench.resolver.at_hand(NAME)[2] == status  # and so from memory


@pytest.mark.parametrize("headers", ['{":status": "many"}', '{":status": null}', '":status"', '{":status"'])
def test_headers_that_say_no_status_are_an_outage_and_not_held(bench: Bench, headers: str) -> None:
    bench.reader.rows[record_key(NAME)] = Row("9 x", b"body", headers, None)
    with pytest.raises(AnswersUnavailable):
        bench.record(NAME)
    assert bench.resolver.at_hand(NAME) is None


def test_a_linkset_is_found_by_its_canonical_path_in_which_case_counts(bench: Bench) -> None:
    path = "01/09506000134352/21/aB"
    link = Gs1Link("gs1:pip", "https://a.example", "t", is_default=True)
    bench.reader.write(
        gs1_key(path), written_linkset([LinkContext("https://id.example.cn/" + path, "d", (link,))])
    )
    assert asyncio.run(bench.resolver.linkset(path)) is not None
    for other in (path.lower(), path.upper(), "/" + path, path + "/"):
        assert asyncio.run(bench.resolver.linkset(other)) is None


def test_a_record_without_public_values_is_answered_alike_from_the_table_and_from_memory() -> None:
    node = Node()
    node.reader.record("88.101.5/closed", SECRET)
    replies = [node.get("88.101.5/closed") for _ in range(3)]
    assert {(reply.status, reply.body, reply.headers["etag"]) for reply in replies} == {
        (200, replies[0].body, replies[0].headers["etag"])
    }
    assert json.loads(replies[2].body)["responseCode"] == 200
    assert len(node.counted) == 3
    node.reader.record("88.101.5/closed", URL)
    node.watch.seconds += LOOK_SECONDS
    assert [json.loads(node.get("88.101.5/closed").body)["responseCode"] for _ in range(2)] == [1, 1]


# --- numbers and memory ----------------------------------------------------------------------------------------


def test_a_row_written_again_has_another_number_whichever_half_changed() -> None:
    stamps = ["1 2026-06-16 04:07:30", "2 2026-06-16 04:07:30", "2 2026-06-16 04:07:31", f"{2**40} x", "1"]
    assert len({row_number(stamp) for stamp in stamps}) == len(stamps)
    assert row_number("7 x") >> 32 == 7


@pytest.mark.parametrize("version", [0, 1, 2**31, 2**53, 2**63 - 1])
def test_the_number_of_the_highest_version_fits_its_place(version: int) -> None:
    reader, watch = FedReader(), Watch()
    reader.rows["h:x"] = Row(f"{version} moment", b"body", "{}", None)
    rows = HeldRows(reader, TableFeed(reader, monotonic=watch), "h:{}".format, limit_bytes=10_000)
    found = asyncio.run(rows.find("x"))
    assert found is not None
    assert rows.at_hand("x") == found
    assert found[1] >> 32 == version


@pytest.mark.parametrize("body", [b"x", b"\x00" * 40, b"\xff" * 40, bytes(range(256))])
def test_a_body_comes_out_of_memory_to_the_octet(body: bytes) -> None:
    reader, watch = FedReader(), Watch()
    reader.write("h:x", body)
    rows = HeldRows(reader, TableFeed(reader, monotonic=watch), "h:{}".format, limit_bytes=10_000)
    first = asyncio.run(rows.find("x"))
    assert first is not None
    assert first[0] == body
    assert rows.at_hand("x") == first


@pytest.mark.parametrize(("spare", "is_held"), [(0, True), (-1, False)])
def test_a_row_is_held_if_it_fits_half_of_the_memory_to_the_byte(spare: int, is_held: bool) -> None:
    reader, watch = FedReader(), Watch()
    reader.write("h:one", b"x" * 100)
    size = OVERHEAD + 100 + 20 + len("one")
    rows = HeldRows(reader, TableFeed(reader, monotonic=watch), "h:{}".format, limit_bytes=2 * (size + spare))
    assert asyncio.run(rows.find("one")) is not None
    assert (rows.at_hand("one") is not None) is is_held
    assert rows.bytes_held == (size if is_held else 0)


def test_two_who_ask_at_once_for_what_is_not_held_get_the_same_row() -> None:
    bench = Bench()
    bench.reader.prefix("88.101.5")
    bench.reader.record(NAME, URL)

    async def both() -> list[Any]:
        return await asyncio.gather(*(bench.resolver.record(NAME) for _ in range(20)))

    found = asyncio.run(both())
    assert len({row[:3] for row in found}) == 1
    assert bench.resolver.bytes_held < 2 * (OVERHEAD + 400)


def test_what_is_asked_for_often_outlives_what_was_asked_for_once() -> None:
    bench = Bench(limit_bytes=32_000)
    bench.reader.prefix("88.101.5")
    for number in range(200):
        bench.reader.record(f"88.101.5/{number}", URL)
    for number in range(1, 200):
        bench.record(f"88.101.5/{number}")
        bench.record("88.101.5/0")
    before = len(bench.reader.asked)
    bench.record("88.101.5/0")
    assert len(bench.reader.asked) == before
    bench.record("88.101.5/1")
    assert len(bench.reader.asked) > before


class WhoeverAsksKnowsTheTable(RuleBasedStateMachine):
    """Records and prefixes change in any order; after the time of trust every name is answered as the table says."""

    NAMES = ("a", "b", "C")

    def __init__(self) -> None:
        super().__init__()
        self.bench = Bench(limit_bytes=20_000)
        self.state = ""
        self.records: dict[str, tuple[str, int]] = {}

    @rule(state=st.sampled_from(["active", "active", "suspended", "delegated"]))
    def govern(self, state: str) -> None:
        self.bench.reader.prefix("88.1", state, SITE if state == "delegated" else None)
        self.state = state

    @rule(name=st.sampled_from(NAMES), text=st.text("xyz", min_size=1, max_size=3))
    def write(self, name: str, text: str) -> None:
        self.bench.reader.record(f"88.1/{name}", HandleValue(1, "NOTE", text.encode()))
        self.records[name] = text, 200

    @rule(name=st.sampled_from(NAMES), state=st.sampled_from([("suspended", 404), ("retired", 410)]))
    def close(self, name: str, state: tuple[str, int]) -> None:
        self.bench.reader.closed(f"88.1/{name}", *state)
        self.records[name] = state

    @rule(name=st.sampled_from(NAMES))
    def empty(self, name: str) -> None:
        self.bench.reader.write(record_key(f"88.1/{name}"), b"")
        self.records.pop(name, None)

    @rule(name=st.sampled_from(NAMES), loud=st.booleans())
    def ask(self, name: str, loud: bool) -> None:
        self.bench.later()
        found = self.bench.record(f"88.1/{name.upper() if loud else name}")
        if self.state != "active":
            outcome = {"": "refused", "delegated": "refused", "suspended": "suspended"}[self.state]
            assert isinstance(found, Refusal)
            assert found.outcome == outcome
        elif name not in self.records:
            assert isinstance(found, Refusal)
            assert found.outcome == "not_found"
        else:
            text, status = self.records[name]
            assert found[2] == status
            said = json.loads(found[0])
            assert (said["values"][0]["data"]["value"] if status == 200 else said["state"]) == text

    @invariant()
    def memory_is_bounded(self) -> None:
        assert self.bench.resolver.bytes_held <= 20_000


TestWhoeverAsksKnowsTheTable = WhoeverAsksKnowsTheTable.TestCase
TestWhoeverAsksKnowsTheTable.settings = settings(max_examples=20, stateful_step_count=20, deadline=None)
