"""What can go wrong with uncertainty budgets.

    InvalidInput        BudgetMember, BudgetReasonNeeded, TrialFails
    NotFound            BudgetUnknown
    Conflict            BudgetWrongState, BudgetChanged, ScopeTaken, NothingChanged
    SeparationOfDuties  AuthorApproves
"""

from __future__ import annotations

from jialiang.kernel.errors import Conflict, InvalidInput, NotFound, SeparationOfDuties


class BudgetUnknown(NotFound):
    """There is no such budget or version in this institute; facts: ``wanted``."""

    code = "JL-UBG-004"


class BudgetMember(InvalidInput):
    """A member cannot be stored; facts: ``member``, ``given``, ``reason``."""

    code = "JL-UBG-005"


class BudgetWrongState(Conflict):
    """The version is in a state that forbids the step; facts: ``code``, ``number``, ``state``, ``action``."""

    code = "JL-UBG-006"


class BudgetChanged(Conflict):
    """The version changed since it was looked at; facts: ``code``, ``number``."""

    code = "JL-UBG-007"


class AuthorApproves(SeparationOfDuties):
    """Whoever wrote a version does not put it into force; facts: ``person``, ``code``, ``number``."""

    code = "JL-UBG-008"


class ScopeTaken(Conflict):
    """Another budget in force holds for points of the same procedure; facts: ``code``, ``other``, ``interval``."""

    code = "JL-UBG-009"


class BudgetReasonNeeded(InvalidInput):
    """A version is not returned or withdrawn without a reason; facts: ``code``, ``number``."""

    code = "JL-UBG-010"


class NothingChanged(Conflict):
    """The new version would say what the last one says; facts: ``code``, ``number``."""

    code = "JL-UBG-011"


class TrialFails(InvalidInput):
    """The template cannot be evaluated with its own trial numbers; facts: ``code``, ``number``, ``reason``."""

    code = "JL-UBG-012"
