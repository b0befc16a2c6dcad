"""An identifier as JSON-LD in the vocabulary of schema.org."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jialiang.formats.handle.names import folded
from jialiang.formats.handle.trust_documents import signed_by
from jialiang.formats.handle.trust_reports import TrustReport
from jialiang.formats.identifier_page.page import http_link, state_of

_MEMBERS = {
    "name": "name", "title": "name", "desc": "description", "description": "description", "model": "model",
    "serial": "serialNumber", "serial_number": "serialNumber", "manufacturer": "manufacturer",
}  # fmt: skip
_STATES = {"active": "Active", "suspended": "Suspended", "retired": "Retired"}


def linked_data(said: Mapping[str, Any], address: str, signed: TrustReport | None = None) -> dict[str, Any]:
    """Return a published answer as JSON-LD; ``address`` is the resolvable address of the identifier.

    ``signed`` is what the check of its signature found: the verdict becomes a property beside the signature.
    """
    written: dict[str, Any] = {
        "@context": "https://schema.org",
        "@id": address,
        "@type": "Product",
        "identifier": {"@type": "PropertyValue", "propertyID": "handle", "value": said["handle"]},
        "creativeWorkStatus": _STATES[state_of(said, today="")],
    }
    rest: list[dict[str, Any]] = []
    for value in said.get("values", ()):
        member, text = _MEMBERS.get(folded(str(value["type"]))), value["data"]["value"]
        if member is not None and value["data"]["format"] == "string" and member not in written:
            written[member] = {"@type": "Organization", "name": text} if member == "manufacturer" else text
        elif folded(str(value["type"])) == "url" and "url" not in written and http_link(str(text)):
            written["url"] = text
        else:
            rest.append({"@type": "PropertyValue", "name": value["type"], "value": text})
    rest += _verdict(signed)
    return written | ({"additionalProperty": rest} if rest else {})


def _verdict(signed: TrustReport | None) -> list[dict[str, Any]]:
    if signed is None:
        return []
    by = {"@type": "PropertyValue", "propertyID": "issuer", "value": signed_by(signed)}
    verdict = {"@type": "PropertyValue", "propertyID": "signature-verdict", "name": "signature verdict"}
    return [verdict | {"value": signed.verdict, "valueReference": by}]
