"""Certificates of the base, with the whole content of a sample, made by the services alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import count
from typing import Any

from tests.base.bench_rows import Bench
from tests.formats.sample_content import sample_content

from jialiang.base.certificates import services
from jialiang.base.certificates.models import Certificate
from jialiang.base.certificates.services import IssuedFile, NewCertificate
from jialiang.base.identifiers.services import mint
from jialiang.formats.canonical import canonical_json, to_plain
from jialiang.formats.content import CertificateContent
from jialiang.kernel.ids import new_id
from jialiang.security.actor import Actor

CODE = "K7QM3XRD9FWTP"
FILES = tuple(
    IssuedFile(kind, letter * 64, size, f"c.{kind}")
    for kind, letter, size in (("pdf_en", "c", 3000), ("xml", "a", 1000), ("pdf_zh", "b", 2000))
)
_serial = count(1)


@dataclass(frozen=True)
class Office:
    """A bench whose approved records get certificates."""

    bench: Bench
    signatory: Actor

    @property
    def now(self) -> datetime:
        return self.bench.world.now

    def content(self, number: str, identifier: str, **changes: Any) -> CertificateContent:
        """The sample's content under another number."""
        given = {"number": number, "identifier": identifier, "check_code": CODE, "due_date": ""}
        return sample_content(**(given | changes))

    def new(self, *, due_date: date | None = None, **members: Any) -> NewCertificate:
        """What takes a number: a certificate of a record of its own unless ``calibration`` is given."""
        serial = next(_serial)
        record = members.pop("calibration", None) or self.bench.record(state="approved")
        instrument = record.item.instrument
        number = members.pop("number", f"YZ-2026-C-{serial:06d}")
        own_id = new_id(self.now)
        code = mint(suffix=f"c{own_id.hex}", subject_kind="certificate", subject_id=own_id, now=self.now)
        changes = {"due_date": due_date.isoformat() if due_date else ""} | members.pop("content", {})
        content = self.content(number, code.text, **changes)
        new = NewCertificate(
            id=own_id,
            number=number,
            kind="calibration",
            calibration_id=record.id,
            customer_id=instrument.owner_id,
            instrument_id=instrument.id,
            identifier_id=code.id,
            check_code=CODE,
            content=canonical_json(to_plain(content)).decode(),
            issue_date=date(2026, 6, 16),
            due_date=due_date,
            signing_time=self.now,
            signing_key_id=None,
        )
        return replace(new, **members)

    def numbered(self, **members: Any) -> Certificate:
        """A certificate in issue."""
        return services.number_certificate(self.new(**members), actor=self.signatory, now=self.now)

    def issued(self, **members: Any) -> Certificate:
        """A certificate in force."""
        return services.finish(self.numbered(**members).id, FILES, actor=self.signatory, now=self.now)
