"""The page of gauge studies: readings pasted from a sheet or taken from a file, and what they say of the measuring."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods

from jialiang.console.measurement_science.fields import LONGEST_LIST, NumberField
from jialiang.console.measurement_science.gauge_result import shown_study
from jialiang.console.measurement_science.wording import printed_unit, sentence
from jialiang.console.measurement_science.worked_examples import gauge_example
from jialiang.console.shell import page
from jialiang.formats.gauge_tables import MOST_BYTES, GaugeFileUnreadable, readings_of_text, text_of_file
from jialiang.information.science_questions import evaluate_question
from jialiang.kernel.errors import InvalidInput

CONFIDENCE = "0.95"


class ReadingsField(forms.CharField):
    """Readings, one a line; cleaned to objects of part, operator, value and, where numbered, trial."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 14, "spellcheck": "false", "autocomplete": "off"})
        super().__init__(max_length=LONGEST_LIST, widget=widget, **kwargs)

    def clean(self, value: Any) -> Any:
        """Return a list of objects. Raises ValidationError with the words of the house."""
        try:
            return readings_of_text(super().clean(value))
        except InvalidInput as problem:
            raise ValidationError(sentence(problem)) from problem


class GaugeForm(forms.Form):
    """What a study needs: its readings, what was measured in which unit, the tolerance and two probabilities."""

    use_required_attribute = False
    quantity = forms.CharField(label=gettext_lazy("Quantity"), required=False, max_length=60)
    unit = forms.CharField(label=gettext_lazy("Unit"), required=False, max_length=40)
    tolerance = NumberField(
        label=gettext_lazy("Width of the tolerance"),
        required=False,
        help_text=gettext_lazy("Upper less lower limit; GRR is then compared with it too."),
    )
    readings = ReadingsField(
        label=gettext_lazy("Readings, one a line"),
        help_text=gettext_lazy(
            "Part, operator, trial (may be left out), value; parted by tabs, semicolons or commas, as copied "
            "from a sheet. A first line may name the columns in any order."
        ),
    )
    alpha = NumberField(
        label=gettext_lazy("Probability above which operators × parts is pooled"),
        required=False,
        help_text=gettext_lazy("0.25 where nothing is entered."),
    )
    confidence = NumberField(
        label=gettext_lazy("Confidence of the intervals"),
        required=False,
        help_text=gettext_lazy("0.95 where nothing is entered."),
    )

    def refuse(self, problem: InvalidInput) -> None:
        """Put an error of the topic beside the field that it speaks of, or beside the readings."""
        member = str(problem.facts.get("member") or problem.facts.get("parameter") or "")
        self.add_error(member if member in self.fields else "readings", sentence(problem))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def gauge(request: HttpRequest) -> HttpResponse:
    """Show the example; answer what was sent; lay out the readings of a file."""
    if request.method != "POST":
        return _answered(request, GaugeForm(gauge_example(), label_suffix=""), {})
    if request.POST.get("act") != "open":
        return _answered(request, GaugeForm(request.POST, label_suffix=""), {})
    given = request.POST.dict()
    try:
        given["readings"] = _text_of_upload(request)
    except ValidationError as problem:
        form = GaugeForm(given, label_suffix="")
        return _answered(request, form, {"file_fault": problem.messages[0]})
    return _answered(request, GaugeForm(given, label_suffix=""), {})


def _text_of_upload(request: HttpRequest) -> str:
    """Return the readings of the uploaded file. Raises ValidationError."""
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile):
        raise ValidationError(gettext("Choose a file first."))
    try:
        if (upload.size or 0) > MOST_BYTES:
            raise GaugeFileUnreadable(member="file", reason=f"> {MOST_BYTES} B")
        return text_of_file(upload.read())
    except InvalidInput as problem:
        raise ValidationError(sentence(problem)) from problem


def _answered(request: HttpRequest, form: GaugeForm, context: dict[str, Any]) -> HttpResponse:
    shown = {"form": form, "unit": printed_unit(str(form.data.get("unit", ""))[:40]), **context}
    if "file_fault" not in context and form.is_valid():
        try:
            shown |= _evaluated(form.cleaned_data, shown["unit"])
        except InvalidInput as problem:
            form.refuse(problem)
    status = 422 if form.errors or "file_fault" in context else 200
    template, fragment = "measurement_science/gauge.html", "measurement_science/parts/gauge_answer.html"
    return page(request, template, shown, fragment=fragment, status=status)


def _evaluated(given: dict[str, Any], unit: str) -> dict[str, Any]:
    readings = given["readings"]
    asked = {name: given[name] for name in ("tolerance", "alpha", "confidence") if given[name]}
    answer = evaluate_question("gauge-study", {"readings": readings, **asked})
    quantity = given["quantity"] or gettext("Measured value")
    return {"study": shown_study(answer, readings, quantity, unit, given["confidence"] or CONFIDENCE)}
