"""What can go wrong with comparison rounds, their participants and results."""

from __future__ import annotations

from jialiang.kernel.errors import Conflict, InvalidInput, NotFound


class RoundIncomplete(InvalidInput):
    """What a round needs from its start is missing; facts: ``members``, all of them."""

    code = "JL-CMP-001"


class RoundMember(InvalidInput):
    """A member cannot be stored; facts: ``member``, ``given``, ``reason``."""

    code = "JL-CMP-002"


class RoundUnknown(NotFound):
    """There is no such round, participant or artefact in this institute; facts: ``wanted``."""

    code = "JL-CMP-003"


class RoundStateForbids(Conflict):
    """The state of the round forbids the deed; facts: ``number``, ``state``, ``allowed``."""

    code = "JL-CMP-004"


class ParticipantTwice(Conflict):
    """Code or laboratory takes part already; facts: ``given``, ``number``."""

    code = "JL-CMP-005"


class TooFewResults(Conflict):
    """An artefact has fewer results than its evaluation needs; facts: ``artefact``, ``needed``, ``given``."""

    code = "JL-CMP-006"


class RoundReasonMissing(InvalidInput):
    """Cancelling needs a reason."""

    code = "JL-CMP-007"


class EvaluationChanged(Conflict):
    """Somebody evaluated the round anew meanwhile; facts: ``number``."""

    code = "JL-CMP-008"


class UncertaintyMissing(InvalidInput):
    """The way the value is assigned needs every result's U; facts: ``member``, ``reason``, ``by``."""

    code = "JL-CMP-009"
