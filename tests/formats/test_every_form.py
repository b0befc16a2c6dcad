"""One certificate, all its forms: every number of the certificate is in every form, whatever notation is added.

So for what it attests: certificate of conformity and credential are made of the same content and say the same numbers.
"""

import base64
import json
import re
from dataclasses import replace
from functools import cache

import cbor2
import msgpack
import pytest
from lxml import etree
from tests.formats.dcc_samples import sample
from tests.formats.number_readers import EXACT, numbers_in, numbers_of_tree, rows_of_tree
from tests.formats.sample_content import sample_content, sample_statements
from tests.formats.sample_keys import institute

from jialiang.assembly.document_files import page_fonts
from jialiang.formats.conversion.converters import Wish
from jialiang.formats.conversion.registry import convert, notations
from jialiang.formats.credential.codec import plain_credential, typed_credential
from jialiang.formats.credential.documents import read_credential, write_json
from jialiang.formats.credential.making import CredentialWish, credential_from_dcoc
from jialiang.formats.credential.tokens import enveloped, read_token, sign_token
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.writing import dcc_xml
from jialiang.formats.dcoc import conversion as conformity
from jialiang.formats.dcoc.documents import FORMS, read_dcoc
from jialiang.formats.dcoc.making import dcoc_from_content
from jialiang.formats.dcoc.model import Named, texts
from jialiang.formats.dcoc.xml_form import write_xml
from jialiang.kernel.text import Text

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


# --- what the certificate attests ---------------------------------------------------------------------------------

DID = "did:web:institute.example"
STATED = ("-0.050", "1.50E-3", "20.000", "12345678901234567890")
DECLARED = Text("误差 -0.050 ℃，斜率 1.50E-3，在 20.000 ℃，计数 12345678901234567890。",
                "Error -0.050 °C, slope 1.50E-3, at 20.000 °C, count 12345678901234567890.")  # fmt: skip


def content():
    """The certificate of which all is made; its statement of conformity has numbers of every sort."""
    *others, stated = sample_statements()
    return sample_content(statements=(*others, replace(stated, declaration=DECLARED)))


@cache
def dcoc():
    """The certificate of conformity that it bears out, as XML."""
    scheme, category = Named("YZ-CS-02", texts({"en": "Scheme"})), Named("TH", texts({"en": "Thermometer"}))
    return write_xml(dcoc_from_content(content(), scheme=scheme, category=category))


def numbers_attested():
    """The numbers that an attestation has to show: those stated, and those in number, days, serial number, norms."""
    given = content()
    said = [given.number, given.issue_date, given.due_date, given.items[0].serial_number]
    said += [method.norm for method in given.methods]
    return {*STATED, *re.findall(r"[0-9]+", " ".join(said))}


def found_in(data, folder):
    """The numbers of a form, and the digits in its codes and days."""
    signed = numbers_in(data, folder)
    return signed | {part for number in signed for part in re.findall(r"[0-9]+", number)}


def credential_forms():
    """Every form of the credential of that certificate, by name; of a token what everybody may read in it."""
    document = plain_credential(credential_from_dcoc(read_dcoc(dcoc()).certificate, CredentialWish(issuer=DID)))
    token = sign_token(document, institute(), f"{DID}#1")
    body = token.split(".")[1]
    return {
        "json": write_json(document),
        "typed": write_json(plain_credential(typed_credential(document))),
        "token": base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)),
        "from token": write_json(read_credential(token.encode()).document),
        "from envelope": write_json(read_credential(write_json(enveloped(read_token(token)))).document),
    }


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("notation", conformity.NOTATIONS)
def test_every_number_attested_is_in_every_form_of_the_certificate_of_conformity(tmp_path, notation, language):
    made = conformity.convert(dcoc(), notation, Wish(language, fonts=page_fonts())).data
    assert {*STATED} - numbers_in(made, tmp_path) == set()
    assert numbers_attested() - found_in(made, tmp_path) == set()


@pytest.mark.parametrize("notation", FORMS)
def test_a_certificate_of_conformity_read_from_any_form_makes_the_same_other_forms(notation):
    other = conformity.convert(dcoc(), notation).data
    assert read_dcoc(other).certificate == read_dcoc(dcoc()).certificate
    assert conformity.convert(other, "xml").data == dcoc()


@pytest.mark.parametrize("form", ["json", "typed", "token", "from token", "from envelope"])
def test_every_number_stated_is_in_every_form_of_the_credential(tmp_path, form):
    made = credential_forms()[form]
    assert {*STATED} - numbers_in(made, tmp_path) == set()
    assert json.loads(made)["credentialSubject"]["description"] == DECLARED.en


def test_the_numbers_attested_are_those_of_the_certificate_itself(tmp_path):
    assert {*STATED} - numbers_in(dcc_xml(content()), tmp_path) == set()


def test_a_changed_digit_of_the_statement_is_noticed_in_every_form(tmp_path):
    changed = dcoc().replace(b"-0.050", b"-0.051")
    for notation in conformity.NOTATIONS:
        made = conformity.convert(changed, notation, Wish("en", fonts=page_fonts())).data
        assert "-0.050" not in numbers_in(made, tmp_path), notation
