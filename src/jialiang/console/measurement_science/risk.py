"""The risk explorer: a result against its limits, the risk of the statement, the risks of the whole procedure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from jialiang.console.charts.conformity import Judged, decision_drawing, operating_point_drawing
from jialiang.console.figures import as_entered, percent, readable
from jialiang.console.measurement_science.fields import NumberField
from jialiang.console.measurement_science.wording import printed_unit, sentence
from jialiang.console.shell import page
from jialiang.console.wording import reading_language
from jialiang.information.science_questions import evaluate_question
from jialiang.kernel.errors import InvalidInput
from jialiang.kernel.text import Text
from jialiang.science.decisions.statements import Limits
from jialiang.science.rounding import as_decimal

RULES = (
    ("simple", gettext_lazy("Simple acceptance")),
    ("guarded", gettext_lazy("Guard band w = r U")),
    ("non-binary", gettext_lazy("Four outcomes with guard band w = r U")),
    ("jjf1094", gettext_lazy("JJF 1094")),
)
LOOKS = {
    "pass": ("ok", "circle-tick"),
    "conditional_pass": ("warn", "diamond-tick"),
    "undecided": ("idle", "half-circle"),
    "conditional_fail": ("warn", "diamond-cross"),
    "fail": ("stop", "octagon-cross"),
}
EXAMPLE = {
    "rule": "non-binary",
    "lower": "-0.050",
    "upper": "0.050",
    "y": "0.043",
    "U": "0.012",
    "k": "2",
    "itp": "0.95",
    "target_pfa": "0.005",
    "unit": "degC",
}
FIELD_OF = {"error": "y", "limits": "lower", "mpe": "lower", "u": "U"}


class RiskForm(forms.Form):
    """What is asked: the rule, the limits, the result, and what is known of items before they are measured."""

    use_required_attribute = False
    rule = forms.ChoiceField(label=gettext_lazy("Decision rule"), choices=RULES)
    lower = NumberField(label=gettext_lazy("Lower limit"), required=False)
    upper = NumberField(label=gettext_lazy("Upper limit"), required=False)
    y = NumberField(label=gettext_lazy("Measured value"))
    U = NumberField(label=gettext_lazy("Expanded uncertainty U"))
    k = NumberField(label=gettext_lazy("Coverage factor k"), required=False)
    r = NumberField(
        label=gettext_lazy("Multiple r of the guard band"),
        required=False,
        help_text=gettext_lazy("1 where nothing is entered; JJF 1094 takes none."),
    )
    itp = NumberField(
        label=gettext_lazy("Share of items in tolerance before measuring"),
        required=False,
        help_text=gettext_lazy("Between 0 and 1, from the history of such items; needs both limits."),
    )
    target_pfa = NumberField(
        label=gettext_lazy("Probability of false acceptance to reach"),
        required=False,
        help_text=gettext_lazy("A guard band is solved for it."),
    )
    quantity = forms.CharField(label=gettext_lazy("Quantity"), required=False, max_length=60)
    unit = forms.CharField(label=gettext_lazy("Unit"), required=False, max_length=40)

    def clean(self) -> dict[str, Any]:
        """Ask for one limit at least, and for a U that is none below zero."""
        given = super().clean() or {}
        if str(given.get("U", "")).startswith("-"):
            self.add_error("U", gettext("U is not negative."))
        if not given.get("lower") and not given.get("upper") and not {"lower", "upper"} & set(self.errors):
            self.add_error("lower", gettext("Enter one limit at least."))
        return given


@dataclass(frozen=True, slots=True)
class Found:
    """Everything about one question, ready to print; risks are None where they were not asked for."""

    kind: str
    shape: str
    statement: str
    probability: str
    specific_risk: str
    guard_band: str
    ratio: str
    risks: dict[str, str] | None
    solved: dict[str, str] | None
    picture: SafeString
    operating_point: SafeString | str


@login_required
@require_safe
def risk(request: HttpRequest) -> HttpResponse:
    """Answer the question in the address; without one, the example's."""
    form = RiskForm(request.GET or EXAMPLE, label_suffix="")
    context: dict[str, Any] = {"form": form, "statements": statements()}
    if form.is_valid():
        try:
            context["found"] = _found(form.cleaned_data)
        except InvalidInput as problem:
            _refuse(form, problem)
    context["unit"] = printed_unit(str(form.data.get("unit", ""))[:40])
    template, fragment = "measurement_science/risk.html", "measurement_science/parts/risk_answer.html"
    return page(request, template, context, fragment=fragment, status=422 if form.errors else 200)


def statements() -> dict[str, str]:
    """Return the five statements in the language of the page."""
    return {
        "pass": gettext("Pass"),
        "conditional_pass": gettext("Conditional pass"),
        "undecided": gettext("Undecided"),
        "conditional_fail": gettext("Conditional fail"),
        "fail": gettext("Fail"),
    }


def _refuse(form: RiskForm, problem: InvalidInput) -> None:
    member = str(problem.facts.get("member") or problem.facts.get("parameter") or "")
    name: str | None = FIELD_OF.get(member, member)
    if name not in form.fields:
        name = "lower" if "limits" in problem.facts else "target_pfa" if "sought" in problem.facts else None
    form.add_error(name, sentence(problem))


def _found(given: dict[str, Any]) -> Found:
    limits = [given["lower"] or None, given["upper"] or None]
    width = {"U": given["U"], "k": given["k"] or "2"}
    multiple = {"r": given["r"]} if given["r"] else {}
    asked = {"rule": given["rule"], "limits": limits, "y": given["y"], **width, **multiple}
    answer = evaluate_question("decision", asked)
    kind, shape = LOOKS[answer["statement"]]
    ratio = evaluate_question("tur", {"limits": limits, **width})["tur"] if None not in limits else None
    risks, solved, drawn = _risks(given, ratio, answer["guard_band"])
    return Found(
        kind=kind,
        shape=shape,
        statement=statements()[answer["statement"]],
        probability=_percent(answer["probability"]),
        specific_risk=_percent(answer["specific_risk"]),
        guard_band=min(as_entered(answer["guard_band"]), readable(answer["guard_band"], 4), key=len),
        ratio=readable(ratio, 4) if ratio is not None else "",
        risks=risks,
        solved=solved,
        picture=_picture(given, answer["guard_band"]),
        operating_point=drawn,
    )


def _risks(
    given: dict[str, Any], ratio: float | None, guard_band: float
) -> tuple[dict[str, str] | None, dict[str, str] | None, SafeString | str]:
    """Return the risks of the procedure, the guard band solved for a target, and the graph of the operating point."""
    if not given["itp"] or ratio is None:
        return None, None, ""
    half = (float(given["upper"]) - float(given["lower"])) / 2
    factor = (half - guard_band) / half
    question = {"itp": given["itp"], "tur": ratio}
    answer = evaluate_question("risk", {**question, "guard_band_factor": factor})
    risks = {name: _percent(answer[name]) for name in ("pfa", "pfr", "pfa_conditional", "pfr_conditional")}
    risks["factor"] = readable(factor, 4)
    target, solved = None, None
    if given["target_pfa"]:
        target = float(given["target_pfa"])
        found = evaluate_question("guardband", {**question, "target_pfa": given["target_pfa"]})
        solved = {name: _percent(found[name]) for name in ("pfa", "pfr")}
        solved["factor"] = readable(found["guard_band_factor"], 4)
        solved["width"] = readable(half * (1 - found["guard_band_factor"]), 3)
        solved["wider"] = "1" if found["guard_band_factor"] > 1 else ""
    label = gettext("Operating point: false acceptance %(pfa)s %%, false rejection %(pfr)s %%.") % risks
    drawn = operating_point_drawing(
        float(given["itp"]), ratio, factor, label=label, language=reading_language(), target_pfa=target
    )
    return risks, solved, drawn


def _picture(given: dict[str, Any], guard_band: float) -> SafeString:
    ends = [as_decimal(given[name]) if given[name] else None for name in ("lower", "upper")]
    judged = Judged(float(given["y"]), float(given["U"]), Limits(*ends), guard_band)
    name = given["quantity"] or gettext("Measured value")
    unit = printed_unit(given["unit"])
    label = gettext("The measured value with U between its limits.")
    return decision_drawing(judged, Text(name, name), unit, label=label, language=reading_language())


def _percent(share: float | None) -> str:
    if share is None:
        return ""
    return percent(share) if 0.001 <= share <= 0.999 else readable(100 * share, 3)
