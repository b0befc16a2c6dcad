"""Prefixes from application to withdrawal: the tree, what is published, what the history says."""

from __future__ import annotations

import importlib
from dataclasses import replace

import pytest
from django.apps import apps as installed
from django.conf import settings
from tests.functions.prefix_verbs import LICENCE, SITE, add_prefix, apply, customer, operator
from tests.ledger import build_world
from tests.pictures import nothing_changes

from jialiang.assembly.republishing import republish
from jialiang.base.identifiers.services import mint
from jialiang.base.prefixes import errors
from jialiang.base.prefixes.facts import UploadedDocument
from jialiang.base.prefixes.models import Prefix, PrefixChange
from jialiang.base.prefixes.openness import require_open, require_room
from jialiang.base.prefixes.selectors import (
    applications,
    changes_of,
    children_of,
    count_prefixes,
    count_waiting,
    documents_of,
    prefix,
    prefix_by_text,
    prefix_of,
    tree,
)
from jialiang.base.prefixes.selectors import prefixes as listed
from jialiang.formats.handle.published import PublishedPrefix, prefix_key, published_prefix
from jialiang.functions import prefixes
from jialiang.functions.register_check import verify_stored_files
from jialiang.governance.publication.models import PublishedAnswer
from jialiang.governance.publication.selectors import answer
from jialiang.governance.storage.current import current_store
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.security.actor import system_actor
from jialiang.security.policy import NotOwnOrganization
from jialiang.security.tenancy.scope import everywhere, scope
from jialiang.security.tenancy.services import create_tenant


@pytest.fixture
def second(world) -> Prefix:
    """The institute's second-level prefix."""
    return add_prefix(world, "88.101", world.own_id)


def published(text: str) -> PublishedPrefix | None:
    found = answer(prefix_key(text))
    return published_prefix(found.body) if found and found.body else None


def decide(world, row, **members):
    return prefixes.approve(actor=operator(world), application_id=row.id, now=world.now, **members)


# --- the application ------------------------------------------------------------------------------------------


def test_before_approval_there_is_no_prefix_and_nothing_is_published(world, second):
    row = apply(world, second, "5")
    assert prefix_by_text("88.101.5") is None
    assert published("88.101.5") is None
    assert (row.state, row.granted, count_waiting()) == ("submitted", None, 1)


def test_an_approved_application_has_its_prefix_published_in_the_same_moment(world, second):
    row = decide(world, apply(world, second, "5"), quota=2000)
    granted = prefix_of("88.101.5")
    assert (row.state, row.granted, granted.holder_id, granted.quota) == (
        "approved",
        granted,
        world.dairy_id,
        2000,
    )
    assert (granted.parent_id, granted.level, granted.state) == (second.id, "enterprise", "active")
    assert published("88.101.5") == PublishedPrefix("88.101.5", "active")
    assert answer(prefix_key("88.101.5")).headers == {"content-type": "application/json"}
    assert count_waiting() == 0


def test_the_purpose_is_one_line_and_the_documents_keep_their_bytes_and_order(world, second):
    picture = UploadedDocument(" 铭牌.png ", b"\x89PNG\r\n\x1a\n....")
    row = apply(world, second, purpose="  乳品\n 温度计 ", documents=[LICENCE, picture])
    kept = documents_of(row.id)
    assert row.purpose == "乳品 温度计"
    assert [(d.position, d.name, d.media_type, d.size) for d in kept] == [
        (1, "营业执照.pdf", "application/pdf", len(LICENCE.data)), (2, "铭牌.png", "image/png", 12),
    ]  # fmt: skip
    assert current_store().get(kept[0].sha256) == LICENCE.data


def test_a_document_is_shown_to_the_applicant_and_the_operator_and_to_no_other_customer(world, second):
    row = apply(world, second)
    for who in (customer(world), operator(world)):
        shown = prefixes.document(actor=who, application_id=row.id, position=1)
        assert shown == ("营业执照.pdf", "application/pdf", LICENCE.data)
    with pytest.raises(NotOwnOrganization):
        prefixes.document(actor=customer(world, world.mill_id), application_id=row.id, position=1)
    with pytest.raises(errors.DocumentUnknown):
        prefixes.document(actor=operator(world), application_id=row.id, position=2)


def test_without_a_wish_the_next_numbers_are_given_and_withdrawn_ones_never_again(world, second):
    texts = [decide(world, apply(world, second)).granted.text for _ in range(3)]
    assert texts == ["88.101.1", "88.101.2", "88.101.3"]
    prefixes.withdraw(actor=operator(world), prefix_id=prefix_of("88.101.3").id, reason="停业", now=world.now)
    assert decide(world, apply(world, second)).granted.text == "88.101.4"


def test_the_next_number_steps_over_what_another_institute_of_the_installation_has(world, second):
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=world.now)
    with scope(other.id):
        foreign = build_world(other.id, world.now)
        add_prefix(foreign, "88.101.1", foreign.own_id)
    assert decide(world, apply(world, second)).granted.text == "88.101.2"


def test_the_operator_may_give_another_code_than_the_wished_one(world, second):
    assert decide(world, apply(world, second, "7"), code="milk").granted.text == "88.101.milk"
    assert decide(world, apply(world, second, "7"), code="").granted.text == "88.101.1"


def test_a_code_that_was_given_is_refused_already_when_it_is_wished_for_in_any_case(world, second):
    add_prefix(world, "88.101.Milk")
    with nothing_changes(), pytest.raises(errors.PrefixTaken) as refused:
        apply(world, second, "mILK")
    assert refused.value.facts["prefix"] == "88.101.mILK"


def test_of_two_who_wish_for_one_code_the_second_is_not_approved_with_it(world, second):
    first, late = apply(world, second, "5"), apply(world, second, "5", organization_id=world.mill_id)
    decide(world, first)
    with nothing_changes(), pytest.raises(errors.PrefixTaken):
        decide(world, late)
    assert decide(world, late, code="").granted.text == "88.101.6"


REFUSED = {
    "purpose empty": ({"purpose": " "}, errors.ApplicationIncomplete),
    "purpose too long": ({"purpose": "x" * 401}, errors.PrefixMember),
    "no document": ({"documents": []}, errors.ApplicationIncomplete),
    "a program": ({"documents": [UploadedDocument("a.pdf", b"MZ\x90")]}, errors.BadDocument),
    "an empty file": ({"documents": [UploadedDocument("a.pdf", b"")]}, errors.BadDocument),
    "no name": ({"documents": [UploadedDocument(" ", LICENCE.data)]}, errors.BadDocument),
    "a name of two lines": ({"documents": [UploadedDocument("a\nb.pdf", LICENCE.data)]}, errors.BadDocument),
    "too many": ({"documents": [LICENCE] * 11}, errors.BadDocument),
    "too large": (
        {"documents": [UploadedDocument("a.pdf", b"%PDF-" + bytes(10 * 1024 * 1024))]},
        errors.BadDocument,
    ),
    "a dot in the code": ({"wished_code": "5.1"}, errors.BadPrefix),
    "a code too long": ({"wished_code": "x" * 21}, errors.PrefixMember),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_an_application_that_will_not_do_is_refused_and_leaves_nothing(world, second, fault):
    members, error = REFUSED[fault]
    with nothing_changes(), pytest.raises(error):
        apply(world, second, **members)


def test_under_a_prefix_that_is_not_active_nobody_applies_and_nothing_is_approved(world, second):
    waiting = apply(world, second)
    prefixes.suspend(actor=operator(world), prefix_id=second.id, reason="整改", now=world.now)
    with nothing_changes(), pytest.raises(errors.PrefixStateForbids):
        apply(world, second)
    with nothing_changes(), pytest.raises(errors.PrefixStateForbids):
        decide(world, waiting)


def test_whoever_handed_an_application_in_does_not_decide_on_it(world, second):
    both = replace(operator(world), roles=frozenset({"identifier_operator", "receptionist"}))
    row = apply(world, second, actor=both)
    for verb in (
        lambda: prefixes.approve(actor=both, application_id=row.id, now=world.now),
        lambda: prefixes.refuse(actor=both, application_id=row.id, reason="r", now=world.now),
    ):
        with nothing_changes(), pytest.raises(errors.OwnApplication) as refused:
            verb()
        assert refused.value.http_status == 403
    assert decide(world, row).state == "approved"


def test_nobody_of_the_applying_organization_decides_either(world, second):
    row = apply(world, second)
    inside = world.person("identifier_operator", organization_id=world.dairy_id)
    with nothing_changes(), pytest.raises(errors.OwnApplication):
        prefixes.approve(actor=inside, application_id=row.id, now=world.now)


def test_a_refusal_needs_a_reason_which_the_applicant_reads(world, second):
    row = apply(world, second)
    with nothing_changes(), pytest.raises(errors.PrefixReasonMissing):
        prefixes.refuse(actor=operator(world), application_id=row.id, reason=" \n", now=world.now)
    row = prefixes.refuse(actor=operator(world), application_id=row.id, reason="执照 过期", now=world.now)
    assert (row.state, row.reason, row.decided_at, row.granted) == ("refused", "执照 过期", world.now, None)


def test_a_decision_on_another_version_than_the_one_read_is_refused(world, second):
    row = apply(world, second)
    with nothing_changes(), pytest.raises(errors.PrefixChanged):
        decide(world, row, expected_version=2)


def test_a_desk_lists_what_waits_and_a_customer_the_own_applications(world, second):
    mine, other = apply(world, second), apply(world, second, organization_id=world.mill_id)
    decide(world, mine)
    assert [row.id for row in applications(state="submitted")] == [other.id]
    assert [row.id for row in applications(only_organization=world.dairy_id)] == [mine.id]


def test_the_check_of_the_register_knows_the_documents_and_notices_a_damaged_one(world, second):
    row = apply(world, second)
    assert [finding for finding in verify_stored_files(world.now) if finding.kind != "loose_object"] == []
    (kept,) = documents_of(row.id)
    path = settings.JIALIANG.object_dir / kept.sha256[:2] / kept.sha256[2:4] / kept.sha256
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + b"?")
    try:
        found = [(f.grave, f.kind, f.subject) for f in verify_stored_files(world.now) if f.kind != "loose_object"]
    finally:
        path.write_bytes(whole)
    assert found == [("damage", "file_damaged", "营业执照.pdf")]
    assert kept.sha256 not in [f.subject for f in verify_stored_files(world.now)]


# --- the tree -------------------------------------------------------------------------------------------------


def test_the_installation_s_own_prefix_is_there_from_the_founding_and_shared(world):
    row = prefix_of(settings.JIALIANG.identifier_prefix)
    assert (row.shared, row.holder_id, row.level, row.state) == (True, world.own_id, "enterprise", "active")
    assert published("88.999.1") == PublishedPrefix("88.999.1", "active")


def test_founding_again_changes_nothing(world):
    founder = system_actor(world.tenant_id, Text("安装程序"), "cli")
    with nothing_changes():
        assert prefixes.found(actor=founder, now=world.now) is None


def test_each_institute_has_its_row_of_the_shared_prefix_and_sees_no_prefix_of_another(world, second):
    with everywhere("a second institute for the test"):
        other = create_tenant(slug="other-institute", name=Text("另一机构"), now=world.now)
    with scope(other.id):
        foreign = build_world(other.id, world.now)
        shared = prefix_of("88.999.1")
        require_open(shared, foreign.dairy_id)
        row = mint(suffix="o-1", subject_kind="instrument", subject_id=new_id(world.now), now=world.now)
        assert row.text == "88.999.1/o-1"
        assert prefix_by_text("88.101") is None
        assert [row.text for row in tree()] == ["88.999.1"]
        assert (shared.holder_id, count_prefixes()) == (foreign.own_id, 1)
        with pytest.raises(errors.PrefixTaken):
            add_prefix(foreign, "88.101", foreign.own_id)


def test_the_shared_prefix_has_a_quota_but_is_never_suspended_or_given_away(world):
    own, who = prefix_of("88.999.1"), operator(world)
    for verb in (
        lambda: prefixes.suspend(actor=who, prefix_id=own.id, reason="r", now=world.now),
        lambda: prefixes.withdraw(actor=who, prefix_id=own.id, reason="r", now=world.now),
        lambda: prefixes.transfer(actor=who, prefix_id=own.id, holder_id=world.mill_id, reason="r", now=world.now),
        lambda: prefixes.delegate(actor=who, prefix_id=own.id, site=SITE, now=world.now),
    ):
        with nothing_changes(), pytest.raises(errors.BadPrefix):
            verb()
    assert prefixes.set_quota(actor=who, prefix_id=own.id, quota=10**6, now=world.now).quota == 10**6
    assert published("88.999.1").state == "active"


def test_what_one_institute_was_given_alone_never_becomes_the_shared_prefix(world, monkeypatch):
    add_prefix(world, "88.101")
    monkeypatch.setattr(settings, "JIALIANG", replace(settings.JIALIANG, identifier_prefix="88.101"))
    founder = system_actor(world.tenant_id, Text("安装程序"), "cli")
    with nothing_changes():
        assert prefixes.found(actor=founder, now=world.now) is None


def test_answers_of_prefixes_are_written_anew_after_an_import(world):
    add_prefix(world, "88.101.5")
    PublishedAnswer.objects.all().delete()
    republish(world.tenant_id, world.now)
    assert [published(text).state for text in ("88.999.1", "88.101.5")] == ["active", "active"]


def test_a_prefix_put_above_others_takes_those_directly_below_it(world):
    low, lower = add_prefix(world, "88.101.5"), add_prefix(world, "88.101.5.2")
    stranger = add_prefix(world, "88.1011.5")
    middle = add_prefix(world, "88.101", world.own_id)
    top = add_prefix(world, "88", world.own_id)
    assert {row.text: row.parent and row.parent.text for row in tree()} == {
        "88": None, "88.101": "88", "88.101.5": "88.101", "88.101.5.2": "88.101.5", "88.1011.5": None, "88.999.1": None,
    }  # fmt: skip
    assert prefix(stranger.id).parent is None
    assert [row.text for row in children_of(middle.id)] == [low.text]
    assert (prefix(lower.id).parent_id, top.level) == (low.id, "national")


def test_the_tree_stands_in_the_order_of_the_numbers(world):
    for text in ("88.101.10", "88.101.9", "88.101", "88.101.lab", "88.2"):
        add_prefix(world, text)
    assert [row.text for row in tree()] == [
        "88.2",
        "88.101",
        "88.101.9",
        "88.101.10",
        "88.101.lab",
        "88.999.1",
    ]


def test_lists_are_narrowed_by_beginning_state_and_holder(world, second):
    add_prefix(world, "88.101.A", world.mill_id)
    assert [row.text for row in listed(text="88.101.a")] == ["88.101.A"]
    assert [row.text for row in listed(only_holder=world.mill_id)] == ["88.101.A"]
    assert count_prefixes(state="suspended") == 0
    assert count_prefixes(text="%") == 0


# --- states ---------------------------------------------------------------------------------------------------


def test_a_delegated_prefix_is_published_with_its_server_and_taken_back_without(world):
    row, who = add_prefix(world, "88.101.5"), operator(world)
    prefixes.delegate(actor=who, prefix_id=row.id, site=SITE, now=world.now)
    assert published("88.101.5") == PublishedPrefix("88.101.5", "delegated", SITE)
    prefixes.suspend(actor=who, prefix_id=row.id, reason="r", now=world.now)
    assert published("88.101.5") == PublishedPrefix("88.101.5", "suspended")
    prefixes.resume(actor=who, prefix_id=row.id, now=world.now)
    assert published("88.101.5") == PublishedPrefix("88.101.5", "active")
    assert prefix(row.id).site is None


def test_a_withdrawn_prefix_is_published_no_more_and_nothing_brings_it_back(world):
    row, who = add_prefix(world, "88.101.5"), operator(world)
    prefixes.withdraw(actor=who, prefix_id=row.id, reason="停业", now=world.now)
    assert published("88.101.5") is None
    for verb in (
        lambda: prefixes.resume(actor=who, prefix_id=row.id, now=world.now),
        lambda: prefixes.suspend(actor=who, prefix_id=row.id, reason="r", now=world.now),
        lambda: prefixes.delegate(actor=who, prefix_id=row.id, site=SITE, now=world.now),
        lambda: prefixes.transfer(
            actor=who, prefix_id=row.id, holder_id=world.mill_id, reason="r", now=world.now
        ),
        lambda: prefixes.set_quota(actor=who, prefix_id=row.id, quota=1, now=world.now),
    ):
        with nothing_changes(), pytest.raises(errors.PrefixStateForbids):
            verb()
    with nothing_changes(), pytest.raises(errors.PrefixTaken):
        add_prefix(world, "88.101.5")
    with nothing_changes(), pytest.raises(errors.PrefixStateForbids):
        add_prefix(world, "88.101.5.1")


def test_a_prefix_is_withdrawn_after_those_below_it(world, second):
    low, who = add_prefix(world, "88.101.5"), operator(world)
    with nothing_changes(), pytest.raises(errors.PrefixHasChildren) as refused:
        prefixes.withdraw(actor=who, prefix_id=second.id, reason="r", now=world.now)
    assert refused.value.facts["count"] == 1
    prefixes.withdraw(actor=who, prefix_id=low.id, reason="r", now=world.now)
    assert prefixes.withdraw(actor=who, prefix_id=second.id, reason="r", now=world.now).state == "withdrawn"


@pytest.mark.parametrize("verb", [prefixes.suspend, prefixes.withdraw])
@pytest.mark.parametrize(
    ("reason", "error"), [("", errors.PrefixReasonMissing), ("x" * 201, errors.PrefixMember)]
)
def test_weighty_deeds_need_a_reason_that_fits(world, verb, reason, error):
    row = add_prefix(world, "88.101.5")
    with nothing_changes(), pytest.raises(error):
        verb(actor=operator(world), prefix_id=row.id, reason=reason, now=world.now)


def test_after_a_transfer_the_new_holder_registers_and_the_old_one_no_more(world):
    row = add_prefix(world, "88.101.5")
    require_open(row, world.dairy_id)
    row = prefixes.transfer(
        actor=operator(world), prefix_id=row.id, holder_id=world.mill_id, reason="并购", now=world.now
    )
    require_open(row, world.mill_id)
    with pytest.raises(errors.PrefixOfAnother):
        require_open(row, world.dairy_id)


def test_only_under_an_active_prefix_identifiers_are_registered(world):
    row = add_prefix(world, "88.101.5")
    row = prefixes.suspend(actor=operator(world), prefix_id=row.id, reason="r", now=world.now)
    with pytest.raises(errors.PrefixStateForbids):
        require_open(row, world.dairy_id)


@pytest.mark.parametrize(
    ("used", "adding", "fits"), [(0, 10, True), (9, 1, True), (10, 1, False), (0, 11, False)]
)
def test_a_quota_is_filled_to_the_last_identifier_and_not_beyond(world, used, adding, fits):
    row = add_prefix(world, "88.101.5", quota=10)
    require_room(replace_quota(row, None), used=10**9, adding=1)
    if fits:
        require_room(row, used=used, adding=adding)
    else:
        with pytest.raises(errors.QuotaReached) as refused:
            require_room(row, used=used, adding=adding)
        assert refused.value.facts == {"prefix": "88.101.5", "quota": 10, "used": used, "adding": adding}


def replace_quota(row: Prefix, quota: int | None) -> Prefix:
    free = Prefix.objects.get(pk=row.pk)
    free.quota = quota
    return free


@pytest.mark.parametrize("quota", [0, -1, 2_000_000_001, "9", 1.5, True])
def test_a_quota_that_is_no_number_of_identifiers_is_refused(world, quota):
    with nothing_changes(), pytest.raises(errors.BadQuota):
        add_prefix(world, "88.101.5", quota=quota)


def test_a_quota_never_falls_below_what_is_registered(world):
    row, who = add_prefix(world, "88.101.5"), operator(world)
    with nothing_changes(), pytest.raises(errors.BadQuota) as refused:
        prefixes.set_quota(actor=who, prefix_id=row.id, quota=99, used=100, now=world.now)
    assert refused.value.facts["least"] == 100
    assert prefixes.set_quota(actor=who, prefix_id=row.id, quota=100, used=100, now=world.now).quota == 100
    with nothing_changes(), pytest.raises(errors.PrefixChanged):
        prefixes.set_quota(actor=who, prefix_id=row.id, quota=200, expected_version=1, now=world.now)


def test_the_replayed_history_of_a_prefix_equals_a_fresh_read(world):
    row, who = add_prefix(world, "88.101.5", quota=7), operator(world)
    prefixes.delegate(actor=who, prefix_id=row.id, site=SITE, now=world.now)
    prefixes.suspend(actor=who, prefix_id=row.id, reason="欠费", now=world.now)
    prefixes.resume(actor=who, prefix_id=row.id, reason="缴清", now=world.now)
    prefixes.transfer(actor=who, prefix_id=row.id, holder_id=world.mill_id, reason="并购", now=world.now)
    prefixes.set_quota(actor=who, prefix_id=row.id, quota=None, now=world.now)
    replayed: dict[str, object] = {}
    for change in changes_of(row.id):
        assert {member: replayed.get(member) for member in change.old if member in replayed} == {
            member: value for member, value in change.old.items() if member in replayed
        }
        replayed |= change.new
    fresh = prefix(row.id)
    assert replayed == {
        "holder_id": str(fresh.holder_id), "state": fresh.state, "quota": fresh.quota, "site": fresh.site,
        "state_reason": fresh.state_reason,
    }  # fmt: skip
    assert [change.deed for change in changes_of(row.id)] == [
        "add", "delegate", "suspend", "resume", "transfer", "set_quota",
    ]  # fmt: skip
    assert {change.person_name for change in changes_of(row.id)} == {"李四"}


# --- an installation that was there before --------------------------------------------------------------------


def migrate() -> None:
    migration = importlib.import_module("jialiang.base.prefixes.migrations.0002_installation_prefix")
    with everywhere("a migration knows no institute"):
        migration.found_prefix(installed, None)


def test_an_installation_that_was_there_before_gets_its_prefix_by_migrating_once(world):
    PrefixChange.objects.all().delete()
    Prefix.objects.all().delete()
    PublishedAnswer.objects.all().delete()
    migrate()
    row = prefix_of("88.999.1")
    assert (row.shared, row.holder_id, row.level, row.version) == (True, world.own_id, "enterprise", 1)
    assert published("88.999.1") == PublishedPrefix("88.999.1", "active")
    assert [change.deed for change in changes_of(row.id)] == ["add"]
    with nothing_changes():
        migrate()


def test_before_the_founding_there_is_nothing_to_migrate(db):
    migrate()
    with everywhere("the test looks at all institutes"):
        assert not Prefix.objects.exists()
