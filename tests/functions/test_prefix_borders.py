"""Where prefixes, identities and templates meet other people's things, other institutes, and deeds that break off."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.functions.prefix_verbs import (
    ITEMS,
    LICENCE,
    PUBLIC_KEY,
    SITE,
    VERBS,
    add_prefix,
    add_template,
    apply,
    customer,
    make_things,
    operator,
)
from tests.ledger import build_world
from tests.pictures import nothing_changes, what_is_left

from jialiang.base.handle_identities import errors as of_identities
from jialiang.base.handle_identities.selectors import identity_with_key
from jialiang.base.identifier_templates import errors as of_templates
from jialiang.base.identifier_templates.facts import TemplateFacts
from jialiang.base.identifier_templates.selectors import items_of
from jialiang.base.prefixes import errors
from jialiang.base.prefixes.facts import PrefixFacts
from jialiang.base.prefixes.selectors import application, changes_of, count_waiting, prefix, prefix_of
from jialiang.formats.handle.values import HandleValue
from jialiang.functions import handle_identities, identifier_templates, identifiers, prefixes
from jialiang.functions import prefixes as verbs_of_prefixes
from jialiang.governance.storage.current import current_store
from jialiang.kernel.text import Text
from jialiang.security.actor import identity_actor
from jialiang.security.policy import NotOwnOrganization
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant
from jialiang.vocabulary.statuses import PrefixApplicationState, label

URL = HandleValue(1, "URL", b"https://example.org")


def derived(world, source, actor, organization_id, under: str):
    facts = TemplateFacts(
        prefix=under, code="V9", name=Text("仿制"), organization_id=organization_id, derived_from_id=source.id
    )
    return identifier_templates.create(actor=actor, facts=facts, now=world.now)


# --- templates of others --------------------------------------------------------------------------------------


def test_nobody_reads_the_template_of_another_customer_by_deriving_from_it(world):
    add_prefix(world, "88.101.5")
    add_prefix(world, "88.102.1", world.mill_id)
    source = add_template(world)
    theirs = identity_actor(world.tenant_id, world.mill_id, "300:88.102.1/a", "api")
    for who in (customer(world, world.mill_id), theirs):
        with nothing_changes(), pytest.raises(NotOwnOrganization):
            derived(world, source, who, world.mill_id, "88.102.1")
    row = derived(world, source, operator(world), world.mill_id, "88.102.1")  # who reads all may derive for all
    assert (row.organization_id, items_of(row)) == (world.mill_id, ITEMS)
    assert derived(world, source, customer(world), world.dairy_id, "88.101.5").derived_from_id == source.id


def test_a_template_of_another_institute_is_not_there_to_derive_from(world):
    add_prefix(world, "88.101.5")
    source = add_template(world)
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=world.now)
    with scope(other.id):
        foreign = build_world(other.id, world.now)
        with nothing_changes(), pytest.raises(of_templates.TemplateUnknown):
            derived(foreign, source, operator(foreign), foreign.dairy_id, "88.999.1")


def test_a_derived_draft_goes_its_own_way_and_leaves_its_source_as_it_was(world):
    add_prefix(world, "88.101.5")
    source = add_template(world)
    row = derived(world, source, customer(world), world.dairy_id, "88.101.5")
    looser = replace(ITEMS[0], required=False, name=Text("编号"))
    identifier_templates.change(
        actor=customer(world), template_id=row.id, changes={}, items=[looser], expected_version=1, now=world.now
    )
    assert items_of(row.__class__.objects.get(pk=source.id)) == ITEMS
    assert items_of(row.__class__.objects.get(pk=row.id)) == (looser, ITEMS[1])


@pytest.mark.parametrize("changes", [{"carrier": ""}, {"carrier": " "}, {"carrier": "paper"}, {"name": Text("", " ")}])
def test_a_template_is_never_left_without_carrier_or_name(world, changes):
    add_prefix(world, "88.101.5")
    row = add_template(world)
    with nothing_changes(), pytest.raises((of_templates.TemplateIncomplete, of_templates.TemplateMember)):
        identifier_templates.change(
            actor=customer(world), template_id=row.id, changes=changes, expected_version=1, now=world.now
        )


# --- quotas and what is registered ----------------------------------------------------------------------------


def register(world, *names: str) -> None:
    for name in names:
        identifiers.register(actor=operator(world), name=name, values=[URL], now=world.now)


@pytest.mark.parametrize(("quota", "holds"), [(1, False), (2, True), (3, True), (None, True)])
def test_no_quota_falls_below_the_names_that_are_registered(world, quota, holds):
    row = add_prefix(world, "88.101.5", quota=10)
    register(world, "88.101.5/a", "88.101.5/b")
    if holds:
        assert prefixes.set_quota(actor=operator(world), prefix_id=row.id, quota=quota, now=world.now).quota == quota
        return
    with nothing_changes(), pytest.raises(errors.BadQuota) as refused:
        prefixes.set_quota(actor=operator(world), prefix_id=row.id, quota=quota, now=world.now)
    assert (refused.value.facts["given"], refused.value.facts["least"]) == ("1", 2)


def test_a_retired_name_still_counts_for_it_is_never_given_again(world):
    row = add_prefix(world, "88.101.5", quota=2)
    register(world, "88.101.5/a", "88.101.5/b")
    identifiers.retire(actor=operator(world), name="88.101.5/a", reason="报废", now=world.now)
    with nothing_changes(), pytest.raises(errors.BadQuota):
        prefixes.set_quota(actor=operator(world), prefix_id=row.id, quota=1, now=world.now)
    with nothing_changes(), pytest.raises(errors.QuotaReached):
        register(world, "88.101.5/c")
    prefixes.set_quota(actor=operator(world), prefix_id=row.id, quota=3, now=world.now)
    register(world, "88.101.5/c")


# --- deeds that break off -------------------------------------------------------------------------------------

BREAKING = [
    "prefix.approve", "prefix.add", "prefix.delegate", "prefix.suspend", "prefix.resume", "prefix.transfer",
    "prefix.set_quota", "prefix.withdraw",
]  # fmt: skip


@pytest.mark.parametrize("step", ["publish_prefix", "put_on_record"])
def test_a_deed_that_breaks_off_leaves_neither_row_nor_answer_nor_record(world, monkeypatch, step):
    things = make_things(world)

    def broken(*_args, **_members):
        raise OSError("the disk is full")

    monkeypatch.setattr(verbs_of_prefixes, step, broken)
    for action in BREAKING:
        with nothing_changes(), pytest.raises(OSError, match="disk"):
            VERBS[action](operator(world), things, world.now)


def test_an_application_whose_record_cannot_be_written_is_not_there(world, monkeypatch):
    things = make_things(world)
    waiting = count_waiting()

    def broken(*_args, **_members):
        raise OSError("the disk is full")

    monkeypatch.setattr(verbs_of_prefixes, "put_on_record", broken)
    with nothing_changes(), pytest.raises(OSError, match="disk"):
        VERBS["prefix.apply"](customer(world), things, world.now)
    assert count_waiting() == waiting


# --- applications ---------------------------------------------------------------------------------------------


def closed(world, how: str):
    """An application that is decided, and what its prefix and reason are."""
    second = add_prefix(world, "88.101", world.own_id)
    row = apply(world, second, "5")
    who = operator(world)
    if how == "approved":
        prefixes.approve(actor=who, application_id=row.id, now=world.now)
    elif how == "refused":
        prefixes.refuse(actor=who, application_id=row.id, reason="材料不全", now=world.now)
    else:
        prefixes.withdraw_application(actor=customer(world), application_id=row.id, now=world.now)
    return row


@pytest.mark.parametrize("how", ["approved", "refused", "withdrawn"])
def test_what_is_decided_stays_decided(world, how):
    row, later = closed(world, how), world.now + timedelta(days=1)
    for verb in (
        lambda: prefixes.approve(actor=operator(world), application_id=row.id, now=later),
        lambda: prefixes.refuse(actor=operator(world), application_id=row.id, reason="r", now=later),
        lambda: prefixes.withdraw_application(actor=customer(world), application_id=row.id, now=later),
    ):
        with nothing_changes(), pytest.raises(errors.ApplicationDecided) as refused:
            verb()
        assert refused.value.facts["state"] == label(PrefixApplicationState(how))
    fresh = application(row.id)
    assert (fresh.state, fresh.decided_at, fresh.version) == (how, world.now, 2)
    assert (fresh.granted is not None) is (how == "approved")


@pytest.mark.parametrize("how", ["refused", "withdrawn"])
def test_a_code_that_was_only_wished_for_is_free_for_the_next(world, how):
    row = closed(world, how)
    again = apply(world, row.parent, "5", organization_id=world.mill_id)
    granted = prefixes.approve(actor=operator(world), application_id=again.id, now=world.now).granted
    assert (granted.text, granted.holder_id) == ("88.101.5", world.mill_id)


@pytest.mark.parametrize(
    ("members", "error"),
    [
        ({"quota": 0}, errors.BadQuota), ({"quota": 2_000_000_001}, errors.BadQuota),
        ({"code": "a.b"}, errors.BadPrefix),
        ({"code": "x" * 21}, errors.BadPrefix), ({"code": "-"}, errors.BadPrefix),
        ({"code": "taken"}, errors.PrefixTaken),
    ],
)  # fmt: skip
def test_a_grant_that_will_not_do_leaves_the_application_waiting(world, members, error):
    second = add_prefix(world, "88.101", world.own_id)
    add_prefix(world, "88.101.Taken", world.mill_id)
    row = apply(world, second)
    with nothing_changes(), pytest.raises(error):
        prefixes.approve(actor=operator(world), application_id=row.id, now=world.now, **members)
    assert prefixes.approve(actor=operator(world), application_id=row.id, now=world.now).granted.text == "88.101.1"


def test_a_prefix_of_sixty_letters_is_granted_and_one_letter_more_is_refused_with_the_wish(world):
    parent = add_prefix(world, ".".join(["88"] + ["1" * 13] * 4), world.own_id)  # 2 + 4 · 14 = 58 letters
    assert prefixes.approve(
        actor=operator(world), application_id=apply(world, parent, "7").id, now=world.now
    ).granted.text.endswith(".7")
    with nothing_changes(), pytest.raises(errors.BadPrefix):
        apply(world, parent, "78")


def test_two_applications_with_one_document_keep_its_bytes_once(world):
    second = add_prefix(world, "88.101", world.own_id)
    rows = [apply(world, second), apply(world, second, organization_id=world.mill_id)]
    digests = {row.documents.get().sha256 for row in rows}
    assert len(digests) == 1
    assert current_store().get(digests.pop()) == LICENCE.data


# --- the history ----------------------------------------------------------------------------------------------


def test_each_moment_of_the_history_tells_the_state_as_of_then(world):
    row, who = add_prefix(world, "88.101.5"), operator(world)
    hours = [world.now + timedelta(hours=hour) for hour in range(1, 5)]
    prefixes.suspend(actor=who, prefix_id=row.id, reason="整改", now=hours[0])
    prefixes.resume(actor=who, prefix_id=row.id, now=hours[1])
    prefixes.delegate(actor=who, prefix_id=row.id, site=SITE, now=hours[2])
    prefixes.set_quota(actor=who, prefix_id=row.id, quota=5, now=hours[3])

    def as_of(moment):
        told = [change for change in changes_of(row.id) if change.at <= moment]
        return [change.new["state"] for change in told if "state" in change.new][-1]

    states = [as_of(moment) for moment in (world.now, hours[0], hours[1], hours[2], hours[3])]
    assert states == ["active", "suspended", "active", "delegated", "delegated"]
    fresh = prefix(row.id)
    assert (fresh.state_since, fresh.version) == (hours[2], 5)


def test_the_same_transfer_twice_and_back_is_told_as_two_deeds(world):
    row, who = add_prefix(world, "88.101.5"), operator(world)
    with what_is_left() as left:
        for holder in (world.mill_id, world.mill_id, world.dairy_id):
            prefixes.transfer(actor=who, prefix_id=row.id, holder_id=holder, reason="并购", now=world.now)
    assert [data["organization_id"] for _, data in left.told] == [str(world.mill_id), str(world.dairy_id)]


def test_a_transfer_to_an_organization_of_another_institute_is_refused(world):
    row = add_prefix(world, "88.101.5")
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=world.now)
    with scope(other.id):
        foreign = build_world(other.id, world.now).dairy_id
    with nothing_changes(), pytest.raises(Exception, match="JL-ORG") as refused:
        prefixes.transfer(actor=operator(world), prefix_id=row.id, holder_id=foreign, reason="r", now=world.now)
    assert refused.value.http_status == 404
    with nothing_changes(), pytest.raises(Exception, match="JL-ORG"):
        prefixes.add(actor=operator(world), facts=PrefixFacts(text="88.5", holder_id=foreign), now=world.now)


# --- identities -----------------------------------------------------------------------------------------------


def with_key(world, identity: str):
    return handle_identities.add_key(
        actor=customer(world), identity=identity, organization_id=world.dairy_id, public_key=PUBLIC_KEY, now=world.now
    ).row


@pytest.mark.parametrize("zeros", ["", "0", "0000000"])
def test_tries_are_counted_under_one_name_however_the_index_is_written(world, zeros):
    add_prefix(world, "88.101.5")
    spellings = ["300:88.101.5/a", "0300:88.101.5/A", "00300:88.101.5/a", "000300:88.101.5/a", "0000300:88.101.5/a"]
    for shown in spellings:
        with pytest.raises(of_identities.IdentityRefused):
            handle_identities.actor_by_secret(shown, "x", world.now)
    with pytest.raises(of_identities.IdentityLocked):
        handle_identities.actor_by_secret(f"{zeros}300:88.101.5/a", "x", world.now)


def test_an_index_written_with_zeros_is_the_same_identity_and_given_once(world):
    add_prefix(world, "88.101.5")
    row = with_key(world, " 00300:88.101.5/a ")
    assert row.text == "300:88.101.5/a"
    assert handle_identities.actor_by_key("0300:88.101.5/A", world.now).identity == row.text
    with nothing_changes(), pytest.raises(of_identities.IdentityTaken):
        with_key(world, "300:88.101.5/A")


def test_of_several_keys_under_one_handle_the_lowest_index_in_force_answers(world):
    add_prefix(world, "88.101.5")
    rows = {index: with_key(world, f"{index}:88.101.5/gate") for index in (302, 300, 301)}
    handle_identities.add_secret(
        actor=customer(world), identity="1:88.101.5/gate", organization_id=world.dairy_id, now=world.now
    )
    for index in (300, 301, 302):
        assert identity_with_key("88.101.5/GATE") == f"{index}:88.101.5/gate"
        handle_identities.revoke(actor=customer(world), identity_id=rows[index].id, now=world.now)
    assert identity_with_key("88.101.5/gate") is None


@pytest.mark.parametrize(
    ("identity", "holds"),
    [
        ("1:88.101.5/a", True), ("2147483647:88.101.5/a", True), ("2147483648:88.101.5/a", False),
        ("0:88.101.5/a", False),
        ("300:88.101.5/" + "x" * 246, True), ("300:88.101.5/" + "x" * 247, False), ("300:88.101.5/", True),
        ("300:88.101.5/a:b", True), ("300: 88.101.5/a", False),
    ],
)  # fmt: skip
def test_index_and_handle_of_an_identity_are_taken_to_their_limits(world, identity, holds):
    add_prefix(world, "88.101.5")
    if holds:
        row = with_key(world, identity)
        assert handle_identities.actor_by_key(identity, world.now).identity == row.text == identity
    else:
        with nothing_changes(), pytest.raises(of_identities.BadIdentity):
            with_key(world, identity)


def test_after_a_transfer_back_the_identities_of_the_holder_enter_again(world):
    row, identity = add_prefix(world, "88.101.5"), "300:88.101.5/a"
    with_key(world, identity)
    for holder, enters in ((world.mill_id, False), (world.dairy_id, True)):
        prefixes.transfer(actor=operator(world), prefix_id=row.id, holder_id=holder, reason="r", now=world.now)
        assert handle_identities.key_of(identity, world.now).in_force is enters
    assert prefix_of("88.101.5").holder_id == world.dairy_id
