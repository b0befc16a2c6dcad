"""The list of label templates, the designer with its preview, and the page of a built-in one."""

from __future__ import annotations

from dataclasses import fields
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from jialiang.base.label_templates.facts import LabelTemplateFacts, shape_of
from jialiang.base.label_templates.selectors import label_template as template_row
from jialiang.base.label_templates.selectors import label_templates as template_rows
from jialiang.console.asking import Crumb, FormPage, done, posted
from jialiang.console.downloads import attachment
from jialiang.console.label_templates.forms import DesignForm, first_values
from jialiang.console.label_templates.papers import sheet_words
from jialiang.console.noun_forms import carried_out
from jialiang.console.pictures import embedded_png
from jialiang.console.requests import who
from jialiang.console.scope_of_reading import may
from jialiang.console.shell import page
from jialiang.formats.labels.template_files import template_file
from jialiang.formats.labels.templates import LabelTemplate as Shape
from jialiang.formats.labels.templates import templates
from jialiang.functions import label_templates as verbs
from jialiang.functions.deed import permit
from jialiang.kernel.clock import utc_now
from jialiang.vocabulary.statuses import LabelTemplateState

READ, CREATE, CHANGE = "label_template.read", "label_template.create", "label_template.change"
PREVIEW = "label_templates/preview.html"
_UNNAMED = {"code": "preview", "name_zh": "—"}
STATUSES = ("qualified", "limited", "stopped")


@login_required
def label_templates(request: HttpRequest) -> HttpResponse:
    """List the institute's own templates, newest first, and the built-in ones."""
    actor = who(request)
    permit(actor, READ)
    rows = template_rows(after=request.GET.get("after", ""))
    told = [(row, sheet_words(row.sheet)) for row in rows.rows]
    context = {"rows": told, "next_after": rows.next_after, "shipped": templates().values(),
               "may_create": may(actor, CREATE)}  # fmt: skip
    return page(request, "label_templates/list.html", context)


@login_required
def label_template(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Show one template as it prints, in each status where it has a band."""
    actor, row = who(request), template_row(template_id)
    permit(actor, READ, row)
    in_use = row.state == LabelTemplateState.IN_USE
    context = {
        "row": row,
        "sheet": sheet_words(row.sheet),
        "pictures": _pictures(shape_of(row), bytes(row.logo)),
        "may_change": in_use and may(actor, CHANGE, row),
        "may_withdraw": in_use and may(actor, "label_template.withdraw", row),
    }
    return page(request, "label_templates/one.html", context)


@login_required
def shipped_label_template(request: HttpRequest, name: str) -> HttpResponse:
    """Show a built-in template as it prints."""
    permit(who(request), READ)
    if name not in templates():
        raise Http404
    shape = templates()[name]
    return page(request, "label_templates/shipped.html", {"shape": shape, "pictures": _pictures(shape, b"")})


@login_required
def label_template_file(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Answer with the template as the file that the command line takes."""
    row = template_row(template_id)
    permit(who(request), READ, row)
    return attachment(f"{row.code}.json", template_file(shape_of(row)))


@login_required
def create_label_template(request: HttpRequest) -> HttpResponse:
    """Show the designer, draw what it says, or keep it."""
    actor = who(request)
    permit(actor, CREATE)
    form = DesignForm(posted(request), request.FILES or None, initial=first_values(None))

    def act(_cleaned: dict[str, Any]) -> Any:
        facts = form.facts()
        verbs.drawn_facts(facts)
        return verbs.create(actor=actor, facts=facts, now=utc_now())

    everything = reverse("label_templates")
    crumbs = (Crumb(gettext("Label templates"), everything),)
    around = FormPage(gettext("Design a label"), gettext("Save the template"), everything, crumbs)
    return _designed(request, form, around, act, gettext("The label template is saved."))


@login_required
def change_label_template(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Show the designer with a template, draw what it says, or change it."""
    actor, row = who(request), template_row(template_id)
    permit(actor, CHANGE, row)
    first = first_values(row) | {"version": row.version}
    form = DesignForm(posted(request), request.FILES or None, row=row, initial=first)

    def act(_cleaned: dict[str, Any]) -> Any:
        facts = form.facts()
        verbs.drawn_facts(facts)
        changes = {
            each.name: getattr(facts, each.name) for each in fields(LabelTemplateFacts) if each.name != "code"
        }
        read = request.POST.get("version", "")
        return verbs.change(
            actor=actor,
            template_id=row.id,
            changes=changes,
            expected_version=int(read) if read.isdecimal() and len(read) < 10 else 0,
            now=utc_now(),
        )[0]

    here = _page_of(row)
    crumbs = (Crumb(gettext("Label templates"), reverse("label_templates")), Crumb(row.code, here))
    around = FormPage(gettext("Change the label"), gettext("Save the template"), here, crumbs)
    return _designed(request, form, around, act, gettext("The label template is saved."), version=row.version)


@login_required
@require_POST
def withdraw_label_template(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Print by a template no more."""
    row = verbs.withdraw(actor=who(request), template_id=template_id, now=utc_now())
    return done(request, gettext("The label template is withdrawn."), _page_of(row))


def _designed(
    request: HttpRequest, form: DesignForm, around: FormPage, act: Any, said: str, version: int = 0
) -> HttpResponse:
    """Answer with the designer and its preview, or carry out what it says."""
    wants_preview = "preview" in request.POST
    if request.method == "POST" and not wants_preview:
        row = carried_out(form, act)
        if row is not None:
            return done(request, said, _page_of(row))
    given: dict[str, Any] = request.POST.dict() if form.is_bound else dict(form.initial)
    shown = DesignForm(
        _UNNAMED | {name: told for name, told in given.items() if told},
        request.FILES or None,
        row=form.row,
    )
    picture = carried_out(shown, lambda _cleaned: verbs.drawn_facts(shown.facts()))
    context = {
        "form": form,
        "around": around,
        "version": request.POST.get("version", version) if form.row is not None else "",
        "picture": embedded_png(picture) if picture else "",
        "problems": [] if picture else _problems(shown),
    }
    status = 200 if wants_preview else form.status
    return page(request, "label_templates/designer.html", context, fragment=PREVIEW, status=status)


def _problems(form: DesignForm) -> list[str]:
    """Return why a label cannot be drawn, with the field that each reason is about."""
    told = [(form.fields.get(name), texts) for name, texts in form.errors.items()]
    return [f"{field.label}: {text}" if field else str(text) for field, texts in told for text in texts]


def _pictures(shape: Shape, logo: bytes) -> list[tuple[str, str]]:
    banded = any(element.kind == "band" for element in shape.elements)
    return [
        (status, embedded_png(verbs.preview(shape, logo, status)))
        for status in (STATUSES if banded else ("",))
    ]


def _page_of(row: Any) -> str:
    return reverse("label_template", args=[row.id])
