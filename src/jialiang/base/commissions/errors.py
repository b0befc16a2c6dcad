"""What can go wrong with commissions and their items."""

from __future__ import annotations

from jialiang.kernel.errors import Conflict, InvalidInput, NotFound


class CommissionIncomplete(InvalidInput):
    """What has to be agreed before work starts is not; facts: ``members``, all of them."""

    code = "JL-COM-001"


class CommissionMember(InvalidInput):
    """A member cannot be stored; facts: ``member``, ``given``, ``reason``."""

    code = "JL-COM-002"


class CommissionUnknown(NotFound):
    """There is no such commission or item in this institute; facts: ``wanted``."""

    code = "JL-COM-003"


class ForeignInstrument(InvalidInput):
    """The instrument is not the customer's; facts: ``instrument``, ``serial_number``, ``customer``."""

    code = "JL-COM-004"


class CommissionStateForbids(Conflict):
    """The commission's state forbids the deed; facts: ``number``, ``state``, ``allowed``."""

    code = "JL-COM-005"


class InstrumentBusy(Conflict):
    """The instrument is in an unfinished commission; facts: ``instrument``, ``serial_number``, ``number``."""

    code = "JL-COM-006"


class CustodyForbids(Conflict):
    """The item is not where it would have to be; facts: ``instrument``, ``custody``, ``wanted``."""

    code = "JL-COM-007"


class NotFreeOfCharge(InvalidInput):
    """Free verification is for instruments under compulsory verification only; facts: ``instruments``."""

    code = "JL-COM-008"


class VerificationNeeds(InvalidInput):
    """A legal verification needs a decision rule and the interval of its regulation; facts: ``members``."""

    code = "JL-COM-009"


class ReasonMissing(InvalidInput):
    """Cancelling needs a reason."""

    code = "JL-COM-010"


class ItemsInLaboratory(Conflict):
    """A commission with items in the laboratory cannot be cancelled; facts: ``number``, ``count``."""

    code = "JL-COM-011"


class InstrumentScrapped(Conflict):
    """A scrapped instrument is not taken in; facts: ``instrument``, ``serial_number``."""

    code = "JL-COM-012"


class CommissionChanged(Conflict):
    """Somebody changed the commission meanwhile; facts: ``number``, ``read``, ``stored``."""

    code = "JL-COM-409"
