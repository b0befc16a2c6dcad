"""Forms of measurement standards: identity, certificates from file or paper, checks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, gettext_noop

from jialiang.base.measurement_standards.facts import CertificateFacts
from jialiang.console.asking import this_day
from jialiang.console.noun_forms import NounForm, day_field, fill_choices, options, text_field
from jialiang.console.units import UnitField
from jialiang.console.wording import in_words
from jialiang.kernel.text import Text
from jialiang.security.accounts.selectors import holders_of
from jialiang.vocabulary.statuses import StandardLevel

VALUE_COLUMNS = ("nominal", "measured", "expanded_uncertainty", "coverage_factor")


class StandardForm(NounForm):
    """A new measurement standard."""

    noun = "measurement_standard"
    groups = (
        (gettext_noop("What it is"), (
            "name_zh", "name_en", "level", "model", "serial_number", "inventory_number", "code", "keeper_id",
        )),
        (gettext_noop("Who made it"), ("manufacturer_zh", "manufacturer_en")),
        (gettext_noop("What it measures"), (
            "quantity_zh", "quantity_en", "unit", "measuring_interval_zh", "measuring_interval_en",
            "measuring_interval_minimum", "measuring_interval_maximum", "drift_half_width",
        )),
    )  # fmt: skip

    name_zh = text_field(100, required=True)
    name_en = text_field(200)
    level = forms.ChoiceField()
    model = text_field(60, required=True)
    serial_number = text_field(60, required=True)
    inventory_number = text_field(60)
    code = text_field(20)
    keeper_id = forms.ChoiceField(required=False)
    manufacturer_zh = text_field(100)
    manufacturer_en = text_field(200)
    quantity_zh = text_field(60, required=True)
    quantity_en = text_field(60)
    unit = UnitField(required=True)
    measuring_interval_zh = text_field(100, required=True)
    measuring_interval_en = text_field(100)
    measuring_interval_minimum = text_field(30, inputmode="decimal")
    measuring_interval_maximum = text_field(30, inputmode="decimal")
    drift_half_width = text_field(30, inputmode="decimal")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill_choices(self, "level", options(StandardLevel, gettext("Choose…")))
        keepers = [(str(row.id), in_words(row.name)) for row in holders_of("standards_keeper", this_day())]
        fill_choices(self, "keeper_id", [("", gettext("nobody yet")), *keepers])
        self.fields["drift_half_width"].help_text = gettext(
            "Since its last certificate; enters the budget as a rectangular distribution."
        )

    def clean_keeper_id(self) -> UUID | None:
        """Return the keeper as an id."""
        given = self.cleaned_data["keeper_id"]
        return UUID(given) if given else None


class PaperForm(NounForm):
    """A certificate that is no DCC: what stands on it is typed, the PDF is kept beside it if there is one."""

    noun = "standard_certificate"
    at_field = {"JL-STD-002": "values", "JL-STD-005": "number"}
    groups = (
        (
            gettext_noop("The certificate"),
            ("number", "issuer_zh", "issuer_en", "valid_from", "valid_until", "file"),
        ),
        (gettext_noop("What it says"), ("expanded_uncertainty", "coverage_factor", "unit", "values")),
    )

    number = text_field(80, required=True)
    issuer_zh = text_field(100, required=True)
    issuer_en = text_field(200)
    valid_from = day_field()
    valid_until = day_field()
    file = forms.FileField(required=False)
    expanded_uncertainty = text_field(30, required=True, inputmode="decimal")
    coverage_factor = text_field(12, required=True, inputmode="decimal")
    unit = UnitField(required=True)
    values = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 5}), max_length=20_000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = gettext("PDF of the certificate")
        self.fields["file"].help_text = gettext("Kept unchanged; its SHA-256 is the link in the chain.")
        self.fields["values"].label = gettext("Values at the points")
        self.fields["values"].help_text = gettext(
            "One line a point: nominal, measured, U, k with blanks between."
        )

    def clean_values(self) -> tuple[dict[str, str], ...]:
        """Return the lines as values; a line has one number for each column."""
        lines = [line.split() for line in self.cleaned_data["values"].splitlines() if line.strip()]
        for number, parts in enumerate(lines, 1):
            if len(parts) != len(VALUE_COLUMNS):
                raise forms.ValidationError(
                    gettext("Line %(number)s has %(count)s numbers, not four.")
                    % {"number": number, "count": len(parts)}
                )
        return tuple(dict(zip(VALUE_COLUMNS, parts, strict=True)) for parts in lines)

    @property
    def facts(self) -> CertificateFacts:
        """What the valid form says."""
        said = self.cleaned_data
        return CertificateFacts(
            number=said["number"],
            issuer=Text(said["issuer_zh"], said["issuer_en"]),
            expanded_uncertainty=said["expanded_uncertainty"],
            coverage_factor=said["coverage_factor"],
            unit=said["unit"],
            valid_from=said["valid_from"],
            valid_until=said["valid_until"],
            measured_values=said["values"],
        )


class DigitalForm(NounForm):
    """A DCC: everything is read from it; only an end that it does not state is asked."""

    noun = "standard_certificate"
    at_field = {"JL-STD-008": "file", "JL-STD-009": "file", "JL-STD-005": "file"}

    file = forms.FileField()
    valid_until = day_field(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = gettext("DCC (XML)")
        self.fields["valid_until"].help_text = gettext(
            "Only if the certificate states no end: your own interval."
        )


class CheckForm(NounForm):
    """One check observation, as read off."""

    noun = "check_observation"

    observed_on = day_field()
    measured_value = text_field(30, required=True, inputmode="decimal")
    unit = UnitField(required=True)
    standard_deviation = text_field(30, inputmode="decimal")
    source = text_field(200)


class MoveForm(NounForm):
    """Suspending and resuming need a reason."""

    noun = "measurement_standard"
    at_field = {"JL-STD-007": "reason"}
    reason = text_field(200, required=True)


def content_of_upload(upload: UploadedFile[Any] | None) -> bytes:
    """Return the bytes of an uploaded file, none where nothing was uploaded."""
    return upload.read() if upload else b""
