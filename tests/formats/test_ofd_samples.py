"""OFD files of another maker: everything read is derived a second time with zipfile and XPath."""

import hashlib
import io
import json
import zipfile

import pytest
from lxml import etree

from jialiang.formats.findings import holds
from jialiang.formats.ofd.checking import check_file, check_ofd
from jialiang.formats.ofd.container import read_container
from jialiang.formats.ofd.reading import read_ofd
from jialiang.formats.ofd.signing import digest_references

OFD = {"o": "http://www.ofdspec.org/2016"}
NAMES = (
    "helloworld",
    "AddAttachment",
    "DigitalSign",
    "SESV4SignDoc",
    "SESV4SignDoc_tampered_content",
    "SESV4SignDoc_tampered_signature",
)


@pytest.fixture(scope="module", params=NAMES)
def sample(request, oracles):
    """Name, bytes and expected verdict of a sample."""
    folder = oracles / "china" / "ofd"
    expected = json.loads((folder / "expected.json").read_text())["files"]
    said = next(each for each in expected if each["file"] == f"{request.param}.ofd")
    return request.param, (folder / f"{request.param}.ofd").read_bytes(), said


def tree_of(archive, name):
    return etree.fromstring(archive.read(name.lstrip("/")))


def texts_by_xpath(data):
    """All texts of a sample with size and place, page by page: an independent reading."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    root = tree_of(archive, "OFD.xml").xpath("string(//o:DocRoot)", namespaces=OFD)
    folder = root.rpartition("/")[0]
    pages = []
    for location in tree_of(archive, root).xpath("//o:Pages/o:Page/@BaseLoc", namespaces=OFD):
        page = tree_of(archive, f"{folder}/{location}")
        found = []
        for code in page.xpath("//o:TextObject/o:TextCode", namespaces=OFD):
            x, y = map(float, code.getparent().get("Boundary").split()[:2])
            found.append(
                (
                    code.text,
                    x + float(code.get("X")),
                    y + float(code.get("Y")),
                    float(code.getparent().get("Size")),
                    tuple(map(float, code.get("DeltaX").split())),
                )
            )
        pages.append(found)
    return pages


def test_texts_with_places_sizes_and_steps_are_those_of_the_file(sample):
    _, data, _ = sample
    document = read_ofd(data).documents[0]
    read = [[(r.text, r.x, r.y, r.size, r.advances) for r in page.texts] for page in document.pages]
    assert read == texts_by_xpath(data)
    assert sum(map(len, read)) == 1


def test_the_text_that_people_see_is_known(sample):
    name, data, _ = sample
    seen = {
        "AddAttachment": "这是一个带有附件的OFD文件",
        "SESV4SignDoc_tampered_content": "你好呀，OFD Reader&Writer！X",
    }
    assert read_ofd(data).documents[0].text == seen.get(name, "你好呀，OFD Reader&Writer！")


def test_parts_are_those_of_the_zip_byte_by_byte(sample):
    _, data, _ = sample
    archive = zipfile.ZipFile(io.BytesIO(data))
    names = [each for each in archive.namelist() if not each.endswith("/")]
    parts = read_container(data)
    assert list(parts) == names
    assert all(parts[each] == archive.read(each) for each in names)


def test_what_the_document_says_of_itself(sample):
    _, data, _ = sample
    file = read_ofd(data)
    entrance = tree_of(zipfile.ZipFile(io.BytesIO(data)), "OFD.xml")
    info = {
        etree.QName(each).localname: each.text for each in entrance.xpath("//o:DocInfo/*", namespaces=OFD)
    }
    assert dict(file.documents[0].info) == info
    assert (file.version, file.kind) == ("1.0", "OFD")
    assert len(info["DocID"]) == 32


def test_pages_are_a4_and_fonts_are_named(sample):
    name, data, _ = sample
    document = read_ofd(data).documents[0]
    (page,) = document.pages
    assert (page.box.width, page.box.height) == (210, 297)
    (font,) = document.fonts
    assert (font.name, font.family, font.part) == ("宋体", "宋体", "")
    assert {run.font for run in page.texts} == {font.id}
    assert document.max_unit_id == (5 if name == "AddAttachment" else 4)


def test_signatures_and_attachments_are_counted_as_expected(sample):
    name, data, said = sample
    document = read_ofd(data).documents[0]
    if "signatures" in said:
        assert len(document.signatures) == said["signatures"]
    assert len(document.attachments) == said.get("attachments", 0)
    assert read_ofd(data).is_signed is (name not in ("helloworld", "AddAttachment"))


def test_structure_holds_and_a_signature_is_said_to_be_unchecked(sample):
    name, data, said = sample
    findings = check_ofd(data)
    assert holds(findings)
    rules = [each.rule for each in findings]
    assert ("OFD-SIGNED" in rules) is (said.get("verdict") != "UNSIGNED")
    assert ("OFD-TEXT-STEPS" in rules) is (name == "SESV4SignDoc_tampered_content")
    assert set(rules) <= {"OFD-SIGNED", "OFD-FONT-RESIDENT", "OFD-TEXT-STEPS"}


def test_digests_for_a_signer_are_those_that_the_samples_signatures_list(sample):
    name, data, said = sample
    file = read_ofd(data)
    for signature in file.documents[0].signatures:
        tree = etree.fromstring(file.parts[signature.part])
        listed = {
            each.get("FileRef"): each.findtext("o:CheckValue", namespaces=OFD)
            for each in tree.iterfind(".//o:Reference", OFD)
        }
        value = tree.findtext("o:SignedValue", namespaces=OFD).lstrip("/")
        besides = {"Doc_0/Signs/Signatures.xml", signature.part, value}
        made = digest_references(file.parts, lambda part: hashlib.new("sm3", part).digest(), besides)
        assert len(made) == len(listed) == said.get("references", 5)
        same = {each.location: each.check_value for each in made} == listed
        assert same is said["references_ok"]
        if name == "SESV4SignDoc_tampered_content":
            assert [each.part for each in made if listed[each.location] != each.check_value] == [
                "Doc_0/Pages/Page_0/Content.xml"
            ]


def test_the_attachment_of_the_sample_is_its_picture(oracles):
    data = (oracles / "china" / "ofd" / "AddAttachment.ofd").read_bytes()
    (attachment,) = read_ofd(data).documents[0].attachments
    assert attachment.data == zipfile.ZipFile(io.BytesIO(data)).read("Doc_0/Res/eg_tulip.jpg")
    assert attachment.data[:3] == b"\xff\xd8\xff"
    assert (attachment.name, attachment.said["Size"]) == ("Gao", "35.638671875")
    assert float(attachment.said["Size"]) * 1024 == len(attachment.data)
    assert read_ofd(data).documents[0].attachment("Gao") is not None


@pytest.mark.parametrize(
    "part", ["Doc_0/PublicRes.xml", "Doc_0/Pages/Page_0/Content.xml", "Doc_0/Res/eg_tulip.jpg"]
)
def test_a_part_taken_out_of_a_sample_is_missed_by_name(oracles, part):
    data = (oracles / "china" / "ofd" / "AddAttachment.ofd").read_bytes()
    archive = zipfile.ZipFile(io.BytesIO(data))
    left = {
        each: archive.read(each) for each in archive.namelist() if each != part and not each.endswith("/")
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as again:
        for name, content in left.items():
            again.writestr(name, content)
    findings = check_file(read_ofd(out.getvalue()))
    missing = [each for each in findings if each.rule == "OFD-PART-MISSING"]
    assert len(missing) == 1
    assert part in missing[0].text.en
    assert not holds(findings)
