"""Laws of OFD files: any document comes back as it was, big certificates stay within bounds, limits hold."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.formats.dcc_samples import DCC, certificate_with, quantity, real, real_list
from tests.formats.ofd_parts import BOUND, encoded, parts

from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.ofd.certificate import certificate_document, certificate_ofd
from jialiang.formats.ofd.checking import check_file
from jialiang.formats.ofd.errors import (
    ContainerTooLarge,
    NotADocument,
    PagesTooMany,
    PartMissing,
    PartUnreadable,
)
from jialiang.formats.ofd.faces import Faces
from jialiang.formats.ofd.findings import OfdFindings
from jialiang.formats.ofd.identifiers import Identifiers
from jialiang.formats.ofd.model import Box, DrawnPath
from jialiang.formats.ofd.page_writing import NewImage, NewText
from jialiang.formats.ofd.reading import read_ofd, read_parts
from jialiang.formats.ofd.references import References
from jialiang.formats.ofd.trees import MOST_XML, Trees, child, text_of
from jialiang.formats.ofd.writing import NewAttachment, NewDocument, NewPage, ofd_parts, write_ofd
from jialiang.formats.xml.errors import XmlNotWellFormed

FACES = Faces()
PLACES = st.integers(0, 200_000).map(lambda thousandths: thousandths / 1000)
SIDES = st.integers(1, 60_000).map(lambda thousandths: thousandths / 1000)
COLOURS = st.sampled_from(["", "0 0 0", "255 128 1"])
BOXES = st.builds(Box, PLACES, PLACES, SIDES, SIDES)
TEXTS = st.builds(
    NewText,
    text=st.text("abcABC019.,-+ 测量校准证书，。", min_size=1, max_size=20),
    x=PLACES,
    y=PLACES,
    size=st.integers(1000, 12_000).map(lambda thousandths: thousandths / 1000),
    bold=st.booleans(),
    colour=COLOURS,
)
PATHS = st.builds(
    DrawnPath,
    box=BOXES,
    commands=st.just("M 0 0 L 1 0 L 1 1 C"),
    stroke=st.just(True),
    fill=st.booleans(),
    line_width=st.integers(1, 3000).map(lambda thousandths: thousandths / 1000),
    stroke_colour=COLOURS,
    fill_colour=COLOURS,
)
IMAGES = st.builds(NewImage, BOXES, st.binary(min_size=1, max_size=40), st.sampled_from(["PNG", "JPEG"]))
PAGES = st.lists(st.one_of(TEXTS, PATHS, IMAGES), max_size=8).map(lambda each: NewPage(tuple(each)))
DOCUMENTS = st.builds(
    NewDocument,
    pages=st.lists(PAGES, min_size=1, max_size=4).map(tuple),
    doc_id=st.text("0123456789abcdef", min_size=32, max_size=32),
    attachments=st.lists(st.binary(max_size=100), max_size=3).map(
        lambda datas: tuple(NewAttachment(f"f{n}.bin", data, "bin") for n, data in enumerate(datas))
    ),
    title=st.text("校准 certificate<&>", max_size=20).map(str.strip),
)


# --- any document -------------------------------------------------------------------------------------------------


@settings(max_examples=80)
@given(DOCUMENTS)
def test_any_document_comes_back_as_it_was(made):
    file = read_ofd(write_ofd(made, FACES))
    (read,) = file.documents
    assert read.info["DocID"] == made.doc_id
    assert read.info.get("Title", "") == made.title
    assert [each.data for each in read.attachments] == [each.data for each in made.attachments]
    assert len(read.pages) == len(made.pages)
    media = {each.id: each.part for each in read.media}
    for page, wanted in zip(read.pages, made.pages, strict=True):
        texts = [each for each in wanted.content if isinstance(each, NewText)]
        assert [(r.text, r.size, r.colour) for r in page.texts] == [(t.text, t.size, t.colour) for t in texts]
        assert all(
            abs(run.x - text.x) < 1e-6 and abs(run.y - text.y) < 0.0011
            for run, text in zip(page.texts, texts, strict=True)
        )
        assert list(page.paths) == [each for each in wanted.content if isinstance(each, DrawnPath)]
        images = [each for each in wanted.content if isinstance(each, NewImage)]
        assert [file.parts[media[each.resource]] for each in page.images] == [each.data for each in images]
        assert [each.box for each in page.images] == [each.box for each in images]


@settings(max_examples=60)
@given(DOCUMENTS)
def test_any_document_has_identifiers_and_parts_in_order(made):
    named = ofd_parts(made, FACES)
    file = read_parts(named)
    rules = {finding.rule for finding in check_file(file)}
    assert rules <= {"OFD-FONT-RESIDENT", "OFD-OUTSIDE-PAGE"}
    assert list(named)[:3] == ["OFD.xml", "Doc_0/Document.xml", "Doc_0/PublicRes.xml"]
    assert file.documents[0].max_unit_id == sum(
        len(etree.fromstring(part).xpath("//@ID")) for name, part in named.items() if name.endswith(".xml")
    )


@settings(max_examples=30)
@given(DOCUMENTS)
def test_any_document_gives_the_same_bytes_twice(made):
    assert write_ofd(made, FACES) == write_ofd(made, Faces())


# --- big certificates ---------------------------------------------------------------------------------------------


def test_five_thousand_values_are_set_and_checked_in_reasonable_time():
    values = [f"{n}.125" for n in range(5000)]
    data = certificate_with(quantity(real_list(" ".join(values), "\\metre")))
    start = time.process_time()
    made = certificate_ofd(Certificate.read(data), "zh", FACES)
    file = read_ofd(made)
    findings = check_file(file)
    assert time.process_time() - start < 20
    assert {finding.rule for finding in findings} <= {"OFD-FONT-RESIDENT"}
    pages = file.documents[0].pages
    assert len(pages) > 100
    shown = {run.text.split()[0] for page in pages for run in page.texts if run.text.strip()}
    assert set(values) <= shown
    assert any(run.text == f"第 {len(pages)} 页 共 {len(pages)} 页" for run in pages[-1].texts)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("contact/name/content", "很长的名称" * 2000),
        ("contact/name/content", "w" * 20_000),
        ("contact/name/content", "word " * 5000),
        ("coreData/uniqueIdentifier", "N-" + "0" * 20_000),
        ("coreData/uniqueIdentifier", ""),
        ("quantity/name/content", "quantity " * 3000),
        ("result/name/content", "table " * 3000),
        ("person/name/content", "名" * 9000),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_texts_as_long_as_books_are_set_within_the_pages(path, text, language):
    tree = etree.fromstring(certificate_with(quantity(real("1.25", "\\metre"))))
    tree.find(".//" + "/".join(f"{{{DCC}}}{step}" for step in path.split("/"))).text = text
    file = read_ofd(certificate_ofd(Certificate.read(etree.tostring(tree)), language, FACES))
    findings = check_file(file)
    assert {finding.rule for finding in findings} <= {"OFD-FONT-RESIDENT"}, findings[:3]
    assert any(run.text.startswith("1.25") for page in file.documents[0].pages for run in page.texts)


def test_more_than_a_thousand_pages_are_refused_before_they_are_written():
    data = certificate_with(quantity(real_list(" ".join(["1.5"] * 60_000), "\\metre")))
    with pytest.raises(PagesTooMany) as caught:
        certificate_ofd(Certificate.read(data), "zh", FACES)
    assert (caught.value.code, caught.value.http_status, caught.value.facts) == (
        "JL-OFD-010",
        413,
        {"limit": 1000},
    )
    assert "1000" in caught.value.what.zh


@pytest.mark.parametrize("count", [0, 1, 30])
def test_as_many_quantities_as_there_are_each_show_their_value(count):
    inside = "".join(quantity(real(f"{n}.5", "\\metre"), name=f"Q{n}") for n in range(count))
    made = certificate_document(Certificate.read(certificate_with(inside)), "en", FACES)
    shown = [each.text for page in made.pages for each in page.content if isinstance(each, NewText)]
    for n in range(count):
        assert f"{n}.5 m" in shown
        assert f"Q{n}" in shown


# --- parts of the reader and the check, by themselves -------------------------------------------------------------


def trees(**named):
    return Trees({name.replace("_", "."): data.encode() for name, data in named.items()})


def test_a_part_is_parsed_and_its_root_is_looked_at():
    root = trees(a_xml=f"<ofd:Page {BOUND}><ofd:Area>  x </ofd:Area></ofd:Page>").root(
        "a.xml", "b.xml", "Page"
    )
    assert text_of(root, "Area") == "x"
    assert text_of(root, "Area", "Other") == text_of(None) == ""
    assert child(root, "Other") is None


@pytest.mark.parametrize(
    ("part", "error", "words"),
    [
        ("none.xml", PartMissing, "none.xml"),
        ("", PartMissing, "b.xml"),
        ("bad.xml", PartUnreadable, "line 2"),
        ("other.xml", NotADocument, "Thing"),
    ],
)
def test_what_is_wrong_with_a_part_names_the_part(part, error, words):
    named = trees(bad_xml="<a>\n<b></a>", other_xml="<Thing/>")
    with pytest.raises(error) as caught:
        named.root(part, "b.xml", "Page")
    assert words in caught.value.what.en
    assert caught.value.what.zh


def test_a_refusal_of_the_parser_is_told_in_its_own_words():
    with pytest.raises(PartUnreadable) as caught:
        trees(a_xml="<a>").root("a.xml", "b.xml", "Page")
    assert isinstance(caught.value, PartUnreadable)
    assert XmlNotWellFormed(line=1, column=4, detail="x").what.zh[:4] in caught.value.what.zh


def test_all_xml_together_has_a_limit():
    page = f"<ofd:Page {BOUND}>{'x' * 7_000_000}</ofd:Page>"
    named = trees(a_xml=page)
    for _ in range(MOST_XML // len(page)):
        named.root("a.xml", "b.xml", "Page")
    with pytest.raises(ContainerTooLarge) as caught:
        named.root("a.xml", "b.xml", "Page")
    assert "XML" in caught.value.what.en


def test_references_are_followed_and_remembered():
    findings = OfdFindings()
    references = References(encoded(parts()), findings)
    root = etree.fromstring(parts()["Doc_0/Document.xml"])
    references.follow("Doc_0/Document.xml", root)
    assert references.used == {
        "OFD.xml", "Doc_0/PublicRes.xml", "Doc_0/DocumentRes.xml", "Doc_0/Pages/Page_0/Content.xml",
        "Doc_0/Attachments.xml",
    }  # fmt: skip
    assert findings.result() == ()
    named = list(references.named("Doc_0/Document.xml", root, "PublicRes", "DocumentRes", "PublicRes"))
    assert named == ["Doc_0/PublicRes.xml", "Doc_0/DocumentRes.xml"]


@pytest.mark.parametrize(
    ("identifiers", "maximum", "rules"),
    [
        (["1", "2", "3"], 3, []),
        (["1", "2", "3"], 99, []),
        (["3", "1", "2"], 3, []),
        (["1", "1"], 1, ["OFD-ID-TWICE"]),
        (["1", "01"], 1, ["OFD-ID-TWICE"]),
        (["1", "2"], 1, ["OFD-ID-ABOVE-MAX"]),
        (["2", "2"], 1, ["OFD-ID-ABOVE-MAX", "OFD-ID-TWICE", "OFD-ID-ABOVE-MAX"]),
        (["0"], 9, ["OFD-ID-MISSING"]),
        ([""], 9, ["OFD-ID-MISSING"]),
        (["-1"], 9, ["OFD-ID-MISSING"]),
        (["1.0"], 9, ["OFD-ID-MISSING"]),
        (["\u0661"], 9, ["OFD-ID-MISSING"]),
        (["9" * 16], 9, ["OFD-ID-MISSING"]),
        (["1", "2"], None, []),
    ],
)
def test_identifiers_are_whole_positive_once_and_not_too_great(identifiers, maximum, rules):
    findings = OfdFindings()
    layers = "".join(f'<ofd:Layer ID="{each}"/>' for each in identifiers)
    page = etree.fromstring(f"<ofd:Page {BOUND}><ofd:Content>{layers}</ofd:Content></ofd:Page>")
    Identifiers(maximum, findings).take("p", page)
    assert [finding.rule for finding in findings.result()] == rules
