"""What is taken and refused of an organization, a site and a contact, member by member."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.ledger import credit_code
from tests.pictures import nothing_changes

from jialiang.base.organizations import errors, services
from jialiang.base.organizations.facts import ContactFacts, OrganizationFacts, SiteFacts
from jialiang.base.organizations.models import Organization
from jialiang.base.organizations.selectors import (
    contacts_of,
    laboratories,
    organization,
    organization_by_credit_code,
    party_of,
    site,
    sites_of,
)
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text

DAIRY = OrganizationFacts(name=Text("晨星乳业", "Morning Star"), credit_code=credit_code(70))
GLN = "6909607236611"

# member: given, what it is refused with (None where it is taken)
MEMBERS = [
    ("name", Text("乳" * 100, "d" * 200), None),
    ("name", Text("乳" * 101), errors.OrganizationMember),
    ("name", Text("乳业", "d" * 201), errors.OrganizationMember),
    ("name", Text("乳\n业"), errors.OrganizationMember),
    ("name", Text("", "Dairy"), errors.OrganizationIncomplete),
    ("kind", "regulator", None),
    ("kind", "club", errors.OrganizationMember),
    ("credit_code", "", errors.OrganizationIncomplete),
    ("credit_code", credit_code(71).lower(), None),
    ("credit_code", f"{credit_code(71)[:9]} {credit_code(71)[9:]}", None),
    ("credit_code", credit_code(71)[:17], errors.BadCreditCode),
    (
        "credit_code",
        credit_code(71)[:-1] + ("0" if credit_code(71)[-1] != "0" else "1"),
        errors.BadCreditCode,
    ),
    ("credit_code", "91ABCDEF" + credit_code(71)[8:], errors.BadCreditCode),
    ("gln", GLN, None),
    ("gln", f"{GLN[:6]} {GLN[6:]}", None),
    ("gln", "6909607236612", errors.BadLocationNumber),
    ("gln", "690960723661", errors.BadLocationNumber),
    ("short_code", "YZ", None),
    ("short_code", "ABCDEFGHIJ12", None),
    ("short_code", "Y", errors.OrganizationMember),
    ("short_code", "yz", errors.OrganizationMember),
    ("short_code", "YZ-1", errors.OrganizationMember),
    ("short_code", "YZ1\n", errors.OrganizationMember),
    ("short_code", "ＹＺ", errors.OrganizationMember),
    ("short_code", "A" * 13, errors.OrganizationMember),
    ("region_code", "370102", None),
    ("region_code", "990100", errors.OrganizationMember),
    ("region_code", "37010", errors.OrganizationMember),
    ("country_code", "CHN", errors.OrganizationMember),
    ("postal_code", "1" * 11, errors.OrganizationMember),
    ("phone", "0" * 41, errors.OrganizationMember),
    ("email", "office@institute.example", None),
    ("email", "office@", errors.OrganizationMember),
    ("email", "a b@c.example", errors.OrganizationMember),
    ("website", "w" * 121, errors.OrganizationMember),
    ("city", Text("城" * 61), errors.OrganizationMember),
    ("street", Text("路", "s" * 121), errors.OrganizationMember),
    ("laboratory_code", "L" * 41, errors.OrganizationMember),
]


TAKEN = [row[:2] for row in MEMBERS if row[2] is None]
REFUSED = [row for row in MEMBERS if row[2] is not None]


def test_every_member_is_taken_or_refused_when_an_organization_is_registered(in_tenant, now):
    with nothing_changes():
        for member, given, error in REFUSED:
            with pytest.raises(error):
                services.register(replace(DAIRY, **{member: given}), now=now)
    for serial, (member, given) in enumerate(TAKEN):
        facts = replace(DAIRY, **{"credit_code": credit_code(100 + serial), member: given})
        row = services.register(facts, now=now)
        assert Organization.objects.filter(pk=row.pk).delete()[0] == 1, member


def test_every_member_is_taken_or_refused_alike_when_it_is_changed(in_tenant, now):
    row = services.register(DAIRY, now=now)
    with nothing_changes():
        for member, given, error in REFUSED:
            with pytest.raises(error):
                services.change(row.id, {member: given}, expected_version=1)
    version = 1
    for member, given in TAKEN:
        _, altered = services.change(row.id, {member: given}, expected_version=version)
        version += bool(altered)
    assert organization(row.id).version == version > len(TAKEN) - 3


# country, credit code: is it complete
ABROAD = [("CN", "", False), ("SE", "", True), ("DE", credit_code(75), True), ("SE", "no code", None)]


@pytest.mark.parametrize(("country", "code", "holds"), ABROAD)
def test_a_credit_code_is_needed_in_china_and_has_to_hold_wherever_it_is_given(
    in_tenant, now, country, code, holds
):
    facts = replace(DAIRY, country_code=country, credit_code=code)
    if holds:
        assert services.register(facts, now=now).country_code == country
        return
    with pytest.raises(errors.OrganizationIncomplete if holds is False else errors.BadCreditCode):
        services.register(facts, now=now)


def test_two_foreign_organizations_without_a_code_stand_side_by_side(in_tenant, now):
    facts = replace(DAIRY, country_code="SE", credit_code="")
    assert services.register(facts, now=now).id != services.register(facts, now=now).id
    assert organization_by_credit_code("") is None


def test_a_change_names_old_and_new_of_what_differs_only(in_tenant, now):
    row = services.register(DAIRY, now=now)
    changes = {"phone": "0531-1", "name": Text("晨星乳业", "Morning Star Dairy"), "kind": "enterprise"}
    changed, altered = services.change(row.id, changes, expected_version=1)
    assert altered.old == {"phone": "", "name_en": "Morning Star"}
    assert altered.new == {"phone": "0531-1", "name_en": "Morning Star Dairy"}
    assert changed.version == 2


@pytest.mark.parametrize(
    "changes", [{"is_own": True}, {"version": 9}, {"tenant_id": None}, {"phone": "1", "x": 1}]
)
def test_a_change_reaches_no_column_that_is_no_member(in_tenant, now, changes):
    row = services.register(DAIRY, now=now)
    with nothing_changes(), pytest.raises(errors.UnknownMembers) as refused:
        services.change(row.id, changes, expected_version=1)
    assert refused.value.facts["members"] in ("is_own", "version", "tenant_id", "x")


def test_a_parent_is_an_organization_of_the_same_institute(in_tenant, now):
    parent = services.register(DAIRY, now=now)
    child = services.register(replace(DAIRY, credit_code=credit_code(72), parent_id=parent.id), now=now)
    assert [row.id for row in organization(parent.id).children.all()] == [child.id]
    with pytest.raises(errors.OrganizationUnknown):
        services.register(replace(DAIRY, credit_code=credit_code(73), parent_id=new_id(now)), now=now)


# member of a site: given, what it is refused with
SITES = [
    ("name", Text("厅" * 101), errors.OrganizationMember),
    ("name", Text(), errors.OrganizationIncomplete),
    ("address", Text("路" * 201), errors.OrganizationMember),
    ("region_code", "000000", errors.OrganizationMember),
    ("region_code", "370102", None),
    ("is_laboratory", True, None),
]


def test_a_site_is_checked_and_a_laboratory_is_a_site_of_the_institute_itself(world):
    for member, given, error in SITES:
        facts = replace(SiteFacts(name=Text("热工室")), **{member: given})
        if error is None:
            services.add_site(world.dairy_id, facts, now=world.now)
            continue
        with pytest.raises(error):
            services.add_site(world.dairy_id, facts, now=world.now)
    assert len(sites_of(world.dairy_id)) == 2
    own = services.add_site(world.own_id, SiteFacts(name=Text("热工室"), is_laboratory=True), now=world.now)
    services.add_site(world.own_id, SiteFacts(name=Text("收发室")), now=world.now)
    assert [row.id for row in laboratories()] == [own.id]
    assert [row.name.zh for row in sites_of(world.own_id)] == ["热工室", "收发室"]
    assert site(own.id).organization.is_own
    with pytest.raises(errors.OrganizationUnknown):
        site(new_id(world.now))


# a contact: is there a way to reach him
CONTACTS = [
    (ContactFacts(name="王五", phone="1"), None),
    (ContactFacts(name="王五", email="w@dairy.example"), None),
    (ContactFacts(name="王五"), errors.OrganizationIncomplete),
    (ContactFacts(name="王五", phone=" "), errors.OrganizationIncomplete),
    (ContactFacts(name="", phone="1"), errors.OrganizationIncomplete),
    (ContactFacts(name="王" * 61, phone="1"), errors.OrganizationMember),
    (ContactFacts(name="王五", email="nobody"), errors.OrganizationMember),
    (ContactFacts(name="王五", phone="0" * 41), errors.OrganizationMember),
    (ContactFacts(name="王五", phone="1", duty="d" * 61), errors.OrganizationMember),
]


def test_a_contact_has_a_name_and_a_way_to_be_reached(world):
    for facts, error in CONTACTS:
        if error is None:
            services.add_contact(world.dairy_id, facts, now=world.now)
            continue
        with pytest.raises(error):
            services.add_contact(world.dairy_id, facts, now=world.now)
    assert len(contacts_of(world.dairy_id)) == 2
    assert contacts_of(world.mill_id) == []


def test_an_organization_stands_on_certificates_with_all_that_the_ledger_has(in_tenant, now):
    facts = replace(
        DAIRY, gln=GLN, city=Text("云泽市", "Yunze"), street=Text("牧原大道 18 号", "18 Muyuan Avenue"),
        postal_code="000018", region_code="370102", phone="1", email="a@b.example", website="b.example",
        laboratory_code="L-1", fictional=True,
    )  # fmt: skip
    party = party_of(services.register(facts, now=now).id)
    assert (party.name, party.credit_code, party.gln) == (DAIRY.name, DAIRY.credit_code, GLN)
    assert (party.address.city, party.address.street) == (facts.city, facts.street)
    assert (party.address.postal_code, party.address.country_code, party.address.region_code) == (
        "000018", "CN", "370102",
    )  # fmt: skip
    assert (party.phone, party.email, party.website) == ("1", "a@b.example", "b.example")
    assert (party.laboratory_code, party.fictional) == ("L-1", True)
