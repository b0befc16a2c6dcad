"""Verbs on identifiers: registering, changing, moving through the states, resolving, and who may."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from tests.ledger import build_world

from jialiang.base.identifiers import errors, selectors
from jialiang.base.identifiers.records import RecordCode
from jialiang.formats.codes import SYSTEMS
from jialiang.formats.handle.names import BadHandle
from jialiang.formats.handle.published import gs1_key, record_key
from jialiang.formats.handle.values import HandleValue
from jialiang.functions import identifiers
from jialiang.functions.deed import ForeignTenant
from jialiang.functions.identifier_codes import DIGITAL_LINK, KEYS, gs1_paths, known_codes
from jialiang.governance.outbox.models import OutboxEvent
from jialiang.governance.publication.selectors import answer
from jialiang.kernel.text import Text
from jialiang.security.audit.models import AuditRecord
from jialiang.security.policy import NotAuthorized, NotOwnOrganization
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant

PREFIX = settings.JIALIANG.identifier_prefix
NAME = f"{PREFIX}/WLB-21 之 2024-0317"
URL = HandleValue(1, "URL", b"https://example.org/thermometer/317")
MOVED = HandleValue(1, "URL", b"https://example.org/2")
NOTE = HandleValue(2, "NOTE", "乳品检验室".encode())
HIDDEN = HandleValue(300, "HS_SECKEY", b"seven bronze measures", permissions=0b1100)


@pytest.fixture
def operator(world):
    return world.person("identifier_operator")


@pytest.fixture
def stranger(world):
    return world.person()


@pytest.fixture
def registered(operator, now):
    return identifiers.register(actor=operator, name=NAME, values=(URL, HIDDEN), now=now)


def published(name=NAME):
    row = answer(record_key(name))
    return None if row is None else (json.loads(row.body), row.headers.get(":status", "200"))


def seen_by(actor, now):
    return [v.index for v in identifiers.resolve_identifier(actor=actor, name=NAME, now=now).record.values]


def test_a_name_is_registered_with_its_values_as_it_was_written(registered, now):
    assert registered.name == NAME
    assert registered.version == 1
    assert registered.state == "active"
    assert [value.index for value in registered.record.values] == [1, 300]
    assert {value.timestamp for value in registered.record.values} == {int(now.timestamp())}


def test_what_is_public_of_it_is_published_and_nothing_else(registered):
    body, status = published()
    assert status == "200"
    assert (body["responseCode"], body["handle"]) == (1, NAME)
    assert [(value["index"], value["type"]) for value in body["values"]] == [(1, "URL")]
    assert "bronze" not in json.dumps(body)


def test_the_deed_is_on_record_without_any_value(registered):
    entry = AuditRecord.objects.get(action="identifier.register")
    assert entry.subject_id == str(registered.id)
    assert entry.detail["indexes"] == [1, 300]
    assert "bronze" not in json.dumps(entry.detail)
    event = OutboxEvent.objects.get(name="identifier.registered")
    assert event.data == {"identifier": NAME, "state": "active"}


def test_a_name_is_given_once_whatever_its_capitals(registered, operator, now):
    with pytest.raises(errors.IdentifierTaken):
        identifiers.register(actor=operator, name=NAME.replace("WLB", "wlb"), values=(URL,), now=now)


def test_with_overwrite_a_record_that_is_there_gets_the_new_values(registered, operator, now):
    again = identifiers.register(actor=operator, name=NAME, values=(NOTE,), overwrite=True, now=now)
    assert (again.id, again.version) == (registered.id, 2)
    assert [value.index for value in again.record.values] == [2]
    fresh = identifiers.register(actor=operator, name=f"{PREFIX}/2", values=(URL,), overwrite=True, now=now)
    assert fresh.version == 1


@pytest.mark.parametrize("name", ["", "88.999.1", "/suffix", "88..1/x", f"{PREFIX}/a\nb", f" {PREFIX}/a"])
def test_what_is_no_name_is_refused_before_anything_is_written(operator, now, name):
    with pytest.raises(BadHandle):
        identifiers.register(actor=operator, name=name, values=(), now=now)
    assert not AuditRecord.objects.filter(action__startswith="identifier.").exists()


def test_nothing_is_registered_under_a_prefix_that_is_not_kept_here(operator, now):
    with pytest.raises(errors.PrefixForbids) as refused:
        identifiers.register(actor=operator, name="10.1000/1", values=(URL,), now=now)
    assert "10.1000" in refused.value.what.zh


def test_a_record_begins_active_or_reserved(operator, now):
    with pytest.raises(errors.BadFirstState):
        identifiers.register(actor=operator, name=NAME, values=(), state="retired", now=now)


def test_values_are_put_added_modified_and_removed_by_index(registered, operator, now):
    later = now + timedelta(minutes=1)
    record = identifiers.add_values(actor=operator, name=NAME, values=(NOTE,), now=later)
    assert [v.index for v in record.record.values] == [1, 2, 300]
    record = identifiers.modify_values(actor=operator, name=NAME, values=(MOVED,), now=later)
    assert record.record.chosen([1]).values[0].data == b"https://example.org/2"
    record = identifiers.put_values(actor=operator, name=NAME, values=(replace(NOTE, index=3),), now=later)
    record = identifiers.remove_values(actor=operator, name=NAME, indexes=(2, 300), now=later)
    assert [v.index for v in record.record.values] == [1, 3]
    assert record.version == 5
    assert [value["index"] for value in published()[0]["values"]] == [1, 3]


def test_only_what_changed_gets_a_new_timestamp(registered, operator, now):
    later = now + timedelta(hours=1)
    record = identifiers.put_values(actor=operator, name=NAME, values=(URL, NOTE), now=later)
    stamps = {value.index: value.timestamp for value in record.record.values}
    assert stamps == {1: int(now.timestamp()), 2: int(later.timestamp()), 300: int(now.timestamp())}


def test_indexes_that_are_taken_or_missing_are_named(registered, operator, now):
    with pytest.raises(errors.ValueTaken) as taken:
        identifiers.add_values(actor=operator, name=NAME, values=(URL, NOTE), now=now)
    assert taken.value.facts["indexes"] == "1"
    with pytest.raises(errors.ValueTaken):
        identifiers.put_values(actor=operator, name=NAME, values=(URL,), overwrite=False, now=now)
    with pytest.raises(errors.ValueUnknown) as missing:
        identifiers.modify_values(actor=operator, name=NAME, values=(NOTE,), now=now)
    assert missing.value.facts["indexes"] == "2"
    with pytest.raises(errors.ValueUnknown) as gone:
        identifiers.remove_values(actor=operator, name=NAME, indexes=(1, 7, 9), now=now)
    assert gone.value.facts["indexes"] == "7, 9"
    assert selectors.record(NAME).version == 1


def test_a_change_that_changes_nothing_leaves_no_trace(registered, operator, now):
    same = identifiers.replace_values(actor=operator, name=NAME, values=(HIDDEN, URL), now=now + timedelta(days=1))
    assert same == registered
    assert not AuditRecord.objects.filter(action="identifier.change").exists()
    assert len(selectors.history(NAME)) == 1


def test_who_read_another_version_is_told_who_changed_it(registered, operator, now):
    identifiers.put_values(actor=operator, name=NAME, values=(NOTE,), now=now)
    with pytest.raises(errors.IdentifierChanged) as refused:
        identifiers.replace_values(actor=operator, name=NAME, values=(URL,), expected_version=1, now=now)
    assert refused.value.facts == {"identifier": NAME, "read": 1, "stored": 2, "who": operator.name.zh}
    third = identifiers.replace_values(actor=operator, name=NAME, values=(URL,), expected_version=2, now=now)
    assert third.version == 3


def test_a_reserved_record_is_public_only_once_it_is_active(operator, stranger, now):
    identifiers.register(actor=operator, name=NAME, values=(URL,), state="reserved", now=now)
    assert published() is None
    with pytest.raises(errors.IdentifierUnknown):
        identifiers.resolve_identifier(actor=stranger, name=NAME, now=now)
    assert identifiers.activate(actor=operator, name=NAME, now=now).state == "active"
    assert published()[0]["values"][0]["index"] == 1
    assert AuditRecord.objects.filter(action="identifier.activate").count() == 1
    assert OutboxEvent.objects.filter(name="identifier.activated").count() == 1


def test_suspending_and_resuming_are_seen_by_the_public_side(registered, operator, stranger, now):
    with pytest.raises(errors.ReasonMissing):
        identifiers.suspend(actor=operator, name=NAME, reason="  ", now=now)
    identifiers.suspend(actor=operator, name=NAME, reason="疑似伪造", now=now)
    body, status = published()
    assert (body["responseCode"], body["state"], status) == (100, "suspended", "404")
    with pytest.raises(errors.IdentifierSuspended):
        identifiers.resolve_identifier(actor=stranger, name=NAME, now=now)
    assert identifiers.resolve_identifier(actor=operator, name=NAME, now=now).state == "suspended"
    identifiers.resume(actor=operator, name=NAME, now=now)
    assert published()[1] == "200"
    assert [entry.reason for entry in selectors.history(NAME)] == ["", "疑似伪造", ""]


def test_a_retired_name_is_gone_for_good_and_its_codes_are_free(operator, stranger, now):
    giai = RecordCode("GIAI", "4012345999990")
    identifiers.register(actor=operator, name=NAME, values=(URL,), codes=(giai,), now=now)
    identifiers.retire(actor=operator, name=NAME, now=now)
    assert published()[1] == "410"
    with pytest.raises(errors.IdentifierRetired):
        identifiers.resolve_identifier(actor=stranger, name=NAME, now=now)
    for overwrite in (False, True):
        with pytest.raises(errors.IdentifierTaken):
            identifiers.register(actor=operator, name=NAME, values=(), overwrite=overwrite, now=now)
    with pytest.raises(errors.IdentifierStateForbids):
        identifiers.resume(actor=operator, name=NAME, now=now)
    with pytest.raises(errors.IdentifierStateForbids):
        identifiers.put_values(actor=operator, name=NAME, values=(NOTE,), now=now)
    successor = identifiers.register(actor=operator, name=f"{PREFIX}/next", values=(), codes=(giai,), now=now)
    assert successor.codes == (replace(giai, primary=True),)
    assert selectors.record_by_code("GIAI", giai.code).name == successor.name


def test_a_code_names_one_record_of_the_installation(registered, operator, now):
    giai = RecordCode("GIAI", "4012345999990")
    identifiers.replace_values(actor=operator, name=NAME, values=(URL,), codes=(giai,), now=now)
    with pytest.raises(errors.CodeTaken) as refused:
        identifiers.register(actor=operator, name=f"{PREFIX}/2", values=(), codes=(giai,), now=now)
    assert refused.value.facts["identifier"] == NAME
    assert not selectors.is_taken(f"{PREFIX}/2")


@pytest.mark.parametrize(
    ("action", "verb"),
    [
        ("activate", identifiers.activate), ("resume", identifiers.resume),
    ],
)  # fmt: skip
def test_the_states_that_let_a_deed_pass_are_named(registered, operator, now, action, verb):
    with pytest.raises(errors.IdentifierStateForbids) as refused:
        verb(actor=operator, name=NAME, now=now)
    assert refused.value.facts["state"] == Text("有效", "Active")


def test_everyone_reads_what_is_public_and_the_entitled_all_of_it(registered, operator, stranger, now):
    seen = identifiers.resolve_identifier(actor=stranger, name=NAME.replace("WLB", "wlb"), now=now)
    assert [v.index for v in seen.record.values] == [1]
    assert seen.name == NAME  # as it was written
    assert seen_by(operator, now) == [1, 300]
    chosen = identifiers.resolve_identifier(actor=operator, name=NAME, types=("url",), now=now)
    assert [v.index for v in chosen.record.values] == [1]
    none = identifiers.resolve_identifier(actor=operator, name=NAME, indexes=(8,), now=now)
    assert none.record.values == ()


def test_a_value_that_nobody_may_read_is_shown_to_nobody(operator, now):
    sealed = replace(NOTE, permissions=0)
    identifiers.register(actor=operator, name=NAME, values=(URL, sealed), now=now)
    assert seen_by(operator, now) == [1]


def test_a_record_is_read_as_it_stood_at_a_moment(registered, operator, stranger, now):
    later = now + timedelta(days=10)
    identifiers.modify_values(actor=operator, name=NAME, values=(MOVED,), now=later)

    def at(moment, actor=operator):
        found = identifiers.resolve_identifier(actor=actor, name=NAME, indexes=(1,), at=moment, now=later)
        return found.record.values[0].data, found.version

    assert at(now + timedelta(days=9)) == (URL.data, 1)
    assert at(later) == (b"https://example.org/2", 2)
    with pytest.raises(errors.IdentifierUnknown):
        at(now - timedelta(seconds=1))
    with pytest.raises(NotAuthorized):
        at(now, stranger)


def test_an_unknown_name_is_unknown(operator, now):
    with pytest.raises(errors.IdentifierUnknown):
        identifiers.resolve_identifier(actor=operator, name=f"{PREFIX}/none", now=now)
    with pytest.raises(errors.IdentifierUnknown):
        identifiers.suspend(actor=operator, name=f"{PREFIX}/none", reason="r", now=now)


def test_another_institute_reads_what_is_public_and_writes_nothing(registered, operator, now):
    other = create_tenant(slug="other-institute", name=Text("另一机构"), now=now)
    foreign = replace(operator, tenant_id=other.id)
    with scope(other.id):
        build_world(other.id, now)  # with its own row of the shared prefix
        seen = identifiers.resolve_identifier(actor=foreign, name=NAME, now=now)
        assert [v.index for v in seen.record.values] == [1]
        with pytest.raises(errors.IdentifierUnknown):
            identifiers.put_values(actor=foreign, name=NAME, values=(NOTE,), now=now)
        with pytest.raises(errors.IdentifierTaken):
            identifiers.register(actor=foreign, name=NAME, values=(NOTE,), now=now)
        with pytest.raises(ForeignTenant):
            identifiers.put_values(actor=operator, name=NAME, values=(NOTE,), now=now)


@pytest.mark.parametrize("role", ["technician", "auditor", "system_administrator"])
def test_who_may_not_register_is_refused(world, registered, now, role):
    person = world.person(role)
    with pytest.raises(NotAuthorized):
        identifiers.register(actor=person, name=f"{PREFIX}/2", values=(), now=now)
    with pytest.raises(NotAuthorized):
        identifiers.retire(actor=person, name=NAME, reason="r", now=now)
    assert seen_by(person, now) == [1, 300]


def test_a_customer_neither_changes_nor_fully_reads_what_is_another_s(world, registered, now):
    customer = world.person("customer", organization_id=world.dairy_id)
    with pytest.raises(NotOwnOrganization):
        identifiers.put_values(actor=customer, name=NAME, values=(NOTE,), now=now)
    with pytest.raises(NotOwnOrganization):
        identifiers.register(actor=customer, name=f"{PREFIX}/2", values=(), now=now)
    assert seen_by(customer, now) == [1]


GIAI = RecordCode("GIAI", "40123459")
LINK = HandleValue(7, "GS1_LINK", b'{"linkType":"gs1:pip","href":"https://example.org/pip","title":"Product"}')


def linkset(path):
    row = answer(gs1_key(path))
    return json.loads(row.body)["linkset"] if row is not None and row.body else None


def test_a_gs1_code_has_its_linkset_as_long_as_the_record_is_active(operator, now):
    identifiers.register(actor=operator, name=NAME, values=(URL, LINK), codes=(GIAI,), now=now)
    (context,) = linkset("8004/40123459")
    assert context["anchor"] == f"{settings.JIALIANG.public_url}/8004/40123459"
    default = context["https://ref.gs1.org/voc/defaultLink"]
    assert default[0]["href"] == URL.text
    identifiers.suspend(actor=operator, name=NAME, reason="r", now=now)
    assert linkset("8004/40123459") is None
    identifiers.resume(actor=operator, name=NAME, now=now)
    assert linkset("8004/40123459") == [context]
    identifiers.replace_values(actor=operator, name=NAME, values=(URL, LINK), codes=(), now=now)
    assert linkset("8004/40123459") is None
    items = [identifiers.BatchItem(f"{PREFIX}/many", (URL,), (RecordCode("gtin-13", "6901234567892"),))]
    identifiers.register_many(actor=operator, items=items, mode="create", now=now)
    assert linkset("01/06901234567892")[0]["anchor"].endswith("/01/06901234567892")
    identifiers.register_many(actor=operator, items=items, mode="delete", now=now)
    assert linkset("01/06901234567892") is None


def test_a_record_without_links_has_no_linkset(operator, now):
    identifiers.register(actor=operator, name=NAME, values=(NOTE,), codes=(GIAI,), now=now)
    assert answer(gs1_key("8004/40123459")) is None


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (RecordCode("GTIN-13", "6901234567890"), "校验位"),
        (RecordCode("BARCODE", "1"), "GTIN"),
        (RecordCode("GIAI", ""), "GIAI"),
    ],
)
def test_a_code_that_breaks_the_rules_of_its_system_is_refused_with_the_reason(operator, now, code, words):
    with pytest.raises(errors.BadCode) as refused:
        identifiers.register(actor=operator, name=NAME, values=(URL,), codes=(code,), now=now)
    assert words in refused.value.what.zh
    found = identifiers.register_many(
        actor=operator, items=[identifiers.BatchItem(NAME, codes=(code,))], mode="create", now=now
    )
    assert isinstance(found[0].error, errors.BadCode)


def test_one_code_only_is_primary_the_first_where_none_says_so(operator, now):
    codes = (RecordCode("OID", "1.2.156.112"), GIAI)
    record = identifiers.register(actor=operator, name=NAME, values=(), codes=codes, now=now)
    assert [code.primary for code in record.codes] == [True, False]
    both = tuple(replace(code, primary=True) for code in codes)
    with pytest.raises(errors.BadCode):
        identifiers.register(actor=operator, name=f"{PREFIX}/2", values=(), codes=both, now=now)
    with pytest.raises(errors.BadCode):
        identifiers.register(actor=operator, name=f"{PREFIX}/2", values=(), codes=(GIAI, GIAI), now=now)


def test_every_key_of_gs1_has_its_path():
    keys = {name for name in SYSTEMS if name.startswith(("GTIN", "G", "SSCC", "CPID", "ITIP"))} - {DIGITAL_LINK}
    assert keys - set(KEYS) <= {"GS1-Element-String"}
    link = RecordCode(DIGITAL_LINK, "https://id.gs1.org/01/09506000134352/21/a7")
    assert gs1_paths(known_codes((link,))) == ("01/09506000134352/21/a7",)
    assert gs1_paths(known_codes((RecordCode("OID", "1.2.156.112"),))) == ()
