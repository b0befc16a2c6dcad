"""What can go wrong with prefixes and applications for them."""

from __future__ import annotations

from jialiang.kernel.errors import Conflict, InvalidInput, NotFound, SeparationOfDuties


class BadPrefix(InvalidInput):
    """The text is no prefix that can be given here; facts: ``given``, ``reason``."""

    code = "JL-PFX-001"


class PrefixTaken(Conflict):
    """The prefix was given before on this installation, perhaps in other letters; facts: ``prefix``."""

    code = "JL-PFX-002"


class PrefixUnknown(NotFound):
    """There is no such prefix in this institute; facts: ``wanted``."""

    code = "JL-PFX-003"


class PrefixStateForbids(Conflict):
    """The state of the prefix forbids the deed; facts: ``prefix``, ``state``, ``allowed``."""

    code = "JL-PFX-004"


class PrefixReasonMissing(InvalidInput):
    """Suspending, withdrawing, transferring and refusing need a reason."""

    code = "JL-PFX-005"


class BadSite(InvalidInput):
    """The description of the other server cannot be used; facts: ``reason``."""

    code = "JL-PFX-006"


class PrefixHasChildren(Conflict):
    """Prefixes below it are still in use; facts: ``prefix``, ``count``."""

    code = "JL-PFX-007"


class BadQuota(InvalidInput):
    """The quota is no whole number, or smaller than what is used; facts: ``given``, ``least``, ``most``."""

    code = "JL-PFX-008"


class QuotaReached(Conflict):
    """More identifiers than the prefix may have; facts: ``prefix``, ``quota``, ``used``, ``adding``."""

    code = "JL-PFX-009"


class PrefixOfAnother(Conflict):
    """The prefix is held by another organization; facts: ``prefix``."""

    code = "JL-PFX-010"


class ApplicationUnknown(NotFound):
    """There is no such application in this institute; facts: ``wanted``."""

    code = "JL-PFX-011"


class ApplicationDecided(Conflict):
    """The application is no longer waiting; facts: ``state``."""

    code = "JL-PFX-012"


class ApplicationIncomplete(InvalidInput):
    """Mandatory members of the application are empty; facts: ``members``."""

    code = "JL-PFX-013"


class BadDocument(InvalidInput):
    """A document of the application cannot be taken; facts: ``name``, ``reason``."""

    code = "JL-PFX-014"


class OwnApplication(SeparationOfDuties):
    """Nobody decides on the application handed in by himself or by his own organization; facts: ``prefix``."""

    code = "JL-PFX-015"


class PrefixMember(InvalidInput):
    """A member cannot be stored; facts: ``member``, ``given``, ``reason``."""

    code = "JL-PFX-016"


class DocumentUnknown(NotFound):
    """The application has no document at this place; facts: ``position``."""

    code = "JL-PFX-017"


class PrefixChanged(Conflict):
    """Somebody changed the prefix or the application meanwhile; facts: ``what``, ``read``, ``stored``."""

    code = "JL-PFX-409"
