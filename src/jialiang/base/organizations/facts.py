"""What is known about organizations, sites and contacts when they are registered or changed."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import OrganizationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationFacts:
    """A body; a credit code is needed in China (``country_code`` CN), elsewhere it stays empty.

    ``short_code`` begins the numbers of the institute's certificates; ``region_code`` is GB/T 2260.
    """

    name: Text
    kind: str = OrganizationKind.ENTERPRISE.value
    credit_code: str = ""
    gln: str = ""
    short_code: str = ""
    laboratory_code: str = ""
    country_code: str = "CN"
    region_code: str = ""
    city: Text = Text()
    street: Text = Text()
    postal_code: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    fictional: bool = False
    parent_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFacts:
    """A place where an organization works."""

    name: Text
    address: Text = Text()
    region_code: str = ""
    is_laboratory: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFacts:
    """A person to talk to, and how; one of telephone and e-mail is needed."""

    name: str
    duty: str = ""
    phone: str = ""
    email: str = ""
