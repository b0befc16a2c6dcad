"""Looking at the keys: the authority, every seal, the revocation list, and who can read the files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from cryptography import x509
from django.conf import settings

from jialiang.assembly.findings import Finding, error, warning
from jialiang.kernel.errors import JialiangError
from jialiang.kernel.text import Text
from jialiang.security.keys.current import current_key_store
from jialiang.security.keys.errors import SealMissing
from jialiang.security.keys.selectors import authority_row, crl, has_authority, seal_for, signing_keys
from jialiang.security.tenancy.scope import everywhere
from jialiang.security.tenancy.selectors import tenants

SOON = timedelta(days=60)
LIST_SOON = timedelta(days=2)
READABLE_BY_OTHERS = 0o077


def keys(now: datetime) -> Iterator[Finding]:
    """Look whether every key opens, belongs to its certificate, lasts, and is private."""
    if not has_authority():
        yield error("keys.no_authority")
        return
    root = authority_row()
    yield from _opens(root.key_name, root.certificate_pem)
    certificate = x509.load_pem_x509_certificate(root.certificate_pem.encode())
    yield from _lasts(root.name, certificate.not_valid_after_utc, now)
    yield from _seals(now)
    yield from _files(root.key_name)


def revocation_list(now: datetime) -> Iterator[Finding]:
    """Look whether the list of revoked certificates is fresh; readers refuse an old one."""
    if not has_authority():
        return
    until = crl().next_update_utc
    if until is None or until <= now:
        yield error("crl.stale", until=until)
    elif until - now < LIST_SOON:
        yield warning("crl.soon", until=until)


def _seals(now: datetime) -> Iterator[Finding]:
    with everywhere("look at the seals of all institutes"):
        rows = signing_keys()
    for row in rows:
        if row.revoked_at is None and row.valid_until > now:
            yield from _opens(row.name, row.certificate_pem)
    for tenant in tenants():
        try:
            seal = seal_for(tenant, now)
        except SealMissing:
            yield error("keys.no_seal", tenant=tenant.name, slug=tenant.slug)
        except JialiangError:
            continue  # the key of that seal does not open: named above
        else:
            yield from _lasts(tenant.name, seal.valid_until, now)


def _opens(name: str, certificate_pem: str) -> Iterator[Finding]:
    certificate = x509.load_pem_x509_certificate(certificate_pem.encode())
    try:
        current_key_store().signer(name, certificate)
    except JialiangError as problem:
        yield error("keys.unusable", name=name, reason=problem.what, mend=problem.way_out)


def _lasts(name: Text, until: datetime, now: datetime) -> Iterator[Finding]:
    if until <= now:
        yield error("keys.ended", name=name, until=f"{until:%Y-%m-%d}")
    elif until - now < SOON:
        yield warning("keys.ends_soon", name=name, until=f"{until:%Y-%m-%d}")


def _files(authority_key: str) -> Iterator[Finding]:
    with everywhere("look for keys that nobody uses"):
        known = {authority_key, *(row.name for row in signing_keys())}
    for name in current_key_store().names():
        if name not in known:
            yield warning("keys.loose", name=name)
    for file in sorted(settings.JIALIANG.key_dir.glob("*.pem")):
        if file.stat().st_mode & READABLE_BY_OTHERS:
            yield error("keys.readable", file=file)
