"""Wrappings exactly at their limits and one beyond, names that mislead, words of refusals, deeds as JSON."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.dcc_samples import certificate_with, quantity, real
from tests.formats.documents.packing import pdf_with, zipped

from jialiang.formats.canonical import sha256_hex
from jialiang.formats.conversion.converters import Wish
from jialiang.formats.conversion.registry import convert
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.documents import deeds
from jialiang.formats.documents.archives import BULK, IN_MEMORY, STRANGERS, ArchiveLimits, opened_archive
from jialiang.formats.documents.envelopes import envelope_of, is_known, parts_in
from jialiang.formats.documents.errors import (
    ArchiveTooLarge,
    ArchiveUnreadable,
    CheckerLost,
    DeedNotForKind,
    KindUnknown,
    NothingInside,
    SizeRefused,
)
from jialiang.formats.documents.kinds import KINDS, Facts, kind_of, require
from jialiang.formats.documents.parts import Part
from jialiang.formats.documents.reports import (
    check_file,
    problem_finding,
    report_of,
    unreadable,
    with_findings,
)
from jialiang.formats.findings import DocumentFinding
from jialiang.kernel.errors import JialiangError
from jialiang.kernel.text import Text

XML = certificate_with()
SI = b'<si:real xmlns:si="https://ptb.de/si"><si:value>1</si:value><si:unit>\\metre</si:unit></si:real>'


def stored(files: dict[str, bytes]) -> bytes:
    return zipped(files, method=zipfile.ZIP_STORED)


# --- exactly at a limit ------------------------------------------------------------

BODY = b"<a>0123456789</a>"
LENGTH = len(BODY)
AT_LIMIT = [
    ("files", ArchiveLimits(files=2), 2, 3),
    ("file_bytes", ArchiveLimits(file_bytes=LENGTH), 2, None),
    ("all_bytes", ArchiveLimits(all_bytes=2 * LENGTH), 2, 3),
]


@pytest.mark.parametrize(("limit", "limits", "good", "bad"), AT_LIMIT)
def test_the_limit_itself_is_kept_and_one_more_is_not(
    limit: str, limits: ArchiveLimits, good: int, bad: int | None
) -> None:
    assert len(parts_in("z.zip", stored({f"{n}.xml": BODY for n in range(good)}), limits)) == good
    files = {f"{n}.xml": BODY for n in range(bad)} if bad else {"a.xml": BODY + b"\n"}
    with pytest.raises(ArchiveTooLarge) as refused:
        parts_in("z.zip", stored(files), limits)
    assert refused.value.facts["size"] > refused.value.facts["limit"] == getattr(limits, limit)
    assert refused.value.http_status == 413


@pytest.mark.parametrize(("ratio", "opens"), [(10, True), (9, False)])
def test_what_a_small_file_may_pack_to_is_counted_as_if_it_were_a_kibibyte(ratio: int, opens: bool) -> None:
    data = zipped({"a.xml": b"<a>" + b" " * (10 * 1024 - 7) + b"</a>"})
    limits = ArchiveLimits(ratio=ratio)
    if opens:
        assert len(parts_in("z", data, limits)[0].data) == 10 * 1024
        return
    with pytest.raises(ArchiveTooLarge) as refused:
        parts_in("z", data, limits)
    assert refused.value.facts == {"thing": refused.value.facts["thing"], "size": 10_240, "limit": 9 * 1024}
    assert "a.xml" in refused.value.what.en and "a.xml" in refused.value.what.zh


def test_files_that_nobody_opens_count_too() -> None:
    with pytest.raises(ArchiveTooLarge):
        parts_in("z", stored({"a.xml": BODY, "b.txt": b"x", "c.txt": b"x"}), ArchiveLimits(files=2))
    folders = {"a.xml": BODY, **{f"{n}/": b"" for n in range(20)}}
    assert len(parts_in("z", stored(folders), ArchiveLimits(files=1))) == 1


def test_strangers_get_less_than_operators() -> None:
    for member in ("files", "file_bytes", "all_bytes"):
        assert getattr(STRANGERS, member) <= getattr(IN_MEMORY, member) <= getattr(BULK, member), member
    assert STRANGERS.xml.size < IN_MEMORY.xml.size and STRANGERS.xml.elements < IN_MEMORY.xml.elements


def test_of_two_files_of_one_name_the_last_is_read_once() -> None:
    out = BytesIO()
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(out, "w") as packed:
        packed.writestr("a.xml", b"<first/>")
        packed.writestr("a.xml", b"<last/>")
    (part,) = parts_in("z", out.getvalue())
    assert part.data == b"<last/>"


def test_an_archive_knows_what_is_in_it_without_unpacking() -> None:
    with opened_archive(zipped({"a.xml": BODY, "d/": b""}), "z") as archive:
        assert "a.xml" in archive and "b.xml" not in archive and "d/" not in archive and None not in archive
        assert archive.names == ("a.xml",)


# --- names ------------------------------------------------------------

NAMES = [
    ("a.xml", True), ("A.XML", True), ("a.dcc", True), ("a.rdf", True), ("d/a.cbor", True), ("a.mpk", True),
    ("a.zip", True), ("证书.xml", True), ("a b.xml", True), ("../a.xml", True), ("a.xml/", True),
    ("", False), (".", False), (".xml", False), ("..xml", False), ("d/.a.xml", False), ("__MACOSX/d/a.xml", False),
    ("d/__MACOSX/a.xml", False), ("a.xmls", False), ("a.xml~", False), ("a.xml.p7s", False), ("xml", False),
    ("a__MACOSX.xml", True),
]  # fmt: skip


@pytest.mark.parametrize(("name", "known"), NAMES)
def test_which_names_are_worth_opening(name: str, known: bool) -> None:
    assert is_known(name) is known


@pytest.mark.parametrize("name", ["../../etc/a.xml", "/abs/a.xml", "C:\\a.xml", "a\u202e.xml"])
def test_a_name_that_leads_elsewhere_is_a_name_and_no_more(name: str) -> None:
    (part,) = parts_in("z.zip", stored({name: XML}))
    assert part.name.startswith("z.zip/") and part.data == XML
    assert all(letter not in deeds.stem(part.name) for letter in '/\\:*?"<>|\u202e')


@settings(max_examples=120)
@given(st.text(max_size=160))
def test_the_name_of_a_made_file_is_always_fit(name: str) -> None:
    made = deeds.stem(name)
    assert 1 <= len(made) <= 100
    assert made == made.strip(" .") and made.isprintable()
    assert not set(made) & set('\\/:*?"<>|')


WRAPPINGS = [
    (b"PK\x03\x04", "a.xml", "zip"), (b"PK\x05\x06", "a", "zip"), (b"PK\x01\x02", "a", None),
    (b"%PDF-1.7", "a.zip", "pdf"), (b" " * 1019 + b"%PDF-", "a", "pdf"), (b" " * 1020 + b"%PDF-", "a", None),
    (b"{}", "a.json", "json"), (b"{}", "a.JSON", "json"), (b"{}", "a", None), (b"\xef\xbb\xbf <a/>", "a.json", None),
    (b"\xa2", "a.cbor", "cbor"), (b"\xa2", "a", None), (b"\x82", "a.mpk", "msgpack"), (b"<a/>", "a.zip", None),
    (b"<a/>", "a.pdf", None), (b"", "a.pdf", None), (b"", "a.json", "json"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "name", "wrapping"), WRAPPINGS)
def test_bytes_go_before_names(data: bytes, name: str, wrapping: str | None) -> None:
    found = envelope_of(Part(name, data))
    assert (found.name if found else None) == wrapping


# --- refusals in words ------------------------------------------------------------

REFUSALS: list[tuple[JialiangError, int]] = [
    (ArchiveUnreadable(file="z.zip", reason=Text("坏", "bad")), 422),
    (ArchiveTooLarge(thing=Text("包", "it"), size=2, limit=1), 413),
    (NothingInside(file="z.zip"), 422),
    (KindUnknown(file="z.zip", known=Text("证书", "certificates")), 422),
    (DeedNotForKind(file="z.zip", kind=Text("数据", "data"), deed="convert"), 422),
    (CheckerLost(file="z.zip"), 503),
    (SizeRefused(file="z.zip", size=2, limit=1, line=1), 413),
]


@pytest.mark.parametrize(("error", "status"), REFUSALS, ids=lambda each: getattr(each, "code", str(each)))
def test_a_refusal_says_what_which_rule_and_how_to_mend_in_both_languages(error: JialiangError, status: int) -> None:
    assert error.http_status == status
    for words in (error.what, error.rule, error.way_out):
        assert words.zh and words.en and words.zh != words.en
        assert "{" not in words.zh + words.en
    finding = problem_finding(error)
    assert (finding.rule, finding.severity, finding.text) == (error.code, "error", error.what)
    assert finding.line == error.facts.get("line")


@pytest.mark.parametrize("line", ["3", None, 2.5])
def test_a_line_that_is_no_number_is_left_out(line: object) -> None:
    assert problem_finding(SizeRefused(file="a", size=2, limit=1, line=line)).line is None


@pytest.mark.parametrize("size", [1000, 100])
def test_a_long_name_is_cut_in_a_refusal(size: int) -> None:
    name = "n" * size
    with pytest.raises(ArchiveUnreadable) as refused:
        parts_in(name, b"PK\x03\x04")
    assert refused.value.facts["file"] == name[:200]
    with pytest.raises(KindUnknown) as unknown:
        kind_of(Part(name, b"<a/>"))
    assert unknown.value.facts["file"] == name[:200]


# --- reports ------------------------------------------------------------


def finding(rule: str, severity: str, line: int | None) -> DocumentFinding:
    return DocumentFinding(rule, severity, line, "/", Text("甲", "a"))  # type: ignore[arg-type]


FINDINGS = st.lists(
    st.builds(finding, st.sampled_from("ABC"), st.sampled_from(["error", "warning", "hint"]),
              st.none() | st.integers(1, 9)), max_size=8,
)  # fmt: skip


@settings(max_examples=60)
@given(FINDINGS, FINDINGS)
def test_findings_added_later_count_as_if_they_had_been_found_first(one: list, more: list) -> None:
    facts = Facts("3.3.0", "N-1", Text("甲", "a"))
    report = with_findings(report_of("a", one, kind="dcc", facts=facts, digest="d"), more)
    assert sorted(map(repr, report.findings)) == sorted(map(repr, one + more))
    lines = [each.line or 0 for each in report.findings]
    assert lines == sorted(lines)
    counts = [sum(each.severity == s for each in one + more) for s in ("error", "warning", "hint")]
    assert [report.errors, report.warnings, report.hints] == counts
    assert report.is_valid is (counts[0] == 0)
    assert (report.first_error is None) is (counts[0] == 0)
    assert (report.version, report.number, report.laboratory, report.sha256) == ("3.3.0", "N-1", Text("甲", "a"), "d")


def test_a_report_that_nothing_was_read_for_is_never_valid() -> None:
    report = unreadable("a", NothingInside(file="a"), "digest")
    assert (report.is_readable, report.is_valid, report.errors, report.sha256) == (False, False, 1, "digest")
    assert not replace(report, errors=0, findings=()).is_valid


@pytest.mark.parametrize("data", [XML, SI, b"<c", zipped({"a.txt": b"x"})])
def test_a_report_carries_the_digest_of_the_bytes_it_is_about(data: bytes) -> None:
    (report,) = check_file("a", data)
    assert report.sha256 == sha256_hex(data)
    assert json.loads(json.dumps(report.to_json()))["valid"] is report.is_valid


def test_the_digest_of_a_wrapped_document_is_its_own() -> None:
    for data in (zipped({"x.xml": XML}), pdf_with({"x.xml": XML})):
        assert check_file("f", data)[0].sha256 == sha256_hex(XML)


# --- deeds ------------------------------------------------------------

DEEDS = {"see", "genuineness", "compare", "convert", "migrate", "chain", "quantities"}


@pytest.mark.parametrize("deed", sorted(DEEDS | {"unheard-of"}))
def test_each_kind_takes_the_deeds_of_its_table_and_no_others(deed: str) -> None:
    for data in (XML, SI):
        part = Part("a.xml", data)
        kind = kind_of(part)
        if deed in kind.deeds:
            assert require(part, deed) is kind
            continue
        with pytest.raises(DeedNotForKind) as refused:
            require(part, deed)
        assert kind.text.en in refused.value.what.en and kind.text.zh in refused.value.what.zh
    assert {each for kind in KINDS for each in kind.deeds} == DEEDS


@pytest.mark.parametrize("name", ["json", "cbor", "msgpack"])
def test_what_is_written_without_loss_is_opened_to_the_same_certificate(name: str) -> None:
    made = deeds.converted(Part("d/C-1.xml", XML), name, Wish())
    assert made.data == convert(Certificate.read(XML), name).data
    (part,) = parts_in(made.name, made.data)
    assert part.name == f"C-1.{name}"
    again = deeds.converted(part, name, Wish())
    assert again.data == made.data


def test_deeds_are_ready_for_json_and_say_which_file() -> None:
    part = Part("证书.xml", certificate_with(quantity(real("1.50", "\\metre"), "长")))
    for told in (deeds.quantities_of(part, "zh"), deeds.structure_of(part), deeds.migrated(part).to_json()):
        assert json.loads(json.dumps(told, ensure_ascii=False)) == told
        assert told["file"] == "证书.xml"
    assert deeds.quantities_of(part, "zh")["quantities"][0]["value"] == "1.50"


def test_a_chain_of_nothing_names_all_that_it_was_looked_for_in() -> None:
    with pytest.raises(NothingInside) as refused:
        deeds.chained([Part("a.xml", SI), Part("b.xml", SI)])
    assert refused.value.facts["file"] == "a.xml, b.xml"
    with pytest.raises(NothingInside):
        deeds.chained([])


@pytest.mark.parametrize("other", [SI, b"<a/>", b"<c"])
def test_a_comparison_takes_two_certificates(other: bytes) -> None:
    first = Part("a.xml", XML)
    assert deeds.compared(first, Part("b.xml", XML)).to_json("en")["same"] is True
    for pair in ((first, Part("o", other)), (Part("o", other), first)):
        with pytest.raises(JialiangError) as refused:
            deeds.compared(*pair)
        assert refused.value.code in ("JL-FIL-005", "JL-FIL-004", "JL-XML-002")
