"""What can go wrong with identifiers."""

from __future__ import annotations

from jialiang.formats.identifier_templates.checking import TemplateFinding
from jialiang.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound


class BadIdentifier(InvalidInput):
    """The text is not ``prefix/suffix`` in the letters allowed; facts: ``given``."""

    code = "JL-IDE-001"


class IdentifierTaken(Conflict):
    """The code was given before, to this or another thing; facts: ``identifier``."""

    code = "JL-IDE-002"


class IdentifierUnknown(NotFound):
    """There is no such identifier in this institute; facts: ``identifier``."""

    code = "JL-IDE-003"


class IdentifierStateForbids(Conflict):
    """The state of a record does not let it be done; facts: ``identifier``, ``state``, ``allowed``."""

    code = "JL-IDE-004"


class IdentifierChanged(Conflict):
    """Somebody changed the record meanwhile; facts: ``identifier``, ``read``, ``stored``, ``who``."""

    code = "JL-IDE-005"


class BadValue(InvalidInput):
    """A value cannot be stored; facts: ``index``, ``reason``."""

    code = "JL-IDE-006"


class ValueTaken(Conflict):
    """The record has values under these indexes already; facts: ``identifier``, ``indexes``."""

    code = "JL-IDE-007"


class ValueUnknown(NotFound):
    """The record has no values under these indexes; facts: ``identifier``, ``indexes``."""

    code = "JL-IDE-008"


class CodeTaken(Conflict):
    """The code names another record; facts: ``system``, ``given``, ``identifier`` (empty where it is not ours)."""

    code = "JL-IDE-009"


class ReasonMissing(InvalidInput):
    """A change of state of this kind needs a reason; facts: ``limit``."""

    code = "JL-IDE-010"


class BadCode(InvalidInput):
    """A code cannot stand beside a record; facts: ``system``, ``given``, ``reason``."""

    code = "JL-IDE-011"


class IdentifierSuspended(NotFound):
    """The identifier is suspended and answers its owner only; facts: ``identifier``."""

    code = "JL-IDE-012"


class IdentifierRetired(NotFound):
    """The identifier was retired for good; facts: ``identifier``."""

    code = "JL-IDE-013"
    http_status = 410


class PrefixForbids(NotAllowed):
    """Nothing may be written under this prefix; facts: ``prefix``, ``reason``."""

    code = "JL-IDE-014"


class TooManyItems(InvalidInput):
    """A call holds more items than one may; facts: ``given``, ``limit``."""

    code = "JL-IDE-015"


class BadFirstState(InvalidInput):
    """A record begins active or reserved; facts: ``given``."""

    code = "JL-IDE-016"


class GivenTwice(InvalidInput):
    """One call holds a name twice with different contents; facts: ``identifier``, ``place`` of the first."""

    code = "JL-IDE-017"


class UnknownMode(InvalidInput):
    """A call with many items says neither create nor update nor delete; facts: ``given``."""

    code = "JL-IDE-018"


class TemplateBroken(InvalidInput):
    """Values do not fit the template of their record; facts: ``identifier``, ``template``, ``faults``.

    ``findings`` tells them one by one.
    """

    code = "JL-IDE-020"

    def __init__(self, *, findings: tuple[TemplateFinding, ...] = (), **facts: object) -> None:
        self.findings = findings
        super().__init__(**facts)


class ValueRepeated(Conflict):
    """Another record has the value of a unique item; facts: ``identifier``, ``template``, ``index``, ``item``,
    ``given``, ``holder`` (``—`` for who may not read it there).
    """

    code = "JL-IDE-021"


class BadMintingRule(InvalidInput):
    """No name can be minted by this rule; facts: ``rule``, ``reason``."""

    code = "JL-IDE-019"


class NothingToSign(InvalidInput):
    """The record has no public values of the kind asked for; facts: ``identifier``."""

    code = "JL-IDE-040"
