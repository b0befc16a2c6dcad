"""Codes of things by REST, without login: which systems are known, and whether a code of one of them is right."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router
from pydantic import Field

from jialiang.formats.codes import SYSTEMS, check
from jialiang.integration.api import limits
from jialiang.integration.api.members import View
from jialiang.kernel.text import Text

router = Router(tags=["codes"], auth=None)
LONGEST_CODE = 4096


class CodeSystemView(View):
    """A system of codes. Verdicts of a provisional one follow what is known of it, and claim no conformance."""

    name: str
    title: Text
    provisional: bool


class CodeFindingView(View):
    """What was found: `reason` is its stable id, `expected` what belongs there, where that is known."""

    reason: str
    severity: str
    what: Text
    hint: Text
    expected: str


class CodeVerdictView(View):
    """The verdict: the JSON of `jialiang identifiers check`; `canonical` and `parts` are empty where not valid."""

    system: str
    code: str
    canonical: str
    valid: bool
    provisional: bool
    parts: dict[str, str]
    findings: list[CodeFindingView]


@router.get("/codes", response=list[CodeSystemView], summary="List the systems of codes")
def list_code_systems(request: HttpRequest) -> Any:
    """Every system whose codes can be checked, with its title; no login."""
    return [CodeSystemView.of(system) for system in SYSTEMS.values()]


@router.get("/codes/{system}", response=CodeVerdictView, summary="Check a code")
def check_code(
    request: HttpRequest,
    system: Annotated[str, Path(max_length=40)],
    code: Annotated[str, Query(max_length=LONGEST_CODE), Field(description="The code as typed or scanned.")],
) -> Any:
    """Is this a right code of that system? If not: which rule it breaks, and the right check digit; no login.

    Codes are answered by their form alone; whether such a thing exists is not asked.
    """
    limits.code_checks.admit(request)
    limits.code_checks.charge(request)
    verdict = check(system, code)
    return CodeVerdictView.of(verdict, findings=[CodeFindingView.of(each) for each in verdict.findings])
