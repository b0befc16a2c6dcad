"""Organizations: codes are checked, names are searched, an institute registers itself once."""

from dataclasses import replace

import pytest
from tests.ledger import credit_code

from jialiang.base.organizations import errors, selectors, services
from jialiang.base.organizations.facts import ContactFacts, OrganizationFacts, SiteFacts
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text

DAIRY = OrganizationFacts(name=Text("晨星乳业有限公司", "Morning Star Dairy"), credit_code=credit_code(7))


def test_an_organization_is_stored_as_it_was_given_with_its_code_normalized(in_tenant, now):
    typed = replace(
        DAIRY, credit_code=DAIRY.credit_code.lower() + " ", gln="690960 7236611", region_code="370102"
    )
    row = services.register(typed, now=now)
    assert (row.credit_code, row.gln, row.name) == (DAIRY.credit_code, "6909607236611", DAIRY.name)
    assert (row.version, row.tenant_id, row.is_own) == (1, in_tenant.id, False)


def test_what_is_missing_is_named_all_at_once(in_tenant, now):
    with pytest.raises(errors.OrganizationIncomplete) as refused:
        services.register(OrganizationFacts(name=Text("", "Dairy")), now=now)
    assert refused.value.facts["members"].zh == "单位名称、统一社会信用代码"


def test_abroad_no_credit_code_is_needed(in_tenant, now):
    row = services.register(
        OrganizationFacts(name=Text("北欧温度计公司", "Nordic"), country_code="SE"), now=now
    )
    assert row.credit_code == ""


@pytest.mark.parametrize(
    ("code", "english"),
    [
        ("91370000MA000000", "18 characters"),
        ("91370000MA0000001K", "check character"),
        ("9137OOOOMA0000001T", "was 91370000MA0000001T meant?"),
    ],
)
def test_a_credit_code_that_does_not_hold_is_refused_with_the_reason(in_tenant, now, code, english):
    with pytest.raises(errors.BadCreditCode) as refused:
        services.register(replace(DAIRY, credit_code=code), now=now)
    assert english in refused.value.what.en
    assert code in refused.value.what.zh


def test_a_location_number_with_a_wrong_digit_is_refused(in_tenant, now):
    with pytest.raises(errors.BadLocationNumber):
        services.register(replace(DAIRY, gln="6909607236612"), now=now)


@pytest.mark.parametrize(
    ("member", "given"),
    [
        ("region_code", "990100"),
        ("short_code", "yz"),
        ("kind", "club"),
        ("email", "x"),
        ("postal_code", "1" * 11),
    ],
)
def test_a_member_that_cannot_be_stored_is_named(in_tenant, now, member, given):
    with pytest.raises(errors.OrganizationMember) as refused:
        services.register(replace(DAIRY, **{member: given}), now=now)
    assert refused.value.facts["given"] == given


def test_one_credit_code_is_registered_once_in_an_institute(in_tenant, now):
    services.register(DAIRY, now=now)
    with pytest.raises(errors.OrganizationExists) as refused:
        services.register(replace(DAIRY, name=Text("晨光乳业")), now=now)
    assert refused.value.facts["name"] == DAIRY.name


def test_the_institute_registers_itself_once(in_tenant, now):
    assert not selectors.has_own_organization()
    own = services.register(DAIRY, is_own=True, now=now)
    assert selectors.own_organization().id == own.id
    with pytest.raises(errors.OwnOrganizationExists):
        services.register(replace(DAIRY, credit_code=credit_code(8)), is_own=True, now=now)


def test_without_its_own_organization_the_institute_is_told_so(in_tenant):
    with pytest.raises(errors.OrganizationUnknown, match="institute itself"):
        selectors.own_organization()


def test_a_change_starts_from_the_version_that_was_read(in_tenant, now):
    row = services.register(DAIRY, now=now)
    changed, altered = services.change(row.id, {"phone": "0531-8888"}, expected_version=1)
    assert (changed.version, altered.old, altered.new) == (2, {"phone": ""}, {"phone": "0531-8888"})
    with pytest.raises(errors.OrganizationChanged) as refused:
        services.change(row.id, {"phone": "1"}, expected_version=1)
    assert (refused.value.facts["read"], refused.value.facts["stored"]) == (1, 2)
    assert selectors.organization(row.id).phone == "0531-8888"


def test_a_change_that_changes_nothing_keeps_the_version(in_tenant, now):
    row = services.register(DAIRY, now=now)
    same, altered = services.change(row.id, {"name": DAIRY.name}, expected_version=1)
    assert (same.version, bool(altered)) == (1, False)


def test_a_change_is_checked_like_a_registration(in_tenant, now):
    row = services.register(DAIRY, now=now)
    other = services.register(replace(DAIRY, credit_code=credit_code(9)), now=now)
    with pytest.raises(errors.OrganizationExists):
        services.change(row.id, {"credit_code": other.credit_code}, expected_version=1)
    with pytest.raises(errors.UnknownMembers) as refused:
        services.change(row.id, {"is_own": True}, expected_version=1)
    assert refused.value.facts["members"] == "is_own"


def test_no_organization_stands_above_itself_at_any_distance(in_tenant, now):
    top = services.register(DAIRY, now=now)
    middle = services.register(replace(DAIRY, credit_code=credit_code(9), parent_id=top.id), now=now)
    below = services.register(replace(DAIRY, credit_code=credit_code(10), parent_id=middle.id), now=now)
    for parent in (top, middle, below):
        with pytest.raises(errors.OrganizationMember) as refused:
            services.change(top.id, {"parent_id": parent.id}, expected_version=1)
        assert refused.value.what.en.endswith("the organization would stand above itself.")
        assert "自己的上级" in refused.value.what.zh
    moved, altered = services.change(below.id, {"parent_id": top.id}, expected_version=1)
    assert (moved.parent_id, bool(altered)) == (top.id, True)


def test_a_ring_that_stood_before_is_not_gone_round_for_ever(in_tenant, now):
    one, other, third = (
        services.register(replace(DAIRY, credit_code=credit_code(n)), now=now) for n in (9, 10, 11)
    )
    type(one).objects.filter(pk=one.id).update(parent_id=other.id)
    type(one).objects.filter(pk=other.id).update(parent_id=one.id)
    moved, altered = services.change(third.id, {"parent_id": one.id}, expected_version=1)
    assert (moved.parent_id, bool(altered)) == (one.id, True)


def test_sites_and_contacts_belong_to_an_organization(in_tenant, now):
    own = services.register(DAIRY, is_own=True, now=now)
    site = services.add_site(
        own.id, SiteFacts(name=Text("温度实验室", "Temperature"), is_laboratory=True), now=now
    )
    services.add_site(own.id, SiteFacts(name=Text("门厅", "Hall")), now=now)
    contact = services.add_contact(own.id, ContactFacts(name="王五", phone="0531-1"), now=now)
    assert [s.id for s in selectors.laboratories()] == [site.id]
    assert len(selectors.sites_of(own.id)) == 2
    assert selectors.site(site.id).organization.name == DAIRY.name
    assert selectors.contacts_of(own.id) == [contact]


def test_a_contact_can_be_reached(in_tenant, now):
    row = services.register(DAIRY, now=now)
    with pytest.raises(errors.OrganizationIncomplete) as refused:
        services.add_contact(row.id, ContactFacts(name="王五"), now=now)
    assert refused.value.facts["members"].en == "telephone"


def test_names_and_codes_are_searched(in_tenant, now):
    row = services.register(DAIRY, now=now)
    services.register(
        replace(DAIRY, name=Text("白杨面粉厂", "Poplar Mill"), credit_code=credit_code(10)), now=now
    )
    for text in ("晨星", "morning", DAIRY.credit_code.lower()):
        assert [found.id for found in selectors.organizations(text=text)] == [row.id]
    assert selectors.count_organizations(text="100%") == 0
    assert selectors.count_organizations(kind="enterprise") == 2
    assert selectors.organization_by_credit_code(" " + DAIRY.credit_code).id == row.id
    assert selectors.organization_by_credit_code("") is None


def test_an_organization_stands_on_certificates_as_a_party(in_tenant, now):
    facts = replace(
        DAIRY, city=Text("云泽市", "Yunze"), street=Text("甲路 1 号", "1 Jia Road"), fictional=True
    )
    party = selectors.party_of(services.register(facts, now=now).id)
    assert (party.name, party.address.city.en, party.address.country_code) == (DAIRY.name, "Yunze", "CN")
    assert party.fictional


def test_an_unknown_organization_is_not_found(in_tenant, now):
    for ask in (selectors.organization, selectors.site, lambda i: services.change(i, {}, expected_version=1)):
        with pytest.raises(errors.OrganizationUnknown):
            ask(new_id(now))
