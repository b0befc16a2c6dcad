"""One certificate, all its forms: every number of the certificate is in every form, whatever notation is added."""

import json
import re
from functools import cache

import cbor2
import msgpack
import pytest
from lxml import etree
from tests.formats.dcc_samples import sample
from tests.formats.number_readers import EXACT, numbers_in, numbers_of_tree, rows_of_tree
from tests.formats.sample_content import sample_content

from jialiang.assembly.document_files import page_fonts
from jialiang.formats.conversion.converters import Wish
from jialiang.formats.conversion.registry import convert, notations
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.writing import dcc_xml

SOURCES = (
    "ours",
    "v2.4.0_siliziumkugel",
    "v3.0.0_mass_singleweight",
    "v3.1.1_gp_temperature_extensive",
    "v3.1.2_gp_humidity",
    "v3.3.0_gp_temperature_valid",
)


@cache
def certificate(oracles, source):
    """A certificate, read."""
    return Certificate.read(dcc_xml(sample_content()) if source == "ours" else sample(oracles, source))


@pytest.mark.parametrize("source", SOURCES)
def test_xpath_finds_as_many_values_as_the_letters_of_the_file_show(oracles, source):
    given = certificate(oracles, source)
    letters = etree.tostring(given.tree, encoding="unicode")
    written = [token for text in re.findall(r"<si:value(?:XMLList)?>([^<]*)<", letters) for token in text.split()]
    assert [row[0] for row in rows_of_tree(given.tree)] == written
    assert len(written) >= 8
    assert numbers_of_tree(given.tree)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("notation", notations())
def test_every_number_is_in_every_form(oracles, tmp_path, notation, source):
    given = certificate(oracles, source)
    made = convert(given, notation, Wish(fonts=page_fonts())).data
    if notation in EXACT:
        assert EXACT[notation](made) == rows_of_tree(given.tree)
    else:
        assert numbers_of_tree(given.tree) - numbers_in(made, tmp_path) == set()


@pytest.mark.parametrize("notation", sorted({*EXACT} - {"xlsx"}))  # sheets have names in the language
def test_forms_for_programs_do_not_depend_on_the_language(oracles, notation):
    given = certificate(oracles, "v3.1.2_gp_humidity")
    made = convert(given, notation, Wish(language="zh")).data
    assert EXACT[notation](made) == rows_of_tree(given.tree)


@pytest.mark.parametrize("notation", ["cbor", "msgpack"])
def test_typed_forms_have_the_numbers_of_the_typed_json(oracles, notation):
    read = {"cbor": cbor2.loads, "msgpack": msgpack.unpackb}[notation]
    for source in SOURCES:
        given = certificate(oracles, source)
        typed = read(convert(given, notation, Wish(typed=True)).data)
        assert EXACT["data-json"](json.dumps(typed).encode()) == rows_of_tree(given.tree)


@pytest.mark.parametrize("notation", sorted(EXACT))
def test_the_readers_notice_a_changed_digit(oracles, notation):
    given = certificate(oracles, "v3.3.0_gp_temperature_valid")
    data = sample(oracles, "v3.3.0_gp_temperature_valid")
    assert b"306.248" in data
    changed = Certificate.read(data.replace(b"306.248", b"306.249"))
    assert EXACT[notation](convert(changed, notation).data) != rows_of_tree(given.tree)


def test_numbers_of_pages_are_found_by_what_the_bytes_are(tmp_path):
    page = "<!doctype html><html><body><td>\u22120.0090</td><td>1\u2009234.50</td></body></html>"
    assert {"-0.0090", "1234.50"} <= numbers_in(page.encode(), tmp_path)
    assert {"1.50", "2e-3"} <= numbers_in(b'<x> "1.50"^^xsd:decimal ; "2e-3" .', tmp_path)
