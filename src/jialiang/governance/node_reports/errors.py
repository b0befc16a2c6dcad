"""Errors of reports to the node above."""

from jialiang.kernel.errors import Conflict, InvalidInput, NotFound, Unavailable


class SentReportUnknown(NotFound):
    """There is no such report; facts: ``wanted``."""

    code = "JL-UPN-001"


class ReportBeingSent(Conflict):
    """The report is being sent at this moment; facts: ``report``, ``until``."""

    code = "JL-UPN-002"


class DayNotReportable(Conflict):
    """Statistics of this day are not frozen; facts: ``day``."""

    code = "JL-UPN-003"


class ReportKindUnknown(InvalidInput):
    """There is no such kind of report; facts: ``given``, ``known``."""

    code = "JL-UPN-004"


class UpperNodeNotSet(Conflict):
    """This installation knows no node above it; facts: ``setting``."""

    code = "JL-UPN-005"


class UpperNodeSilent(Unavailable):
    """The node above did not answer as it should; facts: ``address``, ``reason``. May be tried again."""

    code = "JL-UPN-006"


class UpperNodeForbids(Conflict):
    """The node above does not take the token or knows no such node; facts: ``address``, ``status``, ``said``."""

    code = "JL-UPN-007"


class UpperNodeRefuses(Conflict):
    """The node above refuses what was sent, for good; facts: ``address``, ``status``, ``said``."""

    code = "JL-UPN-008"
