"""Whether an answer may be trusted: the signature of a published record, checked up to the installation's root."""

from __future__ import annotations

import time
from collections.abc import Callable

from jialiang.formats.handle.json_values import published_record
from jialiang.formats.handle.trust import (
    ROOT_KEY,
    SIGNATURE_TYPE,
    Root,
    TrustReport,
    best,
    certificate_in,
    chain_of,
    judged,
    published_root,
    signatures_in,
)
from jialiang.formats.handle.trust_reports import Finding
from jialiang.formats.handle.values import HandleRecord, HandleReference
from jialiang.integration.resolver.held_rows import HeldRow
from jialiang.integration.resolver.reader import AnswerReader, Row
from jialiang.integration.resolver.resolving import Refusal, Resolver

_SIGNED = SIGNATURE_TYPE.encode()


class PublishedTrust:
    """Judges records by the certificates that are published; the root is the one that the installation publishes."""

    def __init__(
        self, resolver: Resolver, reader: AnswerReader, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._resolver = resolver
        self._reader = reader
        self._clock = clock

    async def seen(self, row: HeldRow) -> TrustReport | None:
        """Return what the signature of a record is worth now, None where it has none. Raises ``AnswersUnavailable``."""
        if _SIGNED not in row[0]:  # spares reading the values of all others
            return None
        if not signatures_in(published_record(row[0]).values):
            return None
        return await self.report(row, int(self._clock()))

    async def report(self, row: HeldRow, now: int) -> TrustReport:
        """Return what the best signature of a record is worth. Raises ``AnswersUnavailable``."""
        record = published_record(row[0])
        found = await self._reader.read(ROOT_KEY, None)
        root = published_root(found.body) if isinstance(found, Row) else None
        if root is None:
            return TrustReport((Finding("no_root_here"),))
        return best([await self._judged(record, each, root, now) for each in signatures_in(record.values)])

    async def _judged(self, record: HandleRecord, signature: str, root: Root, now: int) -> TrustReport:
        steps = chain_of(signature)
        wanted, chain = next(steps, None), ()
        try:
            while wanted is not None:
                wanted = steps.send(await self._certificate(wanted))
        except StopIteration as end:
            chain = end.value
        return judged(record.handle, record.values, signature, chain, root=root, now=now)

    async def _certificate(self, reference: HandleReference) -> str | None:
        row = await self._resolver.record(reference.handle)
        if isinstance(row, Refusal) or row[2] != 200:
            return None
        return certificate_in(published_record(row[0]).values, reference.index)
