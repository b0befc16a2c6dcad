"""Statements of RDF worked by hand: datatypes of days and moments, compact names, sorted members, names of parts."""

import json
from datetime import UTC

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.dcc_samples import certificate_with, expanded, quantity, real, real_list
from tests.formats.reading_pieces import bare

from jialiang.formats.conversion.rdf.certificate import certificate_iri, statements_of
from jialiang.formats.conversion.rdf.terms import PREFIXES, Iri, Plain, Statements, iri
from jialiang.formats.conversion.rdf.writing import graph_of, json_ld_of, turtle_of
from jialiang.formats.dcc.certificate import Certificate


def of(*quantities, **others):
    return Certificate.read(certificate_with("".join(quantities), **others))


def said_of(certificate, predicate):
    """The terms that stand behind a predicate, in the order of the statements."""
    return [said for _, name, said in statements_of(certificate).triples if name == iri(predicate)]


def datatype_of(state, text):
    said = Statements()
    getattr(said, state)("urn:a", "jl:dateTime", text)
    ((_, _, term),) = said.triples
    assert term.text == text
    return term.datatype


DAYS = [("2024-02-29", True), ("2026-02-28", True), ("2026-02-29", False), ("2026-02-30", False), ("2026-04-31", False),
        ("1900-02-29", False), ("2000-02-29", True), ("0001-01-01", True), ("0000-01-01", False), ("2026-00-01", False),
        ("2026-1-1", False), ("20260101", False), ("2026-01-01+08:00", False), ("２０２６-01-01", False)]  # fmt: skip


@pytest.mark.parametrize(("text", "is_day"), DAYS)
def test_a_day_is_one_of_the_calendar_or_a_text(text, is_day):
    assert datatype_of("day", text) == ("xsd:date" if is_day else "")


MOMENTS = [
    ("2026-03-04T05:06:07", True), ("2026-03-04T05:06:07Z", True), ("2026-03-04T05:06:07.125Z", True),
    ("2026-03-04T05:06:07.123456789012Z", True), ("2026-03-04T05:06:07+08:00", True),
    ("2026-03-04T05:06:07-14:00", True), ("2024-02-29T23:59:59Z", True),
    ("2026-02-29T05:06:07Z", False), ("2026-03-04T25:06:07Z", False), ("2026-03-04T05:60:07Z", False),
    ("2026-03-04T05:06:60Z", False), ("2026-03-04T05:06:07+14:30", False), ("2026-03-04T05:06:07+08:60", False),
    ("2026-03-04T05:06:07+0800", False), ("2026-03-04T05:06:07z", False), ("2026-03-04T05:06:07.", False),
    ("2026-03-04 05:06:07", False), ("2026-03-04T05:06", False), ("2026-03-04", False), ("yesterday", False),
    ("20260304T050607Z", False), ("2026-W10-3T05:06:07", False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "is_moment"), MOMENTS)
def test_a_moment_is_one_of_the_calendar_or_a_text(text, is_moment):
    assert datatype_of("moment", text) == ("xsd:dateTime" if is_moment else "")


@given(st.datetimes(timezones=st.just(UTC)), st.integers(-14 * 60, 14 * 60))
def test_every_moment_of_the_calendar_is_taken_as_one(moment, minutes):
    text = moment.replace(tzinfo=None).isoformat()
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    assert datatype_of("moment", f"{text}{sign}{hours:02d}:{rest:02d}") == "xsd:dateTime"
    assert datatype_of("day", moment.date().isoformat()) == "xsd:date"


def test_a_moment_of_a_value_that_is_none_stays_a_text_in_both_notations():
    made = (
        "<si:real><si:value>1</si:value><si:unit>\\metre</si:unit><si:dateTime>noon</si:dateTime></si:real>"
    )
    certificate = of(quantity(made, "q"))
    assert said_of(certificate, "jl:dateTime") == [Plain("noon")]
    assert b'"noon"' in turtle_of(certificate)
    assert b'noon"^^' not in turtle_of(certificate)
    assert b"xsd:dateTime" not in json_ld_of(certificate).partition(b"@graph")[2]


def test_a_day_that_the_calendar_lacks_is_no_date():
    graph = graph_of(statements_of(of(end="2026-02-30")))
    (end,) = graph.objects(None, rdflib.URIRef(iri("schema:endDate")))
    assert (str(end), end.datatype) == ("2026-02-30", None)


# --- compact names ------------------------------------------------------------------------------------------------

NUMBERS = [
    # number; laboratory's name; the end of the IRI
    ("N-1", "A", "A:N-1"), ("N 1/2", "A", "A:N%201%2F2"), ("证书", "A", "A:%E8%AF%81%E4%B9%A6"), 
    ("a:b", "A", "A:a%3Ab"),
    ("a#b?c", "A", "A:a%23b%3Fc"), ("~._-", "A", "A:~._-"), ("100%", "A", "A:100%25"), ("N-1", "", "-:N-1"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "laboratory", "end"), NUMBERS)
def test_numbers_of_any_letters_make_a_whole_iri(number, laboratory, end):
    contact = f"<dcc:contact><dcc:name><dcc:content>{laboratory}</dcc:content></dcc:name></dcc:contact>"
    document = bare(
        f"<dcc:coreData><dcc:uniqueIdentifier>{number}</dcc:uniqueIdentifier></dcc:coreData>"
        f"<dcc:calibrationLaboratory>{contact}</dcc:calibrationLaboratory>"
    )
    assert certificate_iri(Certificate.read(document)) == f"urn:jialiang:certificate:{end}"


def test_a_code_of_the_laboratory_comes_before_its_name():
    laboratory = (
        "<dcc:calibrationLaboratory><dcc:calibrationLaboratoryCode>L 7</dcc:calibrationLaboratoryCode><dcc:contact>"
        "<dcc:name><dcc:content>A</dcc:content></dcc:name></dcc:contact></dcc:calibrationLaboratory>"
    )
    core = "<dcc:coreData><dcc:uniqueIdentifier>N</dcc:uniqueIdentifier></dcc:coreData>"
    assert certificate_iri(Certificate.read(bare(core + laboratory))) == "urn:jialiang:certificate:L%207:N"


def test_certificates_without_a_number_are_told_apart_by_their_content_alone():
    plain, spaced = bare("<dcc:items/>"), bare("<dcc:items></dcc:items>")
    other = bare("<dcc:items><dcc:item/></dcc:items>")
    first, same, different = (certificate_iri(Certificate.read(each)) for each in (plain, spaced, other))
    assert first == same != different
    assert first.startswith("urn:jialiang:certificate:sha256:")
    assert len(first.rpartition(":")[2]) == 64


def expanded_iri(text, context):
    """A compact IRI of JSON-LD as a reader expands it."""
    prefix, colon, name = text.partition(":")
    return context[prefix] + name if colon and prefix in context and not name.startswith("//") else text


def nodes_of(certificate):
    document = json.loads(json_ld_of(certificate))
    context = document["@context"]
    assert context.pop("@version") == 1.1
    assert context == PREFIXES
    return document["@graph"], context


def read_back(certificate):
    """The statements of the JSON-LD, read by a few lines that know nothing but its form."""
    graph, context = nodes_of(certificate)
    found = set()
    for node in graph:
        for kind in node.get("@type", []):
            found.add((node["@id"], iri("rdf:type"), Iri(expanded_iri(kind, context))))
        for key, terms in node.items():
            for term in terms if key[0] != "@" else ():
                said = (
                    Iri(expanded_iri(term["@id"], context))
                    if "@id" in term
                    else Plain(term["@value"], term.get("@type", ""), term.get("@language", ""))
                )
                found.add((node["@id"], expanded_iri(key, context), said))
    return found


@settings(max_examples=20)
@given(
    st.lists(st.decimals(-999, 999, places=3), min_size=1, max_size=4),
    st.sampled_from(["\\metre", "\\degreecelsius", "\\one", "\\volt\\per\\metre", "unknown"]),
    st.text("aé量 :/#\"\\'<&", max_size=6),
)
def test_json_ld_says_every_statement_and_no_other(values, unit, name):
    escaped = name.replace("&", "&amp;").replace("<", "&lt;")
    certificate = of(quantity(real_list(" ".join(map(str, values)), unit), escaped))
    assert read_back(certificate) == set(statements_of(certificate).triples)


def test_nodes_members_and_terms_are_sorted():
    certificate = of(quantity(real("1", "\\metre", expanded()), "b"), quantity(real("2", "\\metre"), "a"))
    graph, _ = nodes_of(certificate)
    assert [node["@id"] for node in graph] == sorted({node["@id"] for node in graph})
    for node in graph:
        members = [key for key in node if key[0] != "@"]
        assert members == sorted(members)
        for key in members:
            keys = [json.dumps(term, sort_keys=True) for term in node[key]]
            assert len(keys) == len(set(keys))


def test_the_order_of_statements_does_not_change_the_bytes():
    first = of(quantity(real("1", "\\metre"), "a"))
    assert turtle_of(first) == turtle_of(of(quantity(real("1", "\\metre"), "a")))
    backwards = Statements(dict(reversed(statements_of(first).triples.items())))
    assert set(graph_of(backwards)) == set(graph_of(statements_of(first)))


NOT_COMPACT = [("urn:x:y", False), ("https://schema.org/a/b", False), ("http://qudt.org/vocab/unit/", False)]


@pytest.mark.parametrize(("target", "is_short"), [*NOT_COMPACT, ("http://qudt.org/vocab/unit/DEG_C", True),
                                                  ("https://schema.org/a-b", True)])  # fmt: skip
def test_an_iri_is_short_only_where_it_can_be_read_back(target, is_short, monkeypatch):
    said = Statements()
    said.link("urn:a", "jl:quantity", target)
    monkeypatch.setattr("jialiang.formats.conversion.rdf.writing.statements_of", lambda _: said)
    (node,), context = nodes_of(None)
    (term,) = node["jl:quantity"]
    assert (term["@id"] != target) == is_short
    assert expanded_iri(term["@id"], context) == target


@pytest.mark.parametrize(
    ("tag", "kept"),
    [("zh", True), ("zh-Hans-CN", True), ("x-private", True), ("", False), ("zh_CN", False), ("中文", False),
     ("toolonglanguage", False), ("zh-", False), ("1a", False)],
)  # fmt: skip
def test_a_tag_that_rdf_cannot_carry_is_left_out_and_its_text_kept(tag, kept):
    said = Statements()
    said.words("urn:a", "schema:name", ((tag, "words"),))
    assert list(said.triples) == [("urn:a", iri("schema:name"), Plain("words", language=tag if kept else ""))]
