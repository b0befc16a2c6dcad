"""Every component on one page, for looking at and for the accessibility check. Served by the demo only."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy

from jialiang.console import drawings
from jialiang.console.paging import Page
from jialiang.console.shell import page
from jialiang.console.states import looks
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text

COLUMNS = ("nominal", "indication", "error", "u", "before")
POINTS = (
    ("-20", "-20.013", "-0.013", "0.012", "-0.011"),
    ("0", "-0.004", "-0.004", "0.012", "0.000"),
    ("60", "60.050", "0.050", "0.015", "0.029"),
    ("150", "150.2", "0.2", "0.03", "0.1"),
)
LONG = ("0.00005", "1234567.25", "-12345", "9999")


class SpecimenForm(forms.Form):
    """A form with every kind of control, one of them with an error."""

    number = forms.CharField(label=gettext_lazy("Serial number"))
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of work"), choices=[("calibration", gettext_lazy("Calibration"))]
    )
    temperature = forms.DecimalField(label=gettext_lazy("Temperature"), max_value=Decimal(150))
    remark = forms.CharField(
        label=gettext_lazy("Remark"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    agreed = forms.BooleanField(label=gettext_lazy("A due date was agreed with the customer"), required=False)
    rule = forms.ChoiceField(
        label=gettext_lazy("Decision rule"),
        widget=forms.RadioSelect,
        choices=[("simple", gettext_lazy("Simple acceptance")), ("guarded", gettext_lazy("Guard band"))],
    )


def specimens(request: HttpRequest) -> HttpResponse:
    """Show all components with realistic content."""
    today = utc_now().date()
    given = {"number": "T2104-0387", "kind": "calibration", "temperature": "151", "rule": "simple"}
    form = SpecimenForm(given)
    form.is_valid()
    context = {
        "looks": [(noun, list(states)) for noun, states in looks().items()],
        "icons": drawings.names("icons"),
        "points": [dict(zip(COLUMNS, point, strict=True)) for point in POINTS],
        "celsius": Text("℃", "°C"),
        "long": LONG,
        "dates": [today + timedelta(days=n) for n in (-14, 0, 1, 12, 59)],
        "moments": [utc_now() - timedelta(hours=n) for n in (2, 50, 800)],
        "form": form,
        "list_page": Page(rows=range(11), total=41, after="x"),
        "names": [
            Text("登记来样", "Take in"),
            Text("录入", "Record"),
            Text("核验", "Review"),
            Text("批准", "Approve"),
        ],
    }
    return page(request, "specimens/specimens.html", context)


urlpatterns = [path("_components", specimens, name="specimens")]
