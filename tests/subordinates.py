"""Reports as subordinate nodes make them, and a parent's world with a node of 88.101.5 in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from jialiang.formats.handle.trust import Root, raw_es256, token
from jialiang.formats.handle.values import HandleReference
from jialiang.formats.node_report.header import NodeReportHeader
from jialiang.formats.node_report.signing import report_claims
from jialiang.formats.node_report.writing import write
from jialiang.functions import received_reports, subordinate_nodes
from jialiang.functions.received_reports import Receipt
from jialiang.functions.subordinate_nodes import NodeWithToken
from jialiang.kernel.text import Text
from jialiang.security.accounts.selectors import actor_of
from jialiang.security.actor import Actor
from tests.functions.prefix_verbs import SITE, add_prefix
from tests.ledger import World

NODE = "88.101.5"
DAY = date(2026, 6, 15)
ZONE = "Asia/Shanghai"
MIDNIGHT = datetime(2026, 6, 14, 16, tzinfo=UTC)
ROOT_KEY = ec.derive_private_key(11, ec.SECP256R1())
ROOT = Root(HandleReference(400, f"{NODE}/0.0"), ROOT_KEY.public_key())
OTHER_SITE = SITE | {"servers": [SITE["servers"][0] | {"address": "203.0.113.9"}]}


@dataclass(frozen=True)
class Report:
    """What a report is made of; ``lines`` in the header may be told wrong."""

    kind: str
    lines: tuple[dict[str, Any], ...]
    node: str = NODE
    day: date = DAY
    time_zone: str = ZONE
    revision: int = 1

    @property
    def header(self) -> NodeReportHeader:
        made = datetime(self.day.year, self.day.month, self.day.day, tzinfo=UTC) + timedelta(days=1)
        return NodeReportHeader(
            self.node, self.kind, self.day, self.time_zone, self.revision, made, len(self.lines)
        )

    @property
    def data(self) -> bytes:
        return b"".join(write(self.header, self.lines))

    @property
    def digest(self) -> str:
        return sha256(self.data).hexdigest()

    def signed(self, key: ec.EllipticCurvePrivateKey = ROOT_KEY, identity: HandleReference = ROOT.identity) -> str:
        """The token of a root over the report."""
        claims = report_claims(self.header, self.digest, identity, self.header.made_at)
        return token(claims, "ES256", lambda data: raw_es256(key.sign(data, ec.ECDSA(hashes.SHA256()))))

    def but(self, **members: Any) -> Report:
        """The report with other members."""
        return replace(self, **members)


def deed(at: str = "2026-06-15T01:00:00Z", **members: Any) -> dict[str, Any]:
    """A line of registrations."""
    line = {
        "at": at, "identifier": f"{NODE}/a", "deed": "registered", "state": "active", "version": 1, "prefix": NODE,
        "template": "",
    }  # fmt: skip
    return line | members


def deeds(number: int, **members: Any) -> tuple[dict[str, Any], ...]:
    """Registrations, one a second from eight in the morning."""
    begin = MIDNIGHT + timedelta(hours=8)
    return tuple(
        deed(f"{begin + timedelta(seconds=at):%Y-%m-%dT%H:%M:%SZ}", identifier=f"{NODE}/{at}", **members)
        for at in range(number)
    )


def count(by: str, word: str, number: int) -> dict[str, Any]:
    """A line of resolutions."""
    return {"by": by, "word": word, "number": number}


def counts(total: int, *more: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """Resolutions that add up: all in one hour, of one kind."""
    same = [("kind", "page"), ("outcome", "found"), ("carrier", "qr"), ("region", "CN-37"), ("hour", "2026-06-15T01")]
    told = [count(by, word, total) for by, word in same] if total else []
    return (count("total", "", total), *told, *more)


def template(code: str = "V1", prefix: str = NODE, **members: Any) -> dict[str, Any]:
    """A line of templates."""
    line = {
        "prefix": prefix, "code": code, "names": {"zh": "温度计", "en": "Thermometer"}, "state": "published",
        "since": "2026-06-15T01:00:00Z", "schema": {"type": "object"},
    }  # fmt: skip
    return line | members


def route(prefix: str = NODE, site: Any = None, **members: Any) -> dict[str, Any]:
    """A line of routes."""
    line = {
        "prefix": prefix, "level": "enterprise", "parent": prefix.rpartition(".")[0], "state": "active",
        "since": "2026-06-15T01:00:00Z", "site": site,
        "holder": {"name": {"zh": "晨星乳业有限公司", "en": "Morning Star Dairy Ltd"}, "credit_code": ""},
    }  # fmt: skip
    return line | members


REGISTRATIONS = Report("registrations", deeds(3))
RESOLUTIONS = Report("resolutions", counts(1297))
TEMPLATES = Report("templates", (template(), template("V2", state="withdrawn")))
ROUTES = Report("routes", (route(site=OTHER_SITE), route(f"{NODE}.1")))
EVERY_KIND = (REGISTRATIONS, RESOLUTIONS, TEMPLATES, ROUTES)


@dataclass(frozen=True)
class Below:
    """The parent's world and a node that reports there."""

    world: World
    made: NodeWithToken
    prefix_id: Any

    @property
    def node_id(self) -> Any:
        return self.made.row.id

    @property
    def operator(self) -> Actor:
        return self.world.person("identifier_operator")

    @property
    def program(self) -> Actor:
        """The node's own program."""
        return actor_of(self.made.row.person_id, self.world.now.date(), "api")

    def hand_in(self, report: Report, who: Actor | None = None, **more: Any) -> Receipt:
        """Report, as the node's program if nobody else is named."""
        given = {"now": self.world.now} | more
        return received_reports.receive(actor=who or self.program, file=BytesIO(report.data), **given)

    def all_in(self, reports: Iterable[Report] = EVERY_KIND) -> list[Receipt]:
        """Hand several in."""
        return [self.hand_in(each) for each in reports]


def register_node(world: World, prefix: str = NODE, root: str = "", **members: Any) -> NodeWithToken:
    """Register a node of a prefix that is there."""
    given = {"name": Text("晨星节点", "Morning Star node"), "now": world.now} | members
    operator = world.person("identifier_operator")
    return subordinate_nodes.register(actor=operator, prefix=prefix, root=root, **given)


def below(world: World, prefix: str = NODE, *, with_root: bool = False) -> Below:
    """Give the dairy a prefix and register its node."""
    row = add_prefix(world, prefix)
    return Below(world, register_node(world, prefix, ROOT.body().decode() if with_root else ""), row.id)
