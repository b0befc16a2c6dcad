"""What the workbench refuses."""

from __future__ import annotations

from jialiang.kernel.errors import InvalidInput, TooMany


class NothingHandedIn(InvalidInput):
    """The form came without a file, or none was chosen."""

    code = "JL-WBE-001"


class TooManyHandedIn(InvalidInput):
    """More files came at once than the workbench takes; facts: given, most."""

    code = "JL-WBE-002"
    http_status = 413


class HandedInTooLarge(InvalidInput):
    """The files together are larger than the workbench takes; facts: size, largest."""

    code = "JL-WBE-003"
    http_status = 413


class WorkedTooOften(TooMany):
    """The workbench was used too often from one address; facts: most, minutes."""

    code = "JL-WBE-004"


class PairNeeded(InvalidInput):
    """A comparison needs two certificates, or one with values before and after adjustment; facts: given."""

    code = "JL-WBE-005"


class CarriedDamaged(InvalidInput):
    """What the page carried for the next step came back damaged."""

    code = "JL-WBE-006"
