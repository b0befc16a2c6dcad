"""The public page and the linked data of a record tell whether its signature holds."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from tests.integration.resolver.node import NAME, URL, Node

from jialiang.formats.handle.trust import (
    ROOT_KEY,
    Permission,
    Root,
    Validity,
    certificate_claims,
    raw_es256,
    signature_claims,
    token,
)
from jialiang.formats.handle.values import HandleReference, HandleValue

BROWSER, LD, JSON = ("accept", "text/html"), ("accept", "application/ld+json"), ("accept", "application/json")
ENGLISH, CHINESE = ("accept-language", "en"), ("accept-language", "zh")
ROOT_ID, SEAL_ID = HandleReference(400, "88.101.5/0.0"), HandleReference(400, "88.101.5/seal.yunze")
TOP, SEAL, OTHER = (ec.derive_private_key(number, ec.SECP256R1()) for number in (31, 32, 33))
ALWAYS = Validity(0, 2**33, 0)
VALUES = (HandleValue(4, "DUE_DATE", b"2099-06-15"), HandleValue(5, "MODEL", b"WLB-21"))


def signed_by(key: ec.EllipticCurvePrivateKey, claims: dict[str, Any]) -> bytes:
    return token(claims, "ES256", lambda data: raw_es256(key.sign(data, ec.ECDSA(hashes.SHA256())))).encode()


def certificate(subject: HandleReference, key: ec.EllipticCurvePrivateKey, validity: Validity = ALWAYS) -> HandleValue:
    claims = certificate_claims(subject, key.public_key(), (Permission("everything"),), ROOT_ID, validity)
    return HandleValue(400, "HS_CERT", signed_by(TOP, claims))


def publish(node: Node, *values: HandleValue, key: ec.EllipticCurvePrivateKey = SEAL) -> None:
    """Publish a record whose signature says VALUES, and the chain above it."""
    node.reader.record(ROOT_ID.handle, certificate(ROOT_ID, TOP))
    node.reader.record(SEAL_ID.handle, certificate(SEAL_ID, SEAL))
    node.reader.write(ROOT_KEY, Root(ROOT_ID, TOP.public_key()).body())
    signature = HandleValue(401, "HS_SIGNATURE", signed_by(key, signature_claims(NAME, VALUES, SEAL_ID, ALWAYS)))
    node.reader.record(NAME, *(values or VALUES), signature)
    node.watch.seconds += 2


@pytest.fixture
def node() -> Node:
    return Node(per_minute=1000)


def page(node: Node, language: tuple[str, str] = ENGLISH) -> str:
    reply = node.open(f"/{NAME}", "", BROWSER, language)
    assert reply.status == 200
    return reply.body.decode()


def verdict(node: Node) -> dict[str, Any]:
    said = json.loads(node.open(f"/{NAME}", "", LD).body)
    (found,) = [each for each in said["additionalProperty"] if each.get("propertyID") == "signature-verdict"]
    return dict(found)


@pytest.mark.parametrize(
    ("language", "words"), [(ENGLISH, ("The signature holds", "signed by")), (CHINESE, ("签名有效", "签名者"))]
)
def test_the_page_says_in_one_line_that_the_signature_holds_and_whose_it_is(node, language, words):
    publish(node)
    shown = page(node, language)
    assert all(word in shown for word in (*words, SEAL_ID.text))
    assert "eyJ" not in shown, "the token itself is for machines"


@pytest.mark.parametrize(
    ("language", "words"), [(ENGLISH, "Values changed since they were signed"), (CHINESE, "签名后值有更改")]
)
def test_a_changed_value_is_told(node, language, words):
    publish(node, VALUES[0], HandleValue(5, "MODEL", b"WLB-99"))
    assert words in page(node, language)
    assert verdict(node)["value"] == "changed"


def test_linked_data_name_the_verdict_and_the_signer(node):
    publish(node)
    assert verdict(node)["value"] == "holds"
    assert verdict(node)["valueReference"]["value"] == SEAL_ID.text


def test_a_wrong_key_a_foreign_root_and_no_root_are_told_apart(node):
    publish(node, key=OTHER)
    assert verdict(node)["value"] == "chain_broken"
    publish(node)
    node.reader.write(ROOT_KEY, Root(ROOT_ID, OTHER.public_key()).body())
    assert verdict(node)["value"] == "unknown_root"
    assert "The root is unknown" in page(node)


def test_a_certificate_that_ran_out_is_told(node):
    publish(node)
    node.reader.record(SEAL_ID.handle, certificate(SEAL_ID, SEAL, Validity(0, 10, 0)))
    node.watch.seconds += 2
    assert verdict(node)["value"] == "not_in_force"


def test_a_record_without_a_signature_says_nothing_of_one(node):
    node.reader.record(NAME, *VALUES)
    shown = page(node)
    assert "signature" not in shown.lower()
    said = json.loads(node.open(f"/{NAME}", "", LD).body)
    assert not [each for each in said["additionalProperty"] if "signature" in each.get("propertyID", "")]


def test_a_text_that_only_names_the_type_is_no_signature(node):
    node.reader.record(NAME, HandleValue(4, "NOTE", b"about HS_SIGNATURE"), VALUES[1])
    assert "jl-st jl-" not in page(node)


def test_the_record_as_json_keeps_the_signature_for_whoever_checks_it_himself(node):
    publish(node)
    types = [value["type"] for value in json.loads(node.open(f"/{NAME}", "", JSON).body)["values"]]
    assert types == ["DUE_DATE", "MODEL", "HS_SIGNATURE"]


def test_an_address_still_leads_on(node):
    publish(node, URL, *VALUES)
    assert node.open(f"/{NAME}", "", BROWSER).status == 302
