"""The traceability chain of a thing, up to the national standard."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from jialiang.functions.traceability import chain_of
from jialiang.information.chain import Chain, ChainStep
from jialiang.integration.api.access import acting
from jialiang.integration.api.members import Day, View
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.security.tenancy.calendar import today

router = Router(tags=["traceability"])


class ChainStepView(View):
    """A box of the chain: a thing, who keeps it, and the certificate that carries it."""

    key: str
    kind: str
    name: Text
    holder: Text
    identity: str
    level: str
    steps_up: int
    thing_id: UUID | None
    certificate_id: UUID | None
    certificate_number: str
    valid_from: date | None
    valid_until: date | None
    expanded_uncertainty: str
    unit: str
    is_origin: bool


class ChainLinkView(View):
    """An arrow from the lower to the upper box."""

    lower: str
    upper: str


class ChainFindingView(View):
    """What was found at a box on the day; what does not break the chain is a warning."""

    kind: str
    node: str
    text: Text
    since: date | None
    breaks_chain: bool


class ChainView(View):
    """The chain of a thing, examined for a day."""

    on: date
    is_unbroken: bool
    steps: list[ChainStepView]
    links: list[ChainLinkView]
    findings: list[ChainFindingView]


@router.get(
    "/instruments/{uuid:instrument_id}/chain", response=ChainView, summary="Read an instrument's chain"
)
def read_instrument_chain(request: HttpRequest, instrument_id: UUID, on: Day | None = None) -> Any:
    """The chain of an instrument on a day (today). Permission `traceability.read`."""
    return _shown(request, on, {"instrument_id": instrument_id})


@router.get(
    "/certificates/{uuid:certificate_id}/chain", response=ChainView, summary="Read a certificate's chain"
)
def read_certificate_chain(request: HttpRequest, certificate_id: UUID, on: Day | None = None) -> Any:
    """The chain that carries one of our certificates. Permission `traceability.read`."""
    return _shown(request, on, {"certificate_id": certificate_id})


@router.get(
    "/measurement-standards/{uuid:standard_id}/chain", response=ChainView, summary="Read a standard's chain"
)
def read_standard_chain(request: HttpRequest, standard_id: UUID, on: Day | None = None) -> Any:
    """The chain of a measurement standard on a day (today). Permission `traceability.read`."""
    return _shown(request, on, {"standard_id": standard_id})


def _shown(request: HttpRequest, on: date | None, thing: Mapping[str, UUID]) -> Any:
    chain = chain_of(actor=acting(request), on=on or today(utc_now()), **thing)
    return ChainView(
        on=chain.on,
        is_unbroken=chain.examination.is_unbroken,
        steps=[_step(chain, step) for step in chain.steps],
        links=[ChainLinkView.of(link) for link in chain.links],
        findings=[ChainFindingView.of(finding) for finding in chain.examination.findings],
    )


def _step(chain: Chain, step: ChainStep) -> Any:
    node = step.node
    outside = ("key", "name", "level", "certificate_number", "valid_from", "valid_until")
    named = {name: getattr(node, name) for name in (*outside, "expanded_uncertainty", "unit", "is_origin")}
    return ChainStepView.of(step, **named, steps_up=chain.level_of(node.key))
