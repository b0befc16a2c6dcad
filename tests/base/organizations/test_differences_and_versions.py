"""Changes of organizations: differences that lead from the first record to the last, versions, trees of parents."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import product

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
    sites_of,
)
from jialiang.governance.data_elements import columns, facts_of
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text

FIRM = OrganizationFacts(name=Text("新星纺织厂", "New Star Textiles"), credit_code=credit_code(300))
CHOICES = {
    "name": [Text("甲"), Text("甲", "A"), Text("乙", "B")],
    "phone": ["", "0531-1", " 0531-1 "],
    "city": [Text(), Text("济南", "Jinan"), Text("济南")],
    "region_code": ["", "370100", "370102"],
    "fictional": [True, False],
    "credit_code": [credit_code(300), credit_code(301), credit_code(300).lower()],
    "country_code": ["CN", "cn"],
    "gln": ["", "6909607236611", "690960 7236611"],
}


@pytest.mark.parametrize("seed", range(5))
def test_differences_put_together_lead_from_the_first_record_to_the_last(in_tenant, now, seed):
    rng = random.Random(seed)
    row = services.register(FIRM, now=now)
    known, version = columns(facts_of(OrganizationFacts, row)), 1
    for _ in range(15):
        changes = {name: rng.choice(CHOICES[name]) for name in rng.sample(sorted(CHOICES), rng.randrange(4))}
        changed, altered = services.change(row.id, changes, expected_version=version)
        assert set(altered.old) == set(altered.new)
        assert all(known[column] == old for column, old in altered.old.items())
        assert all(altered.old[column] != new for column, new in altered.new.items())
        bare = {column.removesuffix("_zh").removesuffix("_en") for column in altered.new}
        assert bare <= set(changes)
        known |= altered.new
        version += bool(altered)
        assert changed.version == organization(row.id).version == version
    assert columns(facts_of(OrganizationFacts, organization(row.id))) == known


@pytest.mark.parametrize("read", [0, -1, 2, 10**6])
def test_any_other_version_than_the_one_that_stands_is_refused(in_tenant, now, read):
    row = services.register(FIRM, now=now)
    with nothing_changes(), pytest.raises(errors.OrganizationChanged) as refused:
        services.change(row.id, {"phone": "1"}, expected_version=read)
    assert (refused.value.facts["read"], refused.value.facts["stored"]) == (read, 1)
    assert str(read) in refused.value.what.en and str(read) in refused.value.what.zh


def test_of_three_who_read_alike_the_first_alone_is_heard(in_tenant, now):
    row = services.register(FIRM, now=now)
    heard = 0
    for phone in ("1", "2", "3"):
        try:
            services.change(row.id, {"phone": phone}, expected_version=1)
            heard += 1
        except errors.OrganizationChanged:
            continue
    assert (heard, organization(row.id).phone, organization(row.id).version) == (1, "1", 2)


def test_a_parent_is_told_by_its_id_in_a_difference(in_tenant, now):
    top = services.register(FIRM, now=now)
    low = services.register(replace(FIRM, credit_code=credit_code(301)), now=now)
    _, altered = services.change(low.id, {"parent_id": top.id}, expected_version=1)
    assert (altered.old, altered.new) == ({"parent_id": None}, {"parent_id": str(top.id)})
    _, altered = services.change(low.id, {"parent_id": None}, expected_version=2)
    assert altered.new == {"parent_id": None}


def test_no_order_of_changes_makes_a_ring_of_parents(in_tenant, now):
    keys = [services.register(replace(FIRM, credit_code=credit_code(310 + n)), now=now).id for n in range(4)]
    rng = random.Random(11)
    parents = dict.fromkeys(keys)
    for _ in range(40):
        child, parent = rng.choice(keys), rng.choice([*keys, None])
        above, ring = parent, False
        while above is not None and not ring:
            ring, above = above == child, parents[above]
        version = organization(child).version
        if ring:
            with pytest.raises(errors.OrganizationMember):
                services.change(child, {"parent_id": parent}, expected_version=version)
            continue
        services.change(child, {"parent_id": parent}, expected_version=version)
        parents[child] = parent
    assert {row.id: row.parent_id for row in Organization.objects.all()} == parents


@pytest.mark.parametrize(("own", "laboratory"), list(product([True, False], repeat=2)))
def test_a_laboratory_is_a_marked_site_of_the_institute_itself(in_tenant, now, own, laboratory):
    row = services.register(FIRM, is_own=own, now=now)
    site = services.add_site(row.id, SiteFacts(name=Text("厅"), is_laboratory=laboratory), now=now)
    assert [found.id for found in laboratories()] == ([site.id] if own and laboratory else [])
    assert [found.id for found in sites_of(row.id)] == [site.id]


def test_sites_and_contacts_keep_the_order_of_their_entry(in_tenant, now):
    rows = [services.register(replace(FIRM, credit_code=credit_code(320 + n)), now=now) for n in range(2)]
    for n in range(3):
        for row in rows:
            services.add_site(row.id, SiteFacts(name=Text(f"厅 {n}")), now=now)
            services.add_contact(row.id, ContactFacts(name=f"王 {n}", email=f"w{n}@firm.example"), now=now)
    for row in rows:
        assert [site.name_zh for site in sites_of(row.id)] == ["厅 0", "厅 1", "厅 2"]
        assert [contact.name for contact in contacts_of(row.id)] == ["王 0", "王 1", "王 2"]


# how a code is typed that is known: is it found
TYPED = [
    (lambda code: code, True),
    (lambda code: code.lower(), True),
    (lambda code: f" {code} ", True),
    (lambda code: "-".join((code[:2], code[2:8], code[8:])), True),
    (lambda code: "".join(chr(ord(letter) + 0xFEE0) for letter in code), True),
    (lambda code: code[:-1], False),
    (lambda code: code + "0", False),
    (lambda code: "%", False),
    (lambda code: "-", False),
]


@pytest.mark.parametrize(("type_it", "found"), TYPED)
def test_a_credit_code_is_found_whole_however_it_is_typed(in_tenant, now, type_it, found):
    row = services.register(FIRM, now=now)
    hit = organization_by_credit_code(type_it(FIRM.credit_code))
    assert (hit.id if hit else None) == (row.id if found else None)


def test_who_is_named_on_a_certificate_is_as_the_ledger_has_it_now(in_tenant, now):
    row = services.register(FIRM, now=now)
    before = party_of(row.id)
    services.change(row.id, {"name": Text("新名", "New"), "city": Text("青岛", "Qingdao")}, expected_version=1)
    after = party_of(row.id)
    assert (before.name, before.address.city) == (FIRM.name, Text())
    assert (after.name, after.address.city, after.credit_code) == (
        Text("新名", "New"), Text("青岛", "Qingdao"), FIRM.credit_code,
    )  # fmt: skip


def test_what_is_refused_takes_no_credit_code_away_from_others(in_tenant, now):
    with pytest.raises(errors.BadLocationNumber):
        services.register(replace(FIRM, gln="1"), now=now)
    with pytest.raises(errors.OrganizationUnknown):
        services.register(replace(FIRM, parent_id=new_id(now)), now=now)
    assert services.register(FIRM, now=now).version == 1
