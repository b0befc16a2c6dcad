"""The list of templates, the page of one with its items, and the editor of an item."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from jialiang.base.identifier_templates.facts import TemplateFacts
from jialiang.base.identifier_templates.selectors import (
    identifier_template as template_row,
)
from jialiang.base.identifier_templates.selectors import (
    identifier_templates as template_rows,
)
from jialiang.base.identifier_templates.selectors import (
    items_of,
    record_template,
)
from jialiang.console.asking import Crumb, FormPage, chosen, done, form_page, posted
from jialiang.console.identifier_templates.forms import ItemForm, TemplateForm, first_values
from jialiang.console.noun_forms import carried_out, facts_from, options
from jialiang.console.prefixes.forms import WhyForm
from jialiang.console.requests import who
from jialiang.console.scope_of_reading import may, own_or_all
from jialiang.console.shell import page
from jialiang.console.wording import in_words
from jialiang.formats.identifier_templates.items import FIRST_INDEX
from jialiang.formats.identifier_templates.json_schema import json_schema
from jialiang.functions import identifier_templates as verbs
from jialiang.functions.deed import permit
from jialiang.kernel.clock import utc_now
from jialiang.vocabulary.statuses import CarrierKind, IdentifierTemplateState, label

READ, CHANGE = "identifier_template.read", "identifier_template.change"
DRAFT, PUBLISHED, WITHDRAWN = IdentifierTemplateState


@login_required
def identifier_templates(request: HttpRequest) -> HttpResponse:
    """List templates, newest first, of one prefix or of all."""
    actor = who(request)
    own = own_or_all(actor, READ)
    states = dict(options(IdentifierTemplateState))
    state, prefix = chosen(request, "state", states), request.GET.get("prefix", "").strip()[:60]
    rows = template_rows(
        prefix=prefix, state=state, only_organization=own, after=request.GET.get("after", "")
    )
    context = {"rows": rows.rows, "next_after": rows.next_after, "states": states, "state": state,
               "prefix": prefix, "may_create": may(actor, "identifier_template.create")}  # fmt: skip
    return page(request, "identifier_templates/list.html", context)


@login_required
def identifier_template(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Show one template with its items."""
    actor, row = who(request), template_row(template_id)
    permit(actor, READ, row)
    context = {
        "row": row,
        "carrier": in_words(label(CarrierKind(row.carrier))),
        "items": [
            (item, in_words(label(item.data_type)), in_words(label(item.readers))) for item in items_of(row)
        ],
        "may_change": row.state != WITHDRAWN and may(actor, CHANGE, row),
        "may_publish": row.state == DRAFT and may(actor, "identifier_template.publish", row),
        "may_withdraw": row.state != WITHDRAWN and may(actor, "identifier_template.withdraw", row),
        "may_create": may(actor, "identifier_template.create"),
        "may_register": row.state == PUBLISHED and may(actor, "identifier.register"),
    }
    return page(request, "identifier_templates/one.html", context)


@login_required
def template_schema(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Answer with the JSON Schema of a template."""
    row = template_row(template_id)
    permit(who(request), READ, row)
    schema = json_schema(record_template(row))
    return JsonResponse(
        schema, content_type="application/schema+json", json_dumps_params={"ensure_ascii": False}
    )


@login_required
def create_template(request: HttpRequest) -> HttpResponse:
    """Show the empty record, or draft the template; ``from`` names one whose items are taken over."""
    actor = who(request)
    permit(actor, "identifier_template.create")
    source = _source(request)
    first = (
        {"prefix_text": source.prefix, "name_zh": source.name_zh, "name_en": source.name_en} if source else {}
    )
    form = TemplateForm(posted(request), holder_id=actor.organization_id, initial=first)

    def act(cleaned: dict[str, Any]) -> Any:
        more = {"prefix": cleaned["prefix_text"], "derived_from_id": source.id if source else None}
        facts = facts_from(TemplateFacts, cleaned, **more)
        return verbs.create(actor=actor, facts=facts, now=utc_now())

    if request.method == "POST":
        row = carried_out(form, act)
        if row is not None:
            return done(request, gettext("The template is drafted."), _page_of(row))
    everything = reverse("identifier_templates")
    title = gettext("Derive a new version") if source else gettext("Draft a template")
    crumbs = (Crumb(gettext("Identifier templates"), everything),)
    return form_page(request, form, FormPage(title, gettext("Save the draft"), everything, crumbs))


@login_required
def change_item(request: HttpRequest, template_id: UUID, index: int = 0) -> HttpResponse:
    """Edit the item of an index, or a new one."""
    actor, row = who(request), template_row(template_id)
    permit(actor, CHANGE, row)
    items = {item.index: item for item in items_of(row)}
    following = max(items, default=FIRST_INDEX - 1) + 1
    form = ItemForm(posted(request), initial=first_values(items.get(index), following))

    def act(_cleaned: dict[str, Any]) -> Any:
        return verbs.change(
            actor=actor,
            template_id=row.id,
            changes={},
            items=[form.item],
            expected_version=row.version,
            now=utc_now(),
        )

    if request.method == "POST" and carried_out(form, act) is not None:
        return done(request, gettext("The item is saved."), _page_of(row))
    title = gettext("Change the item") if index in items else gettext("Add an item")
    crumbs = (
        Crumb(gettext("Identifier templates"), reverse("identifier_templates")),
        Crumb(f"{row.prefix} {row.code}", _page_of(row)),
    )
    intro = gettext("An item is never left out again, only disabled.")
    return form_page(request, form, FormPage(title, gettext("Save the item"), _page_of(row), crumbs, intro))


@login_required
@require_POST
def publish_template(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Publish a draft."""
    row = verbs.publish(actor=who(request), template_id=template_id, now=utc_now())
    return done(request, gettext("The template is published."), _page_of(row))


@login_required
def withdraw_template(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Ask for the reason, then withdraw."""
    actor, row = who(request), template_row(template_id)
    permit(actor, "identifier_template.withdraw", row)
    form = WhyForm(posted(request))

    def act(cleaned: dict[str, Any]) -> Any:
        return verbs.withdraw(actor=actor, template_id=row.id, reason=cleaned["reason"], now=utc_now())

    if request.method == "POST" and carried_out(form, act) is not None:
        return done(request, gettext("The template is withdrawn."), _page_of(row))
    title = gettext("Withdraw the template")
    crumbs = (
        Crumb(gettext("Identifier templates"), reverse("identifier_templates")),
        Crumb(f"{row.prefix} {row.code}", _page_of(row)),
    )
    intro = gettext("Nothing new is registered by it; what was registered stays.")
    return form_page(request, form, FormPage(title, title, _page_of(row), crumbs, intro))


def _source(request: HttpRequest) -> Any:
    given = request.GET.get("from", "")
    try:
        wanted = UUID(given)
    except ValueError:
        return None
    row = template_row(wanted)
    permit(who(request), READ, row)
    return row


def _page_of(row: Any) -> str:
    return reverse("identifier_template", args=[row.id])
