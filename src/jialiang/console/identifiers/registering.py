"""Registering one identifier: by a template, whose items are the fields, or without one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from jialiang.base.identifier_templates.selectors import (
    identifier_template as template_row,
)
from jialiang.base.identifier_templates.selectors import (
    identifier_templates as template_rows,
)
from jialiang.base.identifier_templates.selectors import (
    record_template,
)
from jialiang.base.prefixes.selectors import tree
from jialiang.console.asking import Crumb, FormPage, done, form_page, posted
from jialiang.console.identifiers.forms import RegisterForm
from jialiang.console.noun_forms import carried_out
from jialiang.console.requests import who
from jialiang.console.scope_of_reading import may, own_or_all
from jialiang.console.shell import page
from jialiang.functions import identifiers as verbs
from jialiang.functions.deed import permit
from jialiang.kernel.clock import utc_now
from jialiang.security.actor import Actor
from jialiang.security.policy import OwnedBy
from jialiang.security.tenancy.paging import LARGEST_SIZE
from jialiang.vocabulary.statuses import IdentifierTemplateState, PrefixState

REGISTER = "identifier.register"


@login_required
def choose_template(request: HttpRequest) -> HttpResponse:
    """Show the templates by which may be registered, and the way without one."""
    actor = who(request)
    permit(actor, REGISTER)
    rows = template_rows(
        state=IdentifierTemplateState.PUBLISHED,
        only_organization=own_or_all(actor, "identifier_template.read"),
        size=LARGEST_SIZE,
    )
    context = {"rows": rows.rows, "prefixes": open_prefixes(actor)}
    return page(request, "identifiers/choose.html", context)


@login_required
def register_identifier(request: HttpRequest, template_id: UUID | None = None) -> HttpResponse:
    """Show the empty record, or register it."""
    actor = who(request)
    permit(actor, REGISTER)
    row = template_row(template_id) if template_id else None
    if row is not None:
        permit(actor, "identifier_template.read", row)
    template = record_template(row) if row else None
    prefixes = [row.prefix] if row else open_prefixes(actor)
    form = RegisterForm(posted(request), template=template, prefixes=prefixes)

    def act(cleaned: dict[str, Any]) -> Any:
        now, prefix, suffix = utc_now(), cleaned["prefix_text"], cleaned["suffix"]
        name = f"{prefix}/{suffix}" if suffix else verbs.minted_name(actor=actor, prefix=prefix, now=now)
        return verbs.register(
            actor=actor,
            name=name,
            values=form.values(),
            state=cleaned["state"],
            template=template.code if template else None,
            codes=cleaned["codes"],
            now=now,
        )

    if request.method == "POST":
        record = carried_out(form, act)
        if record is not None:
            said = gettext("Registered: %(name)s") % {"name": record.name}
            return done(request, said, reverse("identifier", args=[record.id]))
    everything = reverse("identifiers")
    crumbs = (
        Crumb(gettext("Identifiers"), everything),
        Crumb(gettext("Choose a template"), reverse("identifier_new")),
    )
    title = gettext("Register an identifier")
    intro = f"{row.prefix} {row.code}" if row else gettext("Without a template: the values are free.")
    return form_page(
        request, form, FormPage(title, gettext("Register the identifier"), everything, crumbs, intro)
    )


def open_prefixes(actor: Actor) -> list[str]:
    """Return the prefixes under which somebody may register, in their order."""
    return [
        row.text
        for row in tree()
        if row.state == PrefixState.ACTIVE
        and may(actor, REGISTER, OwnedBy(None if row.shared else row.holder_id))
    ]
