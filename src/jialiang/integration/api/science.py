"""Questions of measurement science: evaluate a budget document, ask one of the topics. Nothing is stored."""

from __future__ import annotations

import json
from importlib import resources
from typing import Annotated, Any, Literal, TypeVar

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from jialiang.formats.budget_exchange.notations import MEDIA_TYPES, SUFFIXES, Notation
from jialiang.information.science_questions import (
    MOST_BYTES,
    Wishes,
    budget_input,
    budget_inputs,
    convert_budget,
    evaluate_budget,
    evaluate_question,
    open_budget,
)
from jialiang.integration.api import science_documents as told
from jialiang.integration.api.members import Body, View
from jialiang.integration.api.problems import BodyTooLarge, BodyUnreadable, problem
from jialiang.integration.api.reading_json import require_texts
from jialiang.kernel.errors import InvalidInput
from jialiang.science.documents.results import result_to_plain
from jialiang.science.documents.text import document_from_bytes
from jialiang.science.topics.reading import read_object
from jialiang.science.topics.registry import topics
from jialiang.science.topics.units import unit_of

router = Router(tags=["science"])
T = TypeVar("T")


class MemberView(View):
    """A member of a topic: what it means, and its unit.

    `as given` is whatever unit the caller uses, the same for all members of one kind; `1` is a number without unit;
    empty where it is no number.
    """

    name: str
    meaning: str
    unit: str


class TopicView(View):
    """A topic: what it does, where its formulas are from, what it takes and gives."""

    name: str
    title: str
    source: str
    takes: list[MemberView]
    gives: list[MemberView]


class BudgetQuery(Body):
    """What goes before the settings of the document, as the words of the command line do."""

    method: Literal["lpu", "lpu2", "mc"] | None = None
    draws: Annotated[str, Field(max_length=10, pattern="^([0-9]+|adaptive)$")] | None = None
    seed: Annotated[int, Field(ge=0, le=2**53)] | None = None
    probability: Annotated[str, Field(max_length=20, pattern=r"^0?\.[0-9]+$")] | None = None
    digits: Literal["1", "2"] | None = None


class InputQuery(Body):
    """Which value of the certificate: its id, refType or path, `#3` for the third of a list; and the input's symbol."""

    quantity: Annotated[str, Field(min_length=1, max_length=500)]
    name: Annotated[str, Field(min_length=1, max_length=60)]


class CertificateValueView(View):
    """A value that can become an input: `reference` is what asks for it, `names` are by language."""

    reference: str
    names: dict[str, str]
    input: dict[str, Any]


class ConversionQuery(Body):
    """The notation to write."""

    to: Notation


@router.get("/science/topics", response=list[TopicView], summary="List the topics of measurement science")
def list_topics(request: HttpRequest) -> Any:
    """Every topic with its members and their units, for everybody who is signed in."""
    return [
        TopicView(
            name=topic.name,
            title=topic.title,
            source=topic.source,
            takes=[_member(topic.name, *pair) for pair in topic.takes.items()],
            gives=[_member(topic.name, *pair) for pair in topic.gives.items()],
        )
        for topic in topics().values()
    ]


@router.post(
    "/science/topics/{topic}",
    response={200: None},
    openapi_extra=told.QUESTION,
    summary="Ask a topic of measurement science",
)
def ask_topic(request: HttpRequest, topic: Annotated[str, Field(max_length=40)]) -> HttpResponse:
    """Evaluate one topic: the JSON of `jialiang metrology TOPIC`, in and out; for everybody who is signed in.

    Lists are bounded: 20 000 numbers, fewer where a topic works longer on each.
    """
    try:
        return _json(evaluate_question(topic, _whole(read_object(_body(request)))))
    except InvalidInput as error:
        return _refused(request, error)


@router.post(
    "/science/uncertainty",
    response={200: None},
    openapi_extra=told.BUDGET,
    summary="Evaluate a budget document",
)
def evaluate_uncertainty(request: HttpRequest, query: Query[BudgetQuery]) -> HttpResponse:
    """Evaluate a budget document: the JSON of `jialiang uncertainty evaluate`, in and out; for everybody signed in.

    The same document, seed and engine version give the same digits. One request may ask for 10⁶ draws, 200 inputs,
    20 outputs, p ≤ 0.9973 and 1 MiB; the command line goes further.
    """
    wishes = Wishes(
        method=query.method,
        draws=query.draws,
        seed=query.seed,
        probability=None if query.probability is None else float(query.probability),
        digits=None if query.digits is None else int(query.digits),
    )
    try:
        document = _whole(document_from_bytes(_body(request)))
        return _json(result_to_plain(evaluate_budget(document, wishes)))
    except InvalidInput as error:
        return _refused(request, error)


@router.post(
    "/science/uncertainty/convert",
    response={200: None},
    openapi_extra=told.CONVERSION,
    summary="Convert a budget between JSON, Excel, GTC archives and results of a DCC",
)
def convert_uncertainty(request: HttpRequest, query: Query[ConversionQuery]) -> HttpResponse:
    """Write a budget in another notation: the bytes of `jialiang uncertainty convert`; for everybody signed in.

    The notation of the body is told from its content: a budget document, a workbook of budget sheets, a GTC archive, a
    DCC with a budget attached. `dcc` writes a `dcc:result` with value, u, U, k, ν and the document as a file in it.
    """
    try:
        written = convert_budget(_whole(open_budget(_body(request))), query.to)
    except InvalidInput as error:
        return _refused(request, error)
    response = HttpResponse(written, content_type=MEDIA_TYPES[query.to])
    response["Content-Disposition"] = f'attachment; filename="budget{SUFFIXES[query.to]}"'
    response["Cache-Control"] = "no-store"
    return response


@router.post(
    "/science/uncertainty/certificate-values",
    response={200: list[CertificateValueView]},
    openapi_extra=told.VALUES,
    summary="List the values of a certificate that can become inputs",
)
def list_certificate_values(request: HttpRequest) -> HttpResponse:
    """Every value of a DCC with an uncertainty, as the input that it becomes; for everybody signed in.

    The body is the XML of the certificate, at most 1 MiB; 500 values are listed. Nothing is stored.
    """
    try:
        found = budget_inputs(_body(request))
    except InvalidInput as error:
        return _refused(request, error)
    return _json([
        {"reference": each.reference, "names": {(tag or "und"): text for tag, text in each.name}, "input": each.input}
        for each in found
    ])  # fmt: skip


@router.post(
    "/science/uncertainty/certificate-input",
    response={200: None},
    openapi_extra=told.CERTIFICATE,
    summary="Take a value of a certificate as an input of a budget",
)
def take_certificate_input(request: HttpRequest, query: Query[InputQuery]) -> HttpResponse:
    """The input that one value of a DCC becomes: the JSON of `jialiang uncertainty input`; for everybody signed in.

    Estimate, unit, U and k (or u), ν where k is of the t-distribution, all in the digits of the certificate, and
    `source` with its number, the place of the value and the SHA-256 of the file.
    """
    try:
        return _json(budget_input(_body(request), query.quantity, query.name))
    except InvalidInput as error:
        return _refused(request, error)


@router.get(
    "/science/budget-document.schema.json",
    response={200: None},
    openapi_extra=told.SCHEMA,
    summary="Read the JSON Schema of budget documents",
)
def read_budget_schema(request: HttpRequest) -> HttpResponse:
    """The JSON Schema (2020-12) that a budget document keeps, for everybody who is signed in."""
    file = resources.files("jialiang.science.documents") / "budget_document.schema.json"
    return HttpResponse(file.read_bytes(), content_type="application/schema+json")


def _member(topic: str, name: str, meaning: str) -> MemberView:
    return MemberView(name=name, meaning=meaning, unit=unit_of(topic, name))


def _body(request: HttpRequest) -> bytes:
    if len(request.body) > MOST_BYTES:
        raise BodyTooLarge(size=len(request.body), largest=MOST_BYTES)
    return request.body


def _whole(read: T) -> T:
    """Return what was read if all of it can be told back. Raises BodyUnreadable."""
    try:
        require_texts(read)
    except ValueError as fault:
        raise BodyUnreadable(reason=str(fault)[:200]) from fault
    return read


def _json(answer: Any) -> HttpResponse:
    shown = json.dumps(answer, ensure_ascii=False, allow_nan=False)
    response = HttpResponse(shown, content_type=told.JSON)
    response["Cache-Control"] = "no-store"
    return response


def _refused(request: HttpRequest, error: InvalidInput) -> HttpResponse:
    """Answer an error of the question; ``errors`` says where in the body it lies, where that is known."""
    place = _place(error)
    errors = [{"member": f"body.{place}", "reason": error.what.en}] if place else []
    return problem(request, error, errors=errors)


def _place(error: InvalidInput) -> str:
    """Return the path of what is wrong: ``inputs[2].u``; empty where the error speaks of the whole body."""
    path, member = str(error.facts.get("path", "")), str(error.facts.get("member", ""))
    if path and member.startswith(path):
        return member
    return path or member or ("model.expr" if error.code.startswith("JL-EXPR-") else "")
