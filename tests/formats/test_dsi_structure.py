"""Structure of D-SI elements: the verdict of the official schema on each element of the examples."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree
from tests.proofs.dcc_structure import top_elements

from jialiang.formats.dsi.structure import LATEST, RULES, check_dsi, dsi_versions

SI = "https://ptb.de/si"


@pytest.fixture(scope="module")
def elements(oracles: Path) -> list[tuple[str, etree._Element]]:
    """The outermost D-SI elements of all example files, each as a document of its own."""

    def found() -> Iterator[tuple[str, etree._Element]]:
        for path in sorted((oracles / "dcc" / "dsi_examples").rglob("*.xml")):
            for element in top_elements(path):
                yield path.name, element

    return list(found())


def _si(text: str) -> etree._Element:
    return etree.fromstring(_declared(text))


def _declared(text: str) -> str:
    end = min(text.index(sign) for sign in " />" if sign in text)
    return f'{text[:end]} xmlns:si="{SI}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"{text[end:]}'


def test_every_element_of_the_examples_gets_the_verdict_of_the_schema(
    oracles: Path, elements: list[tuple[str, etree._Element]]
) -> None:
    schema = etree.XMLSchema(etree.parse(oracles / "dcc/schema/dcc/dsi/v2.2.1.xsd"))
    assert len(elements) == 418
    valid = 0
    for name, element in elements:
        official = schema.validate(element)
        findings = check_dsi(element)
        assert (findings == ()) == official, (name, etree.tostring(element)[:200], findings)
        valid += official
    assert valid == 362


@pytest.mark.parametrize("version", ["1.3.0", "1.3.1", "2.0.0", "2.1.0"])
def test_every_element_gets_the_verdict_of_older_schemas_too(
    oracles: Path, elements: list[tuple[str, etree._Element]], version: str
) -> None:
    schema = etree.XMLSchema(etree.parse(oracles / f"dcc/schema/dcc/dsi/v{version}.xsd"))
    verdicts = [(schema.validate(element), check_dsi(element, version) == ()) for _, element in elements]
    assert all(official == own for official, own in verdicts)
    assert {official for official, _ in verdicts} == {True, False}


REAL = "<si:value>1.0</si:value><si:unit>\\one</si:unit>"
NEW = "<si:expandedMU>{}</si:expandedMU>"
U = "<si:valueExpandedMU>0.1</si:valueExpandedMU><si:coverageFactor>2</si:coverageFactor>"
P = "<si:coverageProbability>0.95</si:coverageProbability>"
OLD = "<si:uncertainty>0.1</si:uncertainty><si:coverageFactor>2</si:coverageFactor>"

ALL = ("1.3.0", "1.3.1", "2.0.0", "2.1.0", "2.2.1")
UNIVARIATE = "measurementUncertaintyUnivariate"


def _unc(old: str) -> str:
    return f"<si:real>{REAL}<si:expandedUnc>{old}</si:expandedUnc></si:real>"


def _lists(name: str, **lists: str) -> str:
    inner = "".join(f"<si:{each}XMLList>{text}</si:{each}XMLList>" for each, text in lists.items())
    return f"<si:{name}XMLList>{inner}</si:{name}XMLList>"


FORMS = [
    (f"<si:real>{REAL}</si:real>", ALL),
    (_unc(OLD + P), ALL),
    (f"<si:real>{REAL}<si:{UNIVARIATE}>{NEW.format(U + P)}</si:{UNIVARIATE}></si:real>", ("2.2.1",)),
    ("<si:real><si:value>NaN</si:value><si:unit>u</si:unit></si:real>", ("2.2.1",)),
    (f"<si:real><si:quantityTypeQUDT>Mass</si:quantityTypeQUDT>{REAL}</si:real>", ("2.2.1",)),
    (f"<si:list><si:real>{REAL}</si:real></si:list>", ("1.3.0", "1.3.1")),
    (f"<si:list><si:realList><si:real>{REAL}</si:real></si:realList></si:list>", ("2.0.0", "2.1.0", "2.2.1")),
    (f"<si:hybrid><si:real>{REAL}</si:real><si:real>{REAL}</si:real></si:hybrid>", ALL),
    (_lists("realList", value="1 2", unit="a"), ("2.1.0", "2.2.1")),
    (_lists("complexList", valueReal="1 2", valueImag="1 2", unit="a"), ("2.2.1",)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "versions"), FORMS)
def test_forms_belong_to_versions(text: str, versions: tuple[str, ...]) -> None:
    assert tuple(version for version in dsi_versions() if check_dsi(_si(text), version) == ()) == versions


FAULTS = [
    ("<si:real><si:value>1,5</si:value><si:unit>\\one</si:unit></si:real>", "VALUE", "a decimal number such as"),
    ("<si:real><si:value>1</si:value></si:real>", "INCOMPLETE", "still expected: si:unit"),
    ("<si:real><si:unit>\\one</si:unit><si:value>1</si:value></si:real>", "UNEXPECTED", "si:value"),
    (f"<si:real>{REAL}<si:significantDigit>two</si:significantDigit></si:real>", "VALUE", "significant digits"),
    (_unc(OLD), "INCOMPLETE", "si:coverageProbability"),
    (_unc(OLD.replace(">2<", ">0.9<") + P), "VALUE", "1 or more"),
    (_unc(OLD.replace(">0.1<", ">-1<") + P), "VALUE", "not negative"),
    (_unc(OLD + P.replace("0.95", "95")), "VALUE", "between 0 and 1"),
    (f"<si:real>{REAL}<si:dateTime>yesterday</si:dateTime></si:real>", "VALUE", "a date and time"),
    (f"<si:real id='x'>{REAL}</si:real>", "ATTRIBUTE", "allowed: none"),
    (f"<si:real xsi:type='si:realInListType'>{REAL}</si:real>", "TYPE", "si:realInListType"),
    (f"<si:real xsi:nil='true'>{REAL}</si:real>", "NIL", "xsi:nil"),
    ("<si:quantityType>Mass</si:quantityType>", "ABSTRACT", "stands for others"),
    ("<si:nonsense/>", "FOREIGN", "belongs to no known vocabulary"),
    (f"<si:real><si:quantityType>Mass</si:quantityType>{REAL}</si:real>", "UNEXPECTED", "si:quantityTypeQUDT"),
    ("<si:covarianceMatrix><si:column/></si:covarianceMatrix>", "INCOMPLETE", "si:covariance"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "words"), FAULTS)
def test_each_fault_has_its_rule_and_words(oracles: Path, text: str, kind: str, words: str) -> None:
    element = _si(text)
    assert not etree.XMLSchema(etree.parse(oracles / "dcc/schema/dcc/dsi/v2.2.1.xsd")).validate(element)
    findings = check_dsi(element)
    assert [finding.rule for finding in findings][0] == f"{RULES}-{kind}"
    assert words in findings[0].text.en
    assert findings[0].text.zh != findings[0].text.en
    assert findings[0].line == 1


def test_an_element_inside_a_document_is_checked_where_it_stands(oracles: Path) -> None:
    tree = etree.parse(oracles / "dcc" / "samples" / "v3.3.0_gp_temperature_valid.xml")
    element = next(tree.iter(f"{{{SI}}}realListXMLList"))
    assert check_dsi(element) == ()
    element[0].text = "one"
    (finding,) = check_dsi(element)
    assert finding.path.startswith("/digitalCalibrationCertificate/") or "/dcc:" in finding.path
    assert finding.path.endswith("/si:valueXMLList[1]")
    assert finding.line == element[0].sourceline


def test_the_latest_version_is_the_default() -> None:
    assert dsi_versions()[-1] == LATEST
    with pytest.raises(KeyError):
        check_dsi(_si(f"<si:real>{REAL}</si:real>"), "9.9.9")


def test_long_digits_are_checked_in_short_time() -> None:
    for version in dsi_versions():
        for digits in ("0." + "1" * 200_000 + "x", "1" * 200_000 + "e", "+" * 200_000, "0" * 200_000 + "."):
            body = f"<si:value>{digits}</si:value><si:unit>u</si:unit>"
            unc = OLD.replace(">0.1<", f">{digits}<") + P.replace("0.95", digits)
            assert (
                len(
                    check_dsi(
                        _si(f"<si:real>{body}<si:expandedUnc>{unc}</si:expandedUnc></si:real>"), version
                    )
                )
                >= 1
            )
