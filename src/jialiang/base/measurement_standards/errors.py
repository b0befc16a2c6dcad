"""What can go wrong with measurement standards.

    InvalidInput   StandardIncomplete, StandardMember, UnknownMembers, ReasonMissing, CertificateNotGenuine,
                   CertificateTells
    NotFound       StandardUnknown, StandardCertificateUnknown
    Conflict       StandardExists, StandardCertificateExists, StateForbids
    Interlock      StandardExpired, StandardUnproven, StandardSuspended: they stop the work of the day
"""

from __future__ import annotations

from jialiang.kernel.errors import Conflict, Interlock, InvalidInput, NotFound


class StandardIncomplete(InvalidInput):
    """Mandatory members are empty; facts: ``members``, all of them."""

    code = "JL-STD-001"


class StandardMember(InvalidInput):
    """A member cannot be stored; facts: ``member``, ``given``, ``reason``."""

    code = "JL-STD-002"


class StandardExists(Conflict):
    """The institute has this standard already; facts: ``name``, ``model``, ``serial_number``."""

    code = "JL-STD-003"


class StandardUnknown(NotFound):
    """There is no such measurement standard in this institute; facts: ``wanted``."""

    code = "JL-STD-004"


class StandardCertificateExists(Conflict):
    """The standard has a certificate of this number already; facts: ``number``, ``name``."""

    code = "JL-STD-005"


class StateForbids(Conflict):
    """The standard's state forbids the deed; facts: ``name``, ``serial_number``, ``state``."""

    code = "JL-STD-006"


class ReasonMissing(InvalidInput):
    """Suspending and resuming need a reason."""

    code = "JL-STD-007"


class CertificateNotGenuine(InvalidInput):
    """The signature of the uploaded certificate does not hold; facts: ``number``, ``reason``."""

    code = "JL-STD-008"


class CertificateTells(InvalidInput):
    """The uploaded certificate is of another thing, or lacks what is needed; facts: ``number``, ``reason``."""

    code = "JL-STD-009"


class StandardCertificateUnknown(NotFound):
    """There is no such certificate of a standard in this institute; facts: ``wanted``."""

    code = "JL-STD-010"


class StandardExpired(Interlock):
    """No certificate carries it that day; facts: ``name``, ``serial_number``, ``certificate``, ``since``, ``on``."""

    code = "JL-STD-011"


class StandardUnproven(Interlock):
    """The standard has no certificate (yet) on that day; facts: ``name``, ``serial_number``, ``on``."""

    code = "JL-STD-012"


class StandardSuspended(Interlock):
    """The keeper took the standard out of use; facts: ``name``, ``serial_number``, ``state``, ``reason``."""

    code = "JL-STD-013"


class TooFewObservations(InvalidInput):
    """A control chart needs more check observations; facts: ``name``, ``given``, ``needed``."""

    code = "JL-STD-014"
