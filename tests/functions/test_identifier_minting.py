"""Minted names: by each rule, never the same twice, past names that were registered by hand."""

import re
import threading
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import connection
from tests.ledger import build_world

from jialiang.base.identifiers import errors
from jialiang.base.identifiers.check_character import holds
from jialiang.functions import identifiers
from jialiang.security.policy import NotAuthorized, NotOwnOrganization
from jialiang.security.tenancy.scope import scope

PREFIX = settings.JIALIANG.identifier_prefix


@pytest.fixture
def mint(world, now):
    operator = world.person("identifier_operator")

    def act(rule="sequence", template="", at=now, prefix=PREFIX):
        return identifiers.minted_name(actor=operator, prefix=prefix, rule=rule, template=template, now=at)

    return act


def test_a_sequence_counts_and_a_check_digit_is_added(mint):
    assert [mint(), mint(), mint("check_digit")] == [f"{PREFIX}/1", f"{PREFIX}/2", mint_with_check(3)]
    assert holds(mint("check_digit").partition("/")[2])


def mint_with_check(number):
    found = [f"{number}{letter}" for letter in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" if holds(f"{number}{letter}")]
    assert len(found) == 1
    return f"{PREFIX}/{found[0]}"


def test_a_uuid_is_of_version_7(mint):
    first, second = mint("uuid"), mint("uuid")
    assert re.fullmatch(re.escape(PREFIX) + r"/[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}", first)
    assert first != second


def test_a_pattern_counts_anew_in_each_series(mint):
    pattern = "870101.{year}.{sequence:06}"
    assert mint("template", pattern) == f"{PREFIX}/870101.2026.000001"
    assert mint("template", pattern) == f"{PREFIX}/870101.2026.000002"
    next_year = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)  # midnight in the institute's own time zone
    assert mint("template", pattern, next_year) == f"{PREFIX}/870101.2027.000001"
    assert mint("template", "{day}-{month}-{sequence}") == f"{PREFIX}/16-06-1"
    assert re.fullmatch(r".*/x-[0-9a-f]{32}", mint("template", "x-{uuid}"))


def test_names_registered_by_hand_are_passed_over(world, mint, now):
    operator = world.person("identifier_operator")
    for number in (1, 2, 4):
        identifiers.register(actor=operator, name=f"{PREFIX}/{number}", values=(), now=now)
    assert [mint(), mint()] == [f"{PREFIX}/3", f"{PREFIX}/5"]


def test_even_a_long_row_of_names_registered_by_hand_is_passed(world, mint, now):
    operator = world.person("identifier_operator")
    items = [identifiers.BatchItem(f"{PREFIX}/{number}") for number in range(1, 801)]
    identifiers.register_many(actor=operator, items=items, mode="create", now=now)
    assert int(mint().partition("/")[2]) > 800


BAD_PATTERNS = [
    "", "no field", "{sequence}{uuid}", "{year}", "{serial}", "{sequence", "{sequence:99}", 120 * "x" + "{uuid}",
]  # fmt: skip


@pytest.mark.parametrize("template", BAD_PATTERNS)
def test_a_pattern_that_cannot_make_names_is_refused(mint, template):
    with pytest.raises(errors.BadMintingRule):
        mint("template", template)


def test_an_unknown_rule_is_refused_with_those_there_are(mint):
    with pytest.raises(errors.BadMintingRule) as refused:
        mint("random")
    assert "check_digit" in refused.value.what.en
    with pytest.raises(errors.PrefixForbids):
        mint(prefix="10.1000")


def test_who_may_not_register_mints_nothing(world, now):
    with pytest.raises(NotAuthorized):
        identifiers.minted_name(actor=world.person("auditor"), prefix=PREFIX, now=now)
    customer = world.person("customer", organization_id=world.dairy_id)
    with pytest.raises(NotOwnOrganization):
        identifiers.minted_name(actor=customer, prefix=PREFIX, now=now)


@pytest.mark.django_db(transaction=True)
def test_two_who_mint_and_register_at_once_never_get_the_same_name(tenant, now):
    with scope(tenant.id):
        operator = build_world(tenant.id, now).person("identifier_operator")
    names = []
    start = threading.Barrier(2)

    def work():
        start.wait()
        with scope(tenant.id):
            for _ in range(10):
                name = identifiers.minted_name(actor=operator, prefix=PREFIX, rule="check_digit", now=now)
                identifiers.register(actor=operator, name=name, values=(), now=now)
                names.append(name)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(names)) == len(names) == 20


@pytest.mark.django_db(transaction=True)
def test_of_two_who_register_one_name_at_once_one_succeeds(tenant, now):
    with scope(tenant.id):
        operator = build_world(tenant.id, now).person("identifier_operator")
    outcomes = []
    start = threading.Barrier(2)

    def work(shared):
        start.wait()
        with scope(tenant.id):
            for number in range(5):
                try:
                    identifiers.register(actor=operator, name=f"{PREFIX}/race-{number}", values=(), now=now)
                    outcomes.append("mine")
                except errors.IdentifierTaken:
                    outcomes.append("taken")
            items = [identifiers.BatchItem(f"{PREFIX}/many-{number}", template=shared) for number in range(50)]
            found = identifiers.register_many(actor=operator, items=items, mode="create", now=now)
            outcomes.extend(one.outcome for one in found)
        connection.close()

    threads = [threading.Thread(target=work, args=(name,)) for name in ("first", "second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["created"] * 50 + ["mine"] * 5 + ["refused"] * 50 + ["taken"] * 5
