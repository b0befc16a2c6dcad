"""Charts and intervals: each page asks one topic, on pasted numbers or on the checks of a standard of the institute."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from jialiang.base.measurement_standards.facts import moment_of
from jialiang.base.measurement_standards.selectors import check_observations, standard, standards_kept
from jialiang.console.figures import as_entered, readable
from jialiang.console.measurement_science.fields import DayField, NumberField, NumbersField, RowsField
from jialiang.console.measurement_science.pictures import picture
from jialiang.console.measurement_science.question_words import Asked, Question, groups, questions, word
from jialiang.console.measurement_science.wording import printed_unit, sentence
from jialiang.console.numbers import on_screen
from jialiang.console.requests import who
from jialiang.console.shell import page
from jialiang.console.units import symbol_of
from jialiang.console.wording import in_words
from jialiang.functions.deed import permit
from jialiang.information.control_charts import in_unit
from jialiang.information.science_questions import evaluate_question
from jialiang.kernel.errors import InvalidInput
from jialiang.kernel.text import Text
from jialiang.security.policy import allowed

READ = "measurement_standard.read"
OF_CHECKS = ("shewhart", "ewma", "cusum", "check-standard")
FEWEST_CHECKS = 2
UNITS = {"d": gettext_lazy("d"), "h": gettext_lazy("h"), "s": "s"}


class QuestionForm(forms.Form):
    """The fields of one page, made of its description."""

    use_required_attribute = False

    def __init__(self, question: Question, given: Any) -> None:
        super().__init__(given, label_suffix="")
        self.question = question
        if question.has_quantity:
            self.fields["quantity"] = forms.CharField(
                label=gettext("Quantity"), required=False, max_length=60
            )
            self.fields["unit"] = forms.CharField(label=gettext("Unit"), required=False, max_length=40)
        for asked in question.asked:
            self.fields[asked.field] = _form_field(asked)

    def members(self) -> dict[str, Any]:
        """Return the members of the topic; what was left out is left out."""
        found: dict[str, Any] = {}
        for asked in self.question.asked:
            value = self.cleaned_data.get(asked.field)
            if value in ("", [], None, False):
                continue
            outer, _, inner = asked.name.partition(".")
            if inner:
                found.setdefault(outer, {})[inner] = value
            else:
                found[outer] = [value] if asked.name == "deviations" and asked.kind == "choice" else value
        return found

    def refuse(self, problem: InvalidInput) -> None:
        """Put an error of the topic beside the field that it speaks of, or over the form."""
        member = str(problem.facts.get("member") or problem.facts.get("parameter") or "")
        known = {asked.name: asked.field for asked in self.question.asked}
        known |= {
            asked.name.partition(".")[2]: asked.field for asked in self.question.asked if "." in asked.name
        }
        self.add_error(known.get(member), sentence(problem))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, group: str, key: str) -> HttpResponse:
    """Show the page with its example, or answer what was sent."""
    asked = questions().get(key)
    if asked is None or asked.group != group:
        raise Http404
    chosen = request.GET.get("standard", "")
    given: Any = (
        request.POST if request.method == "POST" else _example(asked) | _checks(request, asked, chosen)
    )
    form = QuestionForm(asked, given)
    context: dict[str, Any] = {
        "question": asked,
        "form": form,
        "group_title": word(group),
        "siblings": groups()[group],
        "standards": _standards(request, asked),
        "chosen_standard": chosen,
    }
    if form.is_valid():
        try:
            context |= _answered(form)
        except InvalidInput as problem:
            form.refuse(problem)
    template, fragment = "measurement_science/question.html", "measurement_science/parts/question_answer.html"
    return page(request, template, context, fragment=fragment, status=422 if form.errors else 200)


def _answered(form: QuestionForm) -> dict[str, Any]:
    asked, members = form.question, form.members()
    answer = evaluate_question(asked.topic, members)
    unit = printed_unit(str(form.cleaned_data.get("unit", "")))
    quantity = str(form.cleaned_data.get("quantity", "")) or gettext("Value")
    rows = [
        (in_words(each.label), _shown(value), unit if each.unit == "given" else str(UNITS.get(each.unit, "")))
        for each in asked.answered
        if (value := _member(answer, each.name)) is not None
    ]
    signals = [
        {**signal, "number": signal["index"] + 1} for signal in answer.get("signals", ()) if "index" in signal
    ]
    return {
        "rows": rows,
        "signals": signals,
        "models": _models(answer.get("models", {})),
        "picture": picture(asked.key, members, answer, quantity, unit),
        "answered": True,
    }


def _member(answer: dict[str, Any], name: str) -> Any:
    """Return a member of the answer, also one inside another, None where there is none."""
    found: Any = answer
    for part in name.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return "; ".join(_shown(each) if each is not None else "—" for each in value) or "—"
    if isinstance(value, str):
        return in_words(word(value))
    if isinstance(value, int):
        return str(value)
    return on_screen(min(as_entered(value), readable(value, 5), key=len))


def _models(found: dict[str, Any]) -> list[dict[str, str]]:
    return [
        {
            "name": in_words(word(name)),
            "aicc": readable(model["aicc"], 4) if model["aicc"] is not None else "—",
            "f": readable(model["F"], 3) if model["F"] is not None else "—",
            "rejected": _shown(model["rejected"]),
            "interval": readable(model["interval"], 4) if model["interval"] else "—",
        }
        for name, model in found.items()
    ]


def _form_field(asked: Asked) -> forms.Field:
    common: dict[str, Any] = {"label": in_words(asked.label), "required": asked.required}
    common["help_text"] = in_words(asked.hint)
    if asked.kind == "numbers":
        return NumbersField(**common)
    if asked.kind == "rows":
        return RowsField(columns=asked.columns, texts=asked.columns[:1], **common)
    if asked.kind == "flag":
        return forms.BooleanField(**common | {"required": False})
    if asked.kind == "choice":
        empty = [] if asked.required else [("", gettext("all"))]
        return forms.ChoiceField(
            choices=empty + [(value, in_words(name)) for value, name in asked.choices], **common
        )
    if asked.kind == "day":
        return DayField(**common)
    return NumberField(**common)


def _example(asked: Question) -> dict[str, str]:
    named = {"quantity": gettext("Measured value"), "unit": "mm"} if asked.has_quantity else {}
    return named | {each.field: each.initial for each in asked.asked if each.initial}


def _standards(request: HttpRequest, asked: Question) -> list[tuple[str, str]]:
    """Return the standards whose checks may be charted, for those who may read them."""
    if asked.key not in OF_CHECKS or not allowed(who(request), READ):
        return []
    return [(str(row.id), f"{in_words(row.name)} {row.serial_number}") for row in standards_kept()]


def _checks(request: HttpRequest, asked: Question, chosen: str) -> dict[str, str]:
    """Return the checks of a standard as fields of the form. Raises what the policy raises, Http404."""
    if not chosen or asked.key not in OF_CHECKS:
        return {}
    try:
        row = standard(UUID(chosen))
    except ValueError as problem:
        raise Http404 from problem
    permit(who(request), READ, row)
    seen = check_observations(row.id)
    found = {
        "data": " ".join(repr(in_unit(entry, row.unit)) for entry in seen),
        "quantity": in_words(Text(row.quantity_zh, row.quantity_en)),
        "unit": symbol_of(row.unit),
    }
    if asked.key == "check-standard":
        found["times"] = " ".join(repr(moment_of(entry.observed_on) or 0.0) for entry in seen)
        found["baseline"] = ""
    return found
