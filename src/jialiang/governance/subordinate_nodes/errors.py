"""What can go wrong with subordinate nodes and the reports received from them."""

from __future__ import annotations

from jialiang.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound


class NodeUnknown(NotFound):
    """There is no such subordinate node; facts: ``wanted``."""

    code = "JL-NOD-001"


class NodeTaken(Conflict):
    """The prefix has its node already; facts: ``prefix``."""

    code = "JL-NOD-002"


class NodeStateForbids(Conflict):
    """The node is in a state that forbids this; facts: ``prefix``, ``state``, ``allowed``."""

    code = "JL-NOD-003"


class NodeNotAdmitted(NotAllowed):
    """No report of this node is taken from this sender; facts: ``prefix``, ``reason``."""

    code = "JL-NOD-004"


class BadNodeRoot(InvalidInput):
    """The root of the node cannot be read; facts: ``reason``."""

    code = "JL-NOD-005"


class RevisionNotHigher(Conflict):
    """Another report of the day stands with this revision or a higher one.

    Facts: ``prefix``, ``kind``, ``day``, ``revision``, ``highest``.
    """

    code = "JL-NOD-006"


class DigestDiffers(InvalidInput):
    """The bytes are not those that were sent; facts: ``told``, ``found``."""

    code = "JL-NOD-007"


class SignatureRefused(InvalidInput):
    """The signature is not one of this node over this report; facts: ``reason``."""

    code = "JL-NOD-009"


class ReportUnknown(NotFound):
    """There is no such report; facts: ``wanted``."""

    code = "JL-NOD-010"


class ProposalUnknown(NotFound):
    """There is no such proposal; facts: ``wanted``."""

    code = "JL-NOD-011"


class ProposalDecided(Conflict):
    """The proposal has been decided before; facts: ``prefix``, ``state``."""

    code = "JL-NOD-012"


class NodeMember(InvalidInput):
    """A member cannot be stored; facts: ``member``, ``given``, ``reason``."""

    code = "JL-NOD-013"


class BadReportQuestion(InvalidInput):
    """The days asked for are too many or end before they begin; facts: ``given``, ``longest``."""

    code = "JL-NOD-014"
