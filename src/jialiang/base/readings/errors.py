"""What can go wrong with readings."""

from __future__ import annotations

from jialiang.kernel.errors import Conflict, InvalidInput, NotFound


class ReadingsFrozen(Conflict):
    """The readings were submitted: they are amended, never overwritten."""

    code = "JL-REA-001"


class ReadingUnknown(NotFound):
    """There is no such reading in this record."""

    code = "JL-REA-002"


class CellOutsideLayout(InvalidInput):
    """The cell is none of the columns or rows of this record."""

    code = "JL-REA-003"


class ReasonMissing(InvalidInput):
    """An amendment without a reason."""

    code = "JL-REA-004"


class ReadingsNotFrozen(Conflict):
    """Only submitted readings are amended; a draft is simply typed again."""

    code = "JL-REA-005"


class TextRefused(InvalidInput):
    """A cell or a reason cannot be stored as it was typed; facts: ``row``, ``column``, ``reason``."""

    code = "JL-REA-007"


class NothingAmended(InvalidInput):
    """The new text is the old one."""

    code = "JL-REA-006"
