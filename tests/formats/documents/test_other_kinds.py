"""Documents beside the DCC: reference materials, conformity, credentials, OFD; each known, checked and described."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.formats import ofd_parts
from tests.formats.dcc_samples import certificate_with
from tests.formats.dcoc_samples import FORMS, SAMPLE
from tests.formats.dcoc_samples import changed as dcoc_changed
from tests.formats.documents.packing import pdf_with, zipped
from tests.formats.drmd_samples import plain_xml, sample_xml
from tests.formats.sample_keys import institute
from tests.formats.test_credential_rules import small

from jialiang.formats.conversion.converters import Wish
from jialiang.formats.conversion.registry import convert
from jialiang.formats.credential.documents import read_credential
from jialiang.formats.credential.rules.checking import check_credential
from jialiang.formats.credential.tokens import enveloped, read_token, sign_token
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcoc.documents import read_dcoc, write_dcoc
from jialiang.formats.dcoc.rules.checking import check_dcoc
from jialiang.formats.documents import deeds
from jialiang.formats.documents.archives import IN_MEMORY, STRANGERS, has_member
from jialiang.formats.documents.envelopes import envelope_of, is_known, parts_in
from jialiang.formats.documents.errors import ArchiveTooLarge, DeedNotForKind
from jialiang.formats.documents.kinds import KINDS, kind_of
from jialiang.formats.documents.parts import Part
from jialiang.formats.documents.reports import Report, check_file
from jialiang.formats.drmd.rules import check_rules
from jialiang.formats.drmd.structure import check_structure
from jialiang.formats.ofd.checking import check_ofd
from jialiang.formats.ofd.errors import ContainerTooLarge
from jialiang.formats.xml.parsing import parse_xml
from jialiang.kernel.errors import JialiangError

TODAY = date(2026, 7, 1)
DCC_XML = certificate_with()
CREDENTIAL = json.dumps(small()).encode()
TOKEN = sign_token(small(), institute(), "did:web:body.example#key-1")
ENVELOPED = json.dumps(enveloped(read_token(TOKEN))).encode()
VC = "https://www.w3.org/ns/credentials/v2"


def report(data: bytes, name: str = "x", today: date | None = TODAY) -> Report:
    """The one report about a file."""
    (found,) = check_file(name, data, today=today)
    return found


def told(found: Any) -> list[tuple[str, str, str]]:
    """Findings in an order of their own."""
    return sorted((each.rule, each.severity, each.path) for each in found)


def ofd(attachments: dict[str, bytes], **others: str) -> bytes:
    """An OFD with these attachments; their parts lie in one folder, sizes are stated as they are."""
    listed = "".join(
        f'<ofd:Attachment ID="{8 + at}" Name="{name}" Format="{name.rpartition(".")[2]}" '
        f'Size="{len(data) / 1024}"><ofd:FileLoc>Attachs/{at}</ofd:FileLoc></ofd:Attachment>'
        for at, (name, data) in enumerate(attachments.items())
    )
    parts: dict[str, Any] = {k: v for k, v in ofd_parts.parts().items() if k != "Doc_0/Attachs/data.xml"}
    parts["Doc_0/Document.xml"] = parts["Doc_0/Document.xml"].replace(">9<", f">{8 + len(attachments)}<")
    parts["Doc_0/Attachments.xml"] = f"<ofd:Attachments {ofd_parts.BOUND}>{listed}</ofd:Attachments>"
    parts |= {f"Doc_0/Attachs/{at}": data for at, data in enumerate(attachments.values())}
    return ofd_parts.zipped(parts | others)


# --- how each is known ---------------------------------------------------------------------------------------------

KNOWN = {
    "DRMD": (sample_xml(), "drmd"),
    "D-CoC as XML": (write_dcoc(SAMPLE, "xml"), "dcoc"),
    "D-CoC as RDF/XML": (write_dcoc(SAMPLE, "rdfxml"), "dcoc"),
    "D-CoC as JSON-LD": (write_dcoc(SAMPLE, "jsonld"), "dcoc"),
    "D-CoC as JSON": (write_dcoc(SAMPLE, "json"), "dcoc"),
    "JSON-LD as an array": (b"[" + write_dcoc(SAMPLE, "jsonld") + b"]", "dcoc"),
    "JSON behind a mark of its encoding": (b"\xef\xbb\xbf \n" + write_dcoc(SAMPLE, "json"), "dcoc"),
    "credential": (CREDENTIAL, "credential"),
    "credential in a token": (TOKEN.encode(), "credential"),
    "token with a line end": (TOKEN.encode() + b"\r\n", "credential"),
    "object that envelops a token": (ENVELOPED, "credential"),
    "credential known by its context alone": (json.dumps({"@context": [VC]}).encode(), "credential"),
    "credential whose context is one text": (json.dumps({"@context": VC}).encode(), "credential"),
    "DCC": (DCC_XML, "dcc"),
}


@pytest.mark.parametrize("what", KNOWN)
@pytest.mark.parametrize("name", ["x", "x.xml", "x.json", "x.jsonld", "x.jwt"])
def test_each_is_known_by_what_is_in_it_and_by_no_suffix(what: str, name: str) -> None:
    data, kind = KNOWN[what]
    (part,) = parts_in(name, data)
    assert kind_of(part).name == kind
    assert part.data == data


@pytest.mark.parametrize("what", KNOWN)
def test_each_comes_out_of_an_archive_as_it_is(what: str) -> None:
    data, kind = KNOWN[what]
    suffix = (
        ".jwt"
        if data.startswith(b"ey")
        else ".json"
        if data.lstrip(b"\xef\xbb\xbf \n")[:1] in b"[{"
        else ".xml"
    )
    (part,) = parts_in("z.zip", zipped({f"a{suffix}": data}))
    assert (part.data, kind_of(part).name) == (data, kind)


@pytest.mark.parametrize("notation", ["json", "data-json"])
def test_data_of_a_dcc_are_never_taken_for_conformity(notation: str) -> None:
    data = convert(Certificate.read(DCC_XML), notation).data
    assert envelope_of(Part("a.json", data)).name == "json"


UNKNOWN = [
    (b'{"a": 1}', "JL-FIL-004"), (b"[]", "JL-FIL-004"), (b"[1, 2]", "JL-FIL-004"), (b'["@context"]', "JL-FIL-004"),
    (b'{"@graph": []}', "JL-COC-004"), (b'{"@context": "https://elsewhere.example/"}', "JL-COC-002"),
    (b'{"schema": "jialiang.dcoc/2"}', "JL-FIL-004"),
    (b'{"a": 1', "JL-JSON-002"), (b'{"a": 1, "a": 2}', "JL-JSON-004"), (b"[" * 5000, "JL-JSON-003"),
    (b'{"id": "data:application/vc+jwt,nothing"}', "JL-VC-002"),
    (b'{"credentialSubject": {}, "a": NaN}', "JL-JSON-005"),
    (b"eyA.eyB.c", "JL-JSON-002"), (b"eyJ9.!.c", "JL-XML-002"), (b"eyJ9.eyJ9.c", "JL-JSON-002"),
    (b"ey.ey", "JL-XML-002"),
    (b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>', "JL-COC-004"),
    (b'<digitalReferenceMaterialDocument/>', "JL-FIL-004"),
    (b'<a xmlns="urn:drmd:schema"/>', "JL-FIL-004"), (b'<a xmlns="urn:jialiang:dcoc:1"/>', "JL-FIL-004"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "code"), UNKNOWN)
def test_what_is_nearly_one_says_what_it_lacks(data: bytes, code: str) -> None:
    found = report(data)
    assert not found.is_readable
    assert [each.rule for each in found.findings] == [code]


def test_every_kind_has_a_name_words_and_deeds_of_the_workbench() -> None:
    names = [each.name for each in KINDS]
    assert names == ["ofd", "credential", "dcc", "drmd", "dcoc", "dsi"]
    for each in KINDS:
        assert each.text.zh and each.text.en and each.text.zh != each.text.en


# --- what is found and told ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["referenceMaterialCertificate", "productInformationSheet"])
def test_a_reference_material_document_is_checked_in_full(kind: str) -> None:
    data = sample_xml(kind)
    found = report(data)
    tree = parse_xml(data)
    assert told(found.findings) == told([*check_structure(tree), *check_rules(tree, TODAY)])
    core = tree.getroot().find("{*}administrativeData/{*}coreData")
    assert (found.kind, found.version, found.number) == (
        "drmd",
        "1.0.0",
        core.findtext("{*}uniqueIdentifier"),
    )
    producer = tree.getroot().find("{*}administrativeData/{*}referenceMaterialProducer/{*}name")
    said = {each.get("lang"): each.text for each in producer}
    assert said.get("en") in (None, found.laboratory.en)
    assert found.laboratory.zh and found.laboratory.en


def test_a_plain_reference_material_document_is_valid_and_a_broken_one_is_not() -> None:
    assert report(plain_xml().encode()).is_valid
    broken = plain_xml().replace('schemaVersion="1.0.0"', 'schemaVersion="9.0.0"').encode()
    assert "DRMD-VERSION-UNKNOWN" in [each.rule for each in report(broken).findings]
    bare = b'<digitalReferenceMaterialDocument xmlns="urn:drmd:schema"/>'
    found = report(bare)
    assert (found.is_readable, found.is_valid, found.number, found.version) == (True, False, "", "")
    assert not found.laboratory


def test_quantities_of_a_reference_material_document_are_all_of_its_property_values() -> None:
    data = sample_xml()
    given = deeds.quantities_of(Part("m.xml", data), "en")["quantities"]
    lead = next(each for each in given if each.get("value") == "12.30")
    assert (lead["name"], lead["expanded_uncertainty"], lead["coverage_factor"]) == ("Lead", "0.40", "2.0")
    names = ("{urn:drmd:schema}quantity", "{https://ptb.de/dcc}itemQuantity")
    assert len(given) == sum(1 for _ in parse_xml(data).iter(*names))


@pytest.mark.parametrize("form", FORMS)
def test_a_certificate_of_conformity_is_checked_in_every_notation(form: str) -> None:
    found = report(write_dcoc(SAMPLE, form))
    assert told(found.findings) == told(check_dcoc(read_dcoc(write_dcoc(SAMPLE, form)), TODAY))
    assert found.is_valid
    assert found.number == SAMPLE.number
    assert (found.laboratory.zh, found.laboratory.en) == (
        "示例认证中心（虚构）",
        "Sample Certification Centre (fictional)",
    )
    assert found.version == {"xml": "1.0.0", "rdfxml": "1.0", "jsonld": "1.0", "json": "1"}[form]


@pytest.mark.parametrize("form", FORMS)
def test_a_certificate_of_conformity_without_a_number_is_not_valid(form: str) -> None:
    found = report(write_dcoc(dcoc_changed(number=""), form))
    assert not found.is_valid
    assert found.number == ""


@pytest.mark.parametrize(
    ("day", "is_told"), [(None, False), (date(2026, 7, 1), False), (date(2136, 7, 1), True)]
)
def test_the_day_of_the_check_counts_for_conformity(day: date | None, is_told: bool) -> None:
    without = told(report(write_dcoc(SAMPLE, "xml"), today=None).findings)
    assert (told(report(write_dcoc(SAMPLE, "xml"), today=day).findings) != without) is is_told


@pytest.mark.parametrize("data", [CREDENTIAL, TOKEN.encode(), ENVELOPED])
def test_a_credential_is_checked_however_it_is_enveloped(data: bytes) -> None:
    found = report(data)
    assert told(found.findings) == told(check_credential(read_credential(data)))
    assert (found.kind, found.version, found.number) == (
        "credential",
        "working",
        "https://body.example/credentials/1",
    )
    assert found.laboratory.en == found.laboratory.zh == "Body"
    assert found.is_valid


def test_a_credential_in_no_token_is_said_to_be_unsecured_and_one_in_a_token_is_not() -> None:
    assert "CREDENTIAL-NOT-SECURED" in [each.rule for each in report(CREDENTIAL).findings]
    assert "CREDENTIAL-NOT-SECURED" not in [each.rule for each in report(TOKEN.encode()).findings]


@pytest.mark.parametrize(
    ("day", "rule"),
    [
        (date(2026, 6, 15), "CREDENTIAL-NOT-YET-VALID"),
        (date(2026, 6, 16), ""),
        (date(2036, 6, 15), ""),
        (date(2036, 6, 16), "CREDENTIAL-EXPIRED"),
        (None, ""),
    ],
)
def test_a_credential_holds_on_a_day_of_which_it_holds_any_part(day: date | None, rule: str) -> None:
    document = small() | {"validFrom": "2026-06-16T15:00:00Z", "validUntil": "2036-06-15T08:00:00Z"}
    rules = [each.rule for each in report(json.dumps(document).encode(), today=day).findings]
    assert [each for each in rules if each in ("CREDENTIAL-NOT-YET-VALID", "CREDENTIAL-EXPIRED")] == [rule][
        : bool(rule)
    ]


ODD = {
    "issuer as a text": ({"issuer": "did:web:a.example"},
        ("working", "https://body.example/credentials/1", "did:web:a.example")),
    "issuer as a list": ({"issuer": []}, ("working", "https://body.example/credentials/1", "")),
    "no number": ({"id": 7}, ("working", "", "Body")),
    "a number with a zero byte": ({"id": "a\0b"}, ("working", "a\ufffdb", "Body")),
    "a number without end": ({"id": "n" * 900}, ("working", "n" * 200, "Body")),
    "a version": ({"@context": [VC, "https://v.example/untp/dcc/0.6.0/"]},
        ("0.6.0", "https://body.example/credentials/1", "Body")),
    "no vocabulary": ({"@context": [VC]}, ("", "https://body.example/credentials/1", "Body")),
    "a context that is no list": ({"@context": {"a": 1}}, ("", "https://body.example/credentials/1", "Body")),
}  # fmt: skip


@pytest.mark.parametrize("how", ODD)
def test_odd_credentials_are_described_as_far_as_they_go(how: str) -> None:
    members, expected = ODD[how]
    found = report(json.dumps(copy.deepcopy(small()) | members).encode())
    assert (found.version, found.number, found.laboratory.en) == expected


def test_a_document_is_read_once_for_findings_and_facts() -> None:
    count: list[bytes] = []

    def reader(data: bytes) -> int:
        count.append(data)
        return len(data)

    part = Part("x", b"abc")
    assert [part.once(reader), part.once(reader)] == [3, 3]
    assert count == [b"abc"]
    assert part == Part("x", b"abc")


DEEDS = [
    ("drmd", sample_xml(), {"quantities", "convert"}),
    ("dcoc", write_dcoc(SAMPLE, "xml"), {"convert"}),
    ("credential", CREDENTIAL, set()),
]


@pytest.mark.parametrize(("kind", "data", "good_for"), DEEDS)
def test_deeds_that_a_kind_is_not_for_are_refused(kind: str, data: bytes, good_for: set[str]) -> None:
    part = Part("x", data)
    assert kind_of(part).deeds == good_for
    refused = {
        "quantities": lambda: deeds.quantities_of(part, "en"),
        "convert": lambda: deeds.converted(part, "json", Wish()),
        "migrate": lambda: deeds.migrated(part),
        "compare": lambda: deeds.adjusted(part),
    }
    for deed, done in refused.items():
        if deed not in good_for:
            with pytest.raises(DeedNotForKind) as problem:
                done()
            assert problem.value.facts["kind"] == kind_of(part).text


def test_certificates_alone_means_that_other_kinds_are_findings() -> None:
    for data in (sample_xml(), write_dcoc(SAMPLE, "xml"), CREDENTIAL):
        (found,) = check_file("x", data, certificates_only=True)
        assert not found.is_readable
        assert found.errors == 1


# --- OFD -----------------------------------------------------------------------------------------------------------


def test_the_certificate_of_an_ofd_is_checked_and_the_ofd_with_it() -> None:
    data = ofd({"c.xml": DCC_XML})
    found = report(data, "a.ofd")
    own, its_wrapping = report(DCC_XML), check_ofd(data)
    assert told(found.findings) == told([*own.findings, *its_wrapping])
    assert (found.file, found.kind, found.number) == ("a.ofd/c.xml", "dcc", own.number)
    assert found.errors == own.errors + sum(each.severity == "error" for each in its_wrapping)
    assert all(each.line is None for each in found.findings if each.rule.startswith("OFD-"))


def test_a_fault_of_the_ofd_makes_its_certificate_no_good_copy() -> None:
    whole = ofd({"c.xml": plain_xml().encode()})
    lame = ofd(
        {"c.xml": plain_xml().encode()},
        **{ofd_parts.PAGE_PART: ofd_parts.PAGE.replace('Font="2"', 'Font="99"')},
    )
    assert report(whole).is_valid
    found = report(lame)
    assert (found.kind, found.is_valid) == ("drmd", False)
    assert found.first_error is not None and found.first_error.rule.startswith("OFD-")


def test_the_wrapping_is_told_of_once_where_it_holds_several() -> None:
    data = ofd({"a.xml": DCC_XML, "b.xml": sample_xml(), "c.txt": b"plain"})
    first, second = check_file("o", data, today=TODAY)
    assert (first.kind, second.kind) == ("dcc", "drmd")
    assert [each for each in second.findings if each.rule.startswith("OFD-")] == []
    assert told(each for each in first.findings if each.rule.startswith("OFD-")) == told(check_ofd(data))


@pytest.mark.parametrize("attached", [{}, {"a.txt": b"plain"}, {"a.pdf": b"%PDF-1.7"},
                                      {"a.zip": zipped({"a.xml": DCC_XML})},
                                      {"a.xml": zipped({"a.xml": DCC_XML})}, {"a.xml": b"%PDF-1.7 <"}])  # fmt: skip
def test_an_ofd_without_a_document_is_checked_for_itself(attached: dict[str, bytes]) -> None:
    data = ofd(attached)
    found = report(data, "o.ofd")
    assert (found.file, found.kind, found.version) == ("o.ofd", "ofd", "1.0")
    assert found.number == "0123456789abcdef0123456789abcdef"
    assert told(found.findings) == told(check_ofd(data))
    (part,) = parts_in("o.ofd", data)
    assert envelope_of(part) is None
    with pytest.raises(DeedNotForKind):
        deeds.converted(part, "json", Wish())


def test_the_author_of_an_ofd_is_told() -> None:
    entrance = ofd_parts.ENTRANCE.replace(
        "<ofd:CreationDate>", "<ofd:Author>某实验室</ofd:Author><ofd:CreationDate>"
    )
    assert report(ofd({}, **{"OFD.xml": entrance})).laboratory.zh == "某实验室"


def test_an_attachment_in_another_encoding_is_known_by_what_is_stated() -> None:
    wide = DCC_XML.decode().replace("UTF-8", "UTF-16").encode("utf-16")
    assert report(ofd({"c.xml": wide})).kind == "dcc"


def test_deeds_reach_the_certificate_in_an_ofd() -> None:
    (part,) = parts_in("a.ofd", ofd({"c.xml": DCC_XML}))
    assert deeds.converted(part, "xml", Wish()).data == DCC_XML
    assert deeds.quantities_of(part, "en")["file"] == "a.ofd/c.xml"


@pytest.mark.parametrize("name", ["a.ofd", "a", "a.zip"])
def test_an_ofd_is_known_by_its_entrance_whatever_it_is_called(name: str) -> None:
    assert envelope_of(Part(name, ofd({"c.xml": DCC_XML}))).name == "ofd"


def test_an_archive_is_no_ofd_for_what_is_said_inside() -> None:
    for files in ({"a.xml": b"<a>OFD.xml</a>"}, {"x/OFD.xml": DCC_XML}, {"aOFD.xml": DCC_XML}):
        data = zipped(files)
        assert not has_member(data, "OFD.xml")
        assert envelope_of(Part("a", data)).name == "zip"
    assert not has_member(b"OFD.xml", "OFD.xml")
    assert not has_member(zipped({"OFD.xml": b"<a/>"})[:-10], "OFD.xml")


def test_ofd_in_archives_and_pdf_is_opened() -> None:
    assert is_known("a/b.ofd") and is_known("a.jsonld") and is_known("a.JWT")
    (part,) = parts_in("z.zip", zipped({"b.ofd": ofd({"c.xml": DCC_XML})}))
    assert part.name == "z.zip/b.ofd/c.xml"
    assert parts_in("p.pdf", pdf_with({"a.xml": DCC_XML}))[0].around is None


# --- hostile input -------------------------------------------------------------------------------------------------


def test_what_an_ofd_unpacks_to_counts_with_everything_else() -> None:
    pages = "<!--" + "".join(chr(97 + at * 7 % 26) for at in range(9_000)) + "-->"
    lone = ofd({"c.xml": DCC_XML}, **{ofd_parts.PAGE_PART: ofd_parts.PAGE + pages})
    (part,) = parts_in("o", lone)
    assert part.weight > 9_000
    with pytest.raises(ContainerTooLarge):
        parts_in("o", lone, replace(IN_MEMORY, all_bytes=part.weight - 1))
    three = zipped({f"{n}.ofd": lone for n in range(3)})
    whole = 3 * (len(lone) + part.weight + len(part.data))
    assert len(parts_in("z", three, replace(IN_MEMORY, all_bytes=whole))) == 3
    with pytest.raises((ArchiveTooLarge, ContainerTooLarge)):
        parts_in("z", three, replace(IN_MEMORY, all_bytes=whole - 1))


def test_the_limits_of_one_file_hold_inside_an_ofd() -> None:
    with pytest.raises(ContainerTooLarge):
        parts_in("o", ofd({"c.xml": DCC_XML + b" " * 5000}), replace(IN_MEMORY, file_bytes=5000))


BROKEN_OFD = {
    "no document": ({"Doc_0/Document.xml": "<a/>"}, "JL-OFD-006"),
    "an entrance that is no XML": ({"OFD.xml": "<a"}, "JL-OFD-005"),
    "an entrance of another name": ({"OFD.xml": "<a/>"}, "JL-OFD-006"),
    "a page of entities": ({ofd_parts.PAGE_PART: '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, "JL-OFD-005"),
}


@pytest.mark.parametrize("how", BROKEN_OFD)
def test_a_broken_ofd_is_one_report_with_the_reason(how: str) -> None:
    parts, code = BROKEN_OFD[how]
    found = report(ofd({"c.xml": DCC_XML}, **parts))
    assert (found.is_readable, [each.rule for each in found.findings]) == (False, [code])


def test_a_part_that_only_the_check_looks_into_costs_no_certificate() -> None:
    signed = ofd_parts.ENTRANCE.replace(
        "</ofd:DocBody>", "<ofd:Signatures>S.xml</ofd:Signatures></ofd:DocBody>"
    )
    listed = f'<ofd:Signatures {ofd_parts.BOUND}><ofd:Signature ID="1" BaseLoc="T.xml"/></ofd:Signatures>'
    found = report(ofd({"c.xml": DCC_XML}, **{"OFD.xml": signed, "S.xml": listed, "T.xml": "<broken"}))
    assert (found.kind, found.is_valid) == ("dcc", False)
    assert "JL-OFD-005" in [each.rule for each in found.findings]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(KNOWN)), st.data())
def test_a_damaged_document_of_any_kind_gives_a_report(what: str, data: st.DataObject) -> None:
    whole = bytearray(KNOWN[what][0])
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    for found in check_file("x.json", bytes(whole), today=TODAY, limits=STRANGERS):
        for each in found.findings:
            assert each.text.zh and each.text.en


@settings(max_examples=60, deadline=None)
@given(st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["@context", "@graph", "@type", "schema", "id", "issuer", "credentialSubject", "x"]),
        inner, max_size=4),
    max_leaves=12,
))  # fmt: skip
def test_any_json_is_reported_on(value: Any) -> None:
    for name in ("x", "x.json"):
        for found in check_file(name, json.dumps(value).encode(), today=TODAY, limits=STRANGERS):
            assert found.is_valid or found.findings


def test_tokens_of_one_letter_without_end_are_looked_at_once() -> None:
    with pytest.raises(JialiangError):
        kind_of(Part("x", b"ey" + b"a" * 2_000_000))
    assert not report(b"ey" + b"." * 100_000).is_readable


def test_deep_and_wide_xml_of_conformity_keeps_the_stricter_limits() -> None:
    root = etree.fromstring(write_dcoc(SAMPLE, "xml"))
    for _ in range(21_000):
        etree.SubElement(root, "a")
    found = report(etree.tostring(root))
    assert not found.is_readable
    assert found.findings[0].rule.startswith("JL-XML-")
