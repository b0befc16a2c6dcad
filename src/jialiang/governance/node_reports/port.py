"""The port to the node above: another protocol than ours is another adapter of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from jialiang.formats.node_report.header import NodeReportHeader


@dataclass(frozen=True, slots=True)
class OutgoingReport:
    """A report as it goes out: the gzip, its SHA-256 (hexadecimal) and the signature, empty for none."""

    header: NodeReportHeader
    sha256: str
    data: bytes = field(repr=False)
    signature: str = ""


@dataclass(frozen=True, slots=True)
class OutgoingDocument:
    """A document of an application: PDF, PNG or JPEG."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class OutgoingApplication:
    """An application for a prefix below ``parent`` (its text); ``wished_code`` may be empty."""

    parent: str
    purpose: str
    wished_code: str
    documents: Sequence[OutgoingDocument]


class UpperNode(Protocol):
    """The node above. Every method raises UpperNodeSilent, UpperNodeForbids or UpperNodeRefuses."""

    @property
    def address(self) -> str:
        """Return the address that it has."""
        ...

    def reach(self) -> None:
        """Return if it answers and takes the token."""
        ...

    def send(self, report: OutgoingReport) -> Mapping[str, Any]:
        """Hand in a report and return the receipt; the same report again gets the same receipt."""
        ...

    def apply(self, application: OutgoingApplication) -> Mapping[str, Any]:
        """Apply for a prefix and return the application as it stands there."""
        ...

    def applications(self) -> Sequence[Mapping[str, Any]]:
        """Return the applications of this enterprise, newest first."""
        ...
