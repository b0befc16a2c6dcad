"""Laws of signing that hold for every document, not only for certificates; xmlsec1 is the second opinion."""

import copy
import shutil
import subprocess

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.conftest import absent
from tests.formats.sample_keys import CHECK_TIME, SIGNING_TIME, institute, issuing, root

from jialiang.formats.xades.signing import sign_enveloped
from jialiang.formats.xades.verification import verify
from jialiang.formats.xml.canonicalization import (
    C14N_11,
    C14N_EXCLUSIVE,
    canonical_document,
    canonical_element,
    serialized,
    without_element,
)
from jialiang.formats.xml.parsing import parse_xml

DS = "{http://www.w3.org/2000/09/xmldsig#}"
NAMES = st.sampled_from(["a", "b", "value", "{urn:one}a", "{urn:one}b", "{urn:two}c"])
TEXTS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Cn"), blacklist_characters="\ufffe\uffff")
    | st.sampled_from("\t\n"),
    max_size=8,
)
ATTRIBUTES = st.dictionaries(st.sampled_from(["x", "id", "lang", "{urn:two}y"]), TEXTS, max_size=3)


def element(parts):
    name, attributes, text, tail, children = parts
    made = etree.Element(name, dict(attributes))
    made.text, made.tail = text or None, tail or None
    made.extend(children)
    return made


LEAVES = st.tuples(NAMES, ATTRIBUTES, TEXTS, TEXTS, st.just([])).map(element)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.tuples(NAMES, ATTRIBUTES, TEXTS, TEXTS, st.lists(inner, max_size=3)).map(element),
    max_leaves=8,
)
relaxed = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def document(tree):
    """The bytes of a tree; a copy, because one drawn element may stand in several examples."""
    whole = copy.deepcopy(tree)
    whole.tail = None
    return etree.tostring(whole, encoding="UTF-8")


def sign(xml):
    return sign_enveloped(xml, institute(), [issuing().certificate], SIGNING_TIME)


def integrity(xml):
    return verify(xml, [root().certificate], CHECK_TIME).integrity.outcome


@relaxed
@given(TREES)
def test_what_is_signed_holds_and_its_content_is_what_went_in(tree):
    xml = document(tree)
    findings = verify(sign(xml), [root().certificate], CHECK_TIME)
    assert findings.holds
    assert findings.signed_content == canonical_document(parse_xml(xml))


@relaxed
@given(TREES)
def test_taking_the_signature_out_gives_the_content_back(tree):
    xml = document(tree)
    made = parse_xml(sign(xml))
    (signature,) = made.getroot().iter(f"{DS}Signature")
    assert canonical_document(without_element(made, signature)) == canonical_document(parse_xml(xml))


@relaxed
@given(TREES, st.data())
def test_any_other_text_anywhere_breaks_integrity(tree, data):
    signed_tree = etree.fromstring(sign(document(tree)))
    content = [e for e in signed_tree.iter(etree.Element) if "xmldsig" not in e.tag and "01903" not in e.tag]
    chosen = data.draw(st.sampled_from(content))
    chosen.text = (chosen.text or "") + "1"
    assert integrity(etree.tostring(signed_tree)) == "failed"


@relaxed
@given(TREES, st.data())
def test_any_element_removed_or_doubled_breaks_integrity(tree, data):
    made = etree.fromstring(sign(document(tree)))
    content = [e for e in made.iter(etree.Element) if "xmldsig" not in e.tag and "01903" not in e.tag][1:]
    if not content:
        return
    chosen = data.draw(st.sampled_from(content))
    if data.draw(st.booleans()):
        chosen.getparent().remove(chosen)
    else:
        chosen.addprevious(copy.deepcopy(chosen))
    assert integrity(etree.tostring(made)) == "failed"


@relaxed
@given(TREES)
def test_writing_anew_changes_no_signed_content(tree):
    made = sign(document(tree))
    assert serialized(parse_xml(made)) == made
    assert integrity(etree.tostring(etree.fromstring(made), encoding="UTF-16")) == "ok"
    assert integrity(made.replace(b"\n", b"\r\n")) == "ok"


@relaxed
@given(TREES)
def test_canonical_xml_is_its_own_canonical_form(tree):
    once = canonical_document(parse_xml(document(tree)))
    assert canonical_document(parse_xml(once)) == once


@relaxed
@given(TREES)
def test_the_root_as_a_part_is_the_document(tree):
    parsed = parse_xml(document(tree))
    for algorithm in (C14N_11, C14N_EXCLUSIVE):
        assert canonical_element(parsed.getroot(), algorithm) == canonical_document(parsed, algorithm)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(tree=TREES, change=st.booleans())
def test_xmlsec1_and_we_never_disagree(tmp_path, tree, change):
    if shutil.which("xmlsec1") is None:
        absent("xmlsec1", "install the Debian package xmlsec1")
    made = etree.fromstring(sign(document(tree)))
    if change:
        made.text = (made.text or "") + "0"
    xml = etree.tostring(made, encoding="UTF-8", xml_declaration=True)
    (tmp_path / "ca.pem").write_bytes(root().certificate.public_bytes(Encoding.PEM))
    (tmp_path / "file.xml").write_bytes(xml)
    command = ["xmlsec1", "--verify", "--trusted-pem", "ca.pem", "--id-attr:Id", "SignedProperties",
               "--verification-gmt-time", "2026-07-01 00:00:00", "file.xml"]  # fmt: skip
    theirs = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    assert theirs == (integrity(xml) == "ok") == (not change)


@pytest.mark.parametrize("place", ["before", "after", "inside"])
def test_a_comment_beside_the_signature_changes_nothing_that_was_signed(place):
    made = etree.fromstring(sign(b"<a>1</a>"))
    comment = etree.Comment(" seen ")
    signature = made[0]
    {"before": signature.addprevious, "after": signature.addnext, "inside": signature.append}[place](comment)
    assert integrity(etree.tostring(made)) == "ok"


@pytest.mark.parametrize("text", ["2", " ", "\n"])
def test_text_behind_the_signature_belongs_to_the_content(text):
    made = sign(b"<a>1</a>").replace(b"</a>", text.encode() + b"</a>")
    assert integrity(made) == "failed"
