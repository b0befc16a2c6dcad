"""The settings of an installation: one frozen value, read once from ``JIALIANG_…`` and checked at the start."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jialiang.kernel.errors import InvalidInput

DEMO_SECRET = "demonstration-only-secret-key-never-use-it-for-real"  # noqa: S105 the demo's data are public
SHORTEST_SECRET = 32
LOOPBACK = ("127.0.0.1", "::1", "localhost")
NODE_PREFIX = re.compile(r"[0-9A-Za-z_-]+(\.[0-9A-Za-z_-]+)*")
NODE_REPORT_KINDS = ("registrations", "resolutions", "templates", "routes")
LEAST = {
    "web_processes": 1,
    "front_processes": 1,
    "front_connections": 64,
    "misses_per_minute": 1,
    "answer_memory_bytes": 1024 * 1024,
    "identifier_memory_bytes": 1024 * 1024,
    "unresolved_per_minute": 1,
    "native_memory_bytes": 1024 * 1024,
    "max_upload_bytes": 64 * 1024,
    "session_idle_minutes": 1,
}


class BadSetting(InvalidInput):
    """A setting is missing or has a value that cannot be used."""

    code = "JL-SET-001"


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting; the name of the variable is ``JIALIANG_`` and the member in capitals."""

    data_dir: Path = Path("var")
    database_url: str = ""
    secret_key: str = ""
    key_passphrase: str = ""
    public_url: str = "http://localhost:8000"
    identifier_prefix: str = "88.999.1"
    host: str = "127.0.0.1"
    port: int = 8000
    demo: bool = False
    web_processes: int = 1
    front_processes: int = 1
    front_connections: int = 10_000
    control_plane: str = ""
    answer_memory_bytes: int = 64 * 1024 * 1024
    identifier_memory_bytes: int = 256 * 1024 * 1024
    misses_per_minute: int = 30
    unresolved_per_minute: int = 600
    region_header: str = ""
    client_certificate_header: str = ""
    native_port: int = 2641
    native_hosts: tuple[str, ...] = ()
    native_addresses: tuple[str, ...] = ()
    native_parent: str = ""
    native_memory_bytes: int = 128 * 1024 * 1024
    trusted_proxies: tuple[str, ...] = ()
    max_upload_bytes: int = 20 * 1024 * 1024
    session_idle_minutes: int = 60
    upper_node: str = ""
    upper_node_token: str = ""
    upper_node_account_token: str = ""
    node_prefix: str = ""
    node_addresses: tuple[str, ...] = ()
    node_report_kinds: tuple[str, ...] = NODE_REPORT_KINDS
    node_report_hour: int = 1
    font_dir: Path | None = None
    schemas: Path | None = None

    @property
    def domain(self) -> str:
        """Host (and port, if not the usual one) of the public address."""
        return urlsplit(self.public_url).netloc

    @property
    def public_door(self) -> tuple[str, int]:
        """Protocol (HTTP, HTTPS) and port of the public address."""
        parts = urlsplit(self.public_url)
        return parts.scheme.upper(), parts.port or (443 if parts.scheme == "https" else 80)

    @property
    def own_prefix(self) -> str:
        """Prefix by which this node is known to the one above it."""
        return self.node_prefix or self.identifier_prefix

    @property
    def object_dir(self) -> Path:
        """Folder of the stored files, addressed by their digest."""
        return self.data_dir / "objects"

    @property
    def count_dir(self) -> Path:
        """Folder of the count logs of the processes that resolve."""
        return self.data_dir / "counts"

    @property
    def key_dir(self) -> Path:
        """Folder of the encrypted key files."""
        return self.data_dir / "keys"


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Build the settings from environment variables. Raises :class:`BadSetting` with name, reason and mend."""
    known = {f"JIALIANG_{f.name.upper()}": f for f in fields(Settings)}
    for name in environment:
        if name.startswith("JIALIANG_") and name not in known and name != "JIALIANG_ORACLES":
            raise BadSetting(name=name, reason="unknown", known=", ".join(sorted(known)))
    given = {
        f.name: _parsed(name, str(f.type), environment[name])
        for name, f in known.items()
        if name in environment
    }
    settings = Settings(**given)
    if settings.demo:
        given.setdefault("secret_key", DEMO_SECRET)
        given.setdefault("key_passphrase", DEMO_SECRET)
        settings = Settings(**given)
    _check(settings)
    return settings


def _parsed(name: str, kind: str, text: str) -> Any:
    if kind == "bool":
        if text.lower() not in {"0", "1", "true", "false"}:
            raise BadSetting(name=name, reason=f"{text!r} is not 0 or 1", known="0, 1")
        return text.lower() in {"1", "true"}
    if kind == "int":
        if not (text.isascii() and text.isdigit()):
            raise BadSetting(name=name, reason=f"{text!r} is not a whole number", known="0, 1, 2 …")
        return int(text)
    if kind.startswith("tuple"):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    return Path(text) if kind.startswith("Path") else text


def _check(settings: Settings) -> None:
    for name in ("secret_key", "key_passphrase"):
        secret = getattr(settings, name)
        if len(secret) < SHORTEST_SECRET:
            raise BadSetting(
                name=f"JIALIANG_{name.upper()}",
                reason=f"{len(secret)} characters, at least {SHORTEST_SECRET} are needed",
                known="openssl rand -base64 48",
            )
    if not _is_plain_address(settings.public_url):
        raise BadSetting(
            name="JIALIANG_PUBLIC_URL", reason=f"{settings.public_url!r}", known="https://example.cn"
        )
    if settings.port not in range(1, 65536):
        raise BadSetting(name="JIALIANG_PORT", reason=f"{settings.port}", known="1 … 65535")
    if settings.native_port not in range(65536):
        raise BadSetting(name="JIALIANG_NATIVE_PORT", reason=f"{settings.native_port}", known="0 … 65535")
    _check_node(settings)
    for name, least in LEAST.items():
        given = getattr(settings, name)
        if given < least:
            raise BadSetting(
                name=f"JIALIANG_{name.upper()}", reason=f"{given} < {least}", known=f"{least}, {least + 1} …"
            )


def _check_node(settings: Settings) -> None:
    """Look at what is told to the node above; a token never travels in the clear, but on this machine."""
    upper, parts = settings.upper_node, urlsplit(settings.upper_node)
    in_the_clear = parts.scheme == "http" and parts.hostname not in LOOPBACK
    if upper and (not _is_plain_address(upper) or in_the_clear):
        raise BadSetting(name="JIALIANG_UPPER_NODE", reason=f"{upper!r}", known="https://node.example.cn")
    for name in ("upper_node_token", "upper_node_account_token"):
        secret = getattr(settings, name)
        if not secret.isascii() or any(letter.isspace() or not letter.isprintable() for letter in secret):
            reason = "a letter that stands in no token"
            raise BadSetting(name=f"JIALIANG_{name.upper()}", reason=reason, known="jl_…")
    if settings.node_prefix and not NODE_PREFIX.fullmatch(settings.node_prefix):
        raise BadSetting(name="JIALIANG_NODE_PREFIX", reason=f"{settings.node_prefix!r}", known="88.111.5")
    for address in settings.node_addresses:
        if not _is_ip_address(address):
            raise BadSetting(name="JIALIANG_NODE_ADDRESSES", reason=f"{address!r}", known="192.0.2.7,2001:db8::7")
    unknown = sorted(set(settings.node_report_kinds) - set(NODE_REPORT_KINDS))
    if unknown:
        known = ",".join(NODE_REPORT_KINDS)
        raise BadSetting(name="JIALIANG_NODE_REPORT_KINDS", reason=", ".join(unknown), known=known)
    if settings.node_report_hour not in range(24):
        reason = f"{settings.node_report_hour}"
        raise BadSetting(name="JIALIANG_NODE_REPORT_HOUR", reason=reason, known="0 … 23")


def _is_ip_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_plain_address(address: str) -> bool:
    """Tell whether an address is scheme, host and port alone: other addresses are made by writing paths behind it."""
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError:
        return False
    bare = not parts.path.rstrip("/") and not any(c in "?#@" or c.isspace() for c in address)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and port != 0 and bare
