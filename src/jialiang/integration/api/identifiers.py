"""Identifiers: records with typed values, codes and history; many at once; values as in the Handle JSON interface."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID
from weakref import finalize

from django.http import FileResponse, HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import BaseModel, ConfigDict, Field

from jialiang.base.identifiers import selectors
from jialiang.base.identifiers.records import RecordCode, StoredRecord
from jialiang.formats.handle.json_values import parsed_values, value_json
from jialiang.formats.handle.values import HandleValue
from jialiang.functions import identifier_exports as exports
from jialiang.functions import identifiers as verbs
from jialiang.functions.identifier_batches import MOST_ITEMS, BatchItem, ItemOutcome
from jialiang.functions.identifier_exports import Wanted
from jialiang.functions.identifier_trust import sign_values
from jialiang.integration.api.access import acting, narrowed, readable
from jialiang.integration.api.conditions import remember_version, version_read
from jialiang.integration.api.document_answers import BINARY
from jialiang.integration.api.members import Body, Short, Version, View
from jialiang.integration.api.paging import Listed, PageQuery, listed
from jialiang.kernel.clock import utc_now
from jialiang.vocabulary.statuses import IdentifierState

router = Router(tags=["identifiers"])
READ = "identifier.read"
TABLES: dict[str, Any] = {
    "responses": {
        200: {
            "description": "The table",
            "content": {kind: {"schema": BINARY} for kind in exports.MEDIA_TYPES.values()},
        }
    }
}
IDENTIFIER = "/identifiers/{uuid:identifier_id}"
Name = Annotated[str, Field(max_length=2048, description="`prefix/suffix`.")]
Values = Annotated[
    list[dict[str, Any]],
    Field(max_length=1000, description="As in Handle JSON: `{index, type, data, ttl, permissions, references}`."),
]


class CodeBody(Body):
    """A code in another system, a name of `GET /codes`; one of a record's codes is the primary one."""

    system: Annotated[str, Field(max_length=40)]
    code: Annotated[str, Field(max_length=4096)]
    primary: bool = False


Codes = Annotated[list[CodeBody], Field(max_length=50)]


class NewIdentifier(Body):
    """A record to register: under `name`, or under the next free name of `prefix` by the rule `mint`."""

    name: Name = ""
    prefix: Short = ""
    mint: Literal["", "sequence", "check_digit", "uuid", "template"] = ""
    pattern: Short = ""
    values: Values = []
    codes: Codes = []
    template: Annotated[str, Field(max_length=300)] = ""
    state: Literal["active", "reserved"] = "active"


class IdentifierChange(Body):
    """Members to be changed; those left out stay as they are. `values` are all values of the record."""

    values: Values | None = None
    codes: Codes | None = None
    template: Annotated[str | None, Field(max_length=300)] = None
    version: Version = None


class StateReason(Body):
    """Why the state of a record changes; suspending needs it."""

    reason: Short = ""


class ItemBody(Body):
    """One item of a batch; for `delete` the name alone counts."""

    name: Name
    values: Values = []
    codes: Codes = []
    template: Annotated[str, Field(max_length=300)] = ""
    state: Literal["active", "reserved"] = "active"


class BatchBody(Body):
    """Up to 5000 items; with `dry_run` nothing is written and the outcomes say what would become."""

    mode: Literal["create", "update", "delete"]
    items: Annotated[list[ItemBody], Field(max_length=MOST_ITEMS)]
    dry_run: bool = False


class CodeView(View):
    """A code in another system."""

    system: str
    code: str
    primary: bool


class IdentifierView(View):
    """The record with the values that the reader may see."""

    id: UUID
    name: str
    state: str
    version: int
    template: str
    values: list[dict[str, Any]]
    codes: list[CodeView]
    organization_id: UUID | None
    subject_kind: str
    subject_id: UUID | None
    created_at: datetime
    changed_at: datetime


class VersionView(View):
    """One version of the history: what the record was, who made it, when, by which verb and why."""

    version: int
    at: datetime
    action: str
    person_name: str
    reason: str
    state: str
    values: list[dict[str, Any]]
    codes: list[CodeView]


class OutcomeView(View):
    """What became of the item at a place, from 0; `error` as in a problem answer where it was refused."""

    place: int
    name: str
    outcome: str
    error: dict[str, Any] | None


class ExportBody(Body):
    """Which identifiers, as in the list, and as which kind of table."""

    kind: Literal["csv", "xlsx", "ndjson"]
    prefix: Annotated[str, Field(max_length=255)] = ""
    state: IdentifierState | None = None
    name: Annotated[str, Field(max_length=2048)] = ""
    code: Annotated[str, Field(max_length=200)] = ""
    beginning: Annotated[str, Field(max_length=2048, description="Of the name, with its prefix.")] = ""


class IdentifierQuery(PageQuery):
    """What a list of identifiers is narrowed by; `name` and `code` are looked up whole."""

    prefix: str = Field("", max_length=255)
    state: IdentifierState | None = None
    name: str = Field("", max_length=2048)
    code: str = Field("", max_length=200)


class MomentQuery(BaseModel):
    """At which moment."""

    model_config = ConfigDict(extra="forbid")

    at: datetime | None = Field(None, description="As the record stood then; without zone: UTC.")


@router.get("/identifiers", response=Listed[IdentifierView], summary="List identifiers")
def list_identifiers(request: HttpRequest, response: HttpResponse, query: Query[IdentifierQuery]) -> Any:
    """Identifiers, newest first; a customer sees those of the own organization. Permission `identifier.read`."""
    found = selectors.records(
        prefix=query.prefix,
        state=query.state or "",
        name=query.name,
        code=query.code,
        organization_id=narrowed(request, READ),
        after=query.after,
        size=query.limit,
    )
    return listed(request, response, found, lambda record: _view(_seen(request, record)))


@router.post("/identifiers", response={201: IdentifierView}, summary="Register an identifier")
def register_identifier(request: HttpRequest, response: HttpResponse, body: NewIdentifier) -> Any:
    """Register a name, or mint the next free one. Permission `identifier.register`, on the holder of the prefix."""
    actor, now = acting(request), utc_now()
    name = body.name
    if body.mint:
        name = verbs.minted_name(
            actor=actor, prefix=body.prefix, rule=body.mint, template=body.pattern, now=now
        )
    record = verbs.register(
        actor=actor,
        name=name,
        values=parsed_values(body.values),
        state=body.state,
        template=body.template,
        codes=_codes(body.codes),
        now=now,
    )
    response["Location"] = f"{request.path}/{record.id}"
    return Status(201, _view(record))


@router.get(IDENTIFIER, response=IdentifierView, summary="Read an identifier")
def read_identifier(request: HttpRequest, identifier_id: UUID, query: Query[MomentQuery]) -> Any:
    """The record with its version, now or as it stood at a moment. Permission `identifier.read`."""
    record = readable(request, READ, selectors.record_by_id(identifier_id))
    at = query.at.replace(tzinfo=UTC) if query.at and query.at.tzinfo is None else query.at
    seen = verbs.resolve_identifier(actor=acting(request), name=record.name, at=at, now=utc_now())
    remember_version(request, seen.version)
    return _view(seen)


@router.patch(IDENTIFIER, response=IdentifierView, summary="Change an identifier")
def change_identifier(request: HttpRequest, identifier_id: UUID, body: IdentifierChange) -> Any:
    """Change values, codes or template, from the version that was read (`If-Match` or `version`).

    Permission `identifier.change`.
    """
    stored = readable(request, "identifier.change", selectors.record_by_id(identifier_id))
    record = verbs.replace_values(
        actor=acting(request),
        name=stored.name,
        values=stored.record.values if body.values is None else parsed_values(body.values),
        expected_version=version_read(request, body.version, stored.version),
        codes=None if body.codes is None else _codes(body.codes),
        template=body.template,
        now=utc_now(),
    )
    return _view(record)


@router.get(f"{IDENTIFIER}/history", response=list[VersionView], summary="Read an identifier's history")
def read_identifier_history(request: HttpRequest, identifier_id: UUID) -> Any:
    """Every version, latest first: what it held, who, when, why. Permission `identifier.read`."""
    record = readable(request, READ, selectors.record_by_id(identifier_id))
    return [
        VersionView(
            version=past.record.version,
            at=past.record.changed_at,
            action=past.action,
            person_name=past.actor_name,
            reason=past.reason,
            state=past.record.state,
            values=_values(verbs.readable_values(acting(request), past.record)),
            codes=[CodeView.of(code) for code in past.record.codes],
        )
        for past in selectors.history(record.name)
    ]


@router.post(f"{IDENTIFIER}/activation", response=IdentifierView, summary="Activate a reserved identifier")
def activate_identifier(request: HttpRequest, identifier_id: UUID, body: StateReason) -> Any:
    """Let a reserved record be resolved. Permission `identifier.activate`."""
    return _moved(verbs.activate, "identifier.activate", request, identifier_id, body)


@router.post(f"{IDENTIFIER}/suspension", response=IdentifierView, summary="Suspend an identifier")
def suspend_identifier(request: HttpRequest, identifier_id: UUID, body: StateReason) -> Any:
    """Stop a record from being resolved, with a reason. Permission `identifier.suspend`."""
    return _moved(verbs.suspend, "identifier.suspend", request, identifier_id, body)


@router.post(f"{IDENTIFIER}/resumption", response=IdentifierView, summary="Resume a suspended identifier")
def resume_identifier(request: HttpRequest, identifier_id: UUID, body: StateReason) -> Any:
    """Let a suspended record be resolved again. Permission `identifier.resume`."""
    return _moved(verbs.resume, "identifier.resume", request, identifier_id, body)


@router.post(f"{IDENTIFIER}/retirement", response=IdentifierView, summary="Retire an identifier")
def retire_identifier(request: HttpRequest, identifier_id: UUID, body: StateReason) -> Any:
    """Retire a record for good; its name is never given again. Permission `identifier.retire`."""
    return _moved(verbs.retire, "identifier.retire", request, identifier_id, body)


@router.post(f"{IDENTIFIER}/signature", response=IdentifierView, summary="Sign an identifier's values")
def sign_identifier(request: HttpRequest, identifier_id: UUID) -> Any:
    """Sign all public values of the record with the institute's seal. Permission `identifier.sign`.

    An older signature is replaced; `GET /trust/identifier-signature` checks it.
    """
    stored = readable(request, "identifier.sign", selectors.record_by_id(identifier_id))
    return _view(sign_values(actor=acting(request), name=stored.name, now=utc_now()))


@router.post("/identifiers/batch", response=list[OutcomeView], summary="Write many identifiers")
def write_identifiers(request: HttpRequest, body: BatchBody) -> Any:
    """Create, update or retire many; each item has its outcome, and sent again the call changes nothing.

    Permission `identifier.register`, `identifier.change` or `identifier.retire`, by the mode.
    """
    items = [
        BatchItem(i.name, parsed_values(i.values), _codes(i.codes), i.template, IdentifierState(i.state))
        for i in body.items
    ]
    outcomes = verbs.register_many(
        actor=acting(request), items=items, mode=body.mode, dry_run=body.dry_run, now=utc_now()
    )
    return [_outcome(outcome) for outcome in outcomes]


@router.post(
    "/identifiers/export", response={200: None}, openapi_extra=TABLES, summary="Export identifiers as a table"
)
def export_identifiers(request: HttpRequest, body: ExportBody) -> FileResponse:
    """What the list holds, as a table that the import takes back; the values are those that the caller may read.

    Permission `identifier.export`; the audit trail keeps the filter, the number and the digest.
    """
    wanted = Wanted(body.prefix, body.state or "", body.name, body.code, body.beginning)
    out = exports.exported_file(actor=acting(request), wanted=wanted, kind=body.kind, now=utc_now())
    media_type = exports.MEDIA_TYPES[body.kind]
    answer = FileResponse(out, as_attachment=True, filename=f"identifiers.{body.kind}", content_type=media_type)
    finalize(answer, out.close)  # also where nobody reads the answer
    return answer


def _moved(
    verb: Callable[..., StoredRecord], action: str, request: HttpRequest, identifier_id: UUID, body: StateReason
) -> Any:
    stored = readable(request, action, selectors.record_by_id(identifier_id))
    return _view(verb(actor=acting(request), name=stored.name, reason=body.reason, now=utc_now()))


def _seen(request: HttpRequest, record: StoredRecord) -> StoredRecord:
    return verbs.as_read_by(acting(request), record)


def _codes(given: Iterable[CodeBody]) -> tuple[RecordCode, ...]:
    return tuple(RecordCode(code.system, code.code, code.primary) for code in given)


def _values(values: Iterable[HandleValue]) -> list[dict[str, Any]]:
    return [value_json(value) for value in values]


def _view(record: StoredRecord) -> Any:
    return IdentifierView.of(
        record,
        name=record.name,
        values=_values(record.record.values),
        codes=[CodeView.of(code) for code in record.codes],
    )


def _outcome(outcome: ItemOutcome) -> Any:
    error = None if outcome.error is None else outcome.error.to_json()
    return OutcomeView(place=outcome.place, name=outcome.name, outcome=outcome.outcome, error=error)
