"""The traceability chain of an instrument, a certificate or a standard, drawn and as a table, for any day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_safe

from jialiang.base.measurement_standards.selectors import standards_in_use
from jialiang.console.charts.chain import Arrow, Box, chain_chart
from jialiang.console.numbers import NO_BREAK_SPACE, on_screen, with_unit
from jialiang.console.requests import who
from jialiang.console.shell import NavEntry, page, register, thing_url
from jialiang.console.wording import distance, in_words, reading_language
from jialiang.functions import traceability
from jialiang.functions.deed import permit
from jialiang.information.chain import Chain, ChainStep
from jialiang.information.search import search
from jialiang.kernel.clock import utc_now
from jialiang.science.chain import Finding
from jialiang.science.units import display_unit
from jialiang.security.actor import Actor
from jialiang.security.policy import allowed, roles_for

READ = "traceability.read"
NOUNS = {"instrument": "instrument", "standard": "measurement_standard", "reference": ""}
KINDS = {
    "instrument": gettext_noop("Instrument"),
    "standard": gettext_noop("Measurement standard"),
    "reference": gettext_noop("Certificate of another house"),
}
CHAINED = {
    "instrument": "instrument_chain",
    "certificate": "certificate_chain",
    "measurement_standard": "standard_chain",
}
LONGEST_SEARCH = 100

register(
    NavEntry(
        gettext_noop("Traceability chain"),
        "traceability",
        "traceability",
        "quantities",
        30,
        roles=roles_for(READ) - {"system", "customer"},
    )
)


@dataclass(frozen=True, slots=True)
class Link:
    """One row of the table: the thing, how it stands, and everything that was found about it."""

    step: ChainStep
    level: int
    kind: str
    url: str
    state: str
    look: str
    shape: str
    findings: list[Finding]
    uncertainty: str
    affected_url: str


@dataclass(frozen=True, slots=True)
class Start:
    """Something whose chain can be opened."""

    name: Any
    detail: Any
    url: str


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Find the thing whose chain to show: search, or one of the standards in use."""
    actor = _actor(request)
    permit(actor, READ)
    searched = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    found = search(actor, searched) if searched else ()
    hits = [
        Start(hit.title, hit.detail, reverse(CHAINED[hit.noun], args=[hit.id]))
        for hit in found
        if hit.noun in CHAINED
    ]
    standards = [
        Start(row.name, row.serial_number, reverse("standard_chain", args=[row.id]))
        for row in (standards_in_use() if allowed(actor, "measurement_standard.read") else [])
    ]
    return page(
        request, "traceability/index.html", {"hits": hits, "searched": searched, "standards": standards}
    )


@login_required
@require_safe
def instrument_chain(request: HttpRequest, instrument_id: UUID) -> HttpResponse:
    """Show the chain of an instrument."""
    on = _day(request)
    return _page(request, traceability.chain_of(actor=_actor(request), on=on, instrument_id=instrument_id))


@login_required
@require_safe
def certificate_chain(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """Show the chain that carries a certificate."""
    on = _day(request)
    return _page(request, traceability.chain_of(actor=_actor(request), on=on, certificate_id=certificate_id))


@login_required
@require_safe
def standard_chain(request: HttpRequest, standard_id: UUID) -> HttpResponse:
    """Show the chain of a measurement standard."""
    on = _day(request)
    return _page(request, traceability.chain_of(actor=_actor(request), on=on, standard_id=standard_id))


@login_required
@require_safe
def affected(request: HttpRequest, certificate_id: UUID) -> HttpResponse:
    """List the certificates that rest on one certificate of a standard: what its revocation would touch."""
    found = traceability.certificates_resting_on(
        actor=_actor(request), standard_certificate_id=certificate_id
    )
    return page(request, "traceability/affected.html", {"certificates": found})


def _page(request: HttpRequest, chain: Chain) -> HttpResponse:
    actor = _actor(request)
    links = [_link(chain, step, actor) for step in chain.steps]
    start = next(link for link in links if link.step.node.key == chain.examination.start)
    context = {
        "chain": chain,
        "start": start,
        "links": sorted(links, key=lambda link: -link.level),
        "drawing": _drawing(chain, links),
        "unbroken": chain.examination.is_unbroken,
        "warned": bool(chain.examination.findings),
        "complete": chain.examination.is_unbroken and any(step.node.is_origin for step in chain.steps),
        "findings": chain.examination.findings,
        "on": chain.on,
    }
    return page(request, "traceability/chain.html", context)


def _drawing(chain: Chain, links: list[Link]) -> SafeString:
    boxes = [_box(link, chain) for link in links]
    numbers = {step.node.key: step.node.certificate_number for step in chain.steps}
    arrows = [_arrow(link.lower, link.upper, numbers, chain) for link in chain.links]
    state = gettext("unbroken") if chain.examination.is_unbroken else gettext("broken")
    label = gettext("Traceability chain, %(state)s, from the origin down to %(name)s") % {
        "state": state,
        "name": in_words(links[0].step.node.name),
    }
    return chain_chart(boxes, arrows, label=label)


def _arrow(lower: str, upper: str, numbers: dict[str, str], chain: Chain) -> Arrow:
    number = numbers.get(lower, "")
    said = gettext("by certificate %(number)s") % {"number": number} if number else gettext("no certificate")
    return Arrow(lower, upper, said, _ratio(lower, upper, chain))


def _ratio(lower: str, upper: str, chain: Chain) -> str:
    """Say how many times larger U is below than above; empty where one of them is not given in the same unit."""
    nodes = {step.node.key: step.node for step in chain.steps}
    below, above = nodes[lower], nodes.get(upper)
    if above is None or not below.expanded_uncertainty or not above.expanded_uncertainty:
        return ""
    if below.unit != above.unit or not float(above.expanded_uncertainty):
        return ""
    ratio = float(below.expanded_uncertainty) / float(above.expanded_uncertainty)
    return gettext("uncertainty ratio %(ratio)s") % {"ratio": f"{ratio:.1f}"}


def _box(link: Link, chain: Chain) -> Box:
    node = link.step.node
    holder = in_words(link.step.holder)
    name = in_words(node.name)
    identity = link.step.identity
    heading = " · ".join(dict.fromkeys(part for part in (link.kind, holder) if part))
    title = identity if link.step.kind == "reference" else f"{name} {identity}".strip()
    return Box(
        key=node.key,
        level=chain.level_of(node.key),
        heading=heading,
        name=title,
        uncertainty=link.uncertainty or gettext("U not stated here"),
        remark=_validity(link, chain.on),
        state=link.state,
        kind=link.look,
        shape=link.shape,
        url=link.url,
        is_start=node.key == chain.examination.start,
    )


def _validity(link: Link, on: date) -> str:
    until = link.step.node.valid_until
    if until is None:
        return gettext("no end of validity stated")
    far = distance(until, on, expiry=True).words
    return gettext("valid until %(day)s, %(far)s") % {"day": until.isoformat(), "far": far}


def _link(chain: Chain, step: ChainStep, actor: Actor) -> Link:
    """Return the row of a step, with links to what the actor may open: a customer does not see the standards' pages."""
    node = step.node
    findings = [finding for finding in chain.examination.findings if finding.node == node.key]
    look, shape, state = _standing(step, findings)
    noun = NOUNS[step.kind]
    may_open = bool(noun) and allowed(actor, f"{noun}.read")
    affects = may_open and step.kind == "standard" and step.certificate_id is not None
    return Link(
        step=step,
        level=chain.level_of(node.key),
        kind=gettext(KINDS[step.kind]),
        url=thing_url(noun, step.thing_id) if may_open and step.thing_id else "",
        state=state,
        look=look,
        shape=shape,
        findings=findings,
        uncertainty=_uncertainty(step),
        affected_url=reverse("affected_certificates", args=[step.certificate_id]) if affects else "",
    )


def _standing(step: ChainStep, findings: list[Finding]) -> tuple[str, str, str]:
    if any(finding.breaks_chain for finding in findings):
        return "stop", "octagon-bar", gettext("does not hold")
    if findings:
        return "warn", "diamond-mark", gettext("mind")
    if step.node.is_origin:
        return "ok", "circle-tick", gettext("national standard")
    return "ok", "circle-tick", gettext("in force")


def _uncertainty(step: ChainStep) -> str:
    node = step.node
    if not node.expanded_uncertainty:
        return ""
    unit = display_unit(node.unit, reading_language()) if node.unit else ""
    value = with_unit(on_screen(node.expanded_uncertainty), unit)
    return f"U{NO_BREAK_SPACE}={NO_BREAK_SPACE}{value}"


def _day(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return timezone.localdate(utc_now())


def _actor(request: HttpRequest) -> Actor:
    return who(request)


urlpatterns = [
    path("traceability/", index, name="traceability"),
    path("instruments/<uuid:instrument_id>/traceability", instrument_chain, name="instrument_chain"),
    path("certificates/<uuid:certificate_id>/traceability", certificate_chain, name="certificate_chain"),
    path("standards/<uuid:standard_id>/traceability", standard_chain, name="standard_chain"),
    path("standards/certificates/<uuid:certificate_id>/affected", affected, name="affected_certificates"),
]
