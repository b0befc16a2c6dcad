"""Names for attachments that are written to a folder, and the port for signers."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.formats.ofd.file_names import file_names
from jialiang.formats.ofd.model import Attachment
from jialiang.formats.ofd.signing import SM3_WITH_SM2, DigestReference, OfdSigner, digest_references


def named(name, part="Doc_0/Res/file.jpg"):
    return Attachment("1", name, part, {}, b"")


@pytest.mark.parametrize(
    ("name", "part", "expected"),
    [
        ("certificate.xml", "Doc_0/x.bin", "certificate.xml"),
        ("Gao", "Doc_0/Res/eg_tulip.jpg", "Gao.jpg"),
        ("Gao", "Doc_0/Res/none", "Gao"),
        ("证书 1.xml", "x", "证书 1.xml"),
        ("../../etc/passwd", "x", "_._etc_passwd"),
        ("/etc/passwd", "x", "_etc_passwd"),
        ("C:\\Windows\\a.dll", "x", "C__Windows_a.dll"),
        (".bashrc", "x", "bashrc"),
        ("..", "x.xml", "attachment.xml"),
        ("", "x.xml", "attachment.xml"),
        ("a\nb\0c.xml", "x", "abc.xml"),
        ("a\u202etxt.exe", "x", "atxt.exe"),
        ("con", "x.xml", "_con.xml"),
        ("COM1.txt", "x", "_COM1.txt"),
        ("a.xml.", "x", "a.xml"),
        (" a .xml ", "x", "a.xml"),
        ('a*?"<>|.xml', "x", "a______.xml"),
        ("x" * 300 + ".xml", "x", "x" * 100 + ".xml"),
    ],
)
def test_a_name_becomes_one_that_any_folder_can_hold(name, part, expected):
    assert file_names([named(name, part)]) == [expected]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a.xml", "a.xml", "A.XML"], ["a.xml", "a-2.xml", "A-3.XML"]),
        (["a-2.xml", "a.xml", "a.xml"], ["a-2.xml", "a.xml", "a-3.xml"]),
        (["a/b.xml", "a\\b.xml"], ["a_b.xml", "a_b-2.xml"]),
    ],
)
def test_no_name_stands_twice(names, expected):
    assert file_names([named(name) for name in names]) == expected


@given(st.lists(st.text(max_size=30), max_size=6))
def test_names_of_any_text_are_plain_and_different(names):
    found = file_names([named(name) for name in names])
    assert len({name.casefold() for name in found}) == len(names)
    for name in found:
        assert name
        assert not set('/\\:*?"<>|\0\n') & set(name)
        assert not name.startswith(".")
        assert len(name) < 140


# --- the port for signers -----------------------------------------------------------------------------------------


def test_references_name_every_part_but_those_of_the_signature_in_order():
    parts = {
        "OFD.xml": b"1",
        "Doc_0/Signs/Signatures.xml": b"2",
        "Doc_0/a": b"3",
        "Doc_0/Signs/S/Signature.xml": b"4",
    }
    made = digest_references(
        parts, bytes.upper, {"Doc_0/Signs/Signatures.xml", "Doc_0/Signs/S/Signature.xml"}
    )
    assert made == (DigestReference("OFD.xml", b"1"), DigestReference("Doc_0/a", b"3"))


def test_a_reference_is_written_from_the_root_and_in_base64():
    reference = DigestReference("Doc_0/Document.xml", bytes(range(32)))
    assert reference.location == "/Doc_0/Document.xml"
    assert base64.b64decode(reference.check_value) == bytes(range(32))


def test_a_signer_is_whoever_has_the_members_of_the_port():
    class Signer:
        check_method = "SM3"
        signature_method = SM3_WITH_SM2

        def digest(self, data: bytes) -> bytes:
            return data[:1]

        def signed_value(self, signature_file: bytes, location: str) -> bytes:
            return signature_file + location.encode()

    signer: OfdSigner = Signer()
    assert digest_references({"a": b"xyz"}, signer.digest, ()) == (DigestReference("a", b"x"),)
    assert signer.signed_value(b"<s/>", "/S.xml") == b"<s/>/S.xml"
