"""Structure of certificates: the verdict of the official schema, and a finding for each way to break it."""

from __future__ import annotations

import copy
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from jialiang.formats.dcc.structure import RULES, check_structure
from jialiang.formats.dcc.versions import checked_versions, known_versions, version_of
from jialiang.formats.findings import DocumentFinding, holds
from jialiang.formats.structure.findings import MOST

DCC = "https://ptb.de/dcc"
SI = "https://ptb.de/si"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
MATHML = "http://www.w3.org/1998/Math/MathML"
CERTIFICATE = "/dcc:digitalCalibrationCertificate"
ADMINISTRATIVE = f"{CERTIFICATE}/dcc:administrativeData[1]"
CORE = f"{ADMINISTRATIVE}/dcc:coreData[1]"
VALID = "v3.3.0_gp_temperature_valid.xml"
SAMPLES = {
    "v2.3.0_example_multi_item.xml": True,
    "v2.4.0_siliziumkugel.xml": True,
    "v3.0.0_mass_singleweight.xml": True,
    "v3.1.1_gp_temperature_extensive.xml": True,
    "v3.1.1_gp_temperature_typical.xml": True,
    "v3.1.2_gp_humidity.xml": True,
    "v3.2.0_gp_temperature_xades_signed.xml": True,
    "v3.3.0_gp_temperature_schema_invalid.xml": False,
    "v3.3.0_gp_temperature_schematron_invalid.xml": True,
    VALID: True,
    "v3.3.0_gp_temperature_xmldsig_signed.xml": True,
    "v3.3.0_gp_temperature_xmldsig_tampered.xml": True,
}


@pytest.fixture(scope="module")
def samples(oracles: Path) -> Path:
    return oracles / "dcc" / "samples"


@pytest.fixture
def certificate(samples: Path) -> etree._Element:
    """A valid certificate to be spoilt."""
    return etree.parse(samples / VALID).getroot()


def _first(root: etree._Element, name: str) -> etree._Element:
    return next(root.iter(f"{{{DCC}}}{name}", f"{{{SI}}}{name}"))


def _found(root: etree._Element) -> DocumentFinding:
    """Check what is written and read again, so that lines are those of a file."""
    findings = check_structure(etree.fromstring(etree.tostring(root)))
    assert findings, "nothing found"
    return findings[0]


def _rules(root: etree._Element) -> set[str]:
    return {finding.rule.removeprefix(f"{RULES}-") for finding in check_structure(root)}


@pytest.mark.parametrize(("name", "valid"), SAMPLES.items())
def test_samples_get_the_verdict_of_their_schema(
    oracles: Path, samples: Path, name: str, valid: bool
) -> None:
    tree = etree.parse(samples / name)
    schema = etree.XMLSchema(etree.parse(oracles / f"dcc/schema/dcc/v{version_of(tree)}/dcc.xsd"))
    assert schema.validate(tree) == valid
    findings = check_structure(tree)
    assert holds(findings) == (findings == ()) == valid


def test_all_samples_are_looked_at(samples: Path) -> None:
    assert {path.name for path in samples.glob("*.xml")} == set(SAMPLES)


def test_the_faulty_sample_is_told_where_and_why(samples: Path) -> None:
    empty, displaced = check_structure(etree.parse(samples / "v3.3.0_gp_temperature_schema_invalid.xml"))
    assert (empty.rule, empty.severity, empty.line) == (f"{RULES}-VALUE", "error", 17)
    assert empty.path == f"{CORE}/dcc:uniqueIdentifier[1]"
    assert empty.text.en == (
        "dcc:uniqueIdentifier may not be “”; expected: a text that is not empty, without blanks at its ends."
    )
    assert empty.text.zh == "dcc:uniqueIdentifier 的值“”不允许；应为非空文字，首尾不含空格。"
    assert (displaced.rule, displaced.line) == (f"{RULES}-UNEXPECTED", 35)
    assert displaced.text.en == "dcc:manufacturer may not stand here; expected: dcc:name."
    assert displaced.text.zh == "dcc:manufacturer 不应出现在此处；应为 dcc:name。"


def test_a_finding_can_be_looked_up_by_its_path(samples: Path) -> None:
    tree = etree.parse(samples / "v3.3.0_gp_temperature_schema_invalid.xml")
    for finding in check_structure(tree):
        (element,) = tree.xpath(finding.path, namespaces={"dcc": DCC, "si": SI})
        assert element.sourceline == finding.line


def _drop(name: str) -> Callable[[etree._Element], None]:
    def spoil(root: etree._Element) -> None:
        gone = _first(root, name)
        gone.getparent().remove(gone)

    return spoil


def _set_text(name: str, text: str) -> Callable[[etree._Element], None]:
    def spoil(root: etree._Element) -> None:
        _first(root, name).text = text

    return spoil


def _set(name: str, attribute: str, value: str) -> Callable[[etree._Element], None]:
    def spoil(root: etree._Element) -> None:
        _first(root, name).set(attribute, value)

    return spoil


def _add(name: str, child: str, at: int = 0) -> Callable[[etree._Element], None]:
    def spoil(root: etree._Element) -> None:
        _first(root, name).insert(at, etree.fromstring(child))

    return spoil


def _twice(name: str) -> Callable[[etree._Element], None]:
    def spoil(root: etree._Element) -> None:
        _first(root, name).addnext(copy.deepcopy(_first(root, name)))

    return spoil


SPOILT = [
    (_drop("coreData"), "INCOMPLETE", "dcc:administrativeData is not complete; still expected:"),
    (_drop("results"), "INCOMPLETE", "dcc:results."),
    (
        _drop("uniqueIdentifier"),
        "UNEXPECTED",
        "expected: dcc:mandatoryLangCodeISO639_1, dcc:uniqueIdentifier.",
    ),
    (
        _twice("uniqueIdentifier"),
        "UNEXPECTED",
        "dcc:uniqueIdentifier may not stand here; expected: dcc:ident",
    ),
    (_twice("coreData"), "UNEXPECTED", "dcc:coreData may not stand here"),
    (
        _set_text("beginPerformanceDate", "2026-02-30"),
        "VALUE",
        "“2026-02-30”; expected: a date such as 2026-06-16.",
    ),
    (
        _set_text("countryCodeISO3166_1", "Germany"),
        "VALUE",
        "a country code of two capital letters such as CN",
    ),
    (_set_text("usedLangCodeISO639_1", "DE"), "VALUE", "a language code of two small letters"),
    (
        _set_text("performanceLocation", "moon"),
        "VALUE",
        "laboratory, customer, laboratoryBranch, customerBranch",
    ),
    (_set_text("issuer", "nobody"), "VALUE", "manufacturer, calibrationLaboratory, customer, owner, other"),
    (_set_text("mainSigner", "yes"), "VALUE", "true or false"),
    (_set_text("valueXMLList", "1.0 1,5"), "VALUE", "decimal numbers, with spaces between"),
    (_set_text("coverageFactorXMLList", "0.5"), "VALUE", "numbers of 1 or more, with spaces between"),
    (_set_text("coverageProbabilityXMLList", "95"), "VALUE", "numbers between 0 and 1"),
    (_set_text("administrativeData", "words"), "TEXT", "may not hold the text “words”; only child elements"),
    (
        _add("uniqueIdentifier", "<x/>"),
        "CHILDREN",
        "dcc:uniqueIdentifier may not hold the element x; only text",
    ),
    (_add("items", f'<dcc:nonsense xmlns:dcc="{DCC}"/>'), "UNEXPECTED", "dcc:nonsense may not stand here"),
    (
        _add("items", "<nonsense/>"),
        "UNEXPECTED",
        "nonsense may not stand here; expected: dcc:name, dcc:equip",
    ),
    (_set("items", "nonsense", "1"), "ATTRIBUTE", "may not have the attribute nonsense; allowed: id, refId"),
    (_set("coreData", "id", "x"), "ATTRIBUTE", "allowed: none"),
    (_set("item", f"{{{DCC}}}id", "x"), "ATTRIBUTE", "allowed: id, refId, refType"),
    (_set("item", "id", "1 2"), "ATTRIBUTE-VALUE", "dcc:item/@id may not be “1 2”; expected: an id"),
    (_set("item", "refId", "1x"), "ATTRIBUTE-VALUE", "references to ids, with spaces between"),
    (_set("item", "refType", "  "), "ATTRIBUTE-VALUE", "one or more names of types"),
    (_set("content", "lang", "deu"), "ATTRIBUTE-VALUE", "a language code of two small letters such as zh"),
    (_set("item", f"{{{XSI}}}nil", "true"), "NIL", "dcc:item may not have xsi:nil"),
    (_set("item", f"{{{XSI}}}nil", "false"), "NIL", "dcc:item may not have xsi:nil"),
    (_set("item", f"{{{XSI}}}type", "dcc:nonsense"), "TYPE", "may not be of the xsi:type “dcc:nonsense”"),
    (
        _set("item", f"{{{XSI}}}type", "dcc:contactType"),
        "TYPE",
        "expected: the declared type or one derived from it",
    ),
    (_set("item", f"{{{XSI}}}type", "nowhere:x"), "TYPE", "“nowhere:x”"),
]


@pytest.mark.parametrize(("spoil", "kind", "words"), SPOILT)
def test_each_way_to_break_the_structure_has_its_rule_and_words(
    oracles: Path, certificate: etree._Element, spoil: Callable[[etree._Element], None], kind: str, words: str
) -> None:
    spoil(certificate)
    schema = etree.XMLSchema(etree.parse(oracles / "dcc/schema/dcc/v3.3.0/dcc.xsd"))
    assert not schema.validate(certificate)
    finding = _found(certificate)
    assert (finding.rule, finding.severity) == (f"{RULES}-{kind}", "error")
    assert words in finding.text.en
    assert finding.text.zh
    assert finding.line is not None
    assert finding.path.startswith(CERTIFICATE)


def test_an_id_stands_once_wherever_it_stands(certificate: etree._Element) -> None:
    _first(certificate, "item").set("id", "twin")
    assert check_structure(certificate) == ()
    _first(certificate, "measuringEquipment").set("id", " twin ")
    finding = _found(certificate)
    assert finding.rule == f"{RULES}-ID"
    assert finding.path.endswith("/@id")
    assert "twin" in finding.text.en


def test_a_reference_to_nothing_is_no_fault_of_structure(certificate: etree._Element) -> None:
    _first(certificate, "result").set("refId", "nowhere")
    assert check_structure(certificate) == ()


def test_declared_and_derived_types_may_be_named(certificate: etree._Element) -> None:
    _first(certificate, "item").set(f"{{{XSI}}}type", "dcc:itemType")
    assert check_structure(certificate) == ()
    etree.SubElement(_first(certificate, "data"), f"{{{DCC}}}formula").append(
        etree.Element(f"{{{DCC}}}latex")
    )
    latex = _first(certificate, "latex")
    latex.text = "E=mc^2"
    latex.set(f"{{{XSI}}}type", "dcc:notEmptyStringType")
    assert check_structure(certificate) == ()
    latex.text = " "
    assert _rules(certificate) == {"VALUE"}


def test_after_an_error_the_rest_is_still_checked(certificate: etree._Element) -> None:
    _drop("countryCodeISO3166_1")(certificate)
    _set_text("issuer", "nobody")(certificate)
    _set_text("unitXMLList", "")(certificate)
    _drop("latex" if certificate.find(f".//{{{DCC}}}latex") is not None else "release")(certificate)
    kinds = [finding.rule.removeprefix(f"{RULES}-") for finding in check_structure(certificate)]
    assert "UNEXPECTED" in kinds
    assert "VALUE" in kinds
    lines = [finding.line or 0 for finding in check_structure(certificate)]
    assert lines == sorted(lines)


def test_many_errors_are_cut_and_said_so(certificate: etree._Element) -> None:
    results = _first(certificate, "results")
    for _ in range(MOST + 50):
        etree.SubElement(results, f"{{{DCC}}}nonsense")
    findings = check_structure(certificate)
    assert len(findings) == MOST + 1
    assert findings[-1].rule == f"{RULES}-MORE"
    assert str(MOST) in findings[-1].text.zh


def test_long_values_are_cut_in_the_words(certificate: etree._Element) -> None:
    _set_text("issuer", "x" * 5000)(certificate)
    assert len(_found(certificate).text.en) < 250


def test_comments_and_instructions_stand_anywhere(certificate: etree._Element) -> None:
    _first(certificate, "valueXMLList").text = "1.0"
    for element in list(certificate.iter(etree.Element)):
        element.insert(0, etree.Comment("said"))
    _first(certificate, "valueXMLList")[0].tail = " 2.0"
    assert check_structure(certificate) == ()
    _first(certificate, "valueXMLList")[0].tail = " two"
    assert _rules(certificate) == {"VALUE"}


def test_no_break_spaces_are_no_white_space(certificate: etree._Element) -> None:
    _first(certificate, "items").text = "\n \t"
    assert check_structure(certificate) == ()
    _first(certificate, "items").text = "\u00a0"
    assert _rules(certificate) == {"TEXT"}


def _comment(certificate: etree._Element, inside: str) -> etree._Element:
    namespaces = f'xmlns:dcc="{DCC}" xmlns:si="{SI}" xmlns:xsi="{XSI}"'
    certificate.append(etree.fromstring(f"<dcc:comment {namespaces}>{inside}</dcc:comment>"))
    return certificate


LAX = [
    ("", set()),
    ('<a xmlns="urn:x" b="c">t<d/></a><e/>', set()),
    ("<si:real><si:value>1</si:value><si:unit>\\one</si:unit></si:real>", set()),
    ("<si:real><si:value>1</si:value></si:real>", {"INCOMPLETE"}),
    ('<a xmlns="urn:x"><si:real><si:value>one</si:value><si:unit>u</si:unit></si:real></a>', {"VALUE"}),
    ("<si:nonsense/>", set()),
    ("<dcc:software/>", set()),
    ("<si:quantityType>Mass</si:quantityType>", {"ABSTRACT"}),
    ("<dcc:digitalCalibrationCertificate/>", {"ATTRIBUTE-MISSING", "INCOMPLETE"}),
    ('<a xsi:type="si:decimalType">1.0</a>', set()),
    ('<a xsi:type="si:decimalType">one</a>', {"VALUE"}),
    ('<a xsi:type="si:nonsense">one</a>', {"TYPE"}),
    ('<a xsi:nil="true" xsi:other="x">one</a>', set()),
    ("words", {"TEXT"}),
]


@pytest.mark.parametrize(("inside", "kinds"), LAX)
def test_foreign_elements_in_the_comment_are_checked_where_they_are_known(
    oracles: Path, certificate: etree._Element, inside: str, kinds: set[str]
) -> None:
    root = etree.fromstring(etree.tostring(_comment(certificate, inside)))
    assert _rules(root) == kinds
    schema = etree.XMLSchema(etree.parse(oracles / "dcc/schema/dcc/v3.3.0/dcc.xsd"))
    assert schema.validate(root) == (not kinds)


STRICT = [
    ("", set()),
    ("<si:real><si:value>1</si:value><si:unit>\\one</si:unit></si:real>", set()),
    ('<a xmlns="urn:x"/>', {"FOREIGN"}),
    ('<a xmlns="urn:x" xsi:type="si:decimalType">1</a>', {"FOREIGN"}),
    ("<si:value>1</si:value>", {"FOREIGN"}),
    ("<a/>", {"UNEXPECTED"}),
    ("<dcc:digitalCalibrationCertificate/>", {"UNEXPECTED"}),
]


@pytest.mark.parametrize(("inside", "kinds"), STRICT)
def test_foreign_elements_in_results_must_be_known(
    oracles: Path, certificate: etree._Element, inside: str, kinds: set[str]
) -> None:
    xml = etree.fromstring(f'<dcc:xml xmlns:dcc="{DCC}" xmlns:si="{SI}" xmlns:xsi="{XSI}">{inside}</dcc:xml>')
    _first(certificate, "data").append(xml)
    root = etree.fromstring(etree.tostring(certificate))
    assert _rules(root) - {"INCOMPLETE"} == kinds
    schema = etree.XMLSchema(etree.parse(oracles / "dcc/schema/dcc/v3.3.0/dcc.xsd"))
    assert schema.validate(root) == (not kinds)


def _with_formula(certificate: etree._Element, math: str) -> etree._Element:
    formula = f'<dcc:formula xmlns:dcc="{DCC}"><dcc:mathml>{math}</dcc:mathml></dcc:formula>'
    _first(certificate, "data").append(etree.fromstring(formula))
    return certificate


def test_mathml_is_known_and_nothing_is_fetched_for_it(
    certificate: etree._Element, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_network(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", no_network)
    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    place = f'xmlns:xsi="{XSI}" xsi:schemaLocation="{MATHML} https://www.w3.org/Math/XMLSchema/mathml3/mathml3.xsd"'
    math = f'<m:math xmlns:m="{MATHML}" {place} display="block"><m:mi>x</m:mi>text<other/></m:math>'
    assert check_structure(_with_formula(certificate, math)) == ()


def test_elements_of_mathml_stand_in_math_only(certificate: etree._Element) -> None:
    assert _rules(_with_formula(certificate, f'<m:mi xmlns:m="{MATHML}">x</m:mi>')) == {"FOREIGN"}


@pytest.mark.parametrize(
    ("attribute", "location", "version"),
    [
        ("3.3.0", "", "3.3.0"), ("2.3.0", "https://ptb.de/dcc https://ptb.de/dcc/v3.3.0/dcc.xsd", "2.3.0"),
        ("9.9.9", "", "9.9.9"), ("", "", ""), (None, "", "2.2.0"),
        (None, "https://ptb.de/dcc https://www.ptb.de/dcc/v2.1.1/dcc.xsd", "2.1.1"),
        (None, "https://ptb.de/dcc https://www.ptb.de/dcc/v2.1.0/dcc.xsd", "2.1.0"),
        (None, "https://ptb.de/dcc https://www.ptb.de/dcc/v2.2.0/dcc.xsd", "2.2.0"),
    ],
)  # fmt: skip
def test_the_attribute_decides_the_version(attribute: str | None, location: str, version: str) -> None:
    root = etree.Element(f"{{{DCC}}}digitalCalibrationCertificate")
    if attribute is not None:
        root.set("schemaVersion", attribute)
    if location:
        root.set(f"{{{XSI}}}schemaLocation", location)
    assert version_of(root) == version_of(root.getroottree()) == version


def test_what_is_no_certificate_has_no_version() -> None:
    assert version_of(etree.Element("digitalCalibrationCertificate")) == ""
    assert version_of(etree.Element(f"{{{SI}}}real")) == ""


def test_an_unknown_version_is_an_error_that_names_the_known_ones(certificate: etree._Element) -> None:
    certificate.set("schemaVersion", "3.4.0")
    (finding,) = check_structure(certificate)
    assert (finding.rule, finding.path) == (f"{RULES}-VERSION", CERTIFICATE)
    assert "3.4.0" in finding.text.zh
    assert "2.2.0, 2.3.0, 2.4.0" in finding.text.en


def test_another_root_is_an_error(certificate: etree._Element) -> None:
    (finding,) = check_structure(_first(certificate, "realListXMLList"))
    assert finding.rule == f"{RULES}-ROOT"
    assert "dcc:digitalCalibrationCertificate" in finding.text.en


def test_a_certificate_can_be_checked_as_another_version(certificate: etree._Element) -> None:
    findings = check_structure(certificate, "3.2.1")
    assert [finding.rule for finding in findings] == [f"{RULES}-ATTRIBUTE-VALUE"]
    assert "3.2.1" in findings[0].text.en


def test_versions_in_order() -> None:
    assert known_versions() == ("2.1.0", "2.1.1", *checked_versions())
    assert list(checked_versions()) == sorted(checked_versions())


def test_signatures_are_allowed_from_3_2_0_on(samples: Path) -> None:
    signed = etree.parse(samples / "v3.3.0_gp_temperature_xmldsig_signed.xml").getroot()
    signature = signed.find("{http://www.w3.org/2000/09/xmldsig#}Signature")
    typical = etree.parse(samples / "v3.1.1_gp_temperature_typical.xml").getroot()
    assert check_structure(typical) == ()
    typical.append(copy.deepcopy(signature))
    (finding,) = check_structure(typical)
    assert finding.rule == f"{RULES}-UNEXPECTED"
    assert signature is not None
    signature.find(".//{*}DigestValue").text = "AAA"
    (finding,) = check_structure(signed)
    assert finding.text.en.endswith("expected: data in Base64.")
    assert "/ds:Signature[1]/ds:SignedInfo[1]/" in finding.path


@pytest.mark.parametrize("bad_from", [0, 59_000])
def test_hundreds_of_thousands_of_errors_cost_little_time(certificate: etree._Element, bad_from: int) -> None:
    data = _first(certificate, "data")
    for number in range(60_000):
        text = etree.SubElement(data, f"{{{DCC}}}text")
        etree.SubElement(text, f"{{{DCC}}}content" if number < bad_from else f"{{{DCC}}}nonsense")
    for _ in range(60_000):
        etree.SubElement(data, f"{{{DCC}}}nonsense")
    start = time.process_time()
    findings = check_structure(certificate)
    assert time.process_time() - start < 5
    assert len(findings) == MOST + 1


def test_depth_costs_no_stack(certificate: etree._Element) -> None:
    words = "<dcc:noQuantity><dcc:content>t</dcc:content></dcc:noQuantity>"
    nested = etree.fromstring(f'<dcc:quantity xmlns:dcc="{DCC}">{words}</dcc:quantity>')
    for _ in range(1500):
        around = etree.Element(f"{{{DCC}}}list")
        around.append(nested)
        nested = around
    _first(certificate, "data").append(nested)
    assert check_structure(certificate) == ()
    next(nested.iter(f"{{{DCC}}}content")).set("lang", "DE")
    assert _rules(certificate) == {"ATTRIBUTE-VALUE"}


def test_the_tree_is_left_as_it_was(certificate: etree._Element) -> None:
    before = etree.tostring(certificate, method="c14n")
    check_structure(certificate)
    check_structure(certificate, "2.2.0")
    assert etree.tostring(certificate, method="c14n") == before


def test_parsing_and_checking_is_fast_beside_the_schema(oracles: Path, samples: Path) -> None:
    # The aim is 15 times the time of lxml with the schema; measured are about 5 on a quiet machine.
    own: list[float] = []
    floor: list[float] = []
    for name in SAMPLES:
        data = (samples / name).read_bytes()
        schema = etree.XMLSchema(
            etree.parse(oracles / f"dcc/schema/dcc/v{version_of(etree.fromstring(data))}/dcc.xsd")
        )
        check_structure(etree.fromstring(data))
        own.append(min(_seconds(lambda data=data: check_structure(etree.fromstring(data))) for _ in range(9)))
        floor.append(
            min(_seconds(lambda data=data, s=schema: s.validate(etree.fromstring(data))) for _ in range(9))
        )
    assert statistics.median(own) < 15 * statistics.median(floor)
    assert statistics.median(own) < 0.02


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def test_the_library_is_imported_quickly_and_without_django() -> None:
    code = (
        "import time, sys; a = time.process_time(); import jialiang.formats.dcc.model, jialiang.formats.dcc.structure;"
        "print(time.process_time() - a, 'django' in sys.modules)"
    )
    answers = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in "ab"
    ]
    assert all(answer.stdout.split()[1] == "False" for answer in answers)
    assert min(float(answer.stdout.split()[0]) for answer in answers) < 0.6
