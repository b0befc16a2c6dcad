"""What can stop a calibration record."""

from __future__ import annotations

from jialiang.kernel.errors import Conflict, Interlock, InvalidInput, NotAllowed, NotFound, SeparationOfDuties


class WrongState(Conflict):
    """The record is in a state in which this step is not possible."""

    code = "JL-CAL-001"


class SamePerson(SeparationOfDuties):
    """Calibrated by, reviewed by and approved by are three persons."""

    code = "JL-CAL-002"


class RecordIncomplete(InvalidInput):
    """Readings or conditions are missing."""

    code = "JL-CAL-004"


class ReasonNeeded(InvalidInput):
    """A record is not returned, amended, taken over or voided without a reason."""

    code = "JL-CAL-005"


class NotTheTechnician(NotAllowed):
    """Only the technician of the record enters and amends its readings."""

    code = "JL-CAL-006"


class RecordChanged(Conflict):
    """The record changed since it was looked at."""

    code = "JL-CAL-007"


class NoReferenceStandard(InvalidInput):
    """A record without a reference standard proves nothing."""

    code = "JL-CAL-008"


class UnknownProcedure(InvalidInput):
    """There is no such procedure here."""

    code = "JL-CAL-009"


class ItemNotReady(Conflict):
    """Work starts when the commission is accepted, the decision rule agreed and the item received."""

    code = "JL-CAL-010"


class CalibrationUnknown(NotFound):
    """There is no such record in this institute."""

    code = "JL-CAL-011"


class PointNotCovered(InvalidInput):
    """A point lies outside what the standard or the readings cover."""

    code = "JL-CAL-012"


class BadEntry(InvalidInput):
    """An entry of the record is missing or cannot be used."""

    code = "JL-CAL-013"


class StandardCertificateRevoked(Interlock):
    """The certificate that a standard was used with has been revoked since."""

    code = "JL-CAL-003"


class StandardOfAnotherQuantity(InvalidInput):
    """The standard's unit cannot be converted to the instrument's; facts: ``serial_number``, both units."""

    code = "JL-CAL-014"


class NothingToTakeOver(Conflict):
    """Whoever wants to take a record over is its technician already; facts: ``number``, ``person``."""

    code = "JL-CAL-015"
