"""What a page carries for the next step: packed, bounded, named, and read back as any file of a stranger."""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from jialiang.console.workbench import carrying, documents
from jialiang.console.workbench.carrying import LONGEST_NAME, MOST_FILES, HandedIn, files_of
from jialiang.console.workbench.documents import MOST_DOCUMENTS, Document, documents_in
from jialiang.console.workbench.errors import CarriedDamaged, NothingHandedIn, TooManyHandedIn
from jialiang.console.workbench.results import chosen_part
from jialiang.kernel.errors import JialiangError
from tests.console.workbench.desk import FIRST, SECOND, SI, zipped
from tests.formats.documents.packing import pdf_with


def request(*files: tuple[str, bytes], carried: list[str] | None = None) -> HttpRequest:
    given = [SimpleUploadedFile(name, data) for name, data in files]
    return RequestFactory().post("/workbench/see", {"file": given, "carried": carried or []})


def handed(*files: tuple[str, bytes]) -> list[HandedIn]:
    return files_of(request(*files))


# --- there and back ------------------------------------------------------------------------------------------------


@settings(max_examples=100, deadline=None)
@given(st.binary(min_size=1, max_size=2000), st.text(min_size=1, max_size=40))
def test_a_file_comes_back_as_it_went(data: bytes, name: str) -> None:
    shown = carrying._named(name)
    packed = carrying._packed(shown, data)
    if "\0" not in shown:
        assert carrying._unpacked(packed) == (shown, data)


def test_files_come_back_from_request_to_request_without_growing() -> None:
    files = handed(("a.xml", FIRST), ("b.xml", SECOND))
    for _ in range(3):
        again = files_of(request(carried=[file.packed for file in files]))
        assert again == files
    assert len(files[0].packed) < len(FIRST)


def test_carried_files_come_before_those_that_are_added() -> None:
    (first,) = handed(("a.xml", FIRST))
    both = files_of(request(("b.xml", SECOND), carried=[first.packed]))
    assert [file.name for file in both] == ["a.xml", "b.xml"]


def test_one_name_may_stand_for_two_files_and_one_file_for_itself() -> None:
    files = handed(("a.xml", FIRST), ("a.xml", SECOND), ("a.xml", FIRST))
    assert [file.data for file in files] == [FIRST, SECOND]


def test_empty_files_are_none() -> None:
    with pytest.raises(NothingHandedIn):
        handed(("a.xml", b""))


@pytest.mark.parametrize(
    ("given_", "shown"),
    [("a.xml", "a.xml"), ("证书.xml", "证书.xml"), ("a\u202eb.xml", "a\ufffdb.xml"), ("x" * 200, "x" * LONGEST_NAME),
     ("tab\tname", "tab\ufffdname")],
)  # fmt: skip
def test_names_are_shown_whole_and_harmless(given_: str, shown: str) -> None:
    assert carrying._named(given_) == shown


# --- limits --------------------------------------------------------------------------------------------------------


def test_the_page_carries_what_fits_and_the_rest_is_only_worked_on(monkeypatch: pytest.MonkeyPatch) -> None:
    size = len(handed(("a.xml", FIRST))[0].packed)
    monkeypatch.setattr(carrying, "MOST_CARRIED", size + 5)
    first, second = handed(("a.xml", FIRST), ("b.xml", SECOND))
    assert first.packed and not second.packed
    assert second.data == SECOND


def test_the_number_of_files_counts_carried_and_added_together() -> None:
    carried = [file.packed for file in handed(*[(f"{n}.xml", SI) for n in range(MOST_FILES)])]
    assert len(files_of(request(carried=carried))) == MOST_FILES
    with pytest.raises(TooManyHandedIn) as refused:
        files_of(request(("one-more.xml", SI), carried=carried))
    assert refused.value.facts["most"] == MOST_FILES


def test_what_unpacks_to_more_than_a_file_may_have_is_refused_without_unpacking_it_all() -> None:
    bomb = b64encode(zlib.compress(b"a\0" + b"0" * 60_000_000, 9)).decode()
    assert len(bomb) < 100_000
    with pytest.raises(CarriedDamaged):
        files_of(request(carried=[bomb]))


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_damage_is_told_or_does_no_harm(data: st.DataObject) -> None:
    whole = bytearray(b64decode(carrying._packed("a.xml", FIRST)))
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    try:
        name, _ = carrying._unpacked(b64encode(bytes(whole)).decode())
    except CarriedDamaged:
        return
    assert len(name) <= LONGEST_NAME


# --- documents in files ----------------------------------------------------------------------------------------------


def opened(*files: tuple[str, bytes]) -> list[Document]:
    return documents_in(handed(*files))


def test_documents_are_numbered_through_all_files() -> None:
    found = opened(("a.xml", FIRST), ("z.zip", zipped(one_xml=SI, two_xml=SECOND)), ("bad.zip", b"PK\x03\x04"))
    assert [(each.index, each.name) for each in found] == [
        (0, "a.xml"), (1, "z.zip/one.xml"), (2, "z.zip/two.xml"), (3, "bad.zip"),
    ]  # fmt: skip
    assert [each.kind.name if each.kind else "" for each in found] == ["dcc", "dsi", "dcc", ""]
    assert [each.number for each in found] == ["N-1", "", "N-1", ""]
    assert found[3].problem is not None and found[3].part is None


@pytest.mark.parametrize("deed", ["see", "convert", "compare", "migrate", "chain", "genuineness", "quantities"])
def test_deeds_are_for_certificates(deed: str) -> None:
    certificate, data, broken = opened(("a.xml", FIRST), ("s.xml", SI), ("b.xml", b"<b"))
    assert certificate.is_good_for(deed)
    assert not data.is_good_for(deed) and not broken.is_good_for(deed)


def test_a_pdf_is_examined_whole_and_an_archive_document_by_document() -> None:
    pdf = pdf_with({"x.xml": FIRST})
    in_pdf, in_zip = opened(("p.pdf", pdf), ("z.zip", zipped(a_xml=SECOND)))
    assert in_pdf.examined == ("p.pdf", pdf)
    assert in_zip.examined == ("z.zip/a.xml", SECOND)


def test_what_cannot_be_opened_is_examined_as_it_came() -> None:
    (broken,) = opened(("x.bin", b"\x00\x01"))
    assert broken.examined == ("x.bin", b"\x00\x01")
    assert isinstance(broken.problem, JialiangError)


def test_too_many_documents_are_counted_over_all_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST_DOCUMENTS", 3)
    assert len(opened(("z.zip", zipped(**{f"c{n}_xml": SI + b" " * n for n in range(3)})))) == 3
    with pytest.raises(TooManyHandedIn):
        opened(("z.zip", zipped(**{f"c{n}_xml": SI + b" " * n for n in range(4)})))
    assert MOST_DOCUMENTS > 3


@pytest.mark.parametrize(
    ("asked", "number"), [({}, 0), ({"document": "0"}, 0), ({"document": "2"}, 2), ({"document": "1"}, 0),
                          ({"document": "99"}, 0), ({"document": "x"}, 0)],
)  # fmt: skip
def test_a_download_is_of_the_document_chosen_else_of_the_first_that_fits(asked: dict[str, str], number: int) -> None:
    found = opened(("a.xml", FIRST), ("s.xml", SI), ("b.xml", SECOND))
    form: Any = RequestFactory().post("/", asked).POST
    assert chosen_part(found, form, "convert") is found[number].part


def test_a_download_needs_something_that_fits() -> None:
    form: Any = RequestFactory().post("/", {}).POST
    with pytest.raises(NothingHandedIn):
        chosen_part(opened(("s.xml", SI)), form, "convert")
