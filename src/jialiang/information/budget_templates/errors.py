"""What can be wrong with a budget template, and with a calibration that a template is to be evaluated for."""

from __future__ import annotations

from jialiang.kernel.errors import InvalidInput


class TemplateUnreadable(InvalidInput):
    """A member of the template is missing or says what nobody knows; facts: ``member``, ``given``, ``known``."""

    code = "JL-UBG-001"


class NotAnExactTerm(InvalidInput):
    """A quantity of the readings is more than sums, differences and products of them; facts: ``quantity``, ``term``."""

    code = "JL-UBG-002"


class SourceMissing(InvalidInput):
    """What an input rests on is not there for this calibration; facts: ``input``, ``source``, ``point``."""

    code = "JL-UBG-003"
