"""Files of any kind are opened to documents: archives, PDFs, lossless data; and hostile ones are refused."""

from __future__ import annotations

import struct
import zipfile
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.dcc_samples import SAMPLES, certificate_with, sample
from tests.formats.documents.packing import pdf_with, zipped

from jialiang.formats.conversion.registry import convert
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.documents.archives import (
    BULK,
    IN_MEMORY,
    STRANGERS,
    ArchiveLimits,
    is_archive,
    opened_archive,
)
from jialiang.formats.documents.envelopes import ENVELOPES, envelope_of, is_known, known_suffixes, parts_in
from jialiang.formats.documents.errors import ArchiveTooLarge, ArchiveUnreadable, NothingInside
from jialiang.formats.documents.parts import Part
from jialiang.formats.xml.errors import TooManyElements, XmlTooLarge
from jialiang.kernel.errors import JialiangError

XML = certificate_with()


def names(parts: tuple[Part, ...]) -> list[str]:
    return [part.name for part in parts]


# --- what opens --------------------------------------------------------------------------------------------------


def test_xml_is_a_document_by_itself() -> None:
    (part,) = parts_in("a.xml", XML)
    assert (part.name, part.data) == ("a.xml", XML)
    assert envelope_of(part) is None


@pytest.mark.parametrize("notation", ["json", "cbor", "msgpack"])
@pytest.mark.parametrize("named", ["right", "without suffix", "as something else"])
def test_lossless_data_are_known_by_their_beginning_whatever_they_are_called(notation: str, named: str) -> None:
    data = convert(Certificate.read(XML), notation).data
    name = {"right": f"a.{notation}", "without suffix": "a", "as something else": "a.dat"}[named]
    (part,) = parts_in(name, data)
    assert part.certificate.number == "N-1"


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_comes_out_of_every_wrapping(oracles, name: str) -> None:
    xml = sample(oracles, name)
    for data, expected in ((zipped({"x.xml": xml}), "f/x.xml"), (pdf_with({"x.xml": xml}), "f/x.xml")):
        (part,) = parts_in("f", data)
        assert (part.name, part.data) == (expected, xml)


def test_an_archive_keeps_the_order_and_passes_over_what_is_no_document() -> None:
    data = zipped({"b.xml": XML, "a.xml": XML, "readme.txt": b"x", ".hidden.xml": XML, "__MACOSX/a.xml": XML})
    assert names(parts_in("z.zip", data)) == ["z.zip/b.xml", "z.zip/a.xml"]


def test_a_pdf_in_an_archive_is_opened_too() -> None:
    data = zipped({"p.pdf": pdf_with({"x.xml": XML}), "b.xml": XML})
    assert names(parts_in("z", data)) == ["z/p.pdf/x.xml", "z/b.xml"]


def test_a_pdf_behind_other_letters_is_a_pdf_and_xml_that_speaks_of_pdf_is_not() -> None:
    assert envelope_of(Part("a", b"\n\n%PDF-1.7")).name == "pdf"
    assert envelope_of(Part("a", b"<a>%PDF-1.7</a>")) is None


def test_xml_that_is_called_json_is_xml() -> None:
    assert names(parts_in("a.json", XML)) == ["a.json"]


def test_every_suffix_of_the_table_is_worth_opening() -> None:
    for suffix in known_suffixes():
        assert is_known(f"folder/a{suffix}") and is_known(f"A{suffix.upper()}")
    for name in ("a.txt", "a", ".a.xml", "__MACOSX/._a.xml", "a.xml.bak"):
        assert not is_known(name)
    assert len({each.name for each in ENVELOPES}) == len(ENVELOPES)
    for each in ENVELOPES:
        assert each.text.zh and each.text.en and each.suffixes


# --- what is refused -----------------------------------------------------------------------------------------------

SMALL = ArchiveLimits(files=3, file_bytes=10_000, all_bytes=20_000, ratio=50)


@pytest.mark.parametrize(
    ("files", "size", "limit"),
    [
        ({f"{n}.xml": b"<a/>" for n in range(4)}, 4, 3),
        ({"a.xml": bytes(range(256)) * 40}, 10_240, 10_000),
        ({f"{n}.xml": bytes(range(256)) * 30 for n in range(3)}, 23_040, 20_000),
    ],
)
def test_an_archive_is_counted_before_it_is_unpacked(files: dict[str, bytes], size: int, limit: int) -> None:
    with pytest.raises(ArchiveTooLarge) as refused:
        parts_in("z.zip", zipped(files, method=zipfile.ZIP_STORED), SMALL)
    assert (refused.value.facts["size"], refused.value.facts["limit"]) == (size, limit)


def test_a_file_that_packs_too_well_is_a_bomb() -> None:
    zeros = b"<a>" + b"0" * 9_000_000
    for limits in (IN_MEMORY, STRANGERS, BULK):
        with pytest.raises(ArchiveTooLarge):
            parts_in("z.zip", zipped({"a.xml": zeros}), limits)


def test_small_files_may_pack_as_well_as_they_like() -> None:
    assert names(parts_in("z", zipped({"a.xml": b"<a>" + b"0" * 100_000 + b"</a>"}))) == ["z/a.xml"]


def test_a_directory_that_lies_about_sizes_gives_no_more_than_it_says() -> None:
    data = bytearray(zipped({"a.xml": XML * 3}))
    directory = data.rindex(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = struct.pack("<I", 10)
    with pytest.raises(ArchiveUnreadable):
        parts_in("z.zip", bytes(data))


def test_members_that_share_their_bytes_are_bounded_by_the_sum_that_is_stated() -> None:
    data = bytearray(zipped({"a.xml": b"<a/>" + b" " * 2000, "b.xml": b"<b/>" + b" " * 2000}))
    first, second = (i for i in range(len(data)) if data[i : i + 4] == b"PK\x01\x02")
    data[second + 42 : second + 46] = data[first + 42 : first + 46]  # the second begins where the first does
    try:
        parts = parts_in("z.zip", bytes(data))
    except JialiangError as problem:
        assert isinstance(problem, ArchiveUnreadable)
    else:
        assert sum(len(part.data) for part in parts) <= 2 * 2004


def test_an_archive_in_an_archive_is_refused_and_one_beside_another_is_not() -> None:
    with pytest.raises(ArchiveTooLarge) as refused:
        parts_in("z.zip", zipped({"inner.zip": zipped({"a.xml": XML})}))
    assert refused.value.facts["limit"] == 1
    disguised = zipped({"inner.xml": zipped({"a.xml": XML})})
    with pytest.raises(ArchiveTooLarge):
        parts_in("z.zip", disguised)


def test_all_that_is_unpacked_counts_together_whatever_it_was_in() -> None:
    body = b"<a>" + bytes(range(97, 123)) * 300 + b"</a>"
    data = zipped({f"{n}.pdf": pdf_with({"x.xml": body}) for n in range(3)})
    whole = sum(len(part.data) for part in parts_in("z", data))
    packed = sum(len(pdf_with({"x.xml": body})) for _ in range(3))
    limits = replace(IN_MEMORY, all_bytes=packed + whole - 1)
    with pytest.raises(ArchiveTooLarge):
        parts_in("z", data, limits)


BROKEN = {
    "a beginning alone": b"PK\x03\x04",
    "cut": zipped({"a.xml": XML})[:-30],
    "letters behind the mark": b"PK\x03\x04" + b"x" * 500,
    "a damaged member": zipped({"a.xml": XML}).replace(b"a.xml", b"b.xml", 1),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_archive_is_an_error_of_ours(how: str) -> None:
    with pytest.raises(ArchiveUnreadable) as refused:
        parts_in("z.zip", BROKEN[how])
    assert refused.value.what.zh and refused.value.what.en


def test_encrypted_and_oddly_packed_members_are_refused() -> None:
    data = bytearray(zipped({"a.xml": XML}))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    with pytest.raises(ArchiveUnreadable, match="encrypted"):
        parts_in("z.zip", bytes(data))
    with pytest.raises(ArchiveUnreadable, match="method 14"):
        parts_in("z.zip", zipped({"a.xml": XML}, method=zipfile.ZIP_LZMA))


@pytest.mark.parametrize("data", [zipped({}), zipped({"a.txt": b"x"}), pdf_with({"a.txt": b"no xml"}), pdf_with({})])
def test_a_wrapping_without_a_document_says_so(data: bytes) -> None:
    if data.startswith(b"%PDF") and b"text" in data:
        data = pdf_with({})
    with pytest.raises(NothingInside):
        parts_in("x", data)


def test_the_limits_of_xml_hold_in_every_wrapping() -> None:
    limits = replace(IN_MEMORY, xml=replace(IN_MEMORY.xml, size=5000, elements=5))
    for data in (XML * 1, zipped({"a.xml": XML}), pdf_with({"a.xml": XML})):
        (part,) = parts_in("a", data, limits)
        with pytest.raises(TooManyElements):
            _ = part.tree
    (part,) = parts_in("a.xml", XML + b" " * 5000, limits)
    with pytest.raises(XmlTooLarge):
        _ = part.tree


def test_only_what_begins_as_an_archive_is_one() -> None:
    assert is_archive(zipped({"a": b""})) and is_archive(zipped({}))
    assert not is_archive(b"PK") and not is_archive(b"") and not is_archive(XML)


def test_an_archive_may_be_read_from_a_file(tmp_path) -> None:
    (tmp_path / "z.zip").write_bytes(zipped({"a.xml": XML, "d/": b""}))
    with (tmp_path / "z.zip").open("rb") as file, opened_archive(file, "z.zip", BULK) as archive:
        assert archive.names == ("a.xml",)
        assert archive.read("a.xml") == XML


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["", "PK\x03\x04", "%PDF-1.4\n", "{", "\xa2", "\x82"]))
def test_no_bytes_bring_anything_but_documents_or_an_error_of_ours(data: bytes, begins: str) -> None:
    for name in ("a", "a.zip", "a.cbor"):
        try:
            parts_in(name, begins.encode("latin-1") + data, STRANGERS)
        except JialiangError as problem:
            assert problem.what.zh and problem.what.en


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_archive_gives_documents_or_an_error_of_ours(data: st.DataObject) -> None:
    whole = bytearray(_ARCHIVE)
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        for part in parts_in("z.zip", bytes(whole), STRANGERS):
            assert isinstance(part.data, bytes)
    except JialiangError:
        pass


_ARCHIVE = zipped({"a.xml": XML, "b/c.xml": b"<c/>"})
assert zipfile.is_zipfile(BytesIO(_ARCHIVE))
