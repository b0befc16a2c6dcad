"""Identifiers: given once on the whole installation, forgiving to read, made from ids."""

from uuid import UUID

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from jialiang.base.identifiers import errors, selectors, services
from jialiang.base.identifiers.models import Identifier
from jialiang.kernel.ids import CROCKFORD, new_id
from jialiang.kernel.text import Text
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.services import create_tenant


def mint(suffix, now, **members):
    members = {"subject_kind": "instrument", "subject_id": new_id(now), **members}
    return services.mint(suffix=suffix, now=now, **members)


def test_an_identifier_has_the_installation_s_prefix_and_a_lower_case_suffix(in_tenant, now):
    row = mint("YZ-2026-C-000001", now)
    assert row.text == f"{settings.JIALIANG.identifier_prefix}/yz-2026-c-000001"


def test_it_is_read_back_whatever_the_capitals_and_blanks(in_tenant, now):
    row = mint("abc-1", now)
    assert selectors.identifier(f"  {row.text.upper()} ").id == row.id
    assert selectors.identifier_of("instrument", row.subject_id).id == row.id
    assert selectors.identifier_of("certificate", row.subject_id) is None
    assert selectors.identifier_texts("instrument", [row.subject_id, new_id(now)]) == {row.subject_id: row.text}


def test_a_code_is_never_given_twice_not_even_to_another_institute(in_tenant, now):
    mint("abc-1", now)
    with pytest.raises(errors.IdentifierTaken):
        mint("ABC-1", now)
    other = create_tenant(slug="other-institute", name=Text("另一机构"), now=now)
    with scope(other.id), pytest.raises(errors.IdentifierTaken):
        mint("abc-1", now)


def test_of_two_who_ask_at_once_the_database_refuses_one(in_tenant, now, monkeypatch):
    mint("abc-1", now)
    monkeypatch.setattr(services, "is_taken", lambda prefix, suffix: False)
    with pytest.raises(errors.IdentifierTaken):
        mint("abc-1", now)
    assert Identifier.objects.count() == 1  # the transaction is still usable


BROKEN = ("", "88.1", "88.1/", "/a", "88..1/a", "88.1/-a", "88.1/a b", "88.1/ａ", "88.1/" + "a" * 121, "1" * 61 + "/a")


@pytest.mark.parametrize("text", BROKEN)
def test_what_is_no_identifier_is_refused(text):
    with pytest.raises(errors.BadIdentifier):
        selectors.parsed(text)


def test_an_unknown_identifier_is_not_found(in_tenant):
    with pytest.raises(errors.IdentifierUnknown):
        selectors.identifier("88.1/nothing")


@given(st.uuids(), st.uuids())
def test_suffixes_made_from_ids_differ_as_the_ids_do_and_sort_as_they_do(one, other):
    first, second = services.suffix_of(one), services.suffix_of(other)
    assert (first < second) == (one.int < other.int)
    assert len(first) == 26
    assert selectors.parsed(f"88.1/{first}") == ("88.1", first)


def test_a_suffix_is_the_number_in_base_32():
    assert services.suffix_of(UUID(int=0)) == "0" * 26
    assert services.suffix_of(UUID(int=33)) == "0" * 24 + "11"
    assert services.suffix_of(UUID(int=31))[-1] == CROCKFORD[31].lower()
