"""Reports about documents of any kind, the deeds done with them, and how a certificate is laid out for reading."""

from __future__ import annotations

import pickle
from datetime import date

import pytest
from tests.formats.dcc_samples import (
    INVALID,
    SAMPLES,
    certificate_with,
    expanded,
    quantity,
    real,
    real_list,
    sample,
    sample_certificate,
)
from tests.formats.documents.packing import zipped

from jialiang.formats.conversion.converters import Wish
from jialiang.formats.conversion.errors import UnknownNotation
from jialiang.formats.conversion.registry import notations
from jialiang.formats.conversion.rows import groups
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.errors import UnsupportedVersion
from jialiang.formats.dcc.rules.checking import check_rules
from jialiang.formats.dcc.structure import check_structure
from jialiang.formats.documents import deeds
from jialiang.formats.documents.envelopes import parts_in
from jialiang.formats.documents.errors import DeedNotForKind, KindUnknown, NothingInside
from jialiang.formats.documents.kinds import KINDS, kind_of, require
from jialiang.formats.documents.notations import BYTES, known_notations, notation
from jialiang.formats.documents.parts import Part
from jialiang.formats.documents.reports import check_file, check_part
from jialiang.formats.documents.sight import MOST_ROWS, sight_of

METRE = "\\metre"
TODAY = date(2026, 6, 16)
SI = b'<si:real xmlns:si="https://ptb.de/si"><si:value>1</si:value><si:unit>\\metre</si:unit></si:real>'
BAD_SI = SI.replace(b"<si:value>1</si:value>", b"")


# --- kinds -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "kind"),
    [(certificate_with(), "dcc"), (SI, "dsi"), (b"<list>" + SI + b"</list>", "dsi")],
)
def test_a_document_is_known_by_what_is_in_it(data: bytes, kind: str) -> None:
    assert kind_of(Part("x", data)).name == kind


@pytest.mark.parametrize("data", [b"<a/>", b'<digitalCalibrationCertificate/>', b'<a xmlns="https://ptb.de/dcc"/>'])
def test_other_xml_is_of_no_kind(data: bytes) -> None:
    with pytest.raises(KindUnknown) as refused:
        kind_of(Part("x.xml", data))
    for kind in KINDS:
        assert kind.text.en in refused.value.rule.en and kind.text.zh in refused.value.rule.zh


def test_a_deed_is_refused_for_a_kind_that_it_is_not_for() -> None:
    assert require(Part("a", certificate_with()), "convert").name == "dcc"
    with pytest.raises(DeedNotForKind):
        require(Part("a", SI), "convert")


# --- reports -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SAMPLES)
def test_a_report_is_structure_and_rules_together(oracles, name: str) -> None:
    (report,) = check_file(f"{name}.xml", sample(oracles, name), today=TODAY)
    tree = sample_certificate(oracles, name).tree
    apart = [*check_structure(tree), *check_rules(tree, TODAY)]
    assert sorted(f.rule for f in report.findings) == sorted(f.rule for f in apart)
    assert (report.errors, report.warnings, report.hints) == tuple(
        sum(f.severity == severity for f in apart) for severity in ("error", "warning", "hint")
    )
    assert report.is_valid is (name != INVALID)
    assert report.number == sample_certificate(oracles, name).number
    assert report.version == name[1:6]
    assert report.laboratory.en


def test_findings_come_in_the_order_of_lines_and_the_first_error_is_named(oracles) -> None:
    (report,) = check_file("x", sample(oracles, INVALID))
    lines = [finding.line or 0 for finding in report.findings]
    assert lines == sorted(lines)
    assert report.first_error is not None and report.first_error.line == 17


UNREADABLE = [
    (b"", "JL-XML-002"),
    (b"<a/>", "JL-FIL-004"),
    (b"PK\x03\x04", "JL-FIL-001"),
    (b"\xff\xfe\x00", "JL-XML-013"),
]


@pytest.mark.parametrize(("data", "code"), UNREADABLE)
def test_what_cannot_be_read_is_a_report_too(data: bytes, code: str) -> None:
    (report,) = check_file("x.bin", data)
    assert not report.is_readable and not report.is_valid and report.errors == 1
    assert report.findings[0].rule == code
    assert report.to_json()["valid"] is False


def test_only_certificates_where_only_they_are_asked_for() -> None:
    (report,) = check_file("s.xml", SI, certificates_only=True)
    assert [f.rule for f in report.findings] == ["JL-DCC-001"]
    (report,) = check_file("s.xml", SI)
    assert report.is_valid and report.kind == "dsi"
    (report,) = check_file("s.xml", BAD_SI)
    assert report.is_readable and not report.is_valid


def test_one_bad_document_does_not_hide_the_others_of_an_archive() -> None:
    reports = check_file("z.zip", zipped({"a.xml": b"<a", "b.xml": certificate_with(), "c.xml": SI}))
    assert [(each.file, each.is_readable) for each in reports] == [
        ("z.zip/a.xml", False), ("z.zip/b.xml", True), ("z.zip/c.xml", True),
    ]  # fmt: skip


def test_a_report_travels_between_processes(oracles) -> None:
    (report,) = check_file("x", sample(oracles, INVALID))
    assert pickle.loads(pickle.dumps(report)) == report


def test_the_day_is_a_parameter() -> None:
    data = certificate_with(end="2026-07-05")
    assert check_part(Part("x", data), today=date(2026, 6, 30)).errors == 1
    assert check_part(Part("x", data), today=date(2026, 7, 6)).errors == 0
    assert check_part(Part("x", data)).errors == 0


# --- deeds -------------------------------------------------------------------------------------------------------

FIRST = Part("a/C-1.xml", certificate_with(quantity(real("10.0", METRE, expanded("0.3")), "Length")))


@pytest.mark.parametrize("name", notations())
def test_a_conversion_has_the_name_and_suffix_of_its_notation(name: str) -> None:
    made = deeds.converted(FIRST, name, Wish("zh"))
    assert made.name == f"C-1{notation(name).suffix}"
    assert made.data and made.notation.name == name


def test_every_notation_is_described_in_both_languages() -> None:
    for each in known_notations():
        assert each.text.zh and each.text.en and each.suffix.startswith(".") and "/" in each.media_type
    assert len({each.suffix for each in known_notations()}) == len(known_notations())


def test_a_notation_that_nobody_described_is_a_file_of_bytes() -> None:
    unknown = notation("papyrus")
    assert (unknown.text.en, unknown.media_type, unknown.suffix) == ("papyrus", BYTES, ".papyrus")
    with pytest.raises(UnknownNotation):
        deeds.converted(FIRST, "papyrus", Wish())


def test_xml_is_not_written_anew_unless_its_encoding_changes() -> None:
    assert deeds.converted(FIRST, "xml", Wish(encoding="UTF-8")).data == FIRST.data
    other = deeds.converted(FIRST, "xml", Wish(encoding="gb18030")).data
    assert other != FIRST.data and Certificate.read(other).number == "N-1"


@pytest.mark.parametrize(
    ("name", "stem"),
    [("a/b.xml", "b"), ("证书 1.xml", "证书 1"), ('a"b?.xml', "a_b_"), ("..", "certificate"), ("", "certificate"),
     ("x\u202e.xml", "x_"), ("y" * 300 + ".xml", "y" * 100)],
)  # fmt: skip
def test_the_name_of_a_made_file_is_fit_for_one(name: str, stem: str) -> None:
    assert deeds.stem(name) == stem


@pytest.mark.parametrize("name", SAMPLES)
def test_migration_of_every_sample_is_valid_or_says_why(oracles, name: str) -> None:
    migrated = deeds.migrated(Part(name, sample(oracles, name)))
    assert Certificate.read(migrated.xml).version == "3.3.0"
    told = migrated.to_json()
    assert told["valid"] is (name != INVALID)
    assert told["version_before"] == name[1:6]
    if not migrated.migration.changes:
        assert migrated.xml == sample(oracles, name)


def test_migration_of_an_early_version_is_refused() -> None:
    with pytest.raises(UnsupportedVersion):
        deeds.migrated(Part("x", certificate_with(version="2.1.0")))


def test_adjustment_is_compared_only_where_both_states_are() -> None:
    assert deeds.adjusted(FIRST) is None


def test_chain_passes_over_what_is_no_certificate() -> None:
    chain = deeds.chained([Part("s", SI), FIRST])
    assert [each.file for each in chain.certificates] == ["a/C-1.xml"]
    with pytest.raises(NothingInside):
        deeds.chained([Part("s", SI)])


@pytest.mark.parametrize("deed", [deeds.structure_of, deeds.migrated, deeds.adjusted])
def test_deeds_of_certificates_are_refused_for_other_kinds(deed) -> None:
    with pytest.raises(DeedNotForKind):
        deed(Part("s", SI))


def test_quantities_are_those_of_the_certificate(oracles) -> None:
    for name in SAMPLES:
        told = deeds.quantities_of(Part(name, sample(oracles, name)), "en")
        assert told["quantities"] == [q.to_json("en") for q in sample_certificate(oracles, name).quantities()]


# --- laid out for reading ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SAMPLES)
def test_every_value_of_every_table_is_shown_as_it_stands(oracles, name: str) -> None:
    certificate = sample_certificate(oracles, name)
    sight = sight_of(certificate, "en")
    shown = [column.cells for table in sight.tables for column in table.columns]
    for together in groups(certificate):
        for each in together:
            for writing in (part for whole in each.writings for part in whole.flat()):
                assert writing.values[:MOST_ROWS] in shown, each.path
    assert (sight.number, sight.version) == (certificate.number, certificate.version)
    assert sight.laboratory.name.en and sight.items and sight.begin_date


def test_a_table_has_value_uncertainty_and_factor_side_by_side() -> None:
    sight = sight_of(FIRST.certificate, "en")
    (table,) = sight.tables
    assert [(c.heading, c.unit, c.symbol, c.cells) for c in table.columns] == [
        ("Length", "m", "", ("10.0",)), ("Length", "m", "U", ("0.3",)),
        ("Length", "", "k", ("2",)), ("Length", "", "p", ("0.95",)),
    ]  # fmt: skip
    assert [[cell for _, cell in row] for row in table.rows] == [["10.0", "0.3", "2", "0.95"]]


def test_long_tables_are_cut_and_say_by_how_much() -> None:
    values = " ".join(str(n) for n in range(MOST_ROWS + 7))
    (table,) = sight_of(Certificate.read(certificate_with(quantity(real_list(values, METRE)))), "en").tables
    assert len(table.rows) == MOST_ROWS
    assert table.left_out == 7


def test_the_languages_of_a_certificate_are_told() -> None:
    sight = sight_of(FIRST.certificate, "en")
    assert sight.has_language("zh") and sight.has_language("en") and not sight.has_language("de")


def test_parts_of_an_archive_are_parsed_once() -> None:
    (part,) = parts_in("z", zipped({"a.xml": certificate_with()}))
    assert part.tree is part.tree
    assert part.certificate is part.certificate
