"""Writing organizations, sites and contacts. Every service runs in the transaction of the verb that calls it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from jialiang.base.organizations.errors import (
    BadCreditCode,
    BadLocationNumber,
    OrganizationChanged,
    OrganizationExists,
    OrganizationIncomplete,
    OrganizationMember,
    OrganizationUnknown,
    OwnOrganizationExists,
    UnknownMembers,
)
from jialiang.base.organizations.facts import ContactFacts, OrganizationFacts, SiteFacts
from jialiang.base.organizations.models import Contact, Organization, Site
from jialiang.base.organizations.selectors import organization
from jialiang.governance import data_elements as elements
from jialiang.governance.data_elements import Difference
from jialiang.kernel.ids import new_id
from jialiang.kernel.text import Text
from jialiang.vocabulary.credit_codes import likely_credit_code, normalized_credit_code, why_not_credit_code
from jialiang.vocabulary.gln import is_gln, normalized_gln
from jialiang.vocabulary.regions import is_region_code

SHORT_CODE = re.compile(r"[A-Z0-9]{2,12}", re.ASCII)
COUNTRY_CODE = re.compile(r"[A-Z]{2}", re.ASCII)
_WHY_NOT = {
    "length": Text("长度不是 18 位", "it does not have 18 characters"),
    "letter": Text("含有不允许的字符", "it holds a character that never occurs"),
    "division": Text("第 3 至 8 位应为数字", "characters 3 to 8 have to be digits"),
    "check": Text("校验字符不符，可能录入有误", "the check character does not agree, so it is mistyped"),
}


def register(facts: OrganizationFacts, *, is_own: bool = False, now: datetime) -> Organization:
    """Store a new organization; of two who register it at once the database lets one.

    Raises what :func:`_checked` names, OrganizationExists, OwnOrganizationExists.
    """
    written = _checked(facts)
    _refuse_twice(written["credit_code"], None)
    _refuse_second_own(is_own)
    row = Organization(id=new_id(now), is_own=is_own, created_at=now, **written)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        _refuse_twice(written["credit_code"], None)
        _refuse_second_own(is_own)
        raise
    return row


def change(
    organization_id: UUID, changes: Mapping[str, Any], *, expected_version: int
) -> tuple[Organization, Difference]:
    """Change members of an organization, named as in :class:`OrganizationFacts`.

    Raises OrganizationUnknown, UnknownMembers, OrganizationChanged when another version was read, and what
    registering raises; no organization may stand above itself. A change that changes nothing keeps the version and
    returns an empty difference.
    """
    row = Organization.objects.select_for_update().filter(pk=organization_id).first()
    if row is None:
        raise OrganizationUnknown(wanted=str(organization_id))
    if row.version != expected_version:
        raise OrganizationChanged(name=row.name, read=expected_version, stored=row.version)
    strange = elements.unknown_members(OrganizationFacts, changes)
    if strange:
        known = ", ".join(OrganizationFacts.__dataclass_fields__)
        raise UnknownMembers(members=", ".join(strange), known=known)
    written = _checked(replace(elements.facts_of(OrganizationFacts, row), **changes))
    _refuse_own_parent(row.id, written["parent_id"])
    _refuse_twice(written["credit_code"], row.id)
    altered = elements.difference(row, written)
    if altered:
        for name, value in written.items():
            setattr(row, name, value)
        row.version += 1
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            _refuse_twice(written["credit_code"], row.id)
            raise
    return row, altered


def add_site(organization_id: UUID, facts: SiteFacts, *, now: datetime) -> Site:
    """Store a site of an organization. Raises OrganizationUnknown, OrganizationIncomplete, OrganizationMember."""
    owner = organization(organization_id)
    written = _plain_checks("site", facts, Site, ("name",))
    _region(written["region_code"])
    return Site.objects.create(id=new_id(now), organization=owner, created_at=now, **written)


def add_contact(organization_id: UUID, facts: ContactFacts, *, now: datetime) -> Contact:
    """Store a contact of an organization. Raises OrganizationUnknown, OrganizationIncomplete, OrganizationMember."""
    owner = organization(organization_id)
    reachable = ("name",) if facts.phone.strip() or facts.email.strip() else ("name", "phone")
    written = _plain_checks("contact", facts, Contact, reachable)
    return Contact.objects.create(id=new_id(now), organization=owner, created_at=now, **written)


def _checked(facts: OrganizationFacts) -> dict[str, Any]:
    """Return the columns, normalized. Raises OrganizationIncomplete (all at once), OrganizationMember, Bad…"""
    facts = replace(
        facts,
        credit_code=normalized_credit_code(facts.credit_code),
        gln=normalized_gln(facts.gln),
        country_code=facts.country_code.strip().upper(),
    )
    needed = ("name", "country_code", *(("credit_code",) if facts.country_code == "CN" else ()))
    written = _plain_checks("organization", facts, Organization, needed)
    if not COUNTRY_CODE.fullmatch(written["country_code"]):
        raise _member("organization", "country_code", written["country_code"], "not_a_country")
    why = why_not_credit_code(facts.credit_code) if facts.credit_code else ""
    if why:
        raise BadCreditCode(given=facts.credit_code, reason=_why(why, facts.credit_code))
    if facts.gln and not is_gln(facts.gln):
        raise BadLocationNumber(given=facts.gln)
    _region(facts.region_code)
    if facts.short_code and not SHORT_CODE.fullmatch(facts.short_code):
        raise _member("organization", "short_code", facts.short_code, "not_a_code")
    if facts.parent_id is not None:
        organization(facts.parent_id)
    return written


def _refuse_own_parent(organization_id: UUID, parent_id: UUID | None) -> None:
    above, passed = parent_id, set[UUID]()
    while above is not None and above not in passed:  # a ring that stood before is none of this change
        if above == organization_id:
            raise _member("organization", "parent_id", str(parent_id), "own_parent")
        passed.add(above)
        above = Organization.objects.filter(pk=above).values_list("parent_id", flat=True).first()


def _plain_checks(noun: str, facts: Any, table: Any, mandatory: tuple[str, ...]) -> dict[str, Any]:
    missing = elements.missing_members(facts, mandatory)
    if missing:
        raise OrganizationIncomplete(members=elements.element_names(noun, missing))
    written = elements.columns(facts)
    for problem in elements.problems(noun, table, written):
        raise OrganizationMember(member=problem.member, given=problem.given, reason=problem.reason)
    return written


def _region(code: str) -> None:
    if code and not is_region_code(code):
        raise _member("organization", "region_code", code, "unknown_region")


def _member(noun: str, member: str, given: str, why: str) -> OrganizationMember:
    return OrganizationMember(
        member=elements.element_name(noun, member), given=given, reason=elements.reason(why)
    )


def _why(why: str, code: str) -> Text:
    likely = likely_credit_code(code)
    if not likely:
        return _WHY_NOT[why]
    return Text(f"是否应为 {likely}？", f"was {likely} meant?")


def _refuse_twice(credit_code: str, own_id: UUID | None) -> None:
    if not credit_code:
        return
    taken = Organization.objects.filter(credit_code=credit_code).first()
    if taken is not None and taken.id != own_id:
        raise OrganizationExists(credit_code=credit_code, name=taken.name)


def _refuse_second_own(is_own: bool) -> None:
    own = Organization.objects.filter(is_own=True).first() if is_own else None
    if own is not None:
        raise OwnOrganizationExists(name=own.name)
