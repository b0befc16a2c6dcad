"""How files come to the document operations: as parts of a form or as a body, counted, opened and named."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import RequestFactory
from tests.formats.dcc_samples import SAMPLES, certificate_with, sample
from tests.formats.documents.packing import pdf_with, zipped

from jialiang.formats.documents.archives import STRANGERS
from jialiang.formats.documents.deeds import Made
from jialiang.formats.documents.errors import ArchiveTooLarge
from jialiang.formats.documents.notations import known_notations, notation
from jialiang.integration.api import handing_in
from jialiang.integration.api.document_answers import ANSWERS, BODY, MADE, file_answer
from jialiang.integration.api.handing_in import LONGEST_NAME, documents_of, pair_of, single_of
from jialiang.integration.api.negotiation import DOCUMENTS, check_request
from jialiang.integration.api.problems import DocumentsMiscounted, FormNotAccepted

XML = certificate_with()
ADDRESS = "/api/v1/documents/check"


def form(*files: tuple[str, bytes], member: str = "file") -> HttpRequest:
    given = [SimpleUploadedFile(name, data) for name, data in files]
    return RequestFactory().post(ADDRESS, {member: given})


def body(data: bytes, kind: str = "application/xml", query: str = "") -> HttpRequest:
    return RequestFactory().post(f"{ADDRESS}{query}", data, content_type=kind)


def names(request: HttpRequest) -> list[str]:
    return [part.name for part in documents_of(request)]


# --- what comes ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_comes_the_same_way_by_form_body_archive_and_pdf(oracles, name: str) -> None:
    xml = sample(oracles, name)
    ways = [
        form((f"{name}.xml", xml)), body(xml), form(("z.zip", zipped({"x.xml": xml}))),
        body(zipped({"x.xml": xml}), "application/zip"), form(("p.pdf", pdf_with({"x.xml": xml}))),
        body(pdf_with({"x.xml": xml}), "application/pdf"),
    ]  # fmt: skip
    assert [single_of(way).data for way in ways] == [xml] * len(ways)


def test_documents_keep_the_order_of_parts_and_of_archives() -> None:
    packed = zipped({"b.xml": XML, "a.xml": XML})
    assert names(form(("2.xml", XML), ("z.zip", packed), ("1.xml", XML))) == [
        "2.xml", "z.zip/b.xml", "z.zip/a.xml", "1.xml",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "name"),
    [("", "document"), ("?name=c.xml", "c.xml"), ("?name=%E8%AF%81%E4%B9%A6.xml", "证书.xml"),
     (f"?name={'x' * 300}.xml", "x" * (LONGEST_NAME - 4) + ".xml")],
)  # fmt: skip
def test_a_body_is_named_by_the_question(query: str, name: str) -> None:
    assert names(body(XML, query=query)) == [name]


def test_the_name_tells_lossless_data_from_others_only_where_the_bytes_do_not() -> None:
    assert names(body(XML, "application/json", "?name=a.json")) == ["a.json"]


# --- how many ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("request_", [form(), body(b""), form(("a.xml", XML), member="other")])
def test_nothing_is_too_few(request_: HttpRequest) -> None:
    with pytest.raises(DocumentsMiscounted) as refused:
        documents_of(request_)
    assert refused.value.facts["given"] == 0
    assert str(STRANGERS.files) in refused.value.what.en


@pytest.mark.parametrize("count", [2, 3])
def test_one_is_one(count: int) -> None:
    with pytest.raises(DocumentsMiscounted) as refused:
        single_of(form(*[(f"{n}.xml", XML) for n in range(count)]))
    assert refused.value.facts["given"] == count
    assert "one" in refused.value.what.en and "1 份" in refused.value.what.zh


@pytest.mark.parametrize("count", [1, 3])
def test_two_are_two(count: int) -> None:
    with pytest.raises(DocumentsMiscounted):
        pair_of(form(*[(f"{n}.xml", XML) for n in range(count)]))


def test_a_pair_may_come_in_one_archive() -> None:
    first, second = pair_of(form(("z.zip", zipped({"a.xml": XML, "b.xml": XML}))))
    assert (first.name, second.name) == ("z.zip/a.xml", "z.zip/b.xml")


def test_all_files_of_a_request_share_one_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    monkeypatch.setattr(handing_in, "STRANGERS", replace(STRANGERS, all_bytes=int(len(XML) * 1.5)))
    packed = zipped({"a.xml": XML})
    assert names(form(("1.zip", packed))) == ["1.zip/a.xml"]
    with pytest.raises(ArchiveTooLarge):
        documents_of(form(("1.zip", packed), ("2.zip", packed)))


# --- forms of requests ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_every_kind_of_body_that_the_document_names_is_let_in(kind: str) -> None:
    check_request(body(b"x", kind))
    assert kind in BODY["requestBody"]["content"]


@pytest.mark.parametrize("kind", ["text/plain", "text/html", "application/x-www-form-urlencoded", ""])
def test_other_bodies_are_not(kind: str) -> None:
    with pytest.raises(FormNotAccepted) as refused:
        check_request(body(b"x", kind))
    assert "application/xml" in refused.value.facts["accepted"]


def test_only_the_tools_take_documents_as_bodies() -> None:
    elsewhere = RequestFactory().post("/api/v1/organizations", XML, content_type="application/xml")
    with pytest.raises(FormNotAccepted):
        check_request(elsewhere)


# --- answers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [each.name for each in known_notations()])
def test_a_file_is_answered_as_the_document_promises(name: str) -> None:
    answer = file_answer(Made("证书\"1?.x", b"data", notation(name)))
    assert answer["Content-Type"] in MADE["content"]
    assert answer["Content-Disposition"] == 'attachment; filename="___1_.x"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "Jialiang-Unmapped" not in answer


def test_letters_that_an_encoding_lacks_are_counted_in_the_answer() -> None:
    answer = file_answer(Made("a.csv", b"", notation("csv"), ("€", "ß")))
    assert answer["Jialiang-Unmapped"] == "2"


def test_every_answer_has_words_and_an_example_that_fits_it() -> None:
    import jsonschema_rs

    for deed, told in ANSWERS.items():
        assert told["description"]
        for kind, content in told["content"].items():
            if kind == "application/json" and "example" in content:
                jsonschema_rs.validate(content["schema"], content["example"]), deed


def test_a_stream_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    request = body(XML)
    assert single_of(request).data == single_of(request).data == XML
    assert isinstance(BytesIO(XML).read(), bytes)
