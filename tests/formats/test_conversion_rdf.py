"""RDF of certificates: one content in Turtle and JSON-LD, every number in it, questions answered as by the library."""

import json
import re
import socket
import warnings
from collections import Counter
from decimal import Decimal
from importlib import resources

import pytest
import rdflib
from lxml import etree
from rdflib import RDF, XSD
from tests.formats.dcc_samples import (
    NS,
    SAMPLES,
    certificate_with,
    expanded,
    expanded_list,
    quantity,
    real,
    real_list,
    reference,
    sample_certificate,
)

from jialiang.formats.conversion.converters import Wish
from jialiang.formats.conversion.encodings import ENCODINGS
from jialiang.formats.conversion.errors import LibraryMissing, UnknownEncoding
from jialiang.formats.conversion.rdf.certificate import certificate_iri, statements_of
from jialiang.formats.conversion.rdf.describing import mapping
from jialiang.formats.conversion.rdf.terms import PREFIXES, Iri, Plain, Statements, iri, number_type
from jialiang.formats.conversion.rdf.writing import graph_of
from jialiang.formats.conversion.registry import convert, notations
from jialiang.formats.conversion.rows import entry
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dsi.unit_codes import is_unit, read_unit

JL = rdflib.Namespace(PREFIXES["jl"])
QUDT = rdflib.Namespace(PREFIXES["qudt"])
SOSA = rdflib.Namespace(PREFIXES["sosa"])
SCHEMA = rdflib.Namespace(PREFIXES["schema"])
PROV = rdflib.Namespace(PREFIXES["prov"])
DCTERMS = rdflib.Namespace(PREFIXES["dcterms"])
VOCABULARY = json.loads(
    (resources.files("jialiang.formats.conversion.rdf") / "vocabulary.json").read_text(encoding="utf-8")
)


@pytest.fixture(autouse=True)
def _letter_by_letter(monkeypatch):
    """Let the oracle keep literals as they are written."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


def turtle(certificate):
    return rdflib.Graph().parse(data=convert(certificate, "ttl").data, format="turtle")


def linked(certificate):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib's reader uses what rdflib calls old
        return rdflib.Graph().parse(data=convert(certificate, "jsonld").data, format="json-ld")


def by_meaning(graph):
    """Triples whose numbers with exponents are compared as numbers: rdflib's reader of JSON-LD rewrites those."""

    def plain(term):
        if isinstance(term, rdflib.Literal) and term.datatype == XSD.double:
            return ("double", float(term))
        return term

    return Counter((s, p, plain(o)) for s, p, o in graph)


@pytest.fixture(scope="module", params=SAMPLES)
def certificate(request, oracles):
    return sample_certificate(oracles, request.param)


# --- the two notations --------------------------------------------------------------------------------------------


def test_turtle_and_json_ld_say_the_same_without_blank_nodes(certificate):
    one, other = turtle(certificate), linked(certificate)
    assert by_meaning(one) == by_meaning(other)
    assert len(one) == len(statements_of(certificate).triples)
    assert not [node for node in one.all_nodes() if isinstance(node, rdflib.BNode)]


def test_the_same_certificate_gives_the_same_bytes(certificate):
    for notation in ("ttl", "jsonld"):
        again = Certificate.read(etree.tostring(certificate.tree))
        assert convert(certificate, notation).data == convert(again, notation).data


def test_json_ld_holds_every_literal_letter_by_letter_and_its_context_inside(certificate):
    document = json.loads(convert(certificate, "jsonld").data)
    assert document["@context"] == {"@version": 1.1, **PREFIXES}
    written = Counter()

    def walk(node):
        if isinstance(node, dict) and "@value" in node:
            written[node["@value"]] += 1
        elif isinstance(node, dict):
            for key, each in node.items():
                if key not in ("@id", "@type"):
                    walk(each)
        elif isinstance(node, list):
            for each in node:
                walk(each)

    walk(document["@graph"])
    for _, _, said in statements_of(certificate).triples:
        if isinstance(said, Plain):
            assert written[said.text], said


def test_nothing_is_fetched(certificate, monkeypatch):
    def refused(*_, **__):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    assert convert(certificate, "ttl").data
    assert json.loads(convert(certificate, "jsonld").data)


# --- what is said -------------------------------------------------------------------------------------------------


def test_every_number_of_the_d_si_appears(certificate):
    numbers = Counter()
    for name in ("value", "valueXMLList", "valueReal", "valueRealXMLList", "valueImag", "valueImagXMLList",
                 "valueMagnitude", "valueMagnitudeXMLList", "valuePhase", "valuePhaseXMLList"):  # fmt: skip
        for element in certificate.tree.iter(f"{{{NS['si']}}}{name}"):
            numbers.update((element.text or "").split())
    graph = turtle(certificate)
    predicates = (QUDT.numericValue, JL.imaginaryPart, JL.phase)
    said = Counter(str(o) for p in predicates for o in graph.objects(None, p))
    relative = Counter(str(o) for o in graph.objects(None, JL.relativeUncertainty))
    assert numbers
    assert set(numbers) <= set(said) | set(relative)
    for number, often in numbers.items():
        assert said[number] + relative[number] >= often, number


QUESTION = """
SELECT ?quantity ?writing ?row ?value ?text ?unit ?U ?k ?p WHERE {
  ?certificate jl:quantity ?quantity .
  ?quantity sosa:hasResult ?result .
  ?result qudt:numericValue ?value ; jl:exactText ?text ; jl:row ?row ; jl:writing ?writing ;
          jl:expandedUncertainty ?U ; jl:coverageFactor ?k .
  OPTIONAL { ?result jl:unit ?unit } OPTIONAL { ?result jl:coverageProbability ?p }
}"""


def test_a_question_for_every_u_with_k_and_unit_is_answered_as_the_library_does(certificate):
    found = Counter()
    for row in turtle(certificate).query(QUESTION, initNs=PREFIXES):
        assert str(row.value) == str(row.text)
        found[
            tuple("" if each is None else str(each) for each in (row.text, row.unit, row.U, row.k, row.p))
        ] += 1
    wanted = Counter()
    for each in certificate.quantities():
        for writing in (part for whole in each.writings for part in whole.flat()):
            stated = writing.uncertainty
            for row, text in enumerate(writing.values):
                one = [entry(texts, row) for texts in (stated.expanded_uncertainty, stated.coverage_factor)]
                if all(one):
                    wanted[text, entry(writing.unit, row), *one, entry(stated.coverage_probability, row)] += 1
    assert found == wanted


def test_the_results_of_an_item_are_found_by_its_serial_number(oracles):
    graph = turtle(sample_certificate(oracles, "v3.3.0_gp_temperature_valid"))
    rows = graph.query(
        """SELECT ?name (COUNT(?result) AS ?many) WHERE {
             ?item a sosa:FeatureOfInterest ; jl:identification/schema:value ?number .
             ?quantity a sosa:Observation ; sosa:hasFeatureOfInterest ?item ; sosa:hasResult ?result ;
                       jl:refType "basic_measurementError" ; schema:name ?name . FILTER(lang(?name) = "en")
           } GROUP BY ?quantity ?name""",
        initNs=PREFIXES,
    )
    assert {str(row.name) for row in rows}
    assert all(int(row.many) >= 1 for row in rows)


def test_units_are_named_in_qudt_and_at_the_si_reference_point(certificate):
    graph = turtle(certificate)
    for value, _, unit in graph.triples((None, JL.unit, None)):
        known = read_unit(str(unit)) if is_unit(str(unit)) else None
        for predicate, wanted in (
            (QUDT.hasUnit, known and known.qudt),
            (JL.siUnit, known and known.si_reference_point),
        ):
            named = {str(each) for each in graph.objects(value, predicate)}
            assert named == ({wanted} if wanted and (value, RDF.type, JL.Covariance) not in graph else set())


def test_numbers_are_typed_and_every_quantity_is_one_of_the_certificate(certificate):
    graph = turtle(certificate)
    for value in graph.objects(None, QUDT.numericValue):
        assert value.datatype in (XSD.decimal, XSD.double)
    (subject,) = graph.subjects(RDF.type, JL.Certificate)
    assert len(set(graph.objects(subject, JL.quantity))) == len(certificate.quantities())
    observations = set(graph.subjects(RDF.type, SOSA.Observation))
    assert len(observations) == sum(1 for each in certificate.quantities() if each.role == "result")


def test_every_link_leads_to_something_described(certificate):
    graph = turtle(certificate)
    described = set(graph.subjects(RDF.type, None))
    own = f"{certificate_iri(certificate)}#"
    for _, predicate, target in graph:
        if isinstance(target, rdflib.URIRef) and str(target).startswith(own):
            assert target in described, (predicate, target)


def test_parties_items_and_dates_are_there(certificate):
    graph = turtle(certificate)
    (subject,) = graph.subjects(RDF.type, JL.Certificate)
    assert str(graph.value(subject, DCTERMS.identifier) or "") == certificate.number
    languages = {str(each) for p in (DCTERMS.language, JL.mandatoryLanguage) for each in graph.objects(subject, p)}
    assert languages == set(certificate.languages)
    laboratory = graph.value(subject, DCTERMS.publisher)
    assert (laboratory, RDF.type, SCHEMA.Organization) in graph
    assert graph.value(laboratory, SCHEMA.name) is not None
    work = graph.value(subject, PROV.wasGeneratedBy)
    assert graph.value(work, SCHEMA.startDate).datatype == XSD.date
    assert list(graph.objects(subject, JL.item))
    names = {(str(o), o.language or "") for o in graph.objects(None, SCHEMA.name)}
    for element in certificate.tree.iterfind(
        f".//{{{NS['dcc']}}}item/{{{NS['dcc']}}}name/{{{NS['dcc']}}}content"
    ):
        assert ((element.text or "").strip(), element.get("lang", "")) in names


# --- single cases -------------------------------------------------------------------------------------------------


def of(*args, **kwargs):
    return Certificate.read(certificate_with(*args, **kwargs))


@pytest.mark.parametrize(
    ("text", "datatype"),
    [("20", "decimal"), ("20.100", "decimal"), ("-0.0", "decimal"), ("+5", "decimal"), (".5", "decimal"),
     ("5.", "decimal"), ("1.5E-3", "double"), ("1e5", "double"), ("NaN", "double")],
)  # fmt: skip
def test_a_number_keeps_its_letters(text, datatype):
    graph = turtle(of(quantity(real(text, "\\metre"))))
    (value,) = graph.objects(None, QUDT.numericValue)
    assert (str(value), value.datatype) == (text, XSD[datatype])
    assert [str(each) for each in graph.objects(None, JL.exactText)] == [text]


def test_what_is_no_number_stays_a_text():
    assert number_type("1,5") == number_type("") == number_type("zero") == ""
    graph = turtle(of(quantity(real("1,5", "\\metre"))))
    (value,) = graph.objects(None, QUDT.numericValue)
    assert (str(value), value.datatype) == ("1,5", None)


def test_a_list_has_a_node_a_row_with_one_uncertainty_for_all_or_one_each():
    graph = turtle(of(quantity(real_list("1.0 2.00 3", "\\volt", expanded_list(u="0.1 0.2 0.3", k="2")))))
    rows = {}
    for value in graph.objects(None, SOSA.hasResult):
        rows[int(graph.value(value, JL.row))] = tuple(
            str(graph.value(value, each))
            for each in (QUDT.numericValue, JL.expandedUncertainty, JL.coverageFactor)
        )
    assert rows == {1: ("1.0", "0.1", "2"), 2: ("2.00", "0.2", "2"), 3: ("3", "0.3", "2")}


def test_a_wrong_unit_is_kept_and_gets_no_iri():
    graph = turtle(of(quantity(real("1", "furlong"))))
    assert [str(each) for each in graph.objects(None, JL.unit)] == ["furlong"]
    assert not list(graph.objects(None, QUDT.hasUnit))


def test_a_reference_carries_its_digest_and_the_one_above():
    linked_report = (
        "<dcc:linkedReport><dcc:referral><dcc:content>Above</dcc:content></dcc:referral><dcc:referralID>B-2"
        "</dcc:referralID><dcc:procedure>analogue</dcc:procedure><dcc:value>analogue</dcc:value></dcc:linkedReport>"
    )
    extra = "<dcc:inValidityRange>1</dcc:inValidityRange><dcc:traceable>true</dcc:traceable>" + linked_report
    graph = turtle(of(equipment=reference("A-1", "sha256", "ab" * 32, extra)))
    (lower,) = graph.subjects(DCTERMS.identifier, rdflib.Literal("A-1"))
    assert str(graph.value(lower, JL.digest)) == "ab" * 32
    assert str(graph.value(lower, JL.digestProcedure)) == "sha256"
    assert graph.value(lower, JL.inValidityRange).toPython() is True
    above = graph.value(lower, JL.linkedReport)
    assert str(graph.value(above, DCTERMS.identifier)) == "B-2"
    (equipment,) = graph.subjects(JL.certificate, lower)
    (work,) = graph.subjects(RDF.type, JL.Calibration)
    assert (work, PROV.used, equipment) in graph


def test_conformity_conditions_and_words():
    stated = (
        "<dcc:measurementMetaData><dcc:metaData><dcc:conformityXMLList>pass fail</dcc:conformityXMLList>"
        "</dcc:metaData></dcc:measurementMetaData>"
    )
    words = quantity(
        '<dcc:noQuantity><dcc:content lang="zh">完好</dcc:content></dcc:noQuantity>', name="Look"
    )
    chars = quantity("<dcc:charsXMLList>a b</dcc:charsXMLList>", name="Marks")
    graph = turtle(of(quantity(real_list("1 2", "\\volt"), after=stated) + words + chars))
    assert sorted(str(each) for each in graph.objects(None, JL.conformity)) == ["fail", "pass"]
    assert rdflib.Literal("完好", lang="zh") in set(graph.objects(None, JL.words))
    assert sorted(str(each) for each in graph.objects(None, SCHEMA.value) if len(each) == 1) == ["a", "b"]


def test_a_covariance_matrix_is_there_entry_by_entry():
    def one(v):
        return f"<si:covariance><si:value>{v}</si:value><si:unit>\\volt\\tothe{{2}}</si:unit></si:covariance>"

    complex_ = (
        "<si:complex><si:valueReal>1.0</si:valueReal><si:valueImag>-2.50</si:valueImag><si:unit>\\volt</si:unit>"
        "<si:ellipsoidalRegion><si:covarianceMatrix>"
        f"<si:column>{one('0.1')}{one('0.02')}</si:column><si:column>{one('0.02')}{one('0.3')}</si:column>"
        "</si:covarianceMatrix><si:coverageFactor>2.45</si:coverageFactor>"
        "<si:coverageProbability>0.95</si:coverageProbability></si:ellipsoidalRegion></si:complex>"
    )
    graph = turtle(of(quantity(complex_)))
    assert [str(each) for each in graph.objects(None, JL.imaginaryPart)] == ["-2.50"]
    entries = {
        (int(graph.value(each, JL.column)), int(graph.value(each, JL.line))): str(
            graph.value(each, QUDT.numericValue)
        )
        for each in graph.subjects(RDF.type, JL.Covariance)
    }
    assert entries == {(1, 1): "0.1", (1, 2): "0.02", (2, 1): "0.02", (2, 2): "0.3"}


def test_the_iri_comes_from_laboratory_and_number():
    assert certificate_iri(of(number="N 1/2")) == "urn:jialiang:certificate:L0:N%201%2F2"
    without = certificate_with().replace(
        b"<dcc:calibrationLaboratoryCode>L0</dcc:calibrationLaboratoryCode>", b""
    )
    assert certificate_iri(Certificate.read(without)) == "urn:jialiang:certificate:Lab:N-1"
    nameless = certificate_with(number="")
    made = certificate_iri(Certificate.read(nameless))
    assert re.fullmatch(r"urn:jialiang:certificate:sha256:[0-9a-f]{64}", made)
    assert made != certificate_iri(
        Certificate.read(certificate_with(quantity(real("2", "\\kelvin")), number=""))
    )


def test_parts_are_named_by_their_id_else_by_their_place():
    graph = turtle(of())
    base = "urn:jialiang:certificate:L0:N-1"
    assert (rdflib.URIRef(f"{base}#item1"), RDF.type, JL.Item) in graph
    place = "#/measurementResults/measurementResult/results/result/data/quantity"
    assert (rdflib.URIRef(base + place), RDF.type, JL.Quantity) in graph


@pytest.mark.parametrize("language", ["zh", "e", "", "not a tag", "zh_CN", "x" * 9])
def test_language_tags_of_strangers_break_nothing(language):
    words = f'<dcc:noQuantity><dcc:content lang="{language}">Text</dcc:content></dcc:noQuantity>'
    graph = turtle(of(quantity(words)))
    (said,) = (each for each in graph.objects(None, JL.words) if str(each) == "Text")
    assert (said.language or "") in (language.lower(), "")


@pytest.mark.parametrize("letters", ['"', "\\", "'''", '"""', "<>{}|^`", "\n\t", "\U0001f600", "%41", "#?/"])
def test_letters_that_mean_something_in_rdf_come_through(letters):
    text = f"a{letters}b".replace("&", "&amp;").replace("<", "&lt;")
    made = of(quantity(real("1", "\\metre"), name=text), number=text)
    graph = turtle(made)
    assert by_meaning(graph) == by_meaning(linked(made))
    wanted = " ".join(f"a{letters}b".split()) if letters.isspace() else f"a{letters}b"
    assert any(str(each).split() == wanted.split() for each in graph.objects(None, SCHEMA.name))


def test_flags_that_are_none_stay_texts():
    graph = turtle(
        of(equipment=reference("A", "analogue", "analogue", "<dcc:traceable>maybe</dcc:traceable>"))
    )
    (said,) = graph.objects(None, JL.isTraceable)
    assert (str(said), said.datatype) == ("maybe", None)


def test_a_day_that_is_none_stays_a_text():
    graph = turtle(of(end="soon"))
    (said,) = graph.objects(None, SCHEMA.endDate)
    assert (str(said), said.datatype) == ("soon", None)


def test_a_certificate_of_an_unknown_version_is_said_all_the_same():
    graph = turtle(of(version="9.9.9"))
    assert [str(each) for each in graph.objects(None, JL.schemaVersion)] == ["9.9.9"]


# --- the vocabulary -----------------------------------------------------------------------------------------------


def test_every_term_of_our_own_is_documented_and_used_somewhere(oracles):
    used_classes, used_properties = set(), set()
    for name in SAMPLES:
        for _, predicate, said in statements_of(sample_certificate(oracles, name)).triples:
            if predicate.startswith(PREFIXES["jl"]):
                used_properties.add(predicate.removeprefix(PREFIXES["jl"]))
            if (
                predicate == iri("rdf:type")
                and isinstance(said, Iri)
                and said.text.startswith(PREFIXES["jl"])
            ):
                used_classes.add(said.text.removeprefix(PREFIXES["jl"]))
    assert used_classes <= set(VOCABULARY["classes"])
    assert used_properties <= set(VOCABULARY["properties"])
    assert len(used_properties) > 30


def test_the_table_names_only_documented_terms():
    for kind, table in mapping().items():
        assert all(name.partition(":")[0] in PREFIXES for name in table["types"]), kind
        said = [p for member in ("words", "plain", "days", "flags") for p in table.get(member, {}).values()]
        said += [predicate for predicate, inner in table.get("parts", {}).values() if mapping()[inner]]
        for predicate in said:
            prefix, _, name = predicate.partition(":")
            assert prefix in PREFIXES
            assert prefix != "jl" or name in VOCABULARY["properties"], predicate


def test_every_documented_term_has_words_in_both_languages():
    for group in VOCABULARY.values():
        for name, words in group.items():
            assert words["zh"], name
            assert words["en"].endswith((".", "…")), name


# --- the doors ----------------------------------------------------------------------------------------------------


def test_the_notations_are_registered():
    assert {"ttl", "jsonld"} <= set(notations())


@pytest.mark.parametrize("notation", ["ttl", "jsonld", "cbor", "msgpack", "parquet", "xlsx"])
@pytest.mark.parametrize("encoding", sorted(set(ENCODINGS) - {"utf-8"}))
def test_notations_of_one_encoding_refuse_others(notation, encoding):
    with pytest.raises(UnknownEncoding) as refused:
        convert(of(), notation, Wish(encoding=encoding))
    assert "UTF-8" in refused.value.rule.en
    assert notation in refused.value.what.zh


def test_without_rdflib_the_extra_is_named(monkeypatch):
    import importlib

    def gone(name):
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", gone)
    with pytest.raises(LibraryMissing) as refused:
        convert(of(), "ttl")
    assert "jialiang[rdf]" in refused.value.way_out.en


def test_a_statement_made_twice_counts_once():
    said = Statements()
    for _ in range(2):
        said.say("urn:a", "jl:label", "x")
        said.words("urn:a", "schema:name", (("zh", "量"), ("", ""), ("bad tag", "y")))
    assert len(said.triples) == 3
    assert len(graph_of(said)) == 3


# --- shapes -------------------------------------------------------------------------------------------------------


SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix jl: <urn:jialiang:vocabulary:1#> .
@prefix qudt: <http://qudt.org/schema/qudt/> . @prefix sosa: <http://www.w3.org/ns/sosa/> .
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix schema: <https://schema.org/> .
@prefix prov: <http://www.w3.org/ns/prov#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
jl:CertificateShape a sh:NodeShape ; sh:targetClass jl:Certificate ;
  sh:property [ sh:path dcterms:identifier ; sh:minCount 1 ; sh:maxCount 1 ] ,
    [ sh:path dcterms:publisher ; sh:minCount 1 ; sh:class schema:Organization ] ,
    [ sh:path jl:item ; sh:minCount 1 ; sh:class sosa:FeatureOfInterest ] ,
    [ sh:path prov:wasGeneratedBy ; sh:minCount 1 ; sh:maxCount 1 ; sh:class prov:Activity ] .
jl:ValueShape a sh:NodeShape ; sh:targetClass qudt:QuantityValue ;
  sh:property [ sh:path qudt:numericValue ; sh:minCount 1 ; sh:maxCount 1 ;
                sh:or ( [ sh:datatype xsd:decimal ] [ sh:datatype xsd:double ] ) ] ,
    [ sh:path jl:exactText ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:string ] ,
    [ sh:path jl:row ; sh:minCount 1 ; sh:maxCount 1 ; sh:minInclusive 1 ] ,
    [ sh:path [ sh:inversePath sosa:hasResult ] ; sh:minCount 1 ; sh:maxCount 1 ; sh:class jl:Quantity ] .
jl:ObservationShape a sh:NodeShape ; sh:targetClass sosa:Observation ;
  sh:property [ sh:path sosa:hasFeatureOfInterest ; sh:minCount 1 ; sh:class jl:Item ] ,
    [ sh:path sosa:usedProcedure ; sh:class sosa:Procedure ] .
"""


def shacl(graph):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pyshacl = pytest.importorskip("pyshacl")
        holds, _, told = pyshacl.validate(
            graph, shacl_graph=rdflib.Graph().parse(data=SHAPES, format="turtle")
        )
    return holds, told


@pytest.mark.parametrize(
    "name", ["v3.3.0_gp_temperature_valid", "v3.1.2_gp_humidity", "v2.4.0_siliziumkugel"]
)
def test_certificates_have_the_shape(oracles, name):
    holds, told = shacl(turtle(sample_certificate(oracles, name)))
    assert holds, told


def test_the_shapes_see_what_is_missing():
    graph = turtle(of(quantity(real("1", "\\metre", expanded()))))
    graph.remove((None, JL.exactText, None))
    holds, told = shacl(graph)
    assert not holds
    assert "exactText" in told
    assert Decimal("1") == next(iter(graph.objects(None, QUDT.numericValue))).toPython()
