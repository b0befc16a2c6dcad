"""The container: what is taken, what is refused and with which words, and bytes that are always the same."""

import io
import struct
import warnings
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.formats.ofd_parts import parts, zipped

from jialiang.formats.ofd.container import ContainerLimits, read_container, write_container
from jialiang.formats.ofd.errors import ContainerTooLarge, NotAContainer, PartRefused

GOOD = zipped(parts())
NAMES = st.text(st.characters(categories=("L", "N"), max_codepoint=0x2FFFF), min_size=1, max_size=12)


def entry(name, data=b"x", **changes):
    """A ZIP of one entry whose record is changed before it is written."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo(name)
        for member, value in changes.items():
            setattr(info, member, value)
        archive.writestr(info, data)
    return out.getvalue()


# --- what is no container -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "does not begin"),
        (b"%PDF-1.7 something", "does not begin"),
        (b"PK\x03\x04", "directory is missing"),
        (GOOD[:-30], "directory is missing"),
        (b"junk" + GOOD, "does not begin"),
        (zipped({}), "does not begin"),
    ],
)
def test_what_is_no_whole_zip_is_refused_with_the_reason(data, reason):
    with pytest.raises(NotAContainer) as caught:
        read_container(data)
    assert reason in caught.value.what.en
    assert caught.value.what.zh
    assert caught.value.code == "JL-OFD-001"


def test_a_damaged_byte_in_a_part_is_noticed():
    data = bytearray(zipped({"OFD.xml": "y" * 300}, zipfile.ZIP_STORED))
    data[100] ^= 0xFF
    with pytest.raises(NotAContainer, match="CRC"):
        read_container(bytes(data))


def test_a_directory_that_names_another_part_than_the_entry_is_noticed():
    data = zipped({"OFD.xml": "y"})
    directory = data.index(b"PK\x01\x02")
    forged = data[:directory] + data[directory:].replace(b"OFD.xml", b"XXX.xml")
    with pytest.raises(NotAContainer):
        read_container(forged)


# --- names and forms ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../evil", "leads out"),
        ("a/../../evil", "leads out"),
        ("a/./b", "leads out"),
        ("/etc/passwd", "leads out"),
        ("//host/share", "leads out"),
        ("a//b", "leads out"),
        ("C:/windows", "leads out"),
        ("..", "leads out"),
        ("a\\..\\b", "backslash"),
        ("a\tb", "control"),
        ("a\u0085b", "control"),
        ("x" * 401, "too long"),
    ],
)
def test_names_with_tricks_are_refused(name, reason):
    with pytest.raises(PartRefused) as caught:
        read_container(entry(name))
    assert reason in caught.value.what.en
    assert caught.value.facts["reason"].zh in caught.value.what.zh


def test_a_zero_byte_in_a_name_is_refused_though_the_library_cuts_the_name_there():
    data = entry("OFD.xmlX/evil").replace(b"OFD.xmlX/evil", b"OFD.xml\0/evil")
    with pytest.raises((PartRefused, NotAContainer)):
        read_container(data)


@pytest.mark.parametrize("pair", [("a.xml", "a.xml"), ("a.xml", "A.XML"), ("\u00e9", "e\u0301")])
def test_a_name_stands_once_whatever_case_and_form(pair):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        data = zipped([(name, "x") for name in pair])
    with pytest.raises(PartRefused) as caught:
        read_container(data)
    assert "same name" in caught.value.what.en


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_methods_of_compression_are_refused(method):
    with pytest.raises(PartRefused) as caught:
        read_container(zipped({"OFD.xml": "x" * 100}, method))
    assert "another method" in caught.value.what.en


def test_an_encrypted_part_is_refused():
    data = bytearray(zipped({"OFD.xml": "x"}))
    directory = bytes(data).index(b"PK\x01\x02")
    struct.pack_into("<H", data, directory + 8, 1)
    with pytest.raises(PartRefused) as caught:
        read_container(bytes(data))
    assert "encrypted" in caught.value.what.en


def test_a_symbolic_link_is_refused():
    with pytest.raises(PartRefused) as caught:
        read_container(entry("link", b"/etc/passwd", create_system=3, external_attr=0o120777 << 16))
    assert "symbolic link" in caught.value.what.en


def test_folders_are_no_parts():
    data = zipped([("Doc_0/", ""), ("Doc_0/a.xml", "x")])
    assert read_container(data) == {"Doc_0/a.xml": b"x"}


def test_braces_in_a_name_do_no_harm_to_the_words():
    with pytest.raises(PartRefused) as caught:
        read_container(entry("../{reason.__class__}"))
    assert "__class__" in caught.value.what.en


# --- limits -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limits", "named", "what"),
    [
        (ContainerLimits(packed=10), {"a": "x"}, "bytes of the file"),
        (ContainerLimits(entries=2), {"a": "x", "b": "x", "c": "x"}, "entries"),
        (ContainerLimits(part=5), {"a": "x" * 6}, "bytes of a part"),
        (ContainerLimits(unpacked=9), {"a": "x" * 5, "b": "x" * 5}, "unpacked in all"),
        (ContainerLimits(ratio=10, ratio_from=100), {"a": "x" * 5000}, "ratio"),
    ],
)
def test_every_limit_is_told_with_what_was_found(limits, named, what):
    with pytest.raises(ContainerTooLarge) as caught:
        read_container(zipped(named), limits)
    assert what in caught.value.what.en
    assert caught.value.facts["found"] > caught.value.facts["limit"]
    assert caught.value.http_status == 413


@pytest.mark.parametrize(
    ("limits", "named"),
    [
        (ContainerLimits(entries=2), {"a": "x", "b": "x"}),
        (ContainerLimits(part=5), {"a": "x" * 5}),
        (ContainerLimits(unpacked=10), {"a": "x" * 5, "b": "x" * 5}),
        (ContainerLimits(ratio=10, ratio_from=5000), {"a": "x" * 5000}),
    ],
)
def test_at_the_limit_is_still_fine(limits, named):
    assert len(read_container(zipped(named), limits)) == len(named)


def test_a_count_that_only_the_directory_states_is_believed_before_it_is_read():
    data = bytearray(GOOD)
    at = bytes(data).rindex(b"PK\x05\x06")
    struct.pack_into("<H", data, at + 10, 60_000)
    with pytest.raises(ContainerTooLarge) as caught:
        read_container(bytes(data))
    assert caught.value.facts["found"] == 60_000


def test_a_directory_of_huge_size_is_refused_before_it_is_read():
    data = bytearray(GOOD)
    at = bytes(data).rindex(b"PK\x05\x06")
    struct.pack_into("<L", data, at + 12, 0xFFFFFFF0)
    with pytest.raises(ContainerTooLarge, match="directory"):
        read_container(bytes(data))


def test_zip64_counts_are_refused():
    at = GOOD.rindex(b"PK\x05\x06")
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 0, 1)
    with pytest.raises(ContainerTooLarge):
        read_container(GOOD[:at] + locator + GOOD[at:])


# --- writing ------------------------------------------------------------------------------------------------------


def test_the_same_parts_give_the_same_bytes_and_no_time_of_day():
    named = {"OFD.xml": b"<a/>", "Doc_0/证书.xml": b"\0" * 1000}
    data = write_container(named)
    assert data == write_container(dict(named))
    infos = zipfile.ZipFile(io.BytesIO(data)).infolist()
    assert {info.date_time for info in infos} == {(1980, 1, 1, 0, 0, 0)}
    assert [info.filename for info in infos] == list(named)
    assert read_container(data) == named


@given(st.dictionaries(NAMES, st.binary(max_size=200), min_size=1, max_size=8))
def test_parts_come_back_as_they_were(named):
    folded = {name.casefold() for name in named}
    if len(folded) == len(named):
        try:
            assert read_container(write_container(named)) == named
        except PartRefused as problem:
            assert "same name" in problem.what.en  # two that are equal in another normal form


def test_what_is_written_is_read_by_the_standard_library():
    data = write_container({"a/b.xml": b"<x/>", "c": b""})
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    assert archive.read("a/b.xml") == b"<x/>"


# --- where the directory ends -------------------------------------------------------------------------------------


def commented(size):
    """The good container with a comment of its own behind the directory."""
    out = io.BytesIO(GOOD)
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = b"c" * size
    return out.getvalue()


@pytest.mark.parametrize("size", [1, 22, 1000, 65_535])
def test_a_comment_of_any_length_hides_no_part(size):
    assert read_container(commented(size)) == read_container(GOOD)


def test_the_directory_is_looked_for_where_it_can_be_and_nowhere_else():
    with pytest.raises(NotAContainer, match="directory is missing"):
        read_container(GOOD + b"c" * 70_000)


@pytest.mark.parametrize("kept", [1, 4, 10, 21])
def test_a_cut_record_of_the_directory_is_missing(kept):
    with pytest.raises(NotAContainer, match="directory is missing"):
        read_container(GOOD[: GOOD.rindex(b"PK\x05\x06") + kept])


@pytest.mark.parametrize(("entries", "passes"), [(9, True), (8, False)])
def test_the_count_of_the_directory_is_held_against_the_limit(entries, passes):
    limits = ContainerLimits(entries=entries)
    if passes:
        assert len(read_container(GOOD, limits)) == 9
        return
    with pytest.raises(ContainerTooLarge) as caught:
        read_container(GOOD, limits)
    assert caught.value.facts["part"] == "ZIP"


def test_a_part_that_is_too_large_is_named():
    with pytest.raises(ContainerTooLarge) as caught:
        read_container(zipped({"small": "x", "Doc_0/large.xml": "x" * 20}), ContainerLimits(part=10))
    assert caught.value.facts["part"] == "Doc_0/large.xml"
    assert "Doc_0/large.xml" in caught.value.what.zh


@pytest.mark.parametrize(
    ("size", "passes"), [(100, True), (4000 * 1000, True), (4000 * 1000 + 1, False), (0xFFFFFFFE, False)]
)
def test_a_directory_may_take_a_thousand_bytes_an_entry(size, passes):
    data = bytearray(GOOD)
    struct.pack_into("<L", data, bytes(data).rindex(b"PK\x05\x06") + 12, size)
    with pytest.raises(NotAContainer if passes else ContainerTooLarge):
        read_container(bytes(data))


def test_the_bytes_of_a_written_container_are_compressed_and_stand_in_order():
    data = write_container({"b": b"x" * 10_000, "a": b"y"})
    infos = zipfile.ZipFile(io.BytesIO(data)).infolist()
    assert [info.filename for info in infos] == ["b", "a"]
    assert {info.compress_type for info in infos} == {zipfile.ZIP_DEFLATED}
    assert infos[0].compress_size < 100
    assert {info.create_system for info in infos} == {0}


def test_an_empty_set_of_parts_is_written_but_is_no_document():
    with pytest.raises(NotAContainer):
        read_container(write_container({}))
