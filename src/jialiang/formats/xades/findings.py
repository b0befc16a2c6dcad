"""What was found about a signature: separate answers to separate questions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from cryptography import x509

from jialiang.kernel.errors import JialiangError

Outcome = Literal["ok", "failed", "warning", "not_checked"]


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer to one question; ``problem`` says why it is not ``ok``, in words of ``error_texts/sig.json``."""

    outcome: Outcome
    problem: JialiangError | None = None

    @property
    def code(self) -> str:
        """The code of the problem, or nothing."""
        return self.problem.code if self.problem else ""


OK = Finding("ok")
NOT_CHECKED = Finding("not_checked")


def failed(problem: JialiangError) -> Finding:
    """Return the finding that something does not hold, and why."""
    return Finding("failed", problem)


@dataclass(frozen=True, slots=True)
class SignatureFindings:
    """All that was found about the signature of a document.

    ``integrity``: content, properties and value fit together. ``signer``: the signature names its certificate.
    ``chain``: the certificate leads to a trusted root. ``time``: it was valid at the claimed time.
    ``revocation``: it was not withdrawn. ``signed_content`` are the canonical bytes that were signed, only if
    integrity holds: whoever reads on reads these and nothing else.
    """

    integrity: Finding
    signer: Finding = NOT_CHECKED
    chain: Finding = NOT_CHECKED
    time: Finding = NOT_CHECKED
    revocation: Finding = NOT_CHECKED
    signing_time: datetime | None = None
    signer_certificate: x509.Certificate | None = None
    path: tuple[x509.Certificate, ...] = field(default=())
    signed_content: bytes | None = field(default=None, repr=False)

    @property
    def holds(self) -> bool:
        """Whether nothing failed: integrity, chain and time are ok or carry a warning."""
        needed = (self.integrity, self.chain, self.time)
        return all(f.outcome in ("ok", "warning") for f in needed) and self.revocation.outcome != "failed"
