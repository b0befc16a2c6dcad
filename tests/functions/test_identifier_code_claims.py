"""One path of a GS1 resolver, one record: codes that are written differently and lead to one place."""

from __future__ import annotations

import importlib
import json
from dataclasses import replace
from itertools import permutations

import pytest
from django.apps import apps as installed
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger import build_world
from tests.pictures import nothing_changes

from jialiang.base.identifiers import errors, selectors
from jialiang.base.identifiers.code_claims import GS1_PLACE, claims_of, gs1_paths
from jialiang.base.identifiers.models import IdentifierCode
from jialiang.base.identifiers.records import RecordCode
from jialiang.formats.handle.published import gs1_key
from jialiang.formats.handle.values import HandleValue
from jialiang.functions import identifiers
from jialiang.functions.identifier_batches import BatchItem, register_many
from jialiang.functions.identifier_codes import known_codes
from jialiang.governance.publication.selectors import answer
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

PREFIX = settings.JIALIANG.identifier_prefix
URL = HandleValue(1, "URL", b"https://example.org/first")
OTHER = HandleValue(1, "URL", b"https://example.org/second")
GTIN = {
    "GTIN-13": "6901234567892",
    "GTIN-14": "06901234567892",
    "GS1-Digital-Link": "https://id.gs1.org/01/06901234567892",
    "GS1-Element-String": "(01)06901234567892",
}
GIAI = {
    "GIAI": "40123459",
    "GS1-Digital-Link": "https://example.org/some/stem/8004/40123459",
    "GS1-Element-String": "(8004)40123459",
}
PATH = "01/06901234567892"
PAIRS = [*permutations(GTIN.items(), 2), *permutations(GIAI.items(), 2)]
IDS = [f"{a[0]} then {b[0]} {a[1][:4]}" for a, b in PAIRS]


@pytest.fixture
def operator(world):
    return world.person("identifier_operator")


@pytest.fixture
def add(operator, now):
    def act(suffix, *codes, value=URL, **members):
        return identifiers.register(
            actor=operator, name=f"{PREFIX}/{suffix}", values=(value,), now=now,
            codes=[RecordCode(*code) for code in codes], **members,
        )  # fmt: skip

    return act


@pytest.mark.parametrize(("first", "second"), PAIRS, ids=IDS)
def test_two_codes_of_one_path_are_refused_on_two_records_whichever_comes_first(add, first, second):
    add("a", first)
    path = gs1_paths(known_codes([RecordCode(*first)]))[0]
    before = answer(gs1_key(path)).body
    with pytest.raises(errors.CodeTaken) as refused:
        add("b", second, value=OTHER)
    assert refused.value.facts["identifier"] == f"{PREFIX}/a"
    assert refused.value.facts["system"] == second[0]
    assert f"{PREFIX}/a" in refused.value.what.zh
    assert f"{PREFIX}/a" in refused.value.what.en
    assert answer(gs1_key(path)).body == before
    assert not selectors.is_taken(f"{PREFIX}/b")


def test_one_record_may_have_them_all_and_answers_at_the_one_path(add):
    record = add("a", *GTIN.items())
    assert [code.system for code in record.codes] == list(GTIN)
    assert gs1_paths(record.codes) == (PATH,) * 4
    (context,) = json.loads(answer(gs1_key(PATH)).body)["linkset"]
    assert context["anchor"] == f"{settings.JIALIANG.public_url}/{PATH}"
    assert IdentifierCode.objects.filter(system=GS1_PLACE).count() == 1


def test_dropping_one_of_two_codes_of_a_path_leaves_the_path_to_the_record(add, operator, now):
    add("a", *list(GTIN.items())[:2])
    identifiers.replace_values(
        actor=operator, name=f"{PREFIX}/a", values=(URL,), codes=[RecordCode("GTIN-14", GTIN["GTIN-14"])], now=now
    )
    assert answer(gs1_key(PATH)).body
    with pytest.raises(errors.CodeTaken):
        add("b", ("GTIN-13", GTIN["GTIN-13"]))


@pytest.mark.parametrize("leave", ["codes", "retire", "batch update", "batch delete"])
def test_a_path_that_its_record_leaves_is_free_for_another(add, operator, now, leave):
    add("a", ("GTIN-13", GTIN["GTIN-13"]))
    name = f"{PREFIX}/a"
    if leave == "codes":
        identifiers.replace_values(actor=operator, name=name, values=(URL,), codes=(), now=now)
    elif leave == "retire":
        identifiers.retire(actor=operator, name=name, now=now)
    else:
        item = BatchItem(name, (URL,))
        (done,) = register_many(actor=operator, items=[item], mode=leave.removeprefix("batch "), now=now)
        assert done.done
    assert answer(gs1_key(PATH)).body == b""
    add("b", ("GTIN-14", GTIN["GTIN-14"]), value=OTHER)
    assert b"https://example.org/second" in answer(gs1_key(PATH)).body


@pytest.mark.parametrize("state", ["reserved", "suspended"])
def test_a_record_that_is_not_resolved_now_keeps_its_path(add, operator, now, state):
    add("a", ("GTIN-13", GTIN["GTIN-13"]), state="reserved" if state == "reserved" else "active")
    if state == "suspended":
        identifiers.suspend(actor=operator, name=f"{PREFIX}/a", reason="r", now=now)
    with pytest.raises(errors.CodeTaken):
        add("b", ("GTIN-14", GTIN["GTIN-14"]))


def test_a_change_that_would_take_another_s_path_changes_nothing(add, operator, now):
    add("a", ("GTIN-13", GTIN["GTIN-13"]))
    add("b", ("GIAI", "40123459"))
    codes = [RecordCode("GIAI", "40123459"), RecordCode("GTIN-14", GTIN["GTIN-14"])]
    with nothing_changes(), pytest.raises(errors.CodeTaken):
        identifiers.replace_values(actor=operator, name=f"{PREFIX}/b", values=(OTHER,), codes=codes, now=now)


def test_an_attribute_of_an_element_string_does_not_make_another_path(add):
    add("a", ("GS1-Element-String", "(01)06901234567892(17)271231"))
    with pytest.raises(errors.CodeTaken):
        add("b", ("GTIN-13", GTIN["GTIN-13"]))


def test_another_serial_number_of_one_article_is_another_path_and_capitals_count(add):
    for place, serial in enumerate(("7", "8", "a7", "A7")):
        add(str(place), ("GS1-Digital-Link", f"https://id.gs1.org/01/06901234567892/21/{serial}"))
    add("article", ("GTIN-13", GTIN["GTIN-13"]))
    assert IdentifierCode.objects.filter(system=GS1_PLACE).count() == 5


def test_a_batch_refuses_the_second_of_one_path_and_names_the_first(operator, now, add):
    add("there", ("GIAI", GIAI["GIAI"]))
    items = [
        BatchItem(f"{PREFIX}/a", (URL,), (RecordCode("GTIN-13", GTIN["GTIN-13"]),)),
        BatchItem(f"{PREFIX}/b", (URL,), (RecordCode("gtin-14", GTIN["GTIN-14"]),)),
        BatchItem(f"{PREFIX}/c", (URL,), (RecordCode("GS1-Element-String", GIAI["GS1-Element-String"]),)),
    ]
    for is_trial in (True, False):
        found = register_many(actor=operator, items=items, mode="create", dry_run=is_trial, now=now)
        assert [one.outcome for one in found] == ["created", "refused", "refused"]
        named = [one.error.facts["identifier"] for one in found[1:]]
        assert named == [f"{PREFIX}/a", f"{PREFIX}/there"]
    again = register_many(actor=operator, items=items[:1], mode="create", now=now)
    assert again[0].outcome == "unchanged"


def test_of_another_institute_s_record_only_that_it_is_there_is_told(add, now):
    add("a", ("GTIN-13", GTIN["GTIN-13"]))
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=now)
    with scope(other.id):
        foreign = build_world(other.id, now).person("identifier_operator")
        code = RecordCode("GTIN-14", GTIN["GTIN-14"])
        with pytest.raises(errors.CodeTaken) as refused:
            identifiers.register(actor=foreign, name=f"{PREFIX}/z", values=(OTHER,), codes=(code,), now=now)
        item = BatchItem(f"{PREFIX}/z", (OTHER,), (code,))
        (found,) = register_many(actor=foreign, items=[item], mode="create", now=now)
    assert refused.value.facts["identifier"] == found.error.facts["identifier"] == "—"
    assert f"{PREFIX}/a" not in json.dumps([refused.value.to_json(), found.error.to_json()])


def test_codes_of_other_systems_claim_themselves_alone():
    codes = (RecordCode("OID", "1.2.156.112"), RecordCode("a system that nobody knows", "1"))
    assert set(claims_of(codes)) == {("OID", "1.2.156.112"), ("a system that nobody knows", "1")}
    assert gs1_paths(codes) == ()
    assert claims_of(()) == {}


@given(st.integers(0, 10**12 - 1))
def test_every_gtin_claims_the_place_of_its_fourteen_digits(number):
    body = f"{number:012}"
    # GS1 General Specifications: weights 3, 1, 3 … from the right; the check digit completes the sum to a ten
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    code = body + str(-total % 10)
    thirteen, fourteen = RecordCode("GTIN-13", code), RecordCode("GTIN-14", f"0{code}")
    assert gs1_paths((thirteen,)) == gs1_paths((fourteen,)) == (f"01/0{code}",)
    place = (GS1_PLACE, gs1_key(f"01/0{code}"))
    assert claims_of((thirteen, fourteen))[place] == thirteen
    assert claims_of((fourteen,))[place] == fourteen


def test_a_code_text_in_two_systems_does_not_list_its_record_twice(add):
    number = "340123450000000000"  # eighteen digits: an SSCC and a GSRN alike
    total = sum(int(d) * (3 if p % 2 == 0 else 1) for p, d in enumerate(reversed(number[:17])))
    number = number[:17] + str(-total % 10)
    add("a", ("SSCC", number), ("GSRN", number))
    assert [record.name for record in selectors.records(code=number)] == [f"{PREFIX}/a"]
    assert selectors.count_records(code=number) == 1
    assert selectors.record_by_code("GSRN", number).name == f"{PREFIX}/a"


def test_the_code_that_stands_twice_is_the_one_that_is_told(add):
    twice, once = ("OID", "1.2.156.112"), ("GIAI", "40123459")
    with pytest.raises(errors.BadCode) as refused:
        add("a", twice, twice, once)
    assert (refused.value.facts["system"], refused.value.facts["given"]) == twice


def test_records_of_before_get_their_places_by_the_migration(add, operator, now):
    add("a", ("GTIN-13", GTIN["GTIN-13"]))
    add("retired", ("GIAI", GIAI["GIAI"]))
    identifiers.retire(actor=operator, name=f"{PREFIX}/retired", now=now)
    IdentifierCode.objects.filter(system=GS1_PLACE)._raw_delete("default")
    migration = importlib.import_module("jialiang.base.identifiers.migrations.0003_gs1_places")
    for _ in range(2):  # a second run finds its own work done
        migration.claim_places(installed, None)
        (place,) = IdentifierCode.objects.filter(system=GS1_PLACE)
        assert (place.code, place.identifier.name) == (gs1_key(PATH), f"{PREFIX}/a")
    with pytest.raises(errors.CodeTaken):
        add("b", ("GTIN-14", GTIN["GTIN-14"]))
    assert replace(RecordCode("GTIN-13", GTIN["GTIN-13"]), primary=True) in selectors.record(f"{PREFIX}/a").codes
