"""What the versions of the DCC allow and forbid: a table of facts, each held against our check and the schemas."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree
from tests.proofs.dcc_structure import ROOT
from tests.proofs.schema_documents import DCC, VERSIONS, Grammar, Maker, load_grammar

from jialiang.formats.dcc.structure import check_structure

SI = "https://ptb.de/si"
DS = "http://www.w3.org/2000/09/xmldsig#"
NAMESPACES = f'xmlns:dcc="{DCC}" xmlns:si="{SI}" xmlns:ds="{DS}" xmlns:x="urn:x"'
Change = Callable[[etree._Element], None]
TEXT = "<dcc:name><dcc:content>t</dcc:content></dcc:name>"
REAL = "<si:value>1.0</si:value><si:unit>\\one</si:unit>"
LISTS = "<si:valueXMLList>1 2</si:valueXMLList><si:unitXMLList>\\one</si:unitXMLList>"
COMPLEX_LISTS = LISTS.replace("<si:valueXMLList>1 2</si:valueXMLList>", "{}").format(
    "<si:valueRealXMLList>1</si:valueRealXMLList><si:valueImagXMLList>2</si:valueImagXMLList>"
)
CHANGE = (
    "<dcc:reportAmendedSubstituted><dcc:typeOfChange>amended</dcc:typeOfChange>"
    "<dcc:replacedUniqueIdentifier>1</dcc:replacedUniqueIdentifier></dcc:reportAmendedSubstituted>"
)
SIGNATURE = (
    '<ds:Signature><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="urn:c"/><ds:SignatureMethod Algorithm="urn:s"/>'
    '<ds:Reference><ds:DigestMethod Algorithm="urn:d"/><ds:DigestValue>AAAA</ds:DigestValue></ds:Reference>'
    "</ds:SignedInfo><ds:SignatureValue>AAAA</ds:SignatureValue></ds:Signature>"
)
DEFINITIONS = (
    f"<dcc:refTypeDefinitions><dcc:refTypeDefinition>{TEXT}<dcc:namespace>n</dcc:namespace><dcc:link>l</dcc:link>"
    "</dcc:refTypeDefinition></dcc:refTypeDefinitions>"
)
METHODS = f"<dcc:usedMethods><dcc:usedMethod>{TEXT}</dcc:usedMethod></dcc:usedMethods>"
OLD_METHODS = METHODS.replace("</dcc:usedMethod>", f"{TEXT.replace('name', 'description')}</dcc:usedMethod>")
LINK = "<dcc:link>https://ptb.de</dcc:link>"


def since(version: str) -> tuple[str, ...]:
    return VERSIONS[VERSIONS.index(version) :]


def until(version: str) -> tuple[str, ...]:
    return VERSIONS[: VERSIONS.index(version) + 1]


def _first(root: etree._Element, name: str) -> etree._Element:
    return next(root.iter(f"{{{DCC}}}{name}"))


def _xml(text: str) -> etree._Element:
    end = min(text.index(sign) for sign in " />" if sign in text)
    return etree.fromstring(f"{text[:end]} {NAMESPACES}{text[end:]}")


def put(text: str, into: str, *, after: tuple[str, ...] = (), at: int | None = None) -> Change:
    """Put an element into another one: behind the last child of the names ``after``, or at a place, or last."""

    def change(root: etree._Element) -> None:
        parent = root if into == "" else _first(root, into)
        behind = [child for child in parent if etree.QName(child).localname in after]
        if behind:
            behind[-1].addnext(_xml(text))
        else:
            parent.insert(len(parent) if at is None else at, _xml(text))

    return change


def remove(name: str, within: str) -> Change:
    def change(root: etree._Element) -> None:
        parent = _first(root, within)
        for child in parent.findall(f"{{{DCC}}}{name}"):
            parent.remove(child)

    return change


def mark(name: str, **attributes: str) -> Change:
    def change(root: etree._Element) -> None:
        for attribute, value in attributes.items():
            _first(root, name).set(attribute, value)

    return change


def write(name: str, text: str) -> Change:
    def change(root: etree._Element) -> None:
        _first(root, name).text = text

    return change


def data(*texts: str) -> Change:
    """Let the data of the result be these elements."""

    def change(root: etree._Element) -> None:
        holder = _first(_first(root, "result"), "data")
        for child in list(holder):
            holder.remove(child)
        holder.extend([_xml(text) for text in texts])

    return change


def quantity(inner: str) -> Change:
    return data(f"<dcc:quantity>{inner}</dcc:quantity>")


WORDS = "<dcc:noQuantity><dcc:content>t</dcc:content></dcc:noQuantity>"
QUANTITY = f"<dcc:quantity>{WORDS}</dcc:quantity>"
BYTES = f"<dcc:byteData>{TEXT}{TEXT.replace('name', 'description')}<dcc:fileName>f</dcc:fileName>"
BYTES += "<dcc:mimeType>m</dcc:mimeType><dcc:{0}>AAAA</dcc:{0}></dcc:byteData>"
RELATIVE = "<dcc:relativeUncertainty><dcc:{0}>" + REAL + "</dcc:{0}></dcc:relativeUncertainty>"

FACTS: dict[str, tuple[Change, tuple[str, ...]]] = {
    "a signature": (put(SIGNATURE, ""), since("3.2.0")),
    "two signatures": (lambda root: (put(SIGNATURE, "")(root), put(SIGNATURE, "")(root))[0], since("3.2.0")),
    "an empty comment": (put("<dcc:comment/>", ""), since("2.3.0")),
    "a comment of another vocabulary": (put("<dcc:comment><x:a/></dcc:comment>", ""), since("3.2.0")),
    "comments in words": (put("<dcc:comments>t</dcc:comments>", ""), ("2.2.0",)),
    "no place of performance": (remove("performanceLocation", "coreData"), until("2.4.0")),
    "a day of issue": (put("<dcc:issueDate>2026-06-16</dcc:issueDate>", "coreData"), since("3.2.0")),
    "what is amended": (put(CHANGE, "coreData"), since("3.2.1")),
    "no manufacturer": (remove("manufacturer", "item"), since("3.2.1")),
    "items within an item": (put("<dcc:subItems><dcc:x/></dcc:subItems>", "item"), ()),
    "an item with a type": (mark("item", refType="basic_x"), since("3.2.0")),
    "an item with a reference": (mark("item", refId="a b"), ("3.3.0",)),
    "an item with an id": (mark("item", id="a"), VERSIONS),
    "a result with one reference": (mark("result", refId="a"), since("2.4.0")),
    "a result with two references": (mark("result", refId="a b"), since("3.1.0")),
    "a result with a path as type": (mark("result", refType="/basic/ab"), since("2.4.0")),
    "a result with a name as type": (mark("result", refType="basic_x"), since("3.0.0")),
    "a result with an empty type": (mark("result", refType=""), ("2.4.0", "3.0.0")),
    "definitions of types": (put(DEFINITIONS, "administrativeData"), since("3.2.0")),
    "no e-mail of the laboratory": (remove("eMail", "contact"), since("3.2.0")),
    "a link of the laboratory": (put(LINK, "contact", after=("name", "eMail", "phone", "fax")), ("3.3.0",)),
    "an identifier with blanks around it": (write("uniqueIdentifier", " 1 "), until("3.1.2")),
    "an empty release": (write("release", ""), until("3.1.2")),
    "a kind of software": (
        put("<dcc:type>firmware</dcc:type>", "software", after=("release",)),
        since("3.1.0"),
    ),
    "methods for all results": (put(METHODS, "measurementResults", at=0), ("3.3.0",)),
    "words instead of a quantity": (quantity(WORDS), VERSIONS),
    "a real quantity": (quantity(f"<si:real>{REAL}</si:real>"), VERSIONS),
    "a constant": (quantity(f"<si:constant>{REAL}</si:constant>"), since("3.0.0")),
    "real XML lists": (quantity(f"<si:realListXMLList>{LISTS}</si:realListXMLList>"), since("3.1.0")),
    "complex XML lists": (
        quantity(f"<si:complexListXMLList>{COMPLEX_LISTS}</si:complexListXMLList>"),
        ("3.3.0",),
    ),
    "characters": (quantity("<dcc:charsXMLList>a b</dcc:charsXMLList>"), since("3.2.0")),
    "a list of the D-SI with a value in it": (
        quantity(f"<si:list><si:real>{REAL}</si:real></si:list>"),
        until("2.4.0"),
    ),
    "a list of the D-SI with a list in it": (
        quantity(f"<si:list><si:realList><si:real>{REAL}</si:real></si:realList></si:list>"),
        since("3.0.0"),
    ),
    "no number": (quantity(f"<si:real>{REAL.replace('1.0', 'NaN')}</si:real>"), ("3.3.0",)),
    "a relative uncertainty": (
        quantity(f"<si:real>{REAL}</si:real>{RELATIVE.format('relativeUncertaintySingle')}"),
        since("3.1.1"),
    ),
    "a relative uncertainty as 3.1.0 names it": (
        quantity(f"<si:real>{REAL}</si:real>{RELATIVE.format('relativeUncertainty')}"),
        ("3.1.0",),
    ),
    "quantities in a list": (data(f"<dcc:list>{QUANTITY}{QUANTITY}</dcc:list>"), VERSIONS),
    "a list of lists": (data(f"<dcc:list><dcc:list>{QUANTITY}</dcc:list></dcc:list>"), VERSIONS),
    "quantities and lists in a list": (
        data(f"<dcc:list>{QUANTITY}<dcc:list>{QUANTITY}</dcc:list>{QUANTITY}</dcc:list>"),
        since("3.2.0"),
    ),
    "a time of a list": (
        data(f"<dcc:list><dcc:dateTime>2026-06-16T07:47:30Z</dcc:dateTime>{QUANTITY}</dcc:list>"),
        VERSIONS,
    ),
    "times of a list": (
        data(
            f"<dcc:list><dcc:dateTimeXMLList>2026-06-16T07:47:30Z</dcc:dateTimeXMLList>{QUANTITY}</dcc:list>"
        ),
        since("3.1.0"),
    ),
    "a formula in LaTeX": (data("<dcc:formula><dcc:latex>x</dcc:latex></dcc:formula>"), since("3.0.0")),
    "a formula of siunitx": (data("<dcc:formula><dcc:siunitx>x</dcc:siunitx></dcc:formula>"), until("2.4.0")),
    "bytes by their newer name": (data(BYTES.format("dataBase64")), since("3.0.0")),
    "bytes by their older name": (data(BYTES.format("data")), until("2.4.0")),
    "a method with its description": (
        put(OLD_METHODS, "measurementResult", after=("name", "description"), at=0),
        VERSIONS,
    ),
    "a method without description": (
        put(METHODS, "measurementResult", after=("name", "description"), at=0),
        since("3.0.0"),
    ),
    "a measurement without a name": (remove("name", "measurementResult"), until("2.4.0")),
}


@pytest.fixture(scope="module")
def grammars(oracles: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Grammar]:
    """The official schemas."""
    folder = tmp_path_factory.mktemp("schemas")
    schemas = oracles / "dcc" / "schema" / "dcc"
    return {version: load_grammar(schemas / f"v{version}" / "dcc.xsd", folder) for version in VERSIONS}


@pytest.fixture(scope="module")
def smallest(grammars: dict[str, Grammar]) -> dict[str, bytes]:
    """A certificate of each version with hardly more than what it must have."""
    made = {}
    for version, grammar in grammars.items():
        maker = Maker(grammar, random.Random(1))
        wanted = ("performanceLocation", "eMail", "result", "quantity", "noQuantity")
        document = maker.document(ROOT, wanted)
        optional = _OPTIONAL if version != "2.2.0" else _OPTIONAL - {"influenceConditions"}
        for each in [e for e in document.iter(etree.Element) if etree.QName(e).localname in optional]:
            each.getparent().remove(each)
        made[version] = etree.tostring(document)
    return made


_OPTIONAL = {"previousReport", "receiptDate", "influenceConditions", "document", "comment", "descriptionData"}


@pytest.mark.parametrize("fact", FACTS)
def test_versions_differ_as_the_schemas_say(
    grammars: dict[str, Grammar], smallest: dict[str, bytes], fact: str
) -> None:
    change, allowed = FACTS[fact]
    own, official = [], []
    for version in VERSIONS:
        root = etree.fromstring(smallest[version])
        change(root)
        root = etree.fromstring(etree.tostring(root))
        if not check_structure(root):
            own.append(version)
        if grammars[version].schema.validate(root):
            official.append(version)
    assert tuple(own) == tuple(official) == allowed


def test_every_version_differs_from_the_one_before_in_some_fact() -> None:
    for before, after in zip(VERSIONS, VERSIONS[1:], strict=False):
        if (before, after) != ("3.1.1", "3.1.2"):  # those differ in the place of a statement only
            assert any((before in allowed) != (after in allowed) for _, allowed in FACTS.values()), after
