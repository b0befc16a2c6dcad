"""A state machine of records: whatever is done in whatever order, three accounts of a record agree.

The model beside it knows nothing of the house: it holds what each version said. The record as read, its history, its
reads as of any moment, and the rows that the public front serves must all say what the model says.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from tests import machines
from tests.ledger import build_world

from jialiang.base.identifiers import errors, selectors
from jialiang.base.identifiers.counting import registered_under
from jialiang.base.identifiers.models import IdentifierCode
from jialiang.base.identifiers.records import RecordCode
from jialiang.formats.handle.published import gs1_key, record_key
from jialiang.formats.handle.values import USUAL_PERMISSIONS, HandleValue
from jialiang.functions import identifiers
from jialiang.functions.identifier_batches import BatchItem
from jialiang.governance.publication.selectors import answer, latest_version

pytestmark = pytest.mark.django_db
PREFIX = settings.JIALIANG.identifier_prefix
HIDDEN = 0b1100
CODES = {
    "thirteen": (RecordCode("GTIN-13", "6901234567892"), "01/06901234567892"),
    "fourteen": (RecordCode("GTIN-14", "06901234567892"), "01/06901234567892"),
    "link": (RecordCode("GS1-Digital-Link", "/01/06901234567892"), "01/06901234567892"),
    "asset": (RecordCode("GIAI", "40123459"), "8004/40123459"),
    "object": (RecordCode("OID", "1.2.156.112"), ""),
}
PATHS = {path for _, path in CODES.values() if path}
NAMES = st.sampled_from(["one", "two", "three"])
CODE_SETS = st.lists(st.sampled_from(sorted(CODES)), max_size=2, unique=True)
VALUES = st.dictionaries(
    st.sampled_from([1, 2, 3]),
    st.tuples(st.sampled_from(["https://example.org/a", "https://example.org/b"]), st.booleans()),
    max_size=3,
)
ALLOWED = {"activate": {"reserved"}, "suspend": {"active"}, "resume": {"suspended"},
           "retire": {"reserved", "active", "suspended"}}  # fmt: skip
BECOMES = {"activate": "active", "suspend": "suspended", "resume": "active", "retire": "retired"}
Said = dict[int, tuple[str, bool]]


@dataclass(frozen=True)
class Version:
    """What one version of a record says; of a value its text and whether everyone may read it."""

    at: datetime
    state: str
    values: Said
    codes: tuple[str, ...]


@dataclass
class Book:
    """All versions of all records, oldest first."""

    versions: dict[str, list[Version]] = field(default_factory=dict)

    def last(self, name: str) -> Version | None:
        return self.versions[name][-1] if name in self.versions else None

    def holder(self, codes: list[str], but: str) -> str | None:
        """Another record that is not retired and has one of the codes, or another code with the same path."""
        wanted = {CODES[code][0] for code in codes} | {CODES[code][1] for code in codes} - {""}
        for name, versions in self.versions.items():
            kept = versions[-1].codes if versions[-1].state != "retired" and name != but else ()
            if wanted & ({CODES[code][0] for code in kept} | {CODES[code][1] for code in kept}):
                return name
        return None


def full(name: str) -> str:
    return f"{PREFIX}/{name}"


def values_of(said: Said) -> tuple[HandleValue, ...]:
    return tuple(
        HandleValue(index, "URL", text.encode(), permissions=USUAL_PERMISSIONS if public else HIDDEN)
        for index, (text, public) in sorted(said.items())
    )


def said_by(values: tuple[HandleValue, ...]) -> Said:
    return {value.index: (value.text or "", value.is_public) for value in values}


class Records(machines.DatabaseMachine):
    """Three names, five codes of which three lead to one path, and every verb there is."""

    def __init__(self) -> None:
        super().__init__()
        self.world = self.standing_world
        self.operator = self.world.person("identifier_operator")
        self.stranger = self.world.person()
        self.book = Book()
        self.there = registered_under(PREFIX, self.now)
        self.touched: set[str] = set()

    def teardown(self) -> None:
        """At the end every record is compared, also those that no last step has touched."""
        self.touched = set(self.book.versions)
        try:
            self.the_history_is_what_was_done()
            self.a_read_as_of_a_moment_tells_the_version_of_that_moment()
        finally:
            super().teardown()

    def act(self, verb: Any, name: str, **members: Any) -> Any:
        self.pass_time(60)
        self.touched = {name}
        return verb(actor=self.operator, name=full(name), now=self.now, **members)

    def refuses(self, expected: type[Exception], verb: Any, name: str, **members: Any) -> Exception:
        before = latest_version()
        with pytest.raises(expected) as refused:
            self.act(verb, name, **members)
        assert latest_version() == before
        return refused.value

    def becomes(self, name: str, old: Version, **members: Any) -> None:
        new = replace(old, **members)
        if new != old:
            self.book.versions[name].append(replace(new, at=self.now))

    @rule(name=NAMES, said=VALUES, codes=CODE_SETS, state=st.sampled_from(["active", "reserved"]))
    def register(self, name: str, said: Said, codes: list[str], state: str) -> None:
        members = {"values": values_of(said), "codes": [CODES[code][0] for code in codes], "state": state}
        holder = self.book.holder(codes, name)
        if self.book.last(name) is not None:
            self.refuses(errors.IdentifierTaken, identifiers.register, name, **members)
        elif holder is not None:
            refused = self.refuses(errors.CodeTaken, identifiers.register, name, **members)
            assert refused.facts["identifier"] == full(holder)
        else:
            self.act(identifiers.register, name, **members)
            self.book.versions[name] = [Version(self.now, state, said, tuple(codes))]

    @rule(name=NAMES, said=VALUES)
    def put(self, name: str, said: Said) -> None:
        last = self.book.last(name)
        if last is None:
            self.refuses(errors.IdentifierUnknown, identifiers.put_values, name, values=values_of(said))
        elif last.state == "retired":
            self.refuses(errors.IdentifierStateForbids, identifiers.put_values, name, values=values_of(said))
        else:
            self.act(identifiers.put_values, name, values=values_of(said))
            self.becomes(name, last, values=last.values | said)

    @rule(name=NAMES, index=st.integers(1, 3))
    def remove(self, name: str, index: int) -> None:
        last = self.book.last(name)
        if last is None or last.state == "retired":
            return
        if index not in last.values:
            self.refuses(errors.ValueUnknown, identifiers.remove_values, name, indexes=(index,))
        else:
            self.act(identifiers.remove_values, name, indexes=(index,))
            self.becomes(name, last, values={i: v for i, v in last.values.items() if i != index})

    @rule(name=NAMES, codes=CODE_SETS)
    def replace_codes(self, name: str, codes: list[str]) -> None:
        last = self.book.last(name)
        if last is None or last.state == "retired":
            return
        members = {"values": values_of(last.values), "codes": [CODES[code][0] for code in codes]}
        if self.book.holder(codes, name) and tuple(codes) != last.codes:
            self.refuses(errors.CodeTaken, identifiers.replace_values, name, **members)
        else:
            self.act(identifiers.replace_values, name, **members)
            self.becomes(name, last, codes=tuple(codes))

    @rule(name=NAMES, verb=st.sampled_from(sorted(ALLOWED)))
    def move(self, name: str, verb: str) -> None:
        last, deed = self.book.last(name), getattr(identifiers, verb)
        if last is None:
            self.refuses(errors.IdentifierUnknown, deed, name, reason="r")
        elif last.state not in ALLOWED[verb]:
            self.refuses(errors.IdentifierStateForbids, deed, name, reason="r")
        else:
            self.act(deed, name, reason="r")
            self.becomes(name, last, state=BECOMES[verb])

    @rule(names=st.lists(NAMES, min_size=1, max_size=3, unique=True), said=VALUES)
    def write_many(self, names: list[str], said: Said) -> None:
        """An update by a batch: it takes all codes away, and leaves what is retired or not there."""
        self.pass_time(60)
        self.touched = set(names)
        items = [BatchItem(full(name), values_of(said)) for name in names]
        found = identifiers.register_many(actor=self.operator, items=items, mode="update", now=self.now)
        for name, outcome in zip(names, found, strict=True):
            last = self.book.last(name)
            if last is None or last.state == "retired":
                assert outcome.outcome == "refused"
                continue
            before = len(self.book.versions[name])
            self.becomes(name, last, values=said, codes=())
            grew = len(self.book.versions[name]) > before
            assert outcome.outcome == ("updated" if grew else "unchanged")

    @invariant()
    def the_history_is_what_was_done(self) -> None:
        for name in self.touched & self.book.versions.keys():
            versions, entries = self.book.versions[name], selectors.history(full(name))
            told = [
                Version(past.record.changed_at, past.record.state.value, said_by(past.record.record.values),
                        tuple(key for code in past.record.codes for key, (known, _) in CODES.items()
                              if (known.system, known.code) == (code.system, code.code)))
                for past in reversed(entries)
            ]  # fmt: skip
            assert told == versions
            numbers = [past.record.version for past in entries]
            assert numbers == list(range(len(versions), 0, -1))

    @invariant()
    def a_read_as_of_a_moment_tells_the_version_of_that_moment(self) -> None:
        for name in self.touched & self.book.versions.keys():
            for number, version in enumerate(self.book.versions[name], 1):
                seen = identifiers.resolve_identifier(
                    actor=self.operator, name=full(name), at=version.at, now=self.now
                )
                assert (seen.version, seen.state.value, said_by(seen.record.values)) == (
                    number, version.state, version.values,
                )  # fmt: skip

    @invariant()
    def what_is_published_is_what_the_record_says_to_everyone(self) -> None:
        for name in ("one", "two", "three"):
            row, last = answer(record_key(full(name))), self.book.last(name)
            if last is None or last.state == "reserved":
                assert row is None
                continue
            assert row is not None
            body = json.loads(row.body)
            public = {index: text for index, (text, is_public) in last.values.items() if is_public}
            shown = {value["index"]: value["data"]["value"] for value in body.get("values", [])}
            status = {"active": "200", "suspended": "404", "retired": "410"}[last.state]
            assert (row.headers.get(":status", "200"), shown) == (status, public if status == "200" else {})

    @invariant()
    def a_path_answers_for_the_active_record_that_has_it_and_for_no_other(self) -> None:
        for path in PATHS:
            addresses = [
                [text for text, is_public in last.values.values() if is_public]
                for last in (versions[-1] for versions in self.book.versions.values())
                if last.state == "active" and path in {CODES[code][1] for code in last.codes}
            ]
            row = answer(gs1_key(path))
            assert len(addresses) <= 1
            if not addresses or not addresses[0]:
                assert row is None or not row.body
            else:
                assert row is not None
                told = json.loads(row.body)["linkset"][0]["https://ref.gs1.org/voc/defaultLink"][0]["href"]
                assert told in addresses[0]

    @invariant()
    def names_are_counted_once_and_retired_records_hold_no_code(self) -> None:
        assert registered_under(PREFIX, self.now) == self.there + len(self.book.versions)
        retired = [full(name) for name, v in self.book.versions.items() if v[-1].state == "retired"]
        assert not IdentifierCode.objects.filter(identifier__name__in=retired).exists()


def test_whatever_is_done_record_history_and_public_answers_agree():
    machines.run_in_one_world(
        Records, lambda tenant: build_world(tenant.id, machines.START), examples=7, steps=20
    )
