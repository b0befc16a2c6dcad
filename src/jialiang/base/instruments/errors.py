"""What can go wrong with instruments."""

from __future__ import annotations

from jialiang.kernel.errors import Conflict, InvalidInput, NotFound


class InstrumentIncomplete(InvalidInput):
    """Mandatory members of the ledger record are empty; facts: ``members``, all of them."""

    code = "JL-INS-001"


class InstrumentMember(InvalidInput):
    """A member cannot be stored; facts: ``member``, ``given``, ``reason``."""

    code = "JL-INS-002"


class InstrumentExists(Conflict):
    """The owner has this instrument in the ledger already; facts: ``name``, ``model``, ``serial_number``."""

    code = "JL-INS-003"


class InstrumentUnknown(NotFound):
    """There is no such instrument in this institute; facts: ``wanted``."""

    code = "JL-INS-004"


class UnknownMembers(InvalidInput):
    """The change names members that an instrument does not have; facts: ``members``, ``known``."""

    code = "JL-INS-005"


class StateForbids(Conflict):
    """The instrument's state forbids the deed; facts: ``name``, ``serial_number``, ``state``, ``allowed``."""

    code = "JL-INS-006"


class ReasonMissing(InvalidInput):
    """Taking out of use, restoring and scrapping need a reason."""

    code = "JL-INS-007"


class InstrumentChanged(Conflict):
    """Somebody changed the instrument meanwhile; facts: ``name``, ``read``, ``stored``, ``what``."""

    code = "JL-INS-409"
