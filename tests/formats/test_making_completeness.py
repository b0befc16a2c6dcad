"""Every member of a document stands where it belongs in the certificate; made-up documents come out as they went in."""

import random
from datetime import date, timedelta

import pytest
from lxml import etree
from tests.formats.dcc_samples import NS, schema

from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.making.examples import example_document
from jialiang.formats.making.fields import fields_of, objects
from jialiang.formats.making.making import Source, make_certificate
from jialiang.formats.making.reading_workbook import read_workbook
from jialiang.formats.making.writing_workbook import workbook_form
from jialiang.formats.xml.parsing import parse_xml

TODAY = date(2026, 12, 1)


def both(text):
    return {"zh": f"{text}（中）", "en": f"{text} (en)"}


IDENTIFICATION = {"issuer": "owner", "value": "ID-7", "name": both("id name"), "refType": "ex_id"}
REFERENCE = {
    "referral": both("referral"), "number": "REF-1", "procedure": "sha256", "digest": "0f" * 32, "inValidity": True,
    "traceable": True, "linked": {"referral": both("linked"), "number": "REF-2", "procedure": "analogue"},
}  # fmt: skip
PARTY = {"name": both("party"), "email": "a@example.org", "phone": "+86 1", "website": "https://example.org",
         "street": "Street", "streetNumber": "12a", "postCode": "100001", "city": "City", "state": "110000",
         "country": "CN", "address": both("address")}  # fmt: skip
FILE = {"name": both("file"), "fileName": "a.txt", "mimeType": "text/plain", "base64": "QUJD"}
FULL = {
    "format": "jialiang.dcc-document/1",
    "template": "table",
    "certificate": {
        "number": "FULL-1", "languages": ["zh", "en"], "country": "CN", "receiptDate": "2026-03-01",
        "beginDate": "2026-03-02", "endDate": "2026-03-03", "location": "customerBranch", "issueDate": "2026-03-04",
        "identifications": [IDENTIFICATION | {"value": "CORE-ID"}],
        "replaces": {"number": "OLD-1", "change": "substituted"}, "previous": REFERENCE | {"number": "PREV-1"},
    },
    "laboratory": PARTY | {"code": "L77", "name": both("laboratory")},
    "customer": PARTY | {"name": both("customer")},
    "persons": [{"name": both("person"), "role": both("role"), "mainSigner": True, "refType": "ex_duty"}],
    "items": [{
        "name": both("item"), "manufacturer": both("maker"), "model": "MODEL-1", "identifications": [IDENTIFICATION],
        "description": both("item description"), "measuringInterval": both("interval"),
        "accuracyClass": both("class"), "conditionOnReceipt": both("receipt"),
    }],
    "methods": [{"key": "m", "name": both("method"), "description": both("method description"),
                 "norm": ["NORM-1", "NORM-2"], "reference": ["5.1"], "refType": "ex_method"}],
    "equipment": [{
        "key": "e", "name": both("equipment"), "description": both("equipment description"),
        "manufacturer": both("equipment maker"), "model": "EQ-1",
        "identifications": [IDENTIFICATION | {"value": "EQ-ID"}], "measurementStandard": True, "certificate": REFERENCE,
        "accuracy": both("accuracy"),
    }],
    "conditions": [
        {"key": "c", "name": both("condition"), "refType": "basic_adjustment", "description": both("condition words"),
         "status": "afterRepair", "text": both("condition text")},
        {"name": both("pressure"), "refType": "ex_pressure", "value": "1013.20", "unit": "\\hecto\\pascal"},
        {"name": both("air"), "refType": "basic_temperature", "minimum": "19.50", "maximum": "20.50",
         "unit": "\\degreecelsius"},
    ],
    "software": [{"name": both("software"), "release": "v7.8.9"}],
    "statements": [{"refType": "ex_statement", "name": both("statement"), "declaration": both("declaration"),
                    "norm": ["S-NORM"], "reference": ["S-REF"], "convention": "ilacMRA", "traceable": True,
                    "date": "2027-03-03", "conformity": "conditionalPass"}],
    "results": [{
        "name": both("result"), "description": both("result description"), "refType": "ex_table", "conditions": ["c"],
        "files": [FILE],
        "columns": [
            {"name": both("column"), "refType": "ex_value", "unit": "\\volt", "values": ["1.50", "2.50"],
             "expandedUncertainty": ["0.11", "0.12"], "coverageFactor": ["2.01", "2.02"],
             "coverageProbability": ["0.954", "0.955"], "distribution": "normal", "conformity": ["pass", "noFail"],
             "methods": ["m"], "equipment": ["e"]},
            {"name": both("standard"), "unit": "\\volt", "values": ["3.5", "4.5"], "standardUncertainty": ["0.21"]},
            {"name": both("words"), "texts": ["good", "not so good"]},
        ],
    }],
    "comment": both("comment"),
    "document": FILE | {"fileName": "page.pdf", "mimeType": "application/pdf"},
}  # fmt: skip

CORE, LAB = "//dcc:coreData", "//dcc:calibrationLaboratory"
ITEM, EQ = "//dcc:items/dcc:item", "//dcc:measuringEquipment"
RESULT, FIRST = "//dcc:results/dcc:result", "//dcc:list/dcc:quantity[1]"
PLACES = [
    # a place of the certificate; what stands there
    (f"{CORE}/dcc:uniqueIdentifier", ["FULL-1"]),
    (f"{CORE}/dcc:usedLangCodeISO639_1", ["zh", "en"]),
    (f"{CORE}/dcc:mandatoryLangCodeISO639_1", ["zh"]),
    (f"{CORE}/dcc:countryCodeISO3166_1", ["CN"]),
    (f"{CORE}/dcc:receiptDate", ["2026-03-01"]),
    (f"{CORE}/dcc:beginPerformanceDate", ["2026-03-02"]),
    (f"{CORE}/dcc:endPerformanceDate", ["2026-03-03"]),
    (f"{CORE}/dcc:issueDate", ["2026-03-04"]),
    (f"{CORE}/dcc:performanceLocation", ["customerBranch"]),
    (f"{CORE}/dcc:identifications/dcc:identification/dcc:value", ["CORE-ID"]),
    (f"{CORE}/dcc:reportAmendedSubstituted/*", ["substituted", "OLD-1"]),
    (f"{CORE}/dcc:previousReport/dcc:referralID", ["PREV-1"]),
    (f"{LAB}/dcc:calibrationLaboratoryCode", ["L77"]),
    (f"{LAB}/dcc:contact/dcc:name/dcc:content", ["laboratory（中）", "laboratory (en)"]),
    ("//dcc:customer/dcc:name/dcc:content", ["customer（中）", "customer (en)"]),
    ("//dcc:customer/dcc:eMail", ["a@example.org"]),
    ("//dcc:customer/dcc:phone", ["+86 1"]),
    ("//dcc:customer/dcc:link", ["https://example.org"]),
    ("//dcc:customer/dcc:location/dcc:street", ["Street"]),
    ("//dcc:customer/dcc:location/dcc:streetNo", ["12a"]),
    ("//dcc:customer/dcc:location/dcc:postCode", ["100001"]),
    ("//dcc:customer/dcc:location/dcc:city", ["City"]),
    ("//dcc:customer/dcc:location/dcc:state", ["110000"]),
    ("//dcc:customer/dcc:location/dcc:countryCode", ["CN"]),
    ("//dcc:customer/dcc:location/dcc:further/dcc:content", ["address（中）", "address (en)"]),
    ("//dcc:respPerson/dcc:person/dcc:name/dcc:content", ["person（中）", "person (en)"]),
    ("//dcc:respPerson/dcc:description/dcc:content", ["role（中）", "role (en)"]),
    ("//dcc:respPerson/dcc:role", ["role（中）"]),
    ("//dcc:respPerson/dcc:mainSigner", ["true"]),
    ("//dcc:respPerson/@refType", ["ex_duty"]),
    (f"{ITEM}/dcc:name/dcc:content", ["item（中）", "item (en)"]),
    (f"{ITEM}/dcc:manufacturer/dcc:name/dcc:content", ["maker（中）", "maker (en)"]),
    (f"{ITEM}/dcc:model", ["MODEL-1"]),
    (f"{ITEM}/dcc:description/dcc:content", ["item description（中）", "item description (en)"]),
    (f"{ITEM}/dcc:identifications/dcc:identification/dcc:issuer", ["owner"]),
    (f"{ITEM}/dcc:identifications/dcc:identification/dcc:value", ["ID-7"]),
    (f"{ITEM}/dcc:identifications/dcc:identification/dcc:name/dcc:content", ["id name（中）", "id name (en)"]),
    (f"{ITEM}/dcc:identifications/dcc:identification/@refType", ["ex_id"]),
    (f"{ITEM}//dcc:itemQuantity/@refType", ["jl_measuringInterval", "jl_accuracyClass", "jl_conditionOnReceipt"]),
    (f"{ITEM}//dcc:itemQuantity[1]/dcc:noQuantity/dcc:content", ["interval（中）", "interval (en)"]),
    (f"{ITEM}//dcc:itemQuantity[3]/dcc:noQuantity/dcc:content", ["receipt（中）", "receipt (en)"]),
    ("//dcc:usedMethod/dcc:name/dcc:content", ["method（中）", "method (en)"]),
    ("//dcc:usedMethod/dcc:description/dcc:content", ["method description（中）", "method description (en)"]),
    ("//dcc:usedMethod/dcc:norm", ["NORM-1", "NORM-2"]),
    ("//dcc:usedMethod/dcc:reference", ["5.1"]),
    ("//dcc:usedMethod/@refType", ["ex_method"]),
    (f"{EQ}/dcc:name/dcc:content", ["equipment（中）", "equipment (en)"]),
    (f"{EQ}/dcc:description/dcc:content", ["equipment description（中）", "equipment description (en)"]),
    (f"{EQ}/dcc:manufacturer/dcc:name/dcc:content", ["equipment maker（中）", "equipment maker (en)"]),
    (f"{EQ}/dcc:model", ["EQ-1"]),
    (f"{EQ}/dcc:identifications/dcc:identification/dcc:value", ["EQ-ID"]),
    (f"{EQ}/@refType", ["basic_normalUsed"]),
    (f"{EQ}//dcc:measuringEquipmentQuantity/@refType", ["jl_uncertaintyStatement"]),
    (f"{EQ}//dcc:measuringEquipmentQuantity/dcc:noQuantity/dcc:content", ["accuracy（中）", "accuracy (en)"]),
    (f"{EQ}/dcc:certificate/dcc:referralID", ["REF-1"]),
    (f"{EQ}/dcc:certificate/dcc:procedure", ["sha256"]),
    (f"{EQ}/dcc:certificate/dcc:value", ["0f" * 32]),
    (f"{EQ}/dcc:certificate/dcc:inValidityRange", ["true"]),
    (f"{EQ}/dcc:certificate/dcc:traceable", ["true"]),
    (f"{EQ}/dcc:certificate/dcc:linkedReport/dcc:referralID", ["REF-2"]),
    (f"{EQ}/dcc:certificate/dcc:linkedReport/dcc:value", ["analogue"]),
    ("//dcc:influenceCondition/@refType", ["basic_adjustment", "ex_pressure", "basic_temperature"]),
    ("//dcc:influenceCondition[1]/dcc:status", ["afterRepair"]),
    ("//dcc:influenceCondition[1]/dcc:description/dcc:content", ["condition words（中）", "condition words (en)"]),
    ("//dcc:influenceCondition[1]/dcc:data/dcc:text/dcc:content", ["condition text（中）", "condition text (en)"]),
    ("//dcc:influenceCondition[2]//si:value", ["1013.20"]),
    ("//dcc:influenceCondition[2]//si:unit", ["\\hecto\\pascal"]),
    ("//dcc:influenceCondition[3]//dcc:quantity/@refType", ["basic_temperatureMin", "basic_temperatureMax"]),
    ("//dcc:influenceCondition[3]//si:value", ["292.65", "19.50", "293.65", "20.50"]),
    ("//dcc:usedSoftware/dcc:software/dcc:name/dcc:content", ["software（中）", "software (en)"]),
    ("//dcc:usedSoftware/dcc:software/dcc:release", ["v7.8.9"]),
    ("//dcc:statement/@refType", ["ex_statement"]),
    ("//dcc:statement/dcc:name/dcc:content", ["statement（中）", "statement (en)"]),
    ("//dcc:statement/dcc:declaration/dcc:content", ["declaration（中）", "declaration (en)"]),
    ("//dcc:statement/dcc:norm", ["S-NORM"]),
    ("//dcc:statement/dcc:reference", ["S-REF"]),
    ("//dcc:statement/dcc:convention", ["ilacMRA"]),
    ("//dcc:statement/dcc:traceable", ["true"]),
    ("//dcc:statement/dcc:date", ["2027-03-03"]),
    ("//dcc:statement/dcc:conformity", ["conditionalPass"]),
    (f"{RESULT}/dcc:name/dcc:content", ["result（中）", "result (en)"]),
    (f"{RESULT}/dcc:description/dcc:content", ["result description（中）", "result description (en)"]),
    (f"{RESULT}//dcc:list/@refType", ["ex_table"]),
    (f"{RESULT}//dcc:list/@refId", ["iC_1"]),
    (f"{RESULT}//dcc:byteData/*[not(*)]", ["a.txt", "text/plain", "QUJD"]),
    (f"{FIRST}/@refId", ["uM_1 mE_1"]),
    (f"{FIRST}/@refType", ["ex_value"]),
    (f"{FIRST}/dcc:name/dcc:content", ["column（中）", "column (en)"]),
    (f"{FIRST}//si:unitXMLList", ["\\volt"]),
    (f"{FIRST}//si:valueXMLList", ["1.50 2.50"]),
    (f"{FIRST}//si:valueExpandedMUXMLList", ["0.11 0.12"]),
    (f"{FIRST}//si:coverageFactorXMLList", ["2.01 2.02"]),
    (f"{FIRST}//si:coverageProbabilityXMLList", ["0.954 0.955"]),
    (f"{FIRST}//si:distributionXMLList", ["normal"]),
    (f"{FIRST}//dcc:conformityXMLList", ["pass noFail"]),
    ("//dcc:list/dcc:quantity[2]//si:valueStandardMUXMLList", ["0.21"]),
    ("//dcc:list/dcc:quantity[3]/dcc:noQuantity/dcc:content", ["good", "not so good"]),
    ("/*/dcc:comment/dcc:content", ["comment（中）", "comment (en)"]),
    ("/*/dcc:document/dcc:fileName", ["page.pdf"]),
    ("/*/dcc:document/dcc:mimeType", ["application/pdf"]),
    ("/*/dcc:document/dcc:dataBase64", ["QUJD"]),
]  # fmt: skip


@pytest.fixture(scope="module")
def full():
    return make_certificate(Source(FULL, {}), today=TODAY)


def test_the_full_document_has_every_member_there_is():
    def missing(entry, kind):
        for name, field in fields_of(kind).items():
            entries = entry.get(name)
            if field.kind == "object":
                yield from missing(entries, field.of) if name != "linked" else ()
            elif field.kind == "list":
                together = {}
                for each in entries:
                    together |= each
                yield from missing(together, field.of)
            elif entries is None and name != "column":
                yield f"{kind}.{name}"

    # Columns are of two kinds, so that one column alone never has all members.
    assert list(missing(FULL, "document")) == []
    assert len(objects()) == 17


def test_the_full_certificate_is_valid(oracles, full):
    official = schema(oracles, "3.3.0")
    assert official.validate(parse_xml(full.xml)), official.error_log
    assert [each.rule for each in full.findings if each.severity == "error"] == []


@pytest.mark.parametrize(("path", "texts"), PLACES, ids=[path for path, _ in PLACES])
def test_every_member_stands_where_it_belongs(full, path, texts):
    found = etree.fromstring(full.xml).xpath(path, namespaces=NS)
    assert [each if isinstance(each, str) else (each.text or "").strip() for each in found] == texts


def test_the_full_document_comes_through_the_form_but_for_files(full):
    kept = {name: inside for name, inside in FULL.items() if name != "document"}
    kept["results"] = [{name: inside for name, inside in FULL["results"][0].items() if name != "files"}]
    direct = make_certificate(Source(kept, {}), today=TODAY)
    assert make_certificate(read_workbook(workbook_form(kept)), today=TODAY).xml == direct.xml


# --- made-up documents --------------------------------------------------------------------------------------------

UNITS = ("\\volt", "\\metre\\per\\second", "\\milli\\gram", "\\one", "\\percent", "\\kelvin", "\\hertz")
WORDS = ("量", "温度计", "Value", "Größe", "a & b", "<x>", "“q”", "10 °C", "é", "µ")


class MakerUp:
    """Makes up documents from a seed: any shape, always complete."""

    def __init__(self, seed):
        self.chance = random.Random(seed)

    def number(self):
        digits = self.chance.randint(1, 6)
        decimals = self.chance.randint(0, 10**digits - 1)
        return f"{self.chance.choice(('', '', '-'))}{self.chance.randint(0, 10**6)}.{decimals:0{digits}d}"

    def positive(self):
        return f"0.{self.chance.randint(1, 99999):05d}"

    def words(self):
        text = " ".join(self.chance.choices(WORDS, k=self.chance.randint(1, 3)))
        return text if self.chance.random() < 0.3 else {"zh": f"{text} 中", "en": f"{text} en"}

    def column(self, rows):
        if self.chance.random() < 0.2:
            return {"name": self.words(), "texts": [self.chance.choice("ABC") for _ in range(rows)]}
        made = {
            "name": self.words(),
            "unit": self.chance.choice(UNITS),
            "values": [self.number() for _ in range(rows)],
        }
        kind = self.chance.choice(("", "expanded", "standard"))
        many = self.chance.choice((1, rows))
        if kind == "expanded":
            made |= {"expandedUncertainty": [self.positive() for _ in range(many)], "coverageFactor": ["2.00"],
                     "coverageProbability": ["0.95"]}  # fmt: skip
        if kind == "standard":
            made |= {"standardUncertainty": [self.positive() for _ in range(many)]}
        if self.chance.random() < 0.3:
            made["conformity"] = [self.chance.choice(("pass", "fail")) for _ in range(rows)]
        return made

    def document(self):
        rows = self.chance.randint(1, 5)
        tables = [
            {"name": self.words(), "columns": [self.column(rows) for _ in range(self.chance.randint(1, 4))]}
            for _ in range(self.chance.randint(1, 3))
        ]
        begin = date(2026, 1, 1) + timedelta(days=self.chance.randint(0, 200))
        made = example_document("table") | {"results": tables}
        made["certificate"] = {
            "number": f"MADE-{self.chance.randint(1, 10**6)}", "languages": ["zh", "en"], "country": "CN",
            "beginDate": begin.isoformat(), "endDate": (begin + timedelta(days=2)).isoformat(),
            "location": "laboratory",
        }  # fmt: skip
        if self.chance.random() < 0.5:
            del made["equipment"], made["statements"]
        return made


@pytest.mark.parametrize("seed", range(25))
def test_made_up_documents_are_valid_and_say_what_was_said(oracles, seed):
    document = MakerUp(seed).document()
    made = make_certificate(Source(document, {}), today=TODAY)
    assert schema(oracles, "3.3.0").validate(parse_xml(made.xml))
    certificate = Certificate.read(made.xml)
    assert certificate.number == document["certificate"]["number"]
    results = [each for each in certificate.quantities() if each.role == "result"]
    columns = [column for result in document["results"] for column in result["columns"]]
    assert len(results) == len(columns)
    for quantity, column in zip(results, columns, strict=True):
        named = column["name"]
        assert dict(quantity.name) == (named if isinstance(named, dict) else {"": named})
        if "texts" in column:
            assert list(quantity.chars) == column["texts"]
            continue
        first = quantity.first
        assert list(first.values) == column["values"]
        assert list(first.unit) == [column["unit"]]
        assert list(first.uncertainty.expanded_uncertainty) == column.get("expandedUncertainty", [])
        assert list(first.uncertainty.standard_uncertainty) == column.get("standardUncertainty", [])
        assert list(first.uncertainty.coverage_factor) == column.get("coverageFactor", [])
        assert list(quantity.conformity) == column.get("conformity", [])


@pytest.mark.parametrize("seed", range(25, 33))
def test_made_up_documents_come_through_the_form(seed):
    document = MakerUp(seed).document()
    direct = make_certificate(Source(document, {}), today=TODAY)
    assert make_certificate(read_workbook(workbook_form(document)), today=TODAY).xml == direct.xml
