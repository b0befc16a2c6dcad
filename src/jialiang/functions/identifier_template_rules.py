"""The template of a record: what its values must be when they are written, and which of them everyone may read.

A version that no template kept here has is a label and no more: it came with the record from elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from jialiang.base.identifier_templates.errors import TemplateUnknown
from jialiang.base.identifier_templates.selectors import record_template, template_by_code
from jialiang.base.identifiers.errors import TemplateBroken
from jialiang.base.identifiers.records import StoredRecord
from jialiang.base.identifiers.services import NewRecord
from jialiang.base.identifiers.value_claims import ValueClaim, claims_of
from jialiang.formats.handle.values import HandleRecord, HandleValue
from jialiang.formats.identifier_templates.checking import check_values
from jialiang.formats.identifier_templates.items import RecordTemplate, TemplateItem, readable_values
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import IdentifierTemplateState

MOST_TOLD = 10


@dataclass(slots=True)
class Templates:
    """Templates that one call has asked for: each is read once, with whether records may be registered by it."""

    known: dict[tuple[str, str], tuple[RecordTemplate, bool] | None] = field(default_factory=dict)

    def require(
        self, name: str, code: str, values: Sequence[HandleValue], *, registering: bool
    ) -> None:
        """Let values pass that fit their template. Raises TemplateUnknown where it is no longer, or not yet, published
        and a record is to be registered by it, and TemplateBroken with what does not fit.
        """
        found = self._found(name, code)
        if found is None:
            return
        template, is_open = found
        if registering and not is_open:
            raise TemplateUnknown(wanted=f"{template.prefix} {code}"[:120])
        findings = check_values(template, values)
        if findings:
            told = findings[:MOST_TOLD]
            faults = Text(
                "；".join(f"{one.index} {one.message.zh}" for one in told),
                "; ".join(f"{one.index} {one.message.en}" for one in told),
            )
            raise TemplateBroken(
                findings=tuple(told), identifier=name[:80], template=code[:80], faults=faults
            )

    def claims(self, name: str, code: str, values: Sequence[HandleValue]) -> tuple[ValueClaim, ...]:
        """Return what the values of a record take as unique within its template."""
        found = self._found(name, code)
        return () if found is None else claims_of(found[0], values)

    def item(self, name: str, code: str, index: int) -> TemplateItem | None:
        """Return the item that a value of a record is, None where it is none."""
        found = self._found(name, code)
        return None if found is None else found[0].item_at(index)

    def shown(self, record: StoredRecord, organization_id: str = "") -> HandleRecord:
        """Return a record without the items that its template keeps from an organization (empty: from everyone)."""
        meant = NewRecord(
            record.name, record.record.values, template=record.template, organization_id=record.organization_id
        )
        return self.shown_of(meant, organization_id)

    def shown_of(self, record: NewRecord, organization_id: str = "") -> HandleRecord:
        """Return the same of a record that is about to be written."""
        found = self._found(record.name, record.template)
        if found is None:
            return HandleRecord(record.name, record.values)
        values = readable_values(
            found[0],
            record.values,
            organization_id=organization_id,
            holder_id=str(record.organization_id or ""),
        )
        return HandleRecord(record.name, values)

    def _found(self, name: str, code: str) -> tuple[RecordTemplate, bool] | None:
        if not code:
            return None
        key = (name.partition("/")[0], code)
        if key not in self.known:
            row = template_by_code(*key)
            is_open = row is not None and row.state == IdentifierTemplateState.PUBLISHED
            self.known[key] = None if row is None else (record_template(row), is_open)
        return self.known[key]
