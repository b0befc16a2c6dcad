"""The verdict on the certificate that a record names, out of the published answers, as a stranger would ask for it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from jialiang.formats.identifier_page.page import CertificateSeen, certificate_link
from jialiang.integration.resolver.addresses import question
from jialiang.integration.resolver.answers import Answers

UNKNOWN = "unknown"


class LastCertificates:
    """Checks certificates of this installation, whose public address is ``root``; others are kept elsewhere."""

    def __init__(self, answers: Answers, root: str, *, clock: Callable[[], float] = time.time) -> None:
        self._answers = answers
        self._origin = _origin(root)
        self._clock = clock

    async def seen(self, said: Mapping[str, Any]) -> CertificateSeen | None:
        """Return the verdict, None where the record names no certificate of this installation with its check code.

        Raises ``AnswersUnavailable``.
        """
        link = certificate_link(said)
        if not link or _origin(link) != self._origin:
            return None
        parts = urlsplit(link)
        asked = question(unquote(parts.path), parts.query)
        if asked is None:
            return None
        answer = await self._answers.find(asked.json_key, self._clock())
        if answer is None:
            return CertificateSeen(UNKNOWN)
        told = json.loads(answer.body_at(b""))
        certificate = told.get("certificate") or {}
        members = ("number", "serial_number", "due_date")
        return CertificateSeen(str(told["verdict"]), *(str(certificate.get(name) or "") for name in members))


def _origin(address: str) -> tuple[str, str]:
    """Return scheme and host with port; empty ones for what is no address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ""
    return parts.scheme.lower(), parts.netloc.lower()
