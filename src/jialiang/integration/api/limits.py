"""How often a stranger may ask: token buckets by household, in the memory of each process of the control plane."""

from __future__ import annotations

from django.http import HttpRequest

from jialiang.integration.api.problems import TooOften
from jialiang.integration.resolver.clients import NOWHERE, household, parsed_address
from jialiang.integration.resolver.misses import MissLimit, TooManyMisses
from jialiang.security.actor import Actor

FILE_CHECKS_A_MINUTE = 30
FAKE_REPORTS_A_MINUTE = 6
QUESTIONS_A_MINUTE = 30
DOCUMENT_DEEDS_A_MINUTE = 30
CODE_CHECKS_A_MINUTE = 120


class StrangersLimit:
    """At most ``per_minute`` deeds a minute from one IPv4 address or IPv6 /64; who is signed in is not counted."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._limit = MissLimit(per_minute)

    def admit(self, request: HttpRequest) -> None:
        """Let the request pass. Raises :class:`TooOften` with the seconds to wait."""
        if _is_known(request):
            return
        try:
            self._limit.admit(_household(request))
        except TooManyMisses as refused:
            raise TooOften(seconds=refused.facts["seconds"]) from refused

    def charge(self, request: HttpRequest) -> None:
        """Count the request."""
        if not _is_known(request):
            self._limit.charge(_household(request))

    def forget(self) -> None:
        """Start anew with full buckets."""
        self._limit = MissLimit(self._per_minute)


def _is_known(request: HttpRequest) -> bool:
    return isinstance(getattr(request, "actor", None), Actor)


def _household(request: HttpRequest) -> bytes:
    return household(parsed_address(request.META.get("REMOTE_ADDR", "")) or NOWHERE)


file_checks = StrangersLimit(FILE_CHECKS_A_MINUTE)
fake_reports = StrangersLimit(FAKE_REPORTS_A_MINUTE)
questions = StrangersLimit(QUESTIONS_A_MINUTE)
document_deeds = StrangersLimit(DOCUMENT_DEEDS_A_MINUTE)
code_checks = StrangersLimit(CODE_CHECKS_A_MINUTE)
