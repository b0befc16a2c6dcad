"""Certificates of conformity that others wrote as RDF, and documents that want to reach out or to exhaust."""

import json
import resource
import socket
import subprocess
import sys

import pytest
from tests.formats.dcoc_samples import SAMPLE

from jialiang.formats.dcoc.documents import read_dcoc, write_dcoc
from jialiang.formats.dcoc.errors import (
    ForeignContext,
    NotACertificateOfConformity,
    NotRdf,
    SeveralCertificates,
    UnfitText,
)
from jialiang.formats.dcoc.model import Named, PreviousCertificate, Validity, texts
from jialiang.formats.dcoc.rules.checking import check_dcoc
from jialiang.kernel.errors import JialiangError

HEAD = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:d="https://oimlsmart.org/ns/dcoc/1.0#"'
    ' xmlns:t="http://purl.org/dc/terms/" xmlns:v="http://www.w3.org/2006/vcard/ns#" xmlns:x="https://other.example/">'
)
DCOC = "https://oimlsmart.org/ns/dcoc/1.0#"


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    """Nothing here may ask the network."""

    def refused(*_, **__):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)


def rdf(inside, about='rdf:about="https://b.example/c"'):
    """RDF/XML of a certificate with the properties given."""
    text = f"{HEAD}<d:DigitalCertificateOfConformity {about}>{inside}</d:DigitalCertificateOfConformity></rdf:RDF>"
    return text.encode()


def certificate(inside, **more):
    """What is read of such a document."""
    return read_dcoc(rdf(inside, **more)).certificate


def ld(**members):
    """JSON-LD of a certificate, expanded, with the properties given."""
    document = {"@id": "https://b.example/c", "@type": [f"{DCOC}DigitalCertificateOfConformity"]}
    return document | {f"{DCOC}{name}": value for name, value in members.items()}


def bytes_of(document):
    return json.dumps(document).encode()


def test_blank_nodes_are_read_like_named_ones():
    inside = (
        '<d:certificationBody rdf:parseType="Resource"><v:fn xml:lang="en">Body</v:fn>'
        '<v:hasEmail rdf:resource="mailto:a@b.example"/></d:certificationBody>'
    )
    body = certificate(inside).body
    assert (body.name, body.email) == (texts({"en": "Body"}), "a@b.example")


def test_the_iri_of_a_thing_elsewhere_is_its_address():
    inside = '<d:categoryOfInstrument><rdf:Description rdf:about="https://oiml.example/r76"><t:title>NAWI</t:title>'
    inside += "</rdf:Description></d:categoryOfInstrument>"
    assert certificate(inside).category == Named("", texts({"und": "NAWI"}), "https://oiml.example/r76")


def test_an_iri_alone_is_an_address():
    assert certificate('<d:certificationCriteria rdf:resource="https://oiml.example/r76"/>').criteria == (
        Named(uri="https://oiml.example/r76"),
    )


PLAIN = [
    ("<d:certificationScheme>1a</d:certificationScheme>", "scheme", Named("1a")),
    ('<d:certificationScheme xml:lang="en">Type</d:certificationScheme>', "scheme", Named("", texts({"en": "Type"}))),
    ("<d:certObjectIDs>S-30</d:certObjectIDs>", "objects", (Named("S-30"),)),
    ("<d:previousCertificates>C-1</d:previousCertificates>", "previous", (PreviousCertificate("C-1"),)),
    ("<d:validity>start=2026-01-01; end=2036-01-01</d:validity>", "validity", Validity("2026-01-01", "2036-01-01")),
    ("<d:validity>end=2036-01-01;</d:validity>", "validity", Validity("", "2036-01-01")),
    ("<d:validity>ten years</d:validity>", "validity", Validity("", "", texts({"und": "ten years"}))),
    ("<d:certNo>7</d:certNo>", "number", "7"),
    ('<d:certDate rdf:datatype="http://www.w3.org/2001/XMLSchema#date">2026-06-16</d:certDate>', "date", "2026-06-16"),
    ("<d:certDate>2026-06-16</d:certDate>", "date", "2026-06-16"),
    ("<d:languages>zh</d:languages><d:languages>en</d:languages>", "languages", ("en", "zh")),
]  # fmt: skip


@pytest.mark.parametrize(("inside", "member", "expected"), PLAIN)
def test_plain_texts_where_things_could_stand(inside, member, expected):
    assert getattr(certificate(inside), member) == expected


@pytest.mark.parametrize("name", ["manufacturer", "certificationBody", "responsibles"])
def test_a_plain_text_names_a_contact(name):
    found = certificate(f'<d:{name} xml:lang="de">Werk</d:{name}>')
    contact = {"manufacturer": found.manufacturer, "certificationBody": found.body}.get(
        name
    ) or found.responsibles[0]
    assert contact.name == texts({"de": "Werk"})


def test_what_has_no_order_is_read_in_one_order():
    one = certificate("".join(f"<d:certObjectIDs>{n}</d:certObjectIDs>" for n in "cab"))
    other = certificate("".join(f"<d:certObjectIDs>{n}</d:certObjectIDs>" for n in "bca"))
    assert one == other
    blank = '<d:certObjectIDs rdf:parseType="Resource"><t:identifier>{}</t:identifier></d:certObjectIDs>'
    first = certificate("".join(blank.format(n) for n in "cab"))
    assert first == certificate("".join(blank.format(n) for n in "bca"))
    assert {each.identifier for each in first.objects} == set("abc")


def test_other_vocabularies_are_told_and_not_kept():
    reading = read_dcoc(rdf("<d:certNo>7</d:certNo><x:colour>red</x:colour><d:colour>red</d:colour>"))
    told = next(each for each in check_dcoc(reading) if each.rule == "DCOC-RDF-NOT-KEPT")
    assert told.severity == "hint"
    assert "dcoc:colour, https://other.example/colour" in told.text.en
    assert "dcoc:certNo" not in told.text.en


def test_an_anonymous_certificate_has_no_identifier():
    assert certificate("<d:certNo>7</d:certNo>", about="").identifier == ""
    assert certificate("<d:certNo>7</d:certNo>", about='rdf:nodeID="c"').number == "7"


def test_expanded_json_ld_is_read():
    document = [ld(certNo=[{"@value": "7"}], validity=[{"http://purl.org/dc/terms/valid": "end=2036-01-01"}])]
    found = read_dcoc(bytes_of(document)).certificate
    assert (found.number, found.validity) == ("7", Validity("", "2036-01-01"))


def test_json_ld_with_other_names_is_read():
    context = {
        "c": DCOC,
        "nr": "c:certNo",
        "@language": "en",
        "says": "c:statementOfConformity",
        "a": "@type",
    }
    document = {"@context": context, "a": "c:DigitalCertificateOfConformity", "nr": "7", "says": "yes"}
    found = read_dcoc(bytes_of(document)).certificate
    assert found.statement == texts({"en": "yes"})
    assert found.number == "7"


CONTEXTS = {
    "a text": {"@context": "https://oimlsmart.org/ns/dcoc/context.jsonld"},
    "in a list": {"@context": [{"a": "b:c"}, "https://a.example/c"]},
    "a relative one": {"@context": "context.jsonld"},
    "a file": {"@context": "file:///etc/passwd"},
    "in a part": {"@context": {}, "x": [{"y": {"@context": "http://localhost/"}}]},
    "of a term": {"@context": {"t": {"@id": "https://a.example/t", "@context": "https://a.example/c"}}},
    "imported": {"@context": {"@import": "https://a.example/c"}},
    "in a graph": {"@graph": [{"@context": ["https://a.example/c"]}]},
    "at the root of a list": [{"@context": "https://a.example/c"}],
}


@pytest.mark.parametrize("document", CONTEXTS.values(), ids=CONTEXTS)
def test_a_context_elsewhere_is_refused_and_never_fetched(document):
    with pytest.raises(ForeignContext):
        read_dcoc(bytes_of(document))


@pytest.mark.parametrize("count", [0, 2, 3])
def test_one_document_is_one_certificate(count):
    several = [ld(certNo="7") | {"@id": f"https://b.example/{n}"} for n in range(count)] or [
        {"@id": "https://b.example"}
    ]
    with pytest.raises(SeveralCertificates) as refused:
        read_dcoc(bytes_of(several))
    assert refused.value.facts == {"count": count}


def test_a_value_with_too_many_of_it_is_refused():
    with pytest.raises(NotRdf) as refused:
        read_dcoc(bytes_of(ld(referenceNos=[str(n) for n in range(501)])))
    assert refused.value.facts["detail"] == "dcoc:referenceNos has 501 values"


def test_parts_that_refer_to_one_another_end():
    document = {"@graph": [
        ld(certificationBody={"@id": "https://b.example/x"}),
        {"@id": "https://b.example/x", "http://www.w3.org/2006/vcard/ns#hasAddress": {"@id": "https://b.example/x"},
         "http://www.w3.org/2006/vcard/ns#fn": "Loop"},
    ]}  # fmt: skip
    assert read_dcoc(bytes_of(document)).certificate.body.name == texts({"und": "Loop"})


@pytest.mark.parametrize("character", ["\u0000", "\u000b", "\r"])
def test_control_characters_are_refused(character):
    with pytest.raises(UnfitText):
        read_dcoc(bytes_of(ld(certNo=f"a{character}b")))


OTHERS = {
    "another root": b"<a/>",
    "a DCC": b'<digitalCalibrationCertificate xmlns="https://ptb.de/dcc"/>',
    "another namespace": b'<digitalCertificateOfConformity xmlns="urn:jialiang:dcoc:2"/>',
    "another schema": b'{"schema": "jialiang.dcoc/2"}',
    "no schema": b"{}",
}


@pytest.mark.parametrize("data", OTHERS.values(), ids=OTHERS)
def test_another_document_is_named(data):
    with pytest.raises(NotACertificateOfConformity):
        read_dcoc(data)


BAD = {
    "nothing": b"",
    "blanks": b" \n",
    "no XML": b"<a",
    "no JSON": b"{",
    "a number": b"7",
    "a doctype": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    "a billion laughs": b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + rdf("&b;"),
    "XInclude": rdf('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>'),
    "deep XML": b"<a>" * 5000 + b"</a>" * 5000,
    "deep JSON": b"[" * 100_000,
    "deep objects": b'{"@context":' * 2000,
    "many elements": HEAD.encode() + b"<a/>" * 30_000 + b"</rdf:RDF>",
    "many values": b"[" + b"1," * 30_000 + b"1]",
    "a long number": b'{"schema":"jialiang.dcoc/1","a":' + b"9" * 100_000 + b"}",
    "a member twice": b'{"schema":"jialiang.dcoc/1","schema":"jialiang.dcoc/1"}',
    "not UTF-8": b'{"a": "\xff"}',
    "half a letter": b'{"schema": "jialiang.dcoc/1", "certNo": "\\ud800"}',
    "RDF that is none": rdf('<d:a rdf:parseType="Literal" rdf:resource="x" rdf:ID="1 2"/>'),
    "a term of itself": b'{"@context": {"a": "b:x", "b": "a:x"}, "@type": "a:y"}',
    "a context of numbers": b'{"@context": {"a": 7}, "@id": 3}',
    "a type of objects": b'{"@type": [{"a": {}}]}',
    "an id of lists": b'{"@context": {}, "@id": [[]], "@graph": 7}',
    "a language of numbers": b'{"@context": {"@language": 7}, "@type": "x:y"}',
    "a bad tag": b'[{"@type": "https://a.example/", "https://a.example/p": [{"@value": "x", "@language": "z h"}]}]',
    "a reverse": b'{"@context": {"r": {"@reverse": "x:y"}}, "r": {"@value": 1}}',
    "a list in a set": b'{"@context": {"s": {"@id": "x:y", "@container": "@set"}}, "s": {"@list": [{"@set": 1}]}}',
    "nested terms": b'{"@context": {"n": "@nest"}, "n": {"n": 7}}',
    "a version": b'{"@context": {"@version": 9}}',
    "nulls": b'{"@context": null, "@type": null, "@id": null}',
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_what_is_no_certificate_is_refused_in_words(data):
    with pytest.raises(JialiangError) as refused:
        read_dcoc(data)
    assert refused.value.what.zh and refused.value.what.en
    assert refused.value.way_out.zh and refused.value.way_out.en


HOSTILE = """
import sys
from pathlib import Path
from jialiang.formats.dcoc.documents import read_dcoc
from jialiang.kernel.errors import JialiangError
try:
    read_dcoc(Path(sys.argv[1]).read_bytes())
except JialiangError as refused:
    print(refused.code)
"""
HEAVY = {
    "quotation marks": b'{"a":' + b'"' * 4_000_001,
    "backslashes": b'{"a":"' + b"\\" * 4_000_000,
    "commas": b"[" + b"," * 4_000_000,
    "brackets": b"[" * 4_000_000,
    "too large": b"{" + b" " * 6_000_000,
    "XML attributes": b"<a " + b" ".join(b'a%d="x"' % n for n in range(100_000)) + b"/>",
    "XML text": b"<a>" + b"x" * 6_000_000 + b"</a>",
}


@pytest.mark.parametrize("data", HEAVY.values(), ids=HEAVY)
def test_heavy_documents_cost_little(data, tmp_path):
    """Each refused in a process of its own with 512 MiB of memory and 5 s of processor."""

    def limited():
        resource.setrlimit(resource.RLIMIT_AS, (512 * 2**20, 512 * 2**20))
        resource.setrlimit(resource.RLIMIT_CPU, (5, 5))

    (tmp_path / "file").write_bytes(data)
    command = [sys.executable, "-c", HOSTILE, str(tmp_path / "file")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=limited)
    assert done.returncode == 0, done.stderr[-500:]
    assert done.stdout.startswith(("JL-JSON-", "JL-XML-"))


@pytest.mark.parametrize("form", ["rdfxml", "jsonld"])
def test_without_rdflib_it_is_said_what_to_install(form, monkeypatch):
    monkeypatch.setitem(sys.modules, "rdflib", None)
    with pytest.raises(JialiangError) as refused:
        read_dcoc(write_dcoc(SAMPLE, form))
    assert refused.value.code == "JL-CNV-002"
    assert refused.value.facts == {"library": "rdflib", "extra": "rdf"}


@pytest.mark.parametrize("form", ["xml", "json"])
def test_the_plain_forms_need_no_library(form, monkeypatch):
    monkeypatch.setitem(sys.modules, "rdflib", None)
    assert read_dcoc(write_dcoc(SAMPLE, form)).certificate == SAMPLE
