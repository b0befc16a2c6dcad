"""The front process: reads the settings and puts the data plane together. Nothing here imports Django."""

from __future__ import annotations

import importlib

from jialiang.assembly.databases import database
from jialiang.assembly.guarded import end_with_parent
from jialiang.assembly.run_files import control_socket
from jialiang.assembly.settings import current_settings
from jialiang.integration.resolver.answers import Answers
from jialiang.integration.resolver.clients import TrustedProxies
from jialiang.integration.resolver.control_plane import ControlPlane
from jialiang.integration.resolver.counting import Counts
from jialiang.integration.resolver.front import Front
from jialiang.integration.resolver.handover import Handover
from jialiang.integration.resolver.identifiers import Identifiers
from jialiang.integration.resolver.misses import MissLimit
from jialiang.integration.resolver.native_trust import PublishedTrust
from jialiang.integration.resolver.regions import RegionHeader
from jialiang.integration.resolver.resolving import Resolver
from jialiang.integration.resolver.table_feed import FeedReader, TableFeed
from jialiang.kernel.errors import InvalidInput
from jialiang.kernel.settings import Settings

READERS = {
    "django.db.backends.sqlite3": "jialiang.integration.resolver.sqlite_reader",
    "django.db.backends.postgresql": "jialiang.integration.resolver.postgres_reader",
}
ROOM_FOR_FORM_FIELDS = 1024 * 1024  # a form that uploads the largest file has other fields as well


class BadServerSetting(InvalidInput):
    """A setting of the servers has a value that cannot be used."""

    code = "JL-SRV-010"


def application() -> Front:
    """Make the RSGI application of a served process (granian's factory)."""
    end_with_parent()
    return front(current_settings())


def replica() -> Front:
    """Make the application of a read replica: what is published, and nothing is handed over (granian's factory)."""
    end_with_parent()
    return front(current_settings(), handover=False)


def front(settings: Settings, *, handover: bool = True) -> Front:
    """Put a front together. Raises :class:`BadServerSetting`."""
    room = settings.max_upload_bytes + ROOM_FOR_FORM_FIELDS
    over = Handover(ControlPlane(control_plane_address(settings)), max_body=room) if handover else None
    answers, proxies, counts = reader(settings), trusted_proxies(settings), Counts(settings.count_dir)
    resolver = Resolver(answers, TableFeed(answers), limit_bytes=settings.identifier_memory_bytes)
    checks = Answers(answers, limit_bytes=settings.answer_memory_bytes)
    return Front(
        checks,
        MissLimit(settings.misses_per_minute),
        proxies,
        over,
        Identifiers(
            resolver,
            counts.count,
            MissLimit(settings.unresolved_per_minute),
            proxies,
            RegionHeader(settings.region_header, proxies),
            settings.public_url,
            answers=checks,
            trust=PublishedTrust(resolver, answers),
        ),
        counts=counts,
    )


def reader(settings: Settings) -> FeedReader:
    """Return the reader for the database of the installation; only its driver is imported."""
    described = database(settings)
    opened: FeedReader = importlib.import_module(READERS[described["ENGINE"]]).opened(described)
    return opened


def trusted_proxies(settings: Settings) -> TrustedProxies:
    """Read the setting of trusted proxies."""
    try:
        return TrustedProxies(settings.trusted_proxies)
    except ValueError as problem:
        raise BadServerSetting(name="TRUSTED_PROXIES", found=",".join(settings.trusted_proxies)) from problem


def control_plane_address(settings: Settings) -> str:
    """Return where the control plane listens: the address that was set, or the socket in the data folder."""
    if not settings.control_plane:
        return f"unix:{control_socket(settings)}"
    if not settings.control_plane.startswith(("http://", "unix:")):
        raise BadServerSetting(name="CONTROL_PLANE", found=settings.control_plane)
    return settings.control_plane
