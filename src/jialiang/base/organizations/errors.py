"""What can go wrong with organizations."""

from __future__ import annotations

from jialiang.kernel.errors import Conflict, InvalidInput, NotFound


class OrganizationIncomplete(InvalidInput):
    """Mandatory members are empty; facts: ``members``, all of them."""

    code = "JL-ORG-001"


class OrganizationMember(InvalidInput):
    """A member cannot be stored; facts: ``member``, ``given``, ``reason``."""

    code = "JL-ORG-002"


class BadCreditCode(InvalidInput):
    """The unified social credit code does not hold (GB 32100); facts: ``given``, ``reason``."""

    code = "JL-ORG-003"


class BadLocationNumber(InvalidInput):
    """The GLN does not hold; facts: ``given``."""

    code = "JL-ORG-004"


class OrganizationExists(Conflict):
    """Another organization of the institute has this credit code; facts: ``credit_code``, ``name``."""

    code = "JL-ORG-005"


class OwnOrganizationExists(Conflict):
    """The institute's own organization is there already; facts: ``name``."""

    code = "JL-ORG-006"


class OrganizationUnknown(NotFound):
    """There is no such organization, site or contact in this institute; facts: ``wanted``."""

    code = "JL-ORG-007"


class UnknownMembers(InvalidInput):
    """The change names members that an organization does not have; facts: ``members``, ``known``."""

    code = "JL-ORG-008"


class OrganizationChanged(Conflict):
    """Somebody changed the organization meanwhile; facts: ``name``, ``read``, ``stored``."""

    code = "JL-ORG-409"
