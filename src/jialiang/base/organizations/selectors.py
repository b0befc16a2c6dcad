"""Reading organizations, sites and contacts of the institute in scope."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from jialiang.base.organizations.errors import OrganizationUnknown
from jialiang.base.organizations.models import Contact as Contact
from jialiang.base.organizations.models import Organization as Organization
from jialiang.base.organizations.models import Site as Site
from jialiang.formats.content import Address, Party
from jialiang.kernel.text import Text
from jialiang.security.tenancy.paging import DEFAULT_SIZE, Page, page
from jialiang.security.tenancy.scope import everywhere
from jialiang.vocabulary.credit_codes import normalized_credit_code


def organization(organization_id: UUID) -> Organization:
    """Return one organization: one query by primary key. Raises :class:`OrganizationUnknown`."""
    found = Organization.objects.filter(pk=organization_id).first()
    if found is None:
        raise OrganizationUnknown(wanted=str(organization_id))
    return found


def own_organization() -> Organization:
    """Return the institute itself: one query by ``organization_one_own``. Raises :class:`OrganizationUnknown`."""
    found = Organization.objects.filter(is_own=True).first()
    if found is None:
        raise OrganizationUnknown(wanted=Text("本机构", "of the institute itself"))
    return found


def has_own_organization() -> bool:
    """Tell whether the institute has registered itself: one query."""
    return Organization.objects.filter(is_own=True).exists()


def organization_by_credit_code(code: str) -> Organization | None:
    """Return the organization with a credit code: one query by ``organization_credit_code_once``."""
    wanted = normalized_credit_code(code)
    return Organization.objects.filter(credit_code=wanted).first() if wanted else None


def organizations(
    *, text: str = "", kind: str = "", only_id: UUID | None = None, after: str = "", size: int = DEFAULT_SIZE
) -> Page[Organization]:
    """Return a page of organizations, newest first; ``text`` is looked for in names and codes. One query."""
    return page(_matching(text, kind, only_id), after=after, size=size)


def count_organizations(*, text: str = "", kind: str = "", only_id: UUID | None = None) -> int:
    """Count what :func:`organizations` lists: one query."""
    return _matching(text, kind, only_id).count()


def sites_of(organization_id: UUID) -> list[Site]:
    """Return the sites of an organization, oldest first: one query by foreign key."""
    return list(Site.objects.filter(organization_id=organization_id).order_by("id"))


def site(site_id: UUID) -> Site:
    """Return one site with its organization: one query. Raises :class:`OrganizationUnknown`."""
    found = Site.objects.select_related("organization").filter(pk=site_id).first()
    if found is None:
        raise OrganizationUnknown(wanted=str(site_id))
    return found


def laboratories() -> list[Site]:
    """Return the institute's own laboratories, oldest first: one query."""
    return list(Site.objects.filter(organization__is_own=True, is_laboratory=True).order_by("id"))


def contacts_of(organization_id: UUID) -> list[Contact]:
    """Return the contacts of an organization, oldest first: one query by foreign key."""
    return list(Contact.objects.filter(organization_id=organization_id).order_by("id"))


def party_of(organization_id: UUID) -> Party:
    """Return an organization as it stands on a certificate: one query."""
    row = organization(organization_id)
    return Party(
        name=row.name,
        address=Address(
            city=Text(row.city_zh, row.city_en),
            street=Text(row.street_zh, row.street_en),
            postal_code=row.postal_code,
            country_code=row.country_code,
            region_code=row.region_code,
        ),
        credit_code=row.credit_code,
        gln=row.gln,
        phone=row.phone,
        email=row.email,
        website=row.website,
        laboratory_code=row.laboratory_code,
        fictional=row.fictional,
    )


def number_of_organizations(since: datetime, until: datetime) -> int:
    """Return how many were registered from ``since`` up to, not with, ``until``, in all institutes: one query."""
    with everywhere("the node tells of all its institutes together"):
        return Organization.objects.filter(created_at__gte=since, created_at__lt=until).count()


def _matching(text: str, kind: str, only_id: UUID | None) -> QuerySet[Organization]:
    rows = Organization.objects.all()
    if only_id is not None:
        rows = rows.filter(pk=only_id)
    if kind:
        rows = rows.filter(kind=kind)
    if text.strip():
        wanted = text.strip()
        code = normalized_credit_code(wanted)
        fits = (
            Q(name_zh__icontains=wanted)
            | Q(name_en__icontains=wanted)
            | Q(short_code__iexact=wanted)
            | Q(gln=wanted)
        )
        rows = rows.filter(fits | Q(credit_code__startswith=code) if code else fits)
    return rows
