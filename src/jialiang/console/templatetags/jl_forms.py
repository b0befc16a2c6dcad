"""Forms, paging and addresses in templates."""

from __future__ import annotations

from django import forms, template
from django.forms import BoundField, Form
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from jialiang.console import drawings
from jialiang.console.paging import Page
from jialiang.console.wording import in_words
from jialiang.kernel.text import Text

register = template.Library()


@register.simple_tag
def field(
    bound: BoundField, hint: Text | str = "", *, unit: Text | str = "", label: Text | str = ""
) -> SafeString:
    """Draw a form field: label, control, what is wrong, hint; errors and hint are tied to the control.

    The first field with an error takes the focus. A check box stands before its label, choices in a fieldset.
    """
    words = in_words(hint) or str(bound.help_text or "")
    control = bound.as_widget(attrs=_attributes(bound, words))
    if unit:
        control = format_html(
            '<div class="input-group">{}<span class="input-group-text">{}</span></div>',
            control,
            in_words(unit),
        )
    name = in_words(label) or bound.label
    below = _below(bound, words)
    if isinstance(bound.field.widget, forms.CheckboxInput):
        return format_html(
            '<div class="jl-field"><label class="form-check" for="{}">{}'
            '<span class="form-check-label">{}</span></label>{}</div>',
            bound.id_for_label,
            control,
            name,
            below,
        )
    if isinstance(bound.field.widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return _choices(bound, str(name), below)
    return format_html(
        '<div class="jl-field"><label class="form-label" for="{}">{}{}</label>{}{}</div>',
        bound.id_for_label,
        name,
        _optional(bound),
        control,
        below,
    )


def _choices(bound: BoundField, name: str, below: SafeString) -> SafeString:
    """Draw radio buttons or check boxes in a fieldset whose legend is the label."""
    described = _attributes(bound, str(bound.help_text or "")).get("aria-describedby", "")
    lines = format_html_join(
        "", "<label>{} {}</label>", ((one.tag(), one.choice_label) for one in bound.subwidgets)
    )
    return format_html(
        '<fieldset class="jl-field jl-choice" aria-describedby="{}">'
        '<legend class="form-label">{}{}</legend>{}{}</fieldset>',
        described,
        name,
        _optional(bound),
        lines,
        below,
    )


@register.simple_tag
def form_errors(form: Form) -> SafeString:
    """Say what is wrong with a form as a whole; what is wrong with a field stands beside the field."""
    errors = form.non_field_errors()
    if not errors:
        return SafeString("")
    lines = format_html_join("", "<div>{}</div>", ((error,) for error in errors))
    return format_html(
        '<div class="jl-note jl-stop" role="alert">{}<div>{}</div></div>',
        drawings.shape("octagon-cross"),
        lines,
    )


@register.inclusion_tag("jialiang/parts/foot.html", takes_context=True)
def foot(context: Context, page: Page) -> dict[str, object]:
    """Draw the foot of a list: which rows of how many, and the ways to the others."""
    request = context["request"]
    return {"page": page, "first": page.address(request, "first"), "next": page.address(request, "next")}


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: object) -> str:
    """Return the query string of this page with some parameters changed; an empty value drops its parameter.

    Paging starts again, because another filter is another list.
    """
    parameters = context["request"].GET.copy()
    parameters.pop("after", None)
    parameters.pop("from", None)
    for name, value in changes.items():
        if value in {None, ""}:
            parameters.pop(name, None)
        else:
            parameters[name] = str(value)
    return f"?{parameters.urlencode()}"


def _attributes(bound: BoundField, hint: str) -> dict[str, str | bool]:
    widget = bound.field.widget
    if isinstance(widget, forms.Select) and not isinstance(widget, forms.RadioSelect):
        style = "form-select"
    elif isinstance(widget, (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)):
        style = "form-check-input"
    else:
        style = "form-control"
    attributes: dict[str, str | bool] = {
        "class": f"{style} {widget.attrs.get('class', '')}".strip(),
        "placeholder": False,  # the label is always there, and it is the label
    }
    described = [f"{bound.auto_id}-error"] if bound.errors else []
    described += [f"{bound.auto_id}-hint"] if hint else []
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes |= {"class": f"{attributes['class']} is-invalid", "aria-invalid": "true"}
        if next(iter(bound.form.errors), "") == bound.name:
            attributes["autofocus"] = True
    return attributes


def _below(bound: BoundField, hint: str) -> SafeString:
    wrong = format_html_join(" ", "{}", ((error,) for error in bound.errors))
    shown = SafeString("")
    if wrong:
        shown += format_html(
            '<span class="form-hint jl-stop" id="{}-error">{} {}</span>',
            bound.auto_id,
            drawings.shape("octagon-cross"),
            wrong,
        )
    if hint:
        shown += format_html('<span class="form-hint" id="{}-hint">{}</span>', bound.auto_id, hint)
    return shown


def _optional(bound: BoundField) -> SafeString | str:
    if getattr(bound.form, "says_required", False):
        star = SafeString(' <b class="jl-star" aria-hidden="true">*</b>')
        return star if bound.field.required else ""
    if bound.field.required:
        return ""
    return format_html(' <span class="jl-3rd">{}</span>', gettext("(optional)"))
