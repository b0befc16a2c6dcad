"""A certificate laid out for reading, worked out by hand: every form of a quantity, every party, every language."""

from __future__ import annotations

import pytest
from tests.formats.dcc_samples import certificate_with, expanded, quantity, real, real_list, reference

from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.documents.sight import MOST_TABLES, Column, Sight, Table, sight_of

METRE, CELSIUS, KELVIN = "\\metre", "\\degreecelsius", "\\kelvin"
STANDARD = (
    "<si:measurementUncertaintyUnivariate><si:standardMU><si:valueStandardMU>0.05</si:valueStandardMU>"
    "</si:standardMU></si:measurementUncertaintyUnivariate>"
)


def sight(inside: str = "", language: str = "en", **more: str) -> Sight:
    return sight_of(Certificate.read(certificate_with(inside, **more)), language)


def told(shown: Sight) -> list[list[tuple[str, str, str, tuple[str, ...]]]]:
    """Tables as plain values: (heading, unit, symbol, cells)."""
    return [[(c.heading, c.unit, c.symbol, c.cells) for c in table.columns] for table in shown.tables]


FORMS = {
    "a number": (real("1.50", METRE), [("Q", "m", "", ("1.50",))]),
    "a number of no unit": (real("0.5", "\\one"), [("Q", "", "", ("0.5",))]),
    "an unknown unit stays as it is written": (real("1", "\\furlong"), [("Q", "\\furlong", "", ("1",))]),
    "expanded uncertainty": (
        real("10.0", METRE, expanded("0.30", "2.0", "0.95")),
        [("Q", "m", "", ("10.0",)), ("Q", "m", "U", ("0.30",)), ("Q", "", "k", ("2.0",)), ("Q", "", "p", ("0.95",))],
    ),
    "standard uncertainty": (
        real("1", METRE, STANDARD),
        [("Q", "m", "", ("1",)), ("Q", "m", "u", ("0.05",))],
    ),
    "a list": (real_list("1.0 2.00 -3", METRE), [("Q", "m", "", ("1.0", "2.00", "-3"))]),
    "a list of one": (real_list("1.0", METRE), [("Q", "m", "", ("1.0",))]),
    "a hybrid has a column a unit": (
        f"<si:hybrid>{real('20.0', CELSIUS)}{real('293.15', KELVIN)}</si:hybrid>",
        [("Q", "°C", "", ("20.0",)), ("Q", "K", "", ("293.15",))],
    ),
    "words": (
        "<dcc:noQuantity><dcc:content>passed</dcc:content></dcc:noQuantity>",
        [("Q", "", "", ("passed",))],
    ),
    "a list of words": ("<dcc:charsXMLList>ok ok bad</dcc:charsXMLList>", [("Q", "", "", ("ok", "ok", "bad"))]),
    "a huge and a tiny number keep every digit": (
        real_list("1e400 0.000000000000000000001000", METRE),
        [("Q", "m", "", ("1e400", "0.000000000000000000001000"))],
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_quantity_is_a_column(form: str) -> None:
    inside, expected = FORMS[form]
    assert told(sight(quantity(inside, "Q"))) == [expected]


def test_a_quantity_without_a_name_is_headed_by_its_ref_type_else_by_its_kind() -> None:
    named = quantity(real("1", METRE), "", 'refType="basic_measuredValue math_mean"')
    assert told(sight(named))[0][0][0] == "basic_measuredValue math_mean"
    assert told(sight(quantity(real("1", METRE), "")))[0][0][0] == "real"


def test_quantities_of_one_list_are_columns_of_one_table() -> None:
    inside = (
        f"<dcc:list>{quantity(real_list('1 2', METRE), 'A')}{quantity(real_list('3 4', KELVIN), 'B')}</dcc:list>"
        f"{quantity(real('5', METRE), 'C')}"
    )
    assert told(sight(inside)) == [
        [("A", "m", "", ("1", "2")), ("B", "K", "", ("3", "4"))],
        [("C", "m", "", ("5",))],
    ]


def test_columns_of_uneven_length_leave_their_last_cells_empty() -> None:
    table = Table((Column("A", "m", ("1", "2")), Column("B", "", ("x",))))
    assert [[cell for _, cell in row] for row in table.rows] == [["1", "x"], ["2", ""]]
    assert Table(()).rows == []


@pytest.mark.parametrize(
    ("column", "number"),
    [(Column("A", "m", ("1",)), True), (Column("A", "", ("1",), "k"), True), (Column("A", "", ("ok",)), False)],
)
def test_what_has_a_unit_or_a_symbol_is_set_as_numbers(column: Column, number: bool) -> None:
    assert column.is_number is number


def test_more_tables_than_are_shown_are_counted() -> None:
    shown = sight("".join(quantity(real(str(n), METRE), f"Q{n}") for n in range(MOST_TABLES + 3)))
    assert len(shown.tables) == MOST_TABLES
    assert shown.tables_left_out == 3
    assert sight().tables_left_out == 0


# --- around the results --------------------------------------------------------------------------------------------


def test_parties_items_and_days_are_read() -> None:
    shown = sight(number="L-7", end="2026-03-05")
    assert (shown.number, shown.version, shown.country) == ("L-7", "3.3.0", "CN")
    assert (shown.begin_date, shown.end_date, shown.issue_date) == ("2026-03-01", "2026-03-05", "")
    assert (shown.laboratory.name.en, shown.laboratory.laboratory_code) == ("Lab", "L0")
    assert shown.customer.name.zh == "Someone"
    (item,) = shown.items
    assert (item.name.en, item.serial_number) == ("Thing", "S-1")
    (person,) = shown.persons
    assert person.name.en == "A" and person.main_signer
    assert shown.statements == () and shown.equipment == ()


def test_equipment_is_named() -> None:
    shown = sight(equipment=reference("N-9", "sha256", "0" * 64))
    assert [name.en for name in shown.equipment] == ["Standard"]


def test_statements_have_their_words_and_norms() -> None:
    statement = (
        "<dcc:statement><dcc:name><dcc:content>Traceability</dcc:content></dcc:name><dcc:norm>GUM</dcc:norm>"
        '<dcc:declaration><dcc:content lang="zh">溯源</dcc:content><dcc:content lang="en">to the SI</dcc:content>'
        "</dcc:declaration></dcc:statement>"
    )
    (told_,) = sight(statements=statement).statements
    assert (told_.name.en, told_.declaration.zh, told_.declaration.en) == ("Traceability", "溯源", "to the SI")
    assert told_.norms == ("GUM",)


# --- languages -----------------------------------------------------------------------------------------------------

BOTH = (
    '<dcc:quantity><dcc:name><dcc:content lang="de">Länge</dcc:content><dcc:content lang="en">Length</dcc:content>'
    f"</dcc:name>{real('1', METRE)}</dcc:quantity>"
)


def spoken(languages: str) -> bytes:
    first, second = languages.split()
    data = certificate_with(BOTH).decode()
    data = data.replace("LangCodeISO639_1>zh<", f"LangCodeISO639_1>{first}<")
    return data.replace("LangCodeISO639_1>en<", f"LangCodeISO639_1>{second}<").encode()


@pytest.mark.parametrize(
    ("languages", "asked", "heading"),
    [("de en", "en", "Length"), ("de en", "de", "Länge"), ("de en", "zh", "Length"), ("de fr", "zh", "Länge")],
)
def test_names_are_in_the_language_asked_for_else_in_english_else_as_they_come(
    languages: str, asked: str, heading: str
) -> None:
    assert told(sight_of(Certificate.read(spoken(languages)), asked))[0][0][0] == heading


@pytest.mark.parametrize(("asked", "has"), [("zh", False), ("de", True), ("en", True), ("fr", False)])
def test_a_missing_language_is_known(asked: str, has: bool) -> None:
    assert sight_of(Certificate.read(spoken("de en")), asked).has_language(asked) is has


@pytest.mark.parametrize("version", ["2.2.0", "2.4.0", "3.0.0", "3.2.1", "3.3.0", "9.9.9", ""])
def test_any_version_is_laid_out_and_a_broken_one_does_not_fail(version: str) -> None:
    data = certificate_with(quantity(real("1", METRE), "Q"), version=version)
    shown = sight_of(Certificate.read(data), "en")
    assert shown.version == version
    assert told(shown)[0][0][3] == ("1",)
    bare = b'<dcc:digitalCalibrationCertificate xmlns:dcc="https://ptb.de/dcc"/>'
    empty = sight_of(Certificate.read(bare), "zh")
    assert (empty.number, empty.items, empty.tables, empty.has_language("zh")) == ("", (), (), True)
