"""Making the file of a report: composed, packed line by line, signed, and kept before any row tells of it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import IO, Any

from django.conf import settings
from django.db import IntegrityError, transaction

from jialiang.formats.handle.site_json import site_to_json
from jialiang.formats.handle.sites import Site, SiteInterface, SiteServer, address_octets
from jialiang.formats.handle.trust import raw_es256, token
from jialiang.formats.node_report.header import TEMPLATES, NodeReportHeader
from jialiang.formats.node_report.signing import report_claims
from jialiang.formats.node_report.writing import line_bytes, write_to
from jialiang.functions.trust_chain import ALGORITHM, ROOT_SUFFIX, reference
from jialiang.governance.node_reports import selectors, services
from jialiang.governance.node_reports.selectors import SentReport
from jialiang.governance.node_reports.services import StoredFile
from jialiang.governance.storage.current import current_store
from jialiang.information.node_reports import ReportedDay, report_lines
from jialiang.kernel.settings import Settings
from jialiang.security.keys.current import current_key_store
from jialiang.security.keys.selectors import authority_row, has_authority

IN_MEMORY = 8 * 1024 * 1024  # what is longer is spooled to the disk


def make_report(kind: str, day: date, time_zone: str, now: datetime) -> tuple[SentReport, bool]:
    """Make the next revision of a day unless it says what the last one said; return the newest, and if it is new."""
    own: Settings = settings.JIALIANG
    node, now = own.own_prefix, now.replace(microsecond=0)
    last = selectors.latest(node, kind, day)
    first = selectors.first_day(node, TEMPLATES)
    everything = first is None or day <= first
    told = ReportedDay(day, time_zone, node, own_site(own), everything, now)
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as spool:
        lines, content_digest = _spooled(report_lines(kind, told), spool)
        if last is not None and last.content_digest == content_digest:
            return last, False
        revision = 1 if last is None else last.revision + 1
        header = NodeReportHeader(node, kind, day, time_zone, revision, now, lines)
        file = _packed(header, spool, content_digest)
    return _kept(header, file, now)


def own_site(own: Settings) -> Mapping[str, Any] | None:
    """Return the site at which this node answers as HS_SITE in JSON, None where no address is set."""
    addresses = own.node_addresses or own.native_addresses
    if not addresses:
        return None
    ports = [("TCP", own.native_port), ("UDP", own.native_port)] if own.native_port else []
    interfaces = tuple(SiteInterface(protocol, port) for protocol, port in [*ports, own.public_door])
    servers = (SiteServer(at, address_octets(text), interfaces) for at, text in enumerate(addresses, start=1))
    return site_to_json(Site(tuple(servers)))


def _spooled(lines: Iterator[Mapping[str, Any]], spool: IO[bytes]) -> tuple[int, str]:
    """Write the lines as they will stand in the file and return how many there are and their SHA-256."""
    digest, count = sha256(), 0
    for line in lines:
        count += 1
        written = line_bytes(line)
        digest.update(written)
        spool.write(written)
    return count, digest.hexdigest()


def _packed(header: NodeReportHeader, spool: IO[bytes], content_digest: str) -> StoredFile:
    spool.seek(0)
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as packed:
        size = write_to(packed, header, spool)
        packed.seek(0)
        return StoredFile(current_store().put(packed.read()), content_digest, size)


def _kept(header: NodeReportHeader, file: StoredFile, now: datetime) -> tuple[SentReport, bool]:
    try:
        with transaction.atomic():
            return services.keep(header, file, _signature(header, file.sha256, now), now), True
    except IntegrityError:  # another worker made the same revision meanwhile
        found = selectors.latest(header.node, header.kind, header.day)
        if found is None:
            raise
        return found, False


def _signature(header: NodeReportHeader, digest: str, now: datetime) -> str:
    """Return the token of the installation's authority, empty where there is none."""
    if not has_authority():
        return ""
    name = authority_row().key_name
    claims = report_claims(header, digest, reference(ROOT_SUFFIX), now)
    return token(claims, ALGORITHM, lambda data: raw_es256(current_key_store().sign(name, data)))
