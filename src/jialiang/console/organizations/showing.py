"""The list of organizations and the page of one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

from jialiang.base.commissions.selectors import CommissionFilter, commissions
from jialiang.base.instruments.selectors import InstrumentFilter, count_instruments
from jialiang.base.organizations.facts import OrganizationFacts
from jialiang.base.organizations.selectors import contacts_of, count_organizations, sites_of
from jialiang.base.organizations.selectors import organization as organization_row
from jialiang.base.organizations.selectors import organizations as organization_rows
from jialiang.console.asking import chosen, listed, wanted_text
from jialiang.console.noun_forms import options
from jialiang.console.requests import who
from jialiang.console.scope_of_reading import may, own_or_all
from jialiang.console.shell import page
from jialiang.console.wording import in_words
from jialiang.functions.deed import permit
from jialiang.governance.data_elements import facts_of
from jialiang.security.policy import OwnedBy
from jialiang.vocabulary.credit_codes import is_credit_code
from jialiang.vocabulary.regions import province_of
from jialiang.vocabulary.statuses import OrganizationKind, label

LATEST = 5


@login_required
def organizations(request: HttpRequest) -> HttpResponse:
    """List the organizations that the person may see."""
    actor = who(request)
    wanted: dict[str, Any] = {
        "text": wanted_text(request),
        "kind": chosen(request, "kind", list(OrganizationKind)),
        "only_id": own_or_all(actor, "organization.read"),
    }
    rows = organization_rows(**wanted, after=request.GET.get("after", ""))
    kinds = dict(options(OrganizationKind))
    context = {
        "list_page": listed(request, rows, count_organizations(**wanted)),
        "wanted": wanted,
        "kinds": kinds,
        "may_register": may(actor, "organization.register"),
    }
    return page(request, "organizations/list.html", context)


@login_required
def organization(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """Show one organization with sites and contacts, and the ways to its instruments and commissions."""
    actor, row = who(request), organization_row(organization_id)
    own = OwnedBy(row.id)
    permit(actor, "organization.read", own)
    context = {
        "row": row,
        "facts": facts_of(OrganizationFacts, row),
        "kind": in_words(label(OrganizationKind(row.kind))),
        "province": province_of(row.region_code),
        "code_holds": bool(row.credit_code) and is_credit_code(row.credit_code),
        "sites": sites_of(row.id),
        "contacts": contacts_of(row.id),
        "may_read_instruments": may(actor, "instrument.read", own),
        "instruments": count_instruments(InstrumentFilter(owner_id=row.id)),
        "may_read_commissions": may(actor, "commission.read", own),
        "latest": commissions(CommissionFilter(customer_id=row.id), size=LATEST).rows,
        "may_change": may(actor, "organization.change", own),
        "may_add_site": may(actor, "site.add", own),
        "may_add_contact": may(actor, "contact.add", own),
        "may_order": may(actor, "commission.open", own) and not row.is_own,
    }
    return page(request, "organizations/one.html", context)
