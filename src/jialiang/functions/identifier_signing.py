"""The signature that the platform puts beside values that speak of calibrations, in the verb that writes them.

Signed are the public values of a record of a certificate or an instrument, and of every record with a value of one of
:data:`CALIBRATION_TYPES`. What the platform writes (issuing a certificate, following a ledger) it signs always; what a
person or a machine writes it signs where the actor has ``identifier.sign``, for the seal answers for what it signs.
Where he has not, a signature that no longer says the values goes, and whoever has the right signs anew.

An institute without a seal in force, or an installation without an authority, writes unsigned; the job that every
new seal starts signs what was left.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from jialiang.base.identifiers.checks import checked_values
from jialiang.base.identifiers.errors import BadValue
from jialiang.base.identifiers.rows_read import stored
from jialiang.base.identifiers.selectors import Identifier
from jialiang.base.identifiers.services import Edit, NewRecord
from jialiang.formats.handle.names import folded
from jialiang.formats.handle.trust import (
    FIRST_INDEX,
    LONGEST_TOKEN,
    SIGNATURE_TYPE,
    Validity,
    issuer_of,
    says,
    signature_claims,
    still_covers,
    token,
)
from jialiang.formats.handle.values import HandleReference, HandleValue
from jialiang.functions.identifier_template_rules import Templates
from jialiang.functions.trust_chain import ALGORITHM, Issuer, publish_chain, seal_issuer, seal_reference
from jialiang.kernel.errors import NotAllowed
from jialiang.security import policy
from jialiang.security.actor import Actor
from jialiang.security.keys.errors import SealMissing
from jialiang.security.keys.selectors import SealView, has_authority, seal_for
from jialiang.security.policy import OwnedBy

SIGNED_SUBJECTS = ("certificate", "instrument")
CALIBRATION_TYPES = (
    "CERTIFICATE", "CERTIFICATE_URL", "CERTIFICATE_NUMBER", "CERTIFICATE_DATE", "CALIBRATION_DATE", "DUE_DATE",
)  # fmt: skip
_FOLDED = frozenset(map(folded, CALIBRATION_TYPES))


@dataclass(slots=True)
class Signing:
    """Signs the value sets of one deed: reads seal and chain once, when the first of them needs it.

    With ``publishes`` off, as in a trial, nothing of the chain is written.
    """

    actor: Actor
    now: datetime
    publishes: bool = True
    templates: Templates = field(default_factory=Templates)
    _own: HandleReference | None = None
    _asked: bool = False
    _seal: tuple[Issuer, SealView] | None = None

    def signed(
        self, meant: NewRecord, before: Iterable[HandleValue] = (), *, always: bool = False
    ) -> tuple[HandleValue, ...]:
        """Return the values that a record is meant to have, with the signature that belongs beside them.

        ``before`` are those that it has. A signature of the institute that still says the public values stays as it is;
        one that does not goes. With ``always`` the actor is not asked for the right. Raises BadValue.
        """
        if not is_calibration_relevant(meant.subject_kind, meant.values):
            return meant.values
        given = checked_values(meant.values)
        mine = [value for value in (*given, *before) if self._is_own(value)]
        plain = tuple(value for value in given if not self._is_own(value))
        public = self._public(replace(meant, values=plain))
        kept = next((value for value in mine if self._holds(meant.name, public, value)), None)
        if kept is not None:
            return (*plain, kept)
        if not public or not self._answers_for(meant, always=always):
            return plain
        signed = (*plain, self.signature(meant.name, public, _index(plain, mine)))
        return signed if _is_storable(signed) else plain

    def after(self, row: Identifier, edit: Edit, *, always: bool = False) -> Edit:
        """Return an edit of a stored record whose values bear the signature that belongs beside them."""
        if edit.values is None:
            return edit
        template = row.template if edit.template is None else edit.template
        meant = NewRecord(
            row.name, edit.values, template=template,
            organization_id=row.organization_id, subject_kind=row.subject_kind,
        )  # fmt: skip
        before = stored(row).record.values if is_calibration_relevant(row.subject_kind, edit.values) else ()
        return replace(edit, values=self.signed(meant, before, always=always))

    def was_signed(self, row: Identifier) -> bool:
        """Tell whether a record has a signature of the institute, by whichever seal, over what is public of it."""
        record = stored(row)
        own = [value for value in record.record.values if self._is_own(value)]
        plain = tuple(value for value in record.record.values if not self._is_own(value))
        meant = NewRecord(
            row.name, plain, template=row.template, organization_id=row.organization_id
        )
        return bool(own) and says(row.name, self._public(meant), own[0].text or "")

    def signature(self, name: str, values: Sequence[HandleValue], index: int) -> HandleValue:
        """Return the signature over values of a record as the value of an index. Raises SealMissing."""
        sealed = self._sealed()
        if sealed is None:
            raise SealMissing(tenant=str(self.actor.tenant_id))
        issuer, seal = sealed
        second = int(self.now.timestamp())
        validity = Validity(second, int(seal.valid_until.timestamp()), second)
        claims: dict[str, Any] = signature_claims(name, values, issuer.identity, validity)
        return HandleValue(index, SIGNATURE_TYPE, token(claims, ALGORITHM, issuer.sign).encode())

    @property
    def issuer(self) -> HandleReference:
        """The identity of the institute's seal."""
        if self._own is None:
            self._own = seal_reference(self.actor.tenant_id)
        return self._own

    def _sealed(self) -> tuple[Issuer, SealView] | None:
        if not self._asked:
            self._asked = True
            try:
                seal = seal_for(self.actor.tenant_id, self.now) if has_authority() else None
            except SealMissing:
                seal = None
            if seal is not None:
                self._seal = (seal_issuer(self.actor, seal), seal)
                if self.publishes:
                    publish_chain(self.actor, self._seal[0], seal, self.now)
        return self._seal

    def _is_own(self, value: HandleValue) -> bool:
        return value.has_type(SIGNATURE_TYPE) and issuer_of(value.text or "") == self.issuer

    def _holds(self, name: str, public: Sequence[HandleValue], value: HandleValue) -> bool:
        seal = self._sealed()
        second = int(self.now.timestamp())
        return seal is not None and still_covers(name, public, value.text or "", seal[0].key, second)

    def _public(self, meant: NewRecord) -> tuple[HandleValue, ...]:
        """Return what of values everyone will read, signatures left out."""
        shown = self.templates.shown_of(meant).public().values
        return tuple(value for value in shown if not value.has_type(SIGNATURE_TYPE))

    def _answers_for(self, meant: NewRecord, *, always: bool) -> bool:
        return (always or self._may(meant)) and self._sealed() is not None

    def _may(self, meant: NewRecord) -> bool:
        try:
            policy.require(self.actor, "identifier.sign", OwnedBy(meant.organization_id))
        except NotAllowed:
            return False
        return True


def is_calibration_relevant(subject_kind: str, values: Iterable[HandleValue]) -> bool:
    """Tell whether values speak of a calibration: by what the record names, or by the type of one of them."""
    return subject_kind in SIGNED_SUBJECTS or any(folded(value.type) in _FOLDED for value in values)


def _index(plain: Sequence[HandleValue], mine: Sequence[HandleValue]) -> int:
    """Return the index that the signature had before, else the first free one above the certificate's."""
    taken = {value.index for value in plain}
    free = [value.index for value in mine if value.index not in taken]
    above = range(FIRST_INDEX + 1, FIRST_INDEX + len(taken) + 2)
    return min(free) if free else next(index for index in above if index not in taken)


def _is_storable(values: Sequence[HandleValue]) -> bool:
    """Tell whether a record has room for its signature, and whoever checks it reads one so long."""
    try:
        checked_values(values)
    except BadValue:
        return False
    return len(values[-1].data) <= LONGEST_TOKEN
