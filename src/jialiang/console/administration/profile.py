"""One's own profile: who one is here, which roles until when, language, and the ways to security."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

from jialiang.base.organizations.selectors import organization
from jialiang.console.administration.people import cell_of
from jialiang.console.asking import this_day
from jialiang.console.requests import who
from jialiang.console.shell import page
from jialiang.security.accounts.selectors import person, role_assignments
from jialiang.vocabulary.roles import role, roles


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """Show the person's own account; only the administrator changes roles and names, because certificates bear them."""
    actor, on = who(request), this_day()
    if actor.person_id is None:
        raise TypeError("a signed-in actor is a person")
    row = person(actor.person_id)
    grants = [
        {
            "role": role(grant.role),
            "row": grant,
            "cell": cell_of(grant.valid_from, grant.valid_until, on),
        }
        for grant in role_assignments(row.pk)
        if grant.revoked_at is None and grant.role in roles()
    ]
    context = {
        "row": row,
        "grants": grants,
        "organization": organization(row.organization_id) if row.organization_id else None,
    }
    return page(request, "administration/profile.html", context)
