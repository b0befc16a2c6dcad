"""Laws of reference material documents, on documents that chance makes up, and what an attacker would try."""

import csv
import io
import json
import random
import subprocess
import sys

import pytest
from lxml import etree
from tests.formats.drmd_samples import plain_xml
from tests.proofs.schema_documents import load_grammar

from jialiang.formats.conversion.binary import from_cbor, from_msgpack
from jialiang.formats.conversion.lossless import from_lossless
from jialiang.formats.drmd.conversion import convert
from jialiang.formats.drmd.data import document_data
from jialiang.formats.drmd.making import document_xml
from jialiang.formats.drmd.names import CERTIFICATE, KINDS, STATEMENTS
from jialiang.formats.drmd.reading import read_document
from jialiang.formats.drmd.rules import check_rules, rules
from jialiang.formats.drmd.structure import check_structure
from jialiang.formats.xml.canonicalization import canonical_document
from jialiang.formats.xml.parsing import parse_xml
from jialiang.kernel.errors import JialiangError

SEEDS = range(30)
LETTERS = "abcXYZ019 标准物质℃µ&<>\"'{}$#@*_~%/\\-–—“”（）;:|[]^=+"
UNITS = (
    "\\kilogram",
    "\\milli\\gram\\per\\kilogram",
    "\\one",
    "\\percent",
    "\\mole\\per\\litre",
    "\\degreecelsius",
)
NAMES = {"si": "https://ptb.de/si", "drmd": "urn:drmd:schema", "dcc": "https://ptb.de/dcc"}


class MakerUp:
    """Makes up data of documents from one number."""

    def __init__(self, seed):
        self.chance = random.Random(seed)

    def few(self, make, least=0, most=3):
        return [make() for _ in range(self.chance.randint(least, most))]

    def line(self):
        drawn = "".join(self.chance.choices(LETTERS, k=self.chance.randint(1, 12)))
        return " ".join(drawn.split()) or "x"

    def words(self):
        return self.chance.choice([
            lambda: {"zh": self.line()}, lambda: {"zh": self.line(), "en": self.line()},
            lambda: {"und": self.line()}, lambda: {"de": [self.line(), self.line()], "fr": self.line()},
        ])()  # fmt: skip

    def number(self):
        digits = str(self.chance.randint(0, 10**6))
        fraction = self.chance.choice(["", f".{self.chance.randint(0, 999):03d}", ".50"])
        return (
            self.chance.choice(["", "-", "+"]) + digits + fraction + self.chance.choice(["", "", "E-3", "e2"])
        )

    def positive(self):
        return f"{self.chance.randint(0, 99)}.{self.chance.randint(1, 99):02d}"

    def uncertainty(self, many=0):
        def each(make):
            return [make() for _ in range(many)] if many else make()

        factor, probability = each(lambda: "2.0"), each(lambda: "0.95")
        return self.chance.choice([
            {}, {"standard_uncertainty": each(self.positive)},
            {"expanded_uncertainty": each(self.positive), "coverage_factor": factor,
             "coverage_probability": probability},
            {"standard_uncertainty": each(self.positive), "interval_min": each(self.number),
             "interval_max": each(self.number), "coverage_probability": probability},
        ])  # fmt: skip

    def quantity(self):
        rows = self.chance.randint(2, 5)
        said = self.chance.choice([
            lambda: {"value": self.number(), "unit": self.chance.choice(UNITS), **self.uncertainty()},
            lambda: {"value": [self.number() for _ in range(rows)], "unit": [self.chance.choice(UNITS)],
                     **self.uncertainty(rows)},
            lambda: {"writings": [{"value": self.number(), "unit": unit, **self.uncertainty()}
                                  for unit in self.chance.sample(UNITS, 2)]},
            lambda: {"words": self.words()}, lambda: {"chars": ["fine", "grey", "<1"]},
        ])()  # fmt: skip
        return {"name": self.words()} | said

    def identifier(self):
        link = {"link": "https://x.example/"} if self.chance.random() < 0.5 else {}
        return {"scheme": self.line(), "number": self.line()} | link

    def value(self):
        return self.quantity() | {"identifiers": self.few(self.identifier)}

    def properties(self):
        return {
            "name": self.words(), "certified": self.chance.random() < 0.5,
            "procedures": self.few(lambda: {"name": self.words(), "norms": self.few(self.line)}),
            "results": self.few(lambda: {"name": self.words(), "values": self.few(self.value, 1, 4)}, 1, 3),
        }  # fmt: skip

    def material(self):
        return {
            "name": self.words(), "minimum_sample_size": self.few(self.quantity, 0, 1),
            "quantities": self.few(self.quantity), "identifiers": self.few(self.identifier),
        }  # fmt: skip

    def statements(self):
        extra = [name for name in STATEMENTS if self.chance.random() < 0.4]
        needed = {"intendedUse", "storageInformation", "instructionsForHandlingAndUse"}
        names = [*(set(extra) | needed), *["statement"] * self.chance.randint(0, 3)]
        self.chance.shuffle(names)
        return [{"name": name, "text": self.words()} for name in names]

    def document(self):
        validity = self.chance.choice([
            {"form": "untilRevoked"}, {"form": "specificTime", "until": "2031-02-28"},
            {"form": "timeAfterDispatch", "period": "P18M"},
            {"form": "timeAfterDispatch", "dispatched": "2026-01-31", "period": "P1M"},
        ])  # fmt: skip
        return {
            "kind": self.chance.choice(KINDS), "number": self.line(), "document_version": self.line(),
            "identifiers": self.few(self.identifier), "validity": validity,
            "producer": {"name": self.words(), "address": {"city": self.line(), "country_code": "CN"},
                         "identifiers": self.few(self.identifier)},
            "persons": self.few(lambda: {"name": self.words(), "role": self.line()}),
            "materials": self.few(self.material, 1, 3), "properties": self.few(self.properties, 1, 3),
            "statements": self.statements(), "comment": self.line(),
        }  # fmt: skip


@pytest.fixture(scope="module")
def schema(oracles, tmp_path_factory):
    """The official schema."""
    return load_grammar(oracles / "dcoc" / "drmd" / "drmd.xsd", tmp_path_factory.mktemp("schema")).schema


@pytest.mark.parametrize("seed", SEEDS)
def test_any_data_make_a_valid_document_that_says_them_again(schema, seed):
    xml = document_xml(MakerUp(seed).document())
    assert schema.validate(etree.fromstring(xml)), schema.error_log
    assert check_structure(etree.fromstring(xml)) == ()
    data = document_data(read_document(xml))
    assert document_xml(json.loads(json.dumps(data))) == xml
    assert document_xml(MakerUp(seed).document()) == xml


@pytest.mark.parametrize("seed", SEEDS)
def test_every_text_that_was_given_stands_in_the_data_that_come_back(seed):
    given = MakerUp(seed).document()
    back = document_data(read_document(document_xml(given)))

    def texts(part):
        if isinstance(part, dict):
            return [text for member in part.values() for text in texts(member)]
        if isinstance(part, list):
            return [text for member in part for text in texts(member)]
        return [part] if isinstance(part, str) else []

    missing = set(texts(given)) - set(texts(back))
    assert missing == set()


@pytest.mark.parametrize("seed", SEEDS)
def test_every_number_stands_in_the_table_as_the_file_has_it(seed):
    tree = parse_xml(document_xml(MakerUp(seed).document()))
    found = tree.xpath("//drmd:quantity//si:value | //drmd:quantity//si:valueXMLList", namespaces=NAMES)
    numbers = [token for element in found for token in element.text.split()]
    text = convert(tree, "csv").data.decode("utf-8-sig")
    table = [row for row in csv.DictReader(io.StringIO(text)) if row["unit"]]
    assert [row["value"] for row in table] == numbers
    uncertainties = tree.xpath(
        "//drmd:quantity//si:valueExpandedMU | //drmd:quantity//si:valueExpandedMUXMLList", namespaces=NAMES
    )
    stated = [token for element in uncertainties for token in element.text.split()]
    assert [row["expanded_uncertainty"] for row in table if row["expanded_uncertainty"]] == stated


@pytest.mark.parametrize("seed", SEEDS)
def test_lossless_forms_lose_nothing(seed):
    tree = parse_xml(document_xml(MakerUp(seed).document()))
    for notation, back in (("cbor", from_cbor), ("msgpack", from_msgpack), ("json", json.loads)):
        again = parse_xml(from_lossless(back(convert(tree, notation).data)))
        assert canonical_document(again) == canonical_document(tree)


@pytest.mark.parametrize("seed", SEEDS)
def test_findings_have_words_and_places_whatever_the_document_says(seed):
    tree = parse_xml(document_xml(MakerUp(seed).document()))
    for found in check_rules(tree):
        assert found.text.zh and found.text.en and found.path.startswith("/drmd:") and found.line


def test_rules_have_words_in_both_languages_and_ids_that_say_whose_they_are():
    for id_, rule in rules().items():
        for text in (rule.title, rule.text, rule.why):
            assert any("\u4e00" <= letter <= "\u9fff" for letter in text.zh), id_
            assert not any("\u4e00" <= letter <= "\u9fff" for letter in text.en), id_
        assert (rule.role == "") == (id_.split("-", 1)[1][:1].isalpha()), id_
        assert not (rule.needs and rule.lacks) and bool(rule.needs or rule.lacks) == bool(rule.at), id_


# --- hostile ------------------------------------------------------------------------------------------------------

LAUGHS = """<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>
<digitalReferenceMaterialDocument xmlns="urn:drmd:schema">&d;</digitalReferenceMaterialDocument>"""
OUTSIDE = """<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<digitalReferenceMaterialDocument xmlns="urn:drmd:schema">&a;</digitalReferenceMaterialDocument>"""
BASE = plain_xml(CERTIFICATE)
HOSTILE = {
    "entities that multiply": LAUGHS,
    "a file outside": OUTSIDE,
    "elements without end": BASE.replace(
        "<drmd:materials>", "<drmd:materials>" + "<a>" * 3000 + "</a>" * 3000
    ),
    "inclusion": BASE.replace(
        "<drmd:materials>",
        '<drmd:materials><x:include xmlns:x="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>',
    ),
    "attributes without end": BASE.replace(
        "<drmd:materials>", "<drmd:materials " + " ".join(f'a{n}="1"' for n in range(5000)) + ">"
    ),
    "a letter that XML does not know": BASE.replace("RM-0001", "RM&#0;"),
    "half of it": BASE[: len(BASE) // 2],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_an_attacker_would_try_is_refused_in_time_and_memory(name, tmp_path):
    path = tmp_path / "a.xml"
    path.write_text(HOSTILE[name], encoding="utf-8")
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_AS, (512 * 2**20,) * 2);"
        "resource.setrlimit(resource.RLIMIT_CPU, (5, 5));"
        "from jialiang.assembly.cli import main; sys.exit(main(['drmd', 'check', '--json', sys.argv[1]]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False
    )
    assert done.returncode in (1, 2), done.stderr
    assert "Traceback" not in done.stderr
    (report,) = json.loads(done.stdout)
    assert not report["valid"] and report["findings"]
    assert "root:" not in done.stdout


@pytest.mark.parametrize("depth", [100, 5000])
def test_data_nested_without_end_are_refused(depth):
    data = {"kind": CERTIFICATE, "number": "1"}
    inner = data
    for _ in range(depth):
        inner["validity"] = {}
        inner = inner["validity"]
    with pytest.raises(JialiangError):
        document_xml(data)
