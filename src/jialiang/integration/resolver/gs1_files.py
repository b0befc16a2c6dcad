"""The two files by which a GS1 resolver explains itself: its description, and the JSON-LD context of its linksets."""

from __future__ import annotations

from typing import Any

from jialiang.formats.gs1.links import PREFIX, VOCABULARY

DESCRIPTION = "/.well-known/gs1resolver"
CONTEXT = "/.well-known/linkset-context.jsonld"


def resolver_description(root: str, name: str) -> dict[str, Any]:
    """Return what this resolver says of itself; ``root`` is its public address without a slash at the end."""
    return {
        "name": name,
        "resolverRoot": root,
        "supportedPrimaryKeys": ["all"],
        "supportedLinkType": [{"namespace": VOCABULARY, "prefix": PREFIX}],
        "linkTypeDefaultCanBeLinkset": False,
        "jsonLdContextLocation": f"{root}{CONTEXT}",
    }


def linkset_context(root: str) -> dict[str, Any]:
    """Return a context by which a linkset reads as statements about its anchors."""
    return {
        "@context": {
            "@version": 1.1,
            "@base": f"{root}/",
            "linkset": "@graph",
            "anchor": "@id",
            "href": "@id",
            "itemDescription": "https://schema.org/description",
            "title": "http://purl.org/dc/terms/title",
            "type": "http://purl.org/dc/terms/format",
            "hreflang": {"@id": "http://purl.org/dc/terms/language", "@container": "@set"},
            "context": {"@id": "http://purl.org/dc/terms/audience", "@container": "@set"},
            "fwqs": None,
        }
    }
