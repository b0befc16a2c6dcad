"""One search: awkward letters, the bound of ten, what stands first, and who may see what."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.information.evidence_rows import certificate, record
from tests.ledger import PAPER, ROLES, build_world, credit_code

from jialiang.base.commissions.selectors import CommissionFilter, commissions, count_commissions
from jialiang.base.identifiers.selectors import identifier_of
from jialiang.base.identifiers.services import mint
from jialiang.base.instruments.selectors import InstrumentFilter, count_instruments, instruments
from jialiang.base.measurement_standards.selectors import count_standards, standards
from jialiang.base.organizations import services as organizations_
from jialiang.base.organizations.errors import OrganizationIncomplete, OrganizationMember
from jialiang.base.organizations.facts import OrganizationFacts
from jialiang.base.organizations.selectors import count_organizations, organizations
from jialiang.information.search import MOST_OF_A_NOUN, search
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant

# what a pattern, a path, a script or a query language would take for more than letters
AWKWARD = [
    "100%", "a_b", "a\\b", "'quoted'", 'in "quotes"', "x;--", "<b>&amp;", "{curly}", "[1-9]", "(group|or)", "^$.*+?",
    "𠮷野", "é è ê", "№ 7", "½″", "٣٤", "a\u0301", "Ω/√Hz", "1,5 m", "@#!~`", "NULL", "0x1F", "二〇二六",
]  # fmt: skip


@pytest.fixture
def desk(world):
    return world.person("receptionist")


@pytest.mark.parametrize("letters", AWKWARD)
def test_awkward_letters_are_letters_and_nothing_else(world, desk, letters):
    row = world.instrument(serial_number=f"S {letters} E")
    for n, other in enumerate(("plain", "100 percent", "ab", "aXb", "x", "S  E")):
        world.instrument(serial_number=f"{other}-{n}")
    wanted = InstrumentFilter(text=letters)
    assert [found.id for found in instruments(wanted)] == [row.id]
    assert count_instruments(wanted) == 1
    assert [hit.id for hit in search(desk, letters) if hit.noun == "instrument"] == [row.id]


@pytest.mark.parametrize("letters", AWKWARD)
def test_awkward_letters_in_names_of_organizations_standards_and_commissions(world, letters):
    firm = organizations_.register(
        OrganizationFacts(name=Text(f"厂 {letters} 店"), country_code="SE"), now=world.now
    )
    standard = world.standard(name=Text(f"标准 {letters} 器"))
    work = world.commission(world.instrument(name=Text(f"表 {letters} 具")))
    assert [row.id for row in organizations(text=letters)] == [firm.id]
    assert [row.id for row in standards(text=letters)] == [standard.id]
    assert [row.id for row in commissions(CommissionFilter(text=letters))] == [work.id]
    counts = count_organizations(text=letters), count_standards(text=letters)
    assert (*counts, count_commissions(CommissionFilter(text=letters))) == (1, 1, 1)


@pytest.mark.parametrize("typed", ["-", "--", "－", "‐ –", "\u3000-", "- -"])
def test_what_a_credit_code_sheds_is_no_search_for_every_organization(world, typed):
    assert count_organizations(text=typed) == 0
    assert list(organizations(text=typed)) == []
    organizations_.register(OrganizationFacts(name=Text("A - B － C ‐ – D"), country_code="SE"), now=world.now)
    found = [row.name_zh for row in organizations(text="-")]
    assert found == ["A - B － C ‐ – D"]


@pytest.mark.parametrize("blank", ["", " ", "\t\n", "\u3000"])
def test_blanks_narrow_nothing(world, blank):
    world.instrument(), world.standard(), world.commission(agreement=None)
    assert count_organizations(text=blank) == 3
    assert count_instruments(InstrumentFilter(text=blank)) == 1
    assert count_standards(text=blank) == 1
    assert count_commissions(CommissionFilter(text=blank)) == 1


# typed: what country it is taken as, None where it is refused
COUNTRIES = [
    ("SE", "SE"), ("se", "SE"), (" de ", "DE"), ("XK", "XK"), ("S", None), ("SWE", None), ("86", None), ("Ｓ1", None),
    ("中国", None), ("S ", None), ("ſe", "SE"), ("É1", None), ("s\x00", None),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "taken"), COUNTRIES)
def test_a_country_is_two_letters(in_tenant, now, typed, taken):
    facts = OrganizationFacts(name=Text("外国机构"), country_code=typed)
    if taken is not None:
        assert organizations_.register(facts, now=now).country_code == taken
        return
    with pytest.raises(OrganizationMember) as refused:
        organizations_.register(facts, now=now)
    assert refused.value.facts["member"].en
    assert refused.value.what.zh != refused.value.what.en


@pytest.mark.parametrize("china", ["CN", "cn", " Cn "])
def test_no_spelling_of_china_passes_by_the_credit_code(in_tenant, now, china):
    with pytest.raises(OrganizationIncomplete) as refused:
        organizations_.register(OrganizationFacts(name=Text("甲"), country_code=china), now=now)
    assert refused.value.facts["members"].zh == "统一社会信用代码"
    full = OrganizationFacts(name=Text("甲"), country_code=china, credit_code=credit_code(5))
    row = organizations_.register(full, now=now)
    assert row.country_code == "CN"
    same, altered = organizations_.change(row.id, {"country_code": "cn"}, expected_version=1)
    assert (bool(altered), same.version) == (False, 1)


def test_a_country_cannot_be_left_out(in_tenant, now):
    with pytest.raises(OrganizationIncomplete):
        organizations_.register(OrganizationFacts(name=Text("甲"), country_code=" "), now=now)


def test_of_each_noun_ten_are_shown_and_the_one_that_was_named_is_first(world, desk):
    for n in range(MOST_OF_A_NOUN + 3):
        world.instrument(serial_number=f"LOT-{n:02d}")
    found = search(desk, "lot-")
    assert [hit.noun for hit in found] == ["instrument"] * MOST_OF_A_NOUN
    assert found[0].detail.zh.endswith(f"LOT-{MOST_OF_A_NOUN + 2}")
    named = search(desk, "LOT-00")
    assert (len(named), named[0].exact) == (1, True)


def test_what_is_named_whole_stands_before_what_only_holds_it(world, desk):
    whole = world.instrument(serial_number="AB-1")
    for longer in ("AB-10", "AB-11", "XAB-1"):
        world.instrument(serial_number=longer)
    by_inventory = world.instrument(serial_number="z", inventory_number="ab-1")
    found = search(desk, " ab-1 ")
    assert {hit.id for hit in found[:2]} == {whole.id, by_inventory.id}
    assert [hit.exact for hit in found] == [True, True, False, False, False]


@pytest.mark.parametrize("typed", ["S 1", "S  1", " S\t1 ", "S\n1", "S\u30001"])
def test_blanks_between_words_are_one(world, desk, typed):
    row = world.instrument(serial_number="S 1")
    assert [hit.id for hit in search(desk, typed)] == [row.id]


@pytest.mark.parametrize(("typed", "hits"), [("七", 0), ("七号", 1), ("7", 0), ("78", 1), (" 7 ", 0)])
def test_two_letters_are_the_shortest_search(world, desk, typed, hits):
    world.instrument(serial_number="七号78")
    assert len(search(desk, typed)) == hits


@pytest.fixture
def filled(world):
    thing = world.instrument(serial_number="ZZ-1")
    world.standard(PAPER, serial_number="ZZ-2")
    row = record(world, thing, number="ZZ-R")
    issued = certificate(world, thing, calibration=row, number="ZZ-C")
    organizations_.register(
        OrganizationFacts(name=Text("ZZ 厂"), credit_code=credit_code(900)), now=world.now
    )
    return {"instrument": thing, "certificate": issued}


STAFF = {"certificate", "commission", "instrument", "measurement_standard", "calibration", "organization"}


def test_who_reads_a_noun_nowhere_finds_none_of_it(world, filled):
    seen = {role: {hit.noun for hit in search(world.person(role), "zz")} for role in ROLES}
    without_records = dict.fromkeys(("instrument_manager", "system_administrator"), STAFF - {"calibration"})
    others = {"customer": set(), "subordinate_node": set(), "identifier_operator": {"organization"}}
    assert seen == dict.fromkeys(ROLES, STAFF) | without_records | others
    own = {
        hit.noun for hit in search(world.person("customer", organization_id=world.dairy_id), "zz")
    }
    assert own == {"certificate", "commission", "instrument"}
    assert search(world.person("customer", organization_id=world.mill_id), "zz") == ()


def test_several_roles_find_what_any_of_them_finds(world, filled):
    both = world.person("customer", "technician", organization_id=world.mill_id)
    assert {hit.noun for hit in search(both, "zz")} == STAFF


def test_another_institute_finds_nothing_and_its_own_of_the_same_name(world, filled):
    code = identifier_of("instrument", filled["instrument"].id).text
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=world.now)
    with scope(other.id):
        twin = build_world(other.id, world.now)
        for text in ("zz", "ZZ-1", "ZZ-C", code, filled["certificate"].identifier.text):
            assert search(twin.person("technician", "signatory"), text) == ()
        mine = twin.instrument(serial_number="ZZ-1")
        assert [hit.id for hit in search(twin.person("technician"), "zz-1")] == [mine.id]


def test_an_identifier_of_a_thing_that_is_not_shown_leads_nowhere(world, filled, desk):
    for kind in ("measurement_standard", "organization", "calibration"):
        code = mint(suffix=f"x-{kind.replace('_', '-')}", subject_kind=kind, subject_id=world.mill_id, now=world.now)
        assert search(desk, code.text) == ()
    gone = mint(suffix="gone", subject_kind="instrument", subject_id=world.mill_id, now=world.now)
    assert search(desk, gone.text) == ()


def test_nothing_is_shown_twice_though_it_fits_by_code_and_by_name(world, desk):
    row = world.instrument()
    code = identifier_of("instrument", row.id).text
    world.instrument(serial_number="other", inventory_number=code[:60])
    found = search(desk, code)
    assert [(hit.noun, hit.exact) for hit in found] == [("instrument", True), ("instrument", True)]
    assert len({hit.id for hit in found}) == 2
    assert found[0].id == row.id


def test_a_narrowed_list_is_paged_without_gap_or_repetition(world):
    for n in range(9):
        world.instrument(serial_number=f"{'odd' if n % 2 else 'even'}-{n}")
        world.standard(replace(PAPER, number=f"P-{n}"), serial_number=f"{'odd' if n % 2 else 'even'}-{n}")
    listings = {
        "instruments": lambda **at: instruments(InstrumentFilter(text="odd"), **at),
        "standards": lambda **at: standards(text="odd", **at),
    }
    for name, listing in listings.items():
        walked, after = [], ""
        while True:
            page = listing(after=after, size=3)
            walked += [row.serial_number for row in page]
            after = page.next_after
            if not after:
                break
        assert walked == ["odd-7", "odd-5", "odd-3", "odd-1"], name


def test_a_mark_of_another_list_or_institute_is_only_a_moment(world):
    rows = [world.instrument(serial_number=str(n)) for n in range(3)]
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=world.now)
    with scope(other.id):
        strange = build_world(other.id, world.now).instrument().id.hex
    assert {row.id for row in instruments(after=strange)} == {row.id for row in rows}
    assert [row.id for row in instruments(after=world.commission(agreement=None).id.hex)] == [
        row.id for row in rows[::-1]
    ]
