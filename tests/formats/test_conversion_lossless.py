"""Lossless JSON, CBOR and MessagePack: the same canonical XML comes back, signatures hold, enemies get nothing."""

import json
import shutil
import subprocess

import cbor2
import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.conftest import absent
from tests.formats.dcc_samples import (
    SAMPLES,
    c14n,
    certificate_with,
    quantity,
    real,
    sample,
    sample_certificate,
)
from tests.formats.sample_keys import root, signed_sample

from jialiang.formats.conversion import binary
from jialiang.formats.conversion.converters import Wish
from jialiang.formats.conversion.data import certificate_data
from jialiang.formats.conversion.encodings import encode_text, encode_xml
from jialiang.formats.conversion.errors import (
    LibraryMissing,
    NotDecodable,
    NotEncodable,
    NotLossless,
    UnknownEncoding,
    UnknownNotation,
)
from jialiang.formats.conversion.libraries import EXTRAS, library
from jialiang.formats.conversion.lossless import FORMAT, from_lossless, to_lossless
from jialiang.formats.conversion.registry import convert, notations, typed, xml_of
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.xml.errors import ForbiddenCharacter, XmlNotWellFormed
from jialiang.formats.xml.parsing import parse_xml
from jialiang.kernel.errors import JialiangError

LOSSLESS = ("json", "cbor", "msgpack")


@pytest.mark.parametrize("notation", LOSSLESS)
@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_comes_back_with_the_same_canonical_form(oracles, name, notation):
    data = sample(oracles, name)
    encoded = convert(Certificate.read(data), notation).data
    back = xml_of(encoded, f".{notation}")
    assert c14n(back) == c14n(data)


def xmlsec1(folder, xml, roots, moment):
    """Let xmlsec1 verify at a moment; whether it says that the signature holds."""
    if shutil.which("xmlsec1") is None:
        absent("xmlsec1", "install the Debian package xmlsec1")
    (folder / "file.xml").write_bytes(xml)
    trusted = [part for file in roots for part in ("--trusted-pem", str(file))]
    signed = ["--id-attr:Id", "SignedProperties", "--id-attr:Id", "{http://uri.etsi.org/01903/v1.3.2#}SignedProperties"]
    command = ["xmlsec1", "--verify", *trusted, *signed, "--verification-gmt-time", moment, "file.xml"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode == 0


# Both signers' certificates are only valid for a while: each file is verified at a time of its own signing.
SIGNED = {
    "v3.3.0_gp_temperature_xmldsig_signed": (("dcclib_ca.pem",), "2026-06-01 00:00:00", True),
    "v3.3.0_gp_temperature_xmldsig_tampered": (("dcclib_ca.pem",), "2026-06-01 00:00:00", False),
    "v3.2.0_gp_temperature_xades_signed": (("pydcc_root.crt", "pydcc_sub.crt"), "2024-06-01 00:00:00", True),
}


@pytest.mark.parametrize("notation", LOSSLESS)
@pytest.mark.parametrize("name", SIGNED)
def test_signatures_of_others_survive_the_trip(oracles, tmp_path, name, notation):
    files, moment, holds = SIGNED[name]
    roots = [oracles / "dcc" / "samples" / "certs" / file for file in files]
    data = sample(oracles, name)
    assert xmlsec1(tmp_path, data, roots, moment) is holds
    back = xml_of(convert(Certificate.read(data), notation).data, f".{notation}")
    assert xmlsec1(tmp_path, back, roots, moment) is holds


@pytest.mark.parametrize("notation", LOSSLESS)
def test_our_own_signature_survives_the_trip(tmp_path, notation):
    from cryptography.hazmat.primitives.serialization import Encoding

    anchor = tmp_path / "ca.pem"
    anchor.write_bytes(root().certificate.public_bytes(Encoding.PEM))
    back = xml_of(convert(Certificate.read(signed_sample()), notation).data, f".{notation}")
    assert xmlsec1(tmp_path, back, [anchor], "2026-07-01 00:00:00")
    assert not xmlsec1(tmp_path, back.replace(b"-0.166", b"-0.066"), [anchor], "2026-07-01 00:00:00")


SHAPES = [
    b"<a/>",
    b"<a></a>",
    b"<a> text <b/> tail </a>",
    b'<p:a xmlns:p="urn:x" xmlns="urn:y"><b xmlns="">x</b><!-- note --></p:a>',
    b'<a xmlns="urn:y"><b xmlns=""><c xmlns="urn:y"/></b></a>',
    b'<a xmlns:p="urn:x" xmlns:q="urn:x" q:one="1" p:two="2"><q:b/><p:c/></a>',
    "<a b='引号 &quot; &lt; &#10; &#9; &#13;'>量&#13;&lt;<![CDATA[<c>&]]></a>".encode(),
    b'<?xml-stylesheet href="x.xsl"?>\n<!-- before --><a/><!-- after -->',
    b'<a xml:lang="zh" xml:space="preserve">  </a>',
    '<a xmlns:ä="urn:x"><ä:ö ü="ß"/></a>'.encode(),
    "<a>\U0001f600</a>".encode("utf-16"),
    b"<a>\n  <b/>\n  <b/>\n</a>\n",
]


@pytest.mark.parametrize("xml", SHAPES)
def test_every_shape_of_document_comes_back(xml):
    back = from_lossless(json.loads(json.dumps(to_lossless(parse_xml(xml)))))
    assert c14n(back) == c14n(xml)


NAMES = st.sampled_from(["a", "b", "p:c", "q:d", "é"])
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\t\n\r"), max_size=8)
KEPT = TEXTS.filter(lambda text: all(c not in "\ufffe\uffff" for c in text))


def elements():
    leaf = st.builds(lambda name, said: (name, [], [said] if said else []), NAMES, KEPT)
    return st.recursive(
        leaf,
        lambda inner: st.builds(
            lambda name, attributes, children: (name, attributes, children),
            NAMES,
            st.lists(
                st.tuples(st.sampled_from(["x", "p:y"]), KEPT), max_size=2, unique_by=lambda pair: pair[0]
            ),
            st.lists(st.one_of(inner, KEPT.filter(bool)), max_size=4),
        ),
        max_leaves=12,
    )


def as_node(element, declares=()):
    name, attributes, children = element
    content = [as_node(child) if isinstance(child, tuple) else child for child in children]
    return {"name": name, "declares": [list(d) for d in declares], "attributes": [list(a) for a in attributes],
            "content": content}  # fmt: skip


@given(elements())
def test_whatever_can_be_said_is_said_and_read_again(element):
    node = as_node(element, declares=(("p", "urn:p"), ("q", "urn:q")))
    xml = from_lossless({"format": FORMAT, "nodes": [node]})
    again = from_lossless(to_lossless(parse_xml(xml)))
    assert c14n(again) == c14n(xml)


def lossless(node):
    return {"format": FORMAT, "nodes": [node]}


ATTACKS = {
    "no object": [],
    "no format": {"nodes": [{"name": "a"}]},
    "other format": {"format": "x", "nodes": []},
    "no nodes": {"format": FORMAT},
    "a name with markup": lossless({"name": "a><script"}),
    "a name with a blank": lossless({"name": "a b"}),
    "an empty name": lossless({"name": ""}),
    "a number for a name": lossless({"name": 1}),
    "an attribute with markup": lossless({"name": "a", "attributes": [['x="1" y', "z"]]}),
    "a namespace among the attributes": lossless({"name": "a", "attributes": [["xmlns:p", "urn:x"]]}),
    "a prefix with markup": lossless({"name": "a", "declares": [['p="x" q', "urn"]]}),
    "pairs of three": lossless({"name": "a", "attributes": [["x", "y", "z"]]}),
    "attributes that are no list": lossless({"name": "a", "attributes": {"x": "y"}}),
    "content that is no list": lossless({"name": "a", "content": "text"}),
    "a number as content": lossless({"name": "a", "content": [1]}),
    "nothing at all": lossless({"x": 1}),
    "a comment that ends early": lossless({"name": "a", "content": [{"comment": "--><b/><!--"}]}),
    "an instruction that ends early": lossless({"name": "a", "content": [{"instruction": ["x", "?><b/>"]}]}),
    "an instruction of one": lossless({"name": "a", "content": [{"instruction": ["x"]}]}),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_not_lossless_is_refused_with_a_reason(attack):
    with pytest.raises(NotLossless) as refused:
        from_lossless(ATTACKS[attack])
    assert refused.value.facts["reason"]
    assert refused.value.way_out.zh


def test_a_nest_without_end_is_refused():
    node = {"name": "a"}
    for _ in range(400):
        node = {"name": "a", "content": [node]}
    with pytest.raises(NotLossless):
        from_lossless(lossless(node))


@pytest.mark.parametrize("node", [{"name": "p:a"}, {"name": "a", "attributes": [["x", "1"], ["x", "2"]]}])
def test_what_is_no_xml_in_the_end_is_refused_by_the_parser(node):
    with pytest.raises(XmlNotWellFormed):
        from_lossless(lossless(node))


@pytest.mark.parametrize("letter", ["\0", "\x0b", "\ud800", "\ufffe"])
def test_letters_that_xml_cannot_carry_are_refused(letter):
    with pytest.raises((XmlNotWellFormed, ForbiddenCharacter)):
        from_lossless(lossless({"name": "a", "content": [letter]}))


@pytest.mark.parametrize(
    ("suffix", "data"),
    [
        (".json", b"{"),
        (".json", b'{"a": 1, "a": 2}'),
        (".json", b"[" * 100_000),
        (".json", b"\xff\xfe"),
        (".cbor", b"\x1f"),
        (".cbor", b"\x9f" * 10_000),
        (".cbor", b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff"),
        (".msgpack", b"\xc1"),
        (".msgpack", b"\x91" * 10_000),
        (".msgpack", b"\xdd\xff\xff\xff\xff"),
        (".mpk", b""),
    ],
)
def test_broken_bytes_are_refused(suffix, data):
    with pytest.raises(NotDecodable) as refused:
        xml_of(data, suffix)
    assert refused.value.facts["notation"]


def test_typed_data_do_not_go_back_to_xml(oracles):
    certificate = sample_certificate(oracles, "v3.1.2_gp_humidity")
    for notation, suffix in (("data-json", ".json"),):
        with pytest.raises(NotLossless):
            xml_of(convert(certificate, notation).data, suffix)
    for notation in ("cbor", "msgpack"):
        with pytest.raises(NotLossless):
            xml_of(convert(certificate, notation, typed(Wish())).data, f".{notation}")


@pytest.mark.parametrize("name", SAMPLES)
def test_typed_data_are_the_same_in_every_notation(oracles, name):
    certificate = sample_certificate(oracles, name)
    data = json.loads(convert(certificate, "data-json").data)
    assert cbor2.loads(convert(certificate, "cbor", typed(Wish())).data) == data
    assert msgpack.unpackb(convert(certificate, "msgpack", typed(Wish())).data) == data
    assert data == json.loads(json.dumps(certificate_data(certificate)))
    assert len(data["quantities"]) == len(certificate.quantities())
    assert data["version"] == certificate.version


def test_typed_data_hold_what_the_certificate_says(oracles):
    data = certificate_data(sample_certificate(oracles, "v3.1.2_gp_humidity"), "de")
    assert data["number"] == "Id 123456789 HtW"
    assert data["languages"] == ["de", "en"]
    assert data["laboratory"]["email"] == "info@kalibrierfirma.xx"
    assert (data["begin_date"], data["end_date"]) == ("1957-08-13", "1957-08-14")
    assert [item["names"]["de"] for item in data["items"]] == ["Anzeigegerät", "Feuchtesensor"]
    assert "Messabweichung" in [quantity_["name"] for quantity_ in data["quantities"]]


# --- encodings ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "GB18030"])
def test_xml_in_an_encoding_of_all_letters_is_the_same_document(oracles, encoding):
    for name in SAMPLES:
        certificate = sample_certificate(oracles, name)
        encoded = encode_xml(certificate.tree, encoding)
        assert encoded.unmapped == ()
        assert c14n(parse_xml(encoded.data)) == c14n(certificate.tree)


def test_gbk_says_which_letters_it_does_not_have_and_loses_none():
    tree = parse_xml("<a b='ß量'>µ 温度 ℃ \U0001f600</a>".encode())
    encoded = encode_xml(tree, "gbk")
    assert set(encoded.unmapped) == {"ß", "µ", "\U0001f600"}
    assert "温度 ℃".encode("gbk") in encoded.data
    assert b"&#" in encoded.data
    assert c14n(parse_xml(encoded.data)) == c14n(tree)


def test_gbk_refuses_letters_where_nothing_can_stand_for_them():
    for xml in ("<a><!-- ß --></a>", "<ß/>", "<a ß='1'/>"):
        with pytest.raises(NotEncodable) as refused:
            encode_xml(parse_xml(xml.encode()), "gbk")
        assert refused.value.facts["characters"] == "ß"


def test_texts_in_gbk_are_replaced_and_named():
    encoded = encode_text("温度 ß µ ß", "gbk")
    assert encoded.unmapped == ("ß", "µ")
    assert encoded.data.decode("gbk") == "温度 ? ? ?"
    assert encode_text("温度", "utf-8").data.startswith(b"\xef\xbb\xbf")


def test_other_encodings_are_refused():
    with pytest.raises(UnknownEncoding) as refused:
        encode_text("x", "latin-1")
    assert "GB18030" in refused.value.facts["known"]


# --- the registry -------------------------------------------------------------------------------------------------


def test_notations_of_the_house_are_named():
    assert notations()[:8] == ("json", "data-json", "cbor", "msgpack", "csv", "xlsx", "parquet", "xml")


def test_an_unknown_notation_names_the_known_ones():
    with pytest.raises(UnknownNotation) as refused:
        convert(Certificate.read(certificate_with()), "docx")
    assert "parquet" in refused.value.what.en + refused.value.rule.en


def test_a_missing_library_names_the_extra_that_brings_it(monkeypatch):
    import importlib

    def gone(name):
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", gone)
    for name, extra in EXTRAS.items():
        with pytest.raises(LibraryMissing) as refused:
            library(name)
        assert f"jialiang[{extra}]" in refused.value.way_out.en


def test_what_a_package_adds_is_used(monkeypatch):
    from jialiang.formats.conversion import registry

    class Point:
        name = "shout"

        @staticmethod
        def load():
            return lambda certificate, wish: encode_text(certificate.number.upper(), wish.encoding)

    monkeypatch.setattr(
        registry, "entry_points", lambda group: [Point] if group == "jialiang.converters" else []
    )
    assert "shout" in notations()
    assert convert(Certificate.read(certificate_with(number="n-9")), "shout").data.endswith(b"N-9")


def test_what_is_no_known_suffix_is_xml():
    assert xml_of(b"<a/>", ".xml") == b"<a/>"
    assert xml_of(b"<a/>", "") == b"<a/>"


def test_every_error_has_words(oracles):
    for problem in (UnknownNotation(notation="x", known="y"), LibraryMissing(library="x", extra="y"),
                    NotLossless(reason="x"), NotDecodable(notation="x", reason="y"),
                    NotEncodable(encoding="x", characters="y"), UnknownEncoding(encoding="x", known="y")):  # fmt: skip
        assert isinstance(problem, JialiangError)
        assert all(text.zh and text.en for text in (problem.what, problem.rule, problem.way_out))


def test_too_many_bytes_are_refused_before_they_are_read(monkeypatch):
    monkeypatch.setattr(binary, "LARGEST", 10)
    for read in (binary.from_json, binary.from_cbor, binary.from_msgpack):
        with pytest.raises(NotDecodable):
            read(b" " * 11)


def test_lossless_json_reads_like_the_document():
    data = to_lossless(parse_xml(certificate_with(quantity(real("1.50", "\\metre")))))
    (node,) = data["nodes"]
    assert node["name"] == "dcc:digitalCalibrationCertificate"
    assert ["dcc", "https://ptb.de/dcc"] in node["declares"]
    assert ["schemaVersion", "3.3.0"] in node["attributes"]
    assert '"1.50"' in json.dumps(data)
    assert etree.QName(parse_xml(from_lossless(data)).getroot()).localname == "digitalCalibrationCertificate"
