"""The RDF of every sample computed a second time from the typed data: names, places, words, links, uncertainties."""

from collections import Counter

import pytest
from tests.formats.dcc_samples import NS, SAMPLES, sample_certificate

from jialiang.formats.conversion.rdf.certificate import certificate_iri, statements_of
from jialiang.formats.conversion.rdf.describing import Names, mapping
from jialiang.formats.conversion.rdf.results import describe_quantity
from jialiang.formats.conversion.rdf.terms import PREFIXES, Iri, Plain, Statements, iri, number_type
from jialiang.formats.conversion.rows import rows
from jialiang.formats.dcc.reading_parts import all_of

UNCERTAINTIES = {
    "standard_uncertainty": "jl:standardUncertainty",
    "expanded_uncertainty": "jl:expandedUncertainty",
    "coverage_factor": "jl:coverageFactor",
    "coverage_probability": "jl:coverageProbability",
    "interval_min": "jl:intervalMinimum",
    "interval_max": "jl:intervalMaximum",
}


@pytest.fixture(scope="module", params=SAMPLES)
def certificate(request, oracles):
    return sample_certificate(oracles, request.param)


@pytest.fixture(scope="module")
def said(certificate):
    """Objects by subject and predicate."""
    found = {}
    for subject, predicate, each in statements_of(certificate).triples:
        found.setdefault((subject, predicate), []).append(each)
    return found


def quantities_of(certificate, said):
    """Pairs of a quantity and its IRI, in the order of the file."""
    linked = said[certificate_iri(certificate), iri("jl:quantity")]
    return list(zip(certificate.quantities(), [each.text for each in linked], strict=True))


def texts(said, subject, predicate):
    return [each.text for each in said.get((subject, iri(predicate)), [])]


def test_names_types_and_places_are_those_of_the_quantities(certificate, said):
    for quantity, subject in quantities_of(certificate, said):
        names = Counter((each.language, each.text) for each in said.get((subject, iri("schema:name")), []))
        assert names == Counter({pair for pair in quantity.name if pair[1]})
        assert set(texts(said, subject, "jl:refType")) == set(quantity.ref_type)
        assert texts(said, subject, "jl:path") == [quantity.path]
        assert texts(said, subject, "jl:role") == [quantity.role]
        assert texts(said, subject, "jl:kind") == ([quantity.kind] if quantity.kind else [])
        kinds = texts(said, subject, "rdf:type")
        assert (iri("sosa:Observation") in kinds) == (quantity.role == "result")


def test_links_are_as_many_as_the_quantities_have_and_carry_their_names(certificate, said):
    for quantity, subject in quantities_of(certificate, said):
        for member, predicate in (("items", "sosa:hasFeatureOfInterest"), ("methods", "sosa:usedProcedure"),
                                  ("equipment", "jl:usedEquipment"), ("conditions", "jl:condition")):  # fmt: skip
            targets = texts(said, subject, predicate)
            links = getattr(quantity, member)
            assert len(targets) == len(links)
            for target, link in zip(targets, links, strict=True):
                names = {(each.language, each.text) for each in said.get((target, iri("schema:name")), [])}
                assert names == {pair for pair in link.name if pair[1]}


def test_values_are_the_rows_of_the_long_table(certificate, said):
    wanted, found = Counter(), Counter()
    for row in rows(certificate):
        if row["writing"]:
            wanted[row["path"], row["writing"], row["row"], row["value"], row["unit"], row["uncertainty_form"],
                   *(row[name] for name in UNCERTAINTIES), row["conformity"], row["distribution"]] += 1  # fmt: skip
    for quantity, subject in quantities_of(certificate, said):
        for value in texts(said, subject, "sosa:hasResult"):
            one = {name: "".join(texts(said, value, name)) for name in (
                "jl:writing", "jl:row", "jl:exactText", "jl:unit", "jl:uncertaintyForm", *UNCERTAINTIES.values(),
                "jl:conformity", "jl:distribution")}  # fmt: skip
            if one["jl:exactText"]:
                found[(quantity.path, *one.values())] += 1
    assert found == wanted


def test_numbers_are_typed_by_their_letters(said):
    for (_, predicate), objects in said.items():
        if predicate in {iri(name) for name in (*UNCERTAINTIES.values(), "qudt:numericValue")}:
            for each in objects:
                assert isinstance(each, Plain)
                assert each.datatype == number_type(each.text) != ""


def test_words_marks_and_formulas_are_all_there(certificate, said):
    for quantity, subject in quantities_of(certificate, said):
        words = {(each.language, each.text) for each in said.get((subject, iri("jl:words")), [])}
        assert words == {pair for pair in quantity.words if pair[1]}
        marks = [
            text
            for value in texts(said, subject, "sosa:hasResult")
            for text in texts(said, value, "schema:value")
        ]
        assert marks == list(quantity.chars)
    formulas = [each for (_, predicate), objects in said.items() for each in objects
                if predicate in {iri(f"jl:{name}") for name in ("latex", "mathml", "siunitx")}]  # fmt: skip
    assert {each.text for each in formulas} >= {each.text for each in certificate.formulas() if each.text}


def test_every_reference_to_a_certificate_is_said_with_its_digest(certificate, said):
    references = [each for name in ("certificate", "linkedReport", "previousReport")
                  for each in certificate.tree.iter(f"{{{NS['dcc']}}}{name}")]  # fmt: skip
    subjects = [subject for (subject, predicate), objects in said.items()
                if predicate == iri("rdf:type") and Iri(iri("jl:CertificateReference")) in objects]  # fmt: skip
    assert len(subjects) == len(references)
    digests = Counter(text for subject in subjects for text in texts(said, subject, "jl:digest"))
    assert digests == Counter((each.text or "").strip() for r in references for each in all_of(r, "value"))


@pytest.mark.parametrize("kind", sorted(mapping()))
def test_every_child_of_the_table_is_read_where_a_sample_has_it(oracles, kind):
    """A path of the table that no version of the DCC knows would be a slip of the pen."""
    known = set()
    for version in ("2.3.0", "2.4.0", "3.0.0", "3.3.0"):
        text = (oracles / "dcc" / "schema" / "dcc" / f"v{version}" / "dcc.xsd").read_text(encoding="utf-8")
        known |= {part.split('"')[0] for part in text.split('name="')[1:]}
    table = mapping()[kind]
    paths = [
        path
        for group in ("words", "plain", "days", "flags", "parts", "also")
        for path in table.get(group, {})
    ]
    assert {step for path in paths for step in path.split("/")} <= known


def test_parts_of_one_id_are_one_thing_and_others_are_named_by_their_path():
    names = Names("urn:c")
    assert names.at("/dcc:root/dcc:a[1]/dcc:b[2]") == "urn:c#/a/b.2"
    assert names.at("/dcc:root/dcc:a[12]/si:b[1]") == "urn:c#/a.12/b"
    assert names.at("/dcc:root/dcc:a[1]", "id 1/ä") == "urn:c#id%201/%C3%A4"
    assert names.at("/dcc:root") == "urn:c#/"


@pytest.mark.parametrize(
    ("text", "datatype"),
    [("1", "xsd:decimal"), ("-1.0", "xsd:decimal"), ("1e3", "xsd:double"), ("NaN", "xsd:double"),
     ("-INF", "xsd:double"),
     ("INF", "xsd:double"), ("1,0", ""), ("1 000", ""), ("١", ""), ("0x1", ""), ("1.", "xsd:decimal"), (".", "")],
)  # fmt: skip
def test_datatypes_of_numbers(text, datatype):
    assert number_type(text) == datatype


@pytest.mark.parametrize(
    ("text", "datatype"),
    [
        ("2026-03-04", "xsd:date"),
        ("2026-13-04", ""),
        ("2026-03-32", ""),
        ("4.3.2026", ""),
        ("2026-03-04Z", ""),
    ],
)
def test_datatypes_of_days(text, datatype):
    said = Statements()
    said.day("urn:a", "dcterms:date", text)
    ((_, _, each),) = said.triples
    assert (each.text, each.datatype) == (text, datatype)


def test_nothing_is_said_where_there_is_nothing_to_say():
    said = Statements()
    said.say("urn:a", "jl:label", "")
    said.number("urn:a", "jl:label", "")
    said.day("urn:a", "jl:label", "")
    said.words("urn:a", "jl:label", (("zh", ""),))
    assert said.triples == {}


def test_prefixes_are_distinct_namespaces():
    assert len(set(PREFIXES.values())) == len(PREFIXES)
    assert all(namespace.endswith(("/", "#")) for namespace in PREFIXES.values())
    with pytest.raises(KeyError):
        iri("nothing:x")


def test_a_quantity_is_described_under_the_name_that_it_is_linked_by(certificate):
    said, names = Statements(), Names(certificate_iri(certificate))
    for quantity in certificate.quantities():
        subject = describe_quantity(said, names, quantity)
        assert (names.certificate, iri("jl:quantity"), Iri(subject)) in said.triples
