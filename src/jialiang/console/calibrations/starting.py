"""Starting a record: item, procedure, method, points, standards; what stops the work is said before it starts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from jialiang.base.calibrations.selectors import calibrations as known_records
from jialiang.base.calibrations.selectors import items_with_records
from jialiang.base.commissions.selectors import item as commission_item
from jialiang.base.commissions.selectors import items_in
from jialiang.base.measurement_standards.selectors import certificate_in_force, latest, standards_kept
from jialiang.base.organizations.selectors import laboratories
from jialiang.console.calibrations.words import step_names
from jialiang.console.requests import who
from jialiang.console.shell import page
from jialiang.console.wording import in_words, reading_language
from jialiang.functions import calibrations
from jialiang.functions.calibrations import NewCalibration
from jialiang.functions.deed import permit
from jialiang.information.procedures import Procedure, procedures
from jialiang.kernel.clock import utc_now
from jialiang.kernel.errors import Interlock, JialiangError, NotAllowed
from jialiang.kernel.text import Text
from jialiang.science.units import are_convertible, display_unit
from jialiang.vocabulary.statuses import CommissionState, CustodyState, DecisionRule, label

START = "calibration.start"
BETWEEN_POINTS = re.compile(r"[\s;；、]+")


@dataclass(frozen=True, slots=True)
class OfferedStandard:
    """A standard that may be chosen; ``problem`` says why it may not be, ``fits`` whether its unit does."""

    id: UUID
    name: Text
    serial_number: str
    interval: str
    certificate_number: str
    uncertainty: str
    factor: str
    unit: str
    valid_until: date | None
    problem: Text
    fits: bool


class StartForm(forms.Form):
    """What a record is started with; the parameters follow from the procedure."""

    method_zh = forms.CharField(label=gettext_lazy("Method, Chinese name"), max_length=200)
    method_en = forms.CharField(label=gettext_lazy("Method, English name"), max_length=200, required=False)
    method_norm = forms.CharField(label=gettext_lazy("Number of the document"), max_length=60, required=False)
    site = forms.ChoiceField(label=gettext_lazy("Place"), required=False)
    points = forms.CharField(label=gettext_lazy("Points"), max_length=600)
    reference = forms.ChoiceField(label=gettext_lazy("Reference standard"), widget=forms.RadioSelect)
    others = forms.MultipleChoiceField(
        label=gettext_lazy("Other standards"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def __init__(self, plan: Procedure, standards: list[OfferedStandard], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        sites = [(str(site.id), in_words(site.name)) for site in laboratories()]
        self._offer("site", [("", "—"), *sites])
        chosen = [(str(s.id), in_words(s.name)) for s in standards]
        self._offer("reference", chosen)
        self._offer("others", chosen)
        for parameter in plan.parameters:
            self.fields[f"p-{parameter.key}"] = forms.CharField(
                label=in_words(parameter.name), max_length=40, required=False, initial=parameter.default
            )

    @property
    def parameter_fields(self) -> list[forms.BoundField]:
        """The fields of the procedure's parameters."""
        return [self[name] for name in self.fields if name.startswith("p-")]


@login_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Choose an item, then its procedure, then fill in; POST starts the record."""
    permit(who(request), START)
    chosen = request.GET.get("item", "")
    if not chosen:
        waiting = [(row, in_words(label(DecisionRule(row.commission.decision_rule)))) for row in _waiting_items()]
        return page(request, "calibrations/choose_item.html", {"items": waiting})
    item = commission_item(_uuid(chosen))
    permit(who(request), START, item)
    last = _last_record(item)
    key = request.GET.get("procedure", "") or (last.procedure if last else "thermometer_line")
    if key not in procedures():
        raise Http404
    plan = procedures()[key]
    standards = _offered(item.instrument.unit, timezone.localdate(utc_now()))
    given = request.POST if request.method == "POST" else None
    form = StartForm(plan, standards, data=given, initial=_initial(item, last, key, standards))
    if given is not None and form.is_valid():
        try:
            record = calibrations.start(
                actor=who(request), new=_new(item.id, plan, form.cleaned_data), now=utc_now()
            )
        except NotAllowed:
            raise
        except JialiangError as problem:
            return _form_page(request, item, plan, standards, form, problem)
        return HttpResponseRedirect(reverse("calibration", args=[record.id]))
    return _form_page(request, item, plan, standards, form)


def _form_page(
    request: HttpRequest,
    item: Any,
    plan: Procedure,
    standards: list[OfferedStandard],
    form: StartForm,
    problem: JialiangError | None = None,
) -> HttpResponse:
    fitting = [each for each in standards if each.fits]
    context = {
        "item": item,
        "instrument": item.instrument,
        "commission": item.commission,
        "plans": procedures().values(),
        "plan": plan,
        "form": form,
        "problem": problem,
        "standards": fitting,
        "others": [each for each in standards if not each.fits],
        "stopped": [each for each in fitting if each.problem],
        "all_stopped": bool(fitting) and all(each.problem for each in fitting),
        "unit": display_unit(item.instrument.unit, reading_language()) if item.instrument.unit else "",
        "steps": step_names(),
        "chosen_reference": form["reference"].value() or "",
        "chosen_others": [str(value) for value in form["others"].value() or []],
    }
    status = problem.http_status if problem else 422 if form.is_bound else 200
    return page(request, "calibrations/start.html", context, status=status)


def _waiting_items() -> list[Any]:
    inside = items_in(CustodyState.RECEIVED, CustodyState.IN_LABORATORY)
    on_site = [row for row in items_in(CustodyState.EXPECTED) if row.instrument.on_site]
    known = items_with_records(row.id for row in [*inside, *on_site])
    ready = CommissionState.ACCEPTED
    return [row for row in [*inside, *on_site] if row.id not in known and row.commission.state == ready]


def _offered(unit: str, on: date) -> list[OfferedStandard]:
    offered = []
    for row in standards_kept():
        problem = Text()
        carrying: Any
        try:
            carrying = certificate_in_force(row.id, on)
        except Interlock as stopped:
            problem, carrying = stopped.what, latest(row)
        fits = not unit or are_convertible(row.unit, unit)
        offered.append(
            OfferedStandard(
                id=row.id,
                name=row.name,
                serial_number=row.serial_number,
                interval=in_words(Text(row.measuring_interval_zh, row.measuring_interval_en)),
                certificate_number=carrying.number if carrying else "",
                uncertainty=carrying.expanded_uncertainty if carrying else "",
                factor=carrying.coverage_factor if carrying else "",
                unit=display_unit(carrying.unit, reading_language()) if carrying else "",
                valid_until=carrying.valid_until if carrying else None,
                problem=problem,
                fits=fits,
            )
        )
    return offered


def _last_record(item: Any) -> Any:
    """Return the last record of the same instrument: what was done then is proposed again."""
    found = known_records(search=item.instrument.serial_number).filter(item__instrument_id=item.instrument_id)
    return found.order_by("-created_at").first()


def _initial(item: Any, last: Any, key: str, standards: list[OfferedStandard]) -> dict[str, Any]:
    points = item.requested_points or (last.points if last else [])
    usable = [s for s in standards if s.fits and not s.problem]
    known: dict[str, Any] = {"points": " ".join(points)}
    if last is not None:
        known |= {"method_zh": last.method_zh, "method_en": last.method_en, "method_norm": last.method_norm}
        known["site"] = str(last.site_id or "")
    if last is not None and last.procedure == key:
        known |= {f"p-{name}": text for name, text in last.parameters.items()}
    if len(usable) == 1:
        known["reference"] = str(usable[0].id)
    return known


def _new(item_id: UUID, plan: Procedure, given: dict[str, Any]) -> NewCalibration:
    points = [point for point in BETWEEN_POINTS.split(given["points"].strip()) if point]
    return NewCalibration(
        item_id=item_id,
        procedure=plan.key,
        method=Text(given["method_zh"], given["method_en"]),
        method_norm=given["method_norm"],
        reference_standard_id=UUID(given["reference"]),
        other_standard_ids=tuple(UUID(key) for key in given["others"] if key != given["reference"]),
        points=tuple(points),
        parameters={p.key: given[f"p-{p.key}"] for p in plan.parameters},
        site_id=UUID(given["site"]) if given["site"] else None,
    )


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
