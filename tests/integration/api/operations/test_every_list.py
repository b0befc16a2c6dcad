"""Every list: a page at a time to its end without gap or repetition, even while things come in; and every filter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.functions.record_world import credit_code
from tests.integration.api.calling import Caller
from tests.integration.api.operations.house import House
from tests.integration.api.operations.table import NEW_INSTRUMENT, NEW_STANDARD

LISTS = {
    "/organizations": "receptionist",
    "/people": "system_administrator",
    "/measurement-standards": "standards_keeper",
    "/instruments": "receptionist",
    "/identifiers": "receptionist",
    "/commissions": "receptionist",
    "/calibrations": "technician",
    "/uncertainty-budgets": "technician",
    "/comparison-rounds": "technician",
    "/certificates": "signatory",
    "/audit": "auditor",
    "/prefixes": "identifier_operator",
    "/identifier-templates": "identifier_operator",
    "/label-templates": "identifier_operator",
}


def mark_of(member: dict[str, Any]) -> Any:
    return member.get("id", member.get("seq"))


def pages(caller: Caller, path: str, limit: int, **query: str) -> Iterator[list[Any]]:
    """Walk a list by the Link header, as RFC 8288 has it; insist that it and `next_after` agree."""
    response = caller.get(path, limit=str(limit), **query)
    while True:
        told = response.json()
        assert response.status_code == 200, told
        assert len(told["members"]) <= limit
        yield [mark_of(member) for member in told["members"]]
        link = response.get("Link", "")
        assert bool(link) == bool(told["next_after"])
        if not link:
            return
        address, _, relation = link.partition(">; ")
        assert relation == 'rel="next"'
        response = caller.client.get(address.removeprefix("<"), headers=caller.headers)


def whole(caller: Caller, path: str, **query: str) -> list[Any]:
    return [mark_of(member) for member in caller.read(path, limit="200", **query)["members"]]


@pytest.mark.parametrize(("path", "role"), LISTS.items(), ids=LISTS)
@pytest.mark.parametrize("limit", [1, 2, 3])
def test_a_list_is_walked_to_its_end_without_gap_or_repetition(
    house: House, path: str, role: str, limit: int
):
    caller = house.by(role)
    everything = whole(caller, path)
    assert len(everything) >= 2, "nothing to walk through"
    walked = [mark for page in pages(caller, path, limit) for mark in page]
    assert walked == everything
    assert len(set(walked)) == len(walked)


@pytest.mark.parametrize(("path", "role"), LISTS.items(), ids=LISTS)
def test_a_page_that_holds_just_the_rest_is_the_last_one(house: House, path: str, role: str):
    caller = house.by(role)
    everything = whole(caller, path)
    if len(everything) > 200:
        pytest.fail("the world has grown")
    found = list(pages(caller, path, len(everything)))
    assert found == [everything]


@pytest.mark.parametrize(("path", "role"), LISTS.items(), ids=LISTS)
@pytest.mark.parametrize("mark", ["nonsense", "0", "-1", "%", "00000000000000000000000000000000"])
def test_a_mark_that_no_page_gave_is_refused_or_stands_before_everything(
    house: House, path: str, role: str, mark: str
):
    response = house.by(role).get(path, after=mark)
    told = response.json()
    if (
        response.status_code == 200
    ):  # a mark of the right form lies somewhere, and nothing lies before the first
        assert told["members"] == []
    else:
        assert (response.status_code, told["code"]) == (422, "JL-PAGE-001")


def more_organizations(house: House, serial: int) -> str:
    body = {
        "name": {"zh": f"新客户{serial}"},
        "credit_code": credit_code(f"91440100MB{serial:07d}"),
        "fictional": True,
    }
    return house.by("receptionist").done("/organizations", body, 201)["id"]


def more_instruments(house: House, serial: int) -> str:
    body = house.filled(NEW_INSTRUMENT) | {"serial_number": f"more-{serial}"}
    return house.by("receptionist").done("/instruments", body, 201)["id"]


def more_standards(house: House, serial: int) -> str:
    body = NEW_STANDARD | {"serial_number": f"more-{serial}"}
    return house.by("standards_keeper").done("/measurement-standards", body, 201)["id"]


def more_commissions(house: House, serial: int) -> str:
    body = {"customer_id": house.things["customer"], "kind": "calibration"}
    return house.by("receptionist").done("/commissions", body, 201)["id"]


GROWING: dict[str, Callable[[House, int], str]] = {
    "/organizations": more_organizations,
    "/instruments": more_instruments,
    "/measurement-standards": more_standards,
    "/commissions": more_commissions,
}


@pytest.mark.parametrize(("path", "more"), GROWING.items(), ids=GROWING)
def test_what_comes_in_while_one_walks_neither_repeats_nor_hides_anything(
    house: House, path: str, more: Callable[[House, int], str]
):
    caller = house.by(LISTS[path])
    before = whole(caller, path)
    walked, added = [], []
    for serial, page in enumerate(pages(caller, path, 2)):
        walked += page
        added.append(more(house, serial))
    assert walked == before
    assert whole(caller, path) == [*reversed(added), *before]


def test_the_trail_that_grows_while_one_walks_is_walked_as_it_was(house: House):
    auditor = house.by("auditor")
    walked = []
    newest = whole(auditor, "/audit")[0]
    for serial, page in enumerate(pages(auditor, "/audit", 40)):
        walked += page
        more_commissions(house, serial)
    assert walked == list(range(newest, 0, -1))


FILTERS: list[tuple[str, dict[str, str], set[str]]] = [
    ("/organizations", {"text": "晨星"}, {"customer"}),
    ("/organizations", {"text": "Chenxing"}, {"customer"}),
    ("/organizations", {"text": "chenxing dairy"}, {"customer"}),
    ("/organizations", {"text": "nowhere"}, set()),
    ("/organizations", {"text": "晨星", "kind": "institute"}, set()),
    ("/organizations", {"kind": "enterprise"}, {"customer"}),
    ("/measurement-standards", {"text": "PRT-25-07"}, {"standard"}),
    ("/measurement-standards", {"state": "suspended"}, {"suspended_standard"}),
    ("/measurement-standards", {"state": "in_use"}, {"standard"}),
    ("/measurement-standards", {"state": "retired"}, set()),
    ("/measurement-standards", {"state": "in_use", "text": "PRT-25-08"}, set()),
    ("/instruments", {"text": "T2104-0387"}, {"thermometer"}),
    ("/instruments", {"state": "suspended"}, {"suspended_thermometer"}),
    ("/instruments", {"state": "suspended", "text": "T2104"}, set()),
    ("/instruments", {"purpose": "medical_care"}, set()),
    ("/instruments", {"compulsory": "true"}, set()),
    ("/instruments", {"owner_id": "{nobody_s}"}, set()),
    ("/identifiers", {"state": "reserved"}, {"reserved_identifier"}),
    ("/identifiers", {"state": "suspended"}, {"suspended_identifier"}),
    ("/identifiers", {"state": "retired"}, set()),
    ("/identifiers", {"prefix": "10.1"}, set()),
    ("/identifiers", {"code": "40123459"}, set()),
    ("/commissions", {"state": "open"}, {"open_commission"}),
    ("/commissions", {"state": "completed"}, set()),
    ("/commissions", {"kind": "legal_verification"}, set()),
    ("/commissions", {"kind": "calibration", "state": "open"}, {"open_commission"}),
    ("/commissions", {"customer_id": "{nobody_s}"}, set()),
    ("/comparison-rounds", {"state": "measuring"}, {"measuring_round"}),
    ("/comparison-rounds", {"state": "evaluated", "text": "砝码"}, {"evaluated_round"}),
    ("/comparison-rounds", {"text": "gauge block"}, set()),
    ("/calibrations", {"state": "draft"}, {"draft"}),
    ("/calibrations", {"state": "in_review"}, {"submitted"}),
    ("/calibrations", {"state": "awaiting_approval"}, {"reviewed"}),
    ("/calibrations", {"state": "approved"}, {"numbered_record", "issued_record"}),
    ("/calibrations", {"text": "T-0"}, {"draft"}),
    ("/calibrations", {"text": "T-0", "state": "approved"}, set()),
    ("/certificates", {"state": "issuing"}, {"numbered"}),
    ("/certificates", {"state": "in_force"}, {"issued"}),
    ("/certificates", {"state": "withdrawn"}, set()),
    ("/certificates", {"text": "no such number"}, set()),
    ("/certificates", {"customer_id": "{nobody_s}"}, set()),
    ("/certificates", {"customer_id": "{customer}"}, {"numbered", "issued"}),
]


@pytest.mark.parametrize(("path", "query", "names"), FILTERS, ids=[f"{p}-{q}" for p, q, _ in FILTERS])
def test_a_filter_leaves_just_what_it_asks_for(
    house: House, path: str, query: dict[str, str], names: set[str]
):
    things = house.things | {"nobody_s": "7f1b6f0a-9c1e-7b3a-8a55-0d2f6c1b9e44"}
    asked = {name: text.format(**things) for name, text in query.items()}
    found = {str(mark) for mark in whole(house.by(LISTS[path]), path, **asked)}
    assert found == {house.things[name] for name in names}


def test_filters_hold_on_every_page(house: House):
    caller = house.by("receptionist")
    wanted = whole(caller, "/instruments", text="TDX-200", state="suspended")
    everything = whole(caller, "/instruments", text="TDX-200")
    assert len(wanted) < len(everything)
    walked = [mark for page in pages(caller, "/instruments", 2, text="TDX-200") for mark in page]
    assert walked == everything
    for page in pages(caller, "/calibrations", 1, state="approved"):
        assert page[0] in {house.things["numbered_record"], house.things["issued_record"]}


def test_the_trail_is_narrowed_by_action_and_by_person(house: House):
    auditor = house.by("auditor")
    reviewer = str(house.world.people["reviewer"].person_id)
    acts = auditor.read("/audit", action="calibration.review", limit="200")["members"]
    assert {act["action"] for act in acts} == {"calibration.review"}
    assert len(acts) == 3
    assert {act["actor_id"] for act in acts} == {reviewer}
    assert auditor.read("/audit", actor_id=reviewer, limit="200")["members"] == acts
    assert auditor.read("/audit", actor_id=reviewer, action="calibration.return")["members"] == []
    assert auditor.read("/audit", action="no.such")["members"] == []


def test_the_acts_on_a_thing_are_those_of_the_thing_oldest_first(house: House):
    record = house.things["reviewed"]
    acts = house.by("auditor").read(f"/audit/calibration/{record}")
    assert [act["action"] for act in acts] == [
        "calibration.start", "calibration.record", "calibration.submit", "calibration.review",
    ]  # fmt: skip
    assert house.by("auditor").read(f"/audit/certificate/{record}") == []


def test_a_list_of_another_institute_s_things_is_empty_here(house: House, theirs: House):
    for path, role in LISTS.items():
        ours, others = set(whole(house.by(role), path)), set(whole(theirs.by(role), path))
        if path != "/audit":  # numbered from one in each institute
            assert ours.isdisjoint(others), path
    assert house.by("receptionist").read("/search", text="T2104-0387B") == []
    assert theirs.by("receptionist").read("/search", text="T2104-0387B") != []


def test_a_customer_s_lists_hold_the_own_things_only(house: House):
    customer, reception = house.by("customer"), house.by("receptionist")
    body = {"name": {"zh": "别家"}, "country_code": "DE", "fictional": True}
    other = reception.done("/organizations", body, 201)["id"]
    registered = house.filled(NEW_INSTRUMENT) | {"owner_id": other, "serial_number": "theirs-1"}
    instrument = reception.done("/instruments", registered, 201)["id"]
    order = {"customer_id": other, "kind": "calibration", "items": [{"instrument_id": instrument}]}
    commission = reception.done("/commissions", order, 201)["id"]
    assert whole(customer, "/organizations") == [house.things["customer"]]
    assert instrument not in whole(customer, "/instruments")
    assert commission not in whole(customer, "/commissions")
    for query in ({"owner_id": other}, {"owner_id": house.things["customer"]}, {}):
        assert whole(customer, "/instruments", **query) == whole(customer, "/instruments")
    assert customer.read("/search", text="theirs-1") == []
