"""Templates of labels, and labels of identifiers and instruments as PDF or ZPL."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NotBase64
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import AfterValidator, Field

from jialiang.base.label_templates import selectors
from jialiang.base.label_templates.facts import LabelTemplateFacts, shape_of
from jialiang.formats.labels.contents import statuses
from jialiang.formats.labels.pages import MOST_LABELS
from jialiang.formats.labels.template_files import template_file
from jialiang.functions import label_templates as verbs
from jialiang.functions.identifier_labels import print_instrument_labels, print_labels
from jialiang.integration.api.access import acting, readable
from jialiang.integration.api.conditions import remember_version, version_read
from jialiang.integration.api.members import Bilingual, Body, Version, View, changed_members
from jialiang.integration.api.paging import Listed, PageQuery, listed
from jialiang.kernel.clock import utc_now
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import LabelLanguage, LabelSymbol, LabelTemplateState

router = Router(tags=["label templates"])
READ = "label_template.read"
TEMPLATE = "/label-templates/{uuid:template_id}"
PDF, ZPL = "application/pdf", "application/zpl"
LABELS = {
    "responses": {
        200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in (PDF, ZPL)}}
    }
}
FILE = {"responses": {200: {"content": {"application/json": {"schema": {"type": "object"}}}}}}


def _decoded(given: str) -> str:
    try:
        b64decode(given, validate=True)
    except NotBase64 as problem:
        raise ValueError("base64 is needed") from problem
    return given


Millimetres = Annotated[str, Field(max_length=6, description="Millimetres as decimal text, such as `63.5`.")]
Fields = Annotated[tuple[Annotated[str, Field(max_length=20)], ...], Field(max_length=20)]
Letters = Annotated[int, Field(ge=1, le=100, description="Points.")]
Sheet = Annotated[str, Field(max_length=40)]
Logo = Annotated[
    str, Field(max_length=90_000, description="PNG or plain SVG in base64."), AfterValidator(_decoded)
]


class NewLabelTemplate(Body):
    """A template of labels; `sheet` may be a grid of one's own, `a4:COLUMNSxROWS:LEFT,TOP:GAP,GAP`."""

    code: Annotated[str, Field(max_length=30)]
    name: Bilingual
    width: Millimetres
    height: Millimetres
    symbol: LabelSymbol | Literal[""] = LabelSymbol.QR
    fields: Fields = ("name", "model", "serial", "identifier")
    language: LabelLanguage = LabelLanguage.ZH
    letters: Letters = 7
    band: bool = False
    sheet: Sheet = "roll"
    logo: Logo = ""


class LabelTemplateChange(Body):
    """Members to be changed; those left out stay as they are."""

    name: Bilingual | None = None
    width: Millimetres | None = None
    height: Millimetres | None = None
    symbol: LabelSymbol | Literal[""] | None = None
    fields: Fields | None = None
    language: LabelLanguage | None = None
    letters: Letters | None = None
    band: bool | None = None
    sheet: Sheet | None = None
    logo: Logo | None = None
    version: Version = None


class LabelTemplateView(View):
    """A template of labels; `logo_digest` is the SHA-256 of its logo, empty without one."""

    id: UUID
    code: str
    name: Text
    width: str
    height: str
    symbol: str
    fields: list[str]
    language: str
    letters: int
    band: bool
    sheet: str
    logo_digest: str
    state: str
    created_at: datetime
    version: int


class LabelTemplateQuery(PageQuery):
    """What a list of templates is narrowed by."""

    state: LabelTemplateState | None = None


class LabelsToPrint(Body):
    """Identifiers or instruments (one of the two), and on what; `dots_per_inch` (203, 300, 600) asks for ZPL.

    `template` is the code of a template of the institute or the name of a built-in one; `status` is for identifiers,
    of instruments it follows from their certificates.
    """

    identifiers: Annotated[
        tuple[Annotated[str, Field(max_length=400)], ...], Field(max_length=MOST_LABELS)
    ] = ()
    instrument_ids: Annotated[tuple[UUID, ...], Field(max_length=200)] = ()
    template: Annotated[str, Field(max_length=60)]
    sheet: Sheet = ""
    language: Literal["zh", "en"] = "zh"
    start: Annotated[int, Field(ge=0, le=500)] = 0
    status: Annotated[str, Field(max_length=20, description=", ".join(statuses()))] = ""
    dots_per_inch: Literal[0, 203, 300, 600] = 0


@router.get("/label-templates", response=Listed[LabelTemplateView], summary="List label templates")
def list_label_templates(
    request: HttpRequest, response: HttpResponse, query: Query[LabelTemplateQuery]
) -> Any:
    """Templates of the institute, newest first. Permission `label_template.read`."""
    readable(request, READ, None)
    found = selectors.label_templates(state=query.state or "", after=query.after, size=query.limit)
    return listed(request, response, found, LabelTemplateView.of)


@router.post("/label-templates", response={201: LabelTemplateView}, summary="Make a label template")
def create_label_template(request: HttpRequest, response: HttpResponse, body: NewLabelTemplate) -> Any:
    """Make a template; what could not be drawn or read is refused. Permission `label_template.create`."""
    members = {name: getattr(body, name) for name in type(body).model_fields}
    facts = LabelTemplateFacts(**members | {"logo": b64decode(body.logo)})
    row = verbs.create(actor=acting(request), facts=facts, now=utc_now())
    response["Location"] = f"{request.path}/{row.id}"
    return Status(201, LabelTemplateView.of(row))


@router.get(TEMPLATE, response=LabelTemplateView, summary="Read a label template")
def read_label_template(request: HttpRequest, template_id: UUID) -> Any:
    """One template with its version. Permission `label_template.read`."""
    row = readable(request, READ, selectors.label_template(template_id))
    remember_version(request, row.version)
    return LabelTemplateView.of(row)


@router.get(
    f"{TEMPLATE}/template.json",
    response={200: None},
    openapi_extra=FILE,
    summary="Read a label template as a file",
)
def read_label_template_file(request: HttpRequest, template_id: UUID) -> Any:
    """The file that `jialiang identifiers label --template` takes. Permission `label_template.read`."""
    row = readable(request, READ, selectors.label_template(template_id))
    return HttpResponse(template_file(shape_of(row)), content_type="application/json")


@router.patch(TEMPLATE, response=LabelTemplateView, summary="Change a label template")
def change_label_template(request: HttpRequest, template_id: UUID, body: LabelTemplateChange) -> Any:
    """Change members, from the version that was read (`If-Match` or `version`); the code stays.

    Permission `label_template.change`.
    """
    stored = readable(request, "label_template.change", selectors.label_template(template_id))
    named = {name: value for name, value in changed_members(body).items() if value is not None}
    changes = named | ({"logo": b64decode(named["logo"])} if "logo" in named else {})
    row, _ = verbs.change(
        actor=acting(request),
        template_id=template_id,
        changes=changes,
        expected_version=version_read(request, body.version, stored.version) or 0,
        now=utc_now(),
    )
    return LabelTemplateView.of(row)


@router.post(f"{TEMPLATE}/recall", response=LabelTemplateView, summary="Withdraw a label template")
def withdraw_label_template(request: HttpRequest, template_id: UUID) -> Any:
    """Print by a template no more, for good. Permission `label_template.withdraw`."""
    return LabelTemplateView.of(verbs.withdraw(actor=acting(request), template_id=template_id, now=utc_now()))


@router.post("/labels", response={200: None}, openapi_extra=LABELS, summary="Print labels")
def print_some_labels(request: HttpRequest, body: LabelsToPrint) -> Any:
    """Labels as PDF, or as ZPL graphics. Permission `identifier.read` or `instrument.read` on each of them."""
    paper = {
        name: getattr(body, name) for name in ("template", "sheet", "language", "start", "dots_per_inch")
    }
    if body.instrument_ids:
        made = print_instrument_labels(
            actor=acting(request), instrument_ids=body.instrument_ids, now=utc_now(), **paper
        )
    else:
        made = print_labels(
            actor=acting(request), names=body.identifiers, status=body.status, now=utc_now(), **paper
        )
    return HttpResponse(made, content_type=ZPL if body.dots_per_inch else PDF)
