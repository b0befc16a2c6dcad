"""The check of structure: every rule has a file that breaks it and only it, with its place and both languages."""

import json
import re
from importlib import resources

import pytest
from tests.conftest import ROOT
from tests.formats.ofd_parts import BOUND, PAGE, PAGE_PART, changed, encoded, parts, without, zipped

from jialiang.formats.findings import holds
from jialiang.formats.ofd.checking import check_file, check_ofd
from jialiang.formats.ofd.findings import MOST, OfdFindings, rules
from jialiang.formats.ofd.reading import read_parts

DOCUMENT, RESOURCES = "Doc_0/Document.xml", "Doc_0/PublicRes.xml"
SIGNATURES = (
    f'<ofd:Signatures {BOUND}><ofd:MaxSignId>1</ofd:MaxSignId><ofd:Signature ID="1" Type="Seal" '
    'BaseLoc="Sign_0/Signature.xml"/></ofd:Signatures>'
)
SIGNATURE = (
    f"<ofd:Signature {BOUND}><ofd:SignedInfo><ofd:Seal><ofd:BaseLoc>Seal.esl</ofd:BaseLoc></ofd:Seal></ofd:SignedInfo>"
    "<ofd:SignedValue>SignedValue.dat</ofd:SignedValue></ofd:Signature>"
)


def found(named):
    return check_file(read_parts(encoded(named)))


def signed(**changes):
    """The parts with a list of signatures, a signature, a seal and a value."""
    entrance = parts()["OFD.xml"].replace(
        "</ofd:DocRoot>", "</ofd:DocRoot><ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures>"
    )
    return (
        parts()
        | {
            "OFD.xml": entrance,
            "Doc_0/Signs/Signatures.xml": SIGNATURES,
            "Doc_0/Signs/Sign_0/Signature.xml": SIGNATURE,
            "Doc_0/Signs/Sign_0/Seal.esl": "seal",
            "Doc_0/Signs/Sign_0/SignedValue.dat": "value",
        }
        | changes
    )


def test_a_well_made_file_has_no_finding():
    assert found(parts()) == ()
    assert check_ofd(zipped(parts())) == ()


CASES = [
    ("OFD-KIND", "OFD.xml", 'DocType="OFD"', 'DocType="OFD-A"', "OFD-A 1.0"),
    ("OFD-KIND", "OFD.xml", 'Version="1.0"', 'Version="9"', "OFD 9"),
    ("OFD-DOCUMENT-ID", "OFD.xml", "0123456789abcdef0123456789abcdef", "42", "42"),
    ("OFD-DOCUMENT-ID", "OFD.xml", "<ofd:DocID>0123456789abcdef0123456789abcdef</ofd:DocID>", "", "DocID"),
    ("OFD-PAGE-BOX", DOCUMENT, "0 0 210 297", "0 0 0 297", "1"),
    ("OFD-ID-MISSING", PAGE_PART, 'ID="6"', 'ID="six"', "six"),
    ("OFD-ID-MISSING", PAGE_PART, 'ID="6" ', "", "PathObject"),
    ("OFD-ID-MISSING", PAGE_PART, 'ID="6"', 'ID="0"', "0"),
    ("OFD-ID-TWICE", PAGE_PART, 'ID="6"', 'ID="5"', "5"),
    ("OFD-ID-TWICE", PAGE_PART, 'ID="4"', 'ID="1"', "1"),
    ("OFD-ID-ABOVE-MAX", PAGE_PART, 'ID="6"', 'ID="10"', "10"),
    ("OFD-ID-ABOVE-MAX", DOCUMENT, ">9<", ">6<", "7"),
    ("OFD-ID-MAX-MISSING", DOCUMENT, "<ofd:MaxUnitID>9</ofd:MaxUnitID>", "", "MaxUnitID"),
    ("OFD-BOX", PAGE_PART, "10 30 100 1", "10 30 100", "10 30 100"),
    ("OFD-BOX", PAGE_PART, "10 30 100 1", "10 30 -5 1", "10 30 -5 1"),
    ("OFD-OUTSIDE-PAGE", PAGE_PART, "10 30 100 1", "150 30 100 1", "150 30 100 1"),
    ("OFD-OUTSIDE-PAGE", PAGE_PART, "10 30 100 1", "10 296.5 100 1", "296.5"),
    ("OFD-FONT-SIZE", PAGE_PART, 'Size="4"', 'Size="0"', "0"),
    ("OFD-FONT-SIZE", PAGE_PART, 'Size="4"', 'Size="-4"', "-4"),
    ("OFD-FONT-UNKNOWN", PAGE_PART, 'Font="2"', 'Font="3"', "3"),
    ("OFD-IMAGE-UNKNOWN", PAGE_PART, 'ResourceID="3"', 'ResourceID="2"', "2"),
    ("OFD-TEXT-STEPS", PAGE_PART, 'DeltaX="4 4"', 'DeltaX="4"', "1 values for 3"),
    ("OFD-TEXT-STEPS", PAGE_PART, 'DeltaX="4 4"', 'DeltaX="4 4 4"', "3 values for 3"),
    ("OFD-TEXT-STEPS", PAGE_PART, 'DeltaX="4 4"', 'DeltaX="4 x"', "4 x"),
    ("OFD-TEXT-START", PAGE_PART, 'X="0" ', "", "start"),
    ("OFD-TEXT-START", PAGE_PART, 'Y="4"', 'Y="four"', "start"),
    ("OFD-ATTACHMENT-NAME", "Doc_0/Attachments.xml", 'Name="data.xml"', 'Name=""', "name"),
    ("OFD-ATTACHMENT-SIZE", "Doc_0/Attachments.xml", 'Size="1.5"', 'Size="1536"', "1536 KB and has 1.5"),
    ("OFD-ATTACHMENT-SIZE", "Doc_0/Attachments.xml", 'Size="1.5"', 'Size="big"', "big"),
    ("OFD-FONT-RESIDENT", RESOURCES, "<ofd:FontFile>a.ttf</ofd:FontFile>", "", "A"),
    ("OFD-PART-OUTSIDE", RESOURCES, "a.ttf", "../../../a.ttf", "../../../a.ttf"),
    ("OFD-PART-MISSING", RESOURCES, "a.ttf", "b.ttf", "Doc_0/Res/b.ttf"),
]


@pytest.mark.parametrize(("rule", "part", "old", "new", "words"), CASES)
def test_each_rule_finds_its_fault_and_says_what_stands_there(rule, part, old, new, words):
    findings = found(changed(part, old, new))
    mine = [each for each in findings if each.rule == rule]
    assert len(mine) == 1, findings
    assert words in mine[0].text.en
    assert mine[0].text.zh != mine[0].text.en
    besides = {each.rule for each in findings} - {rule}
    consequences = (
        {"OFD-PART-UNUSED", "OFD-FONT-RESIDENT"} if rule.startswith(("OFD-PART", "OFD-FONT")) else set()
    )
    if rule == "OFD-PAGE-BOX":
        consequences = {"OFD-OUTSIDE-PAGE"}
    assert besides <= consequences, findings
    assert holds(findings) is (rules()[rule] != "error")


@pytest.mark.parametrize(
    ("missing", "wanted_by"),
    [
        (PAGE_PART, "Page"),
        (RESOURCES, "PublicRes"),
        ("Doc_0/DocumentRes.xml", "DocumentRes"),
        ("Doc_0/Res/a.ttf", "FontFile"),
        ("Doc_0/Res/a.png", "MediaFile"),
        ("Doc_0/Attachments.xml", "Attachments"),
        ("Doc_0/Attachs/data.xml", "FileLoc"),
    ],
)
def test_every_part_that_is_referred_to_is_missed(missing, wanted_by):
    mine = [each for each in found(without(missing)) if each.rule == "OFD-PART-MISSING"]
    assert [(missing in each.text.en, wanted_by in each.text.en) for each in mine] == [(True, True)]
    assert mine[0].severity == "error"


@pytest.mark.parametrize(
    ("missing", "wanted_by"),
    [
        ("Doc_0/Signs/Signatures.xml", "Signatures"),
        ("Doc_0/Signs/Sign_0/Signature.xml", "Signature"),
        ("Doc_0/Signs/Sign_0/Seal.esl", "BaseLoc"),
        ("Doc_0/Signs/Sign_0/SignedValue.dat", "SignedValue"),
    ],
)
def test_parts_of_a_signature_are_missed_too(missing, wanted_by):
    named = {name: part for name, part in signed().items() if name != missing}
    mine = [each for each in found(named) if each.rule == "OFD-PART-MISSING"]
    assert [(missing in each.text.en, wanted_by in each.text.en) for each in mine] == [(True, True)]


def test_a_signed_file_says_that_nobody_looked_at_the_signature():
    (finding,) = found(signed())
    assert (finding.rule, finding.severity, finding.path) == ("OFD-SIGNED", "hint", "OFD.xml")
    assert "not checked here" in finding.text.en
    assert "不验证签名" in finding.text.zh


def test_a_part_that_nothing_refers_to_is_told():
    (finding,) = found(parts() | {"Doc_0/extra.bin": "x"})
    assert (finding.rule, finding.severity, finding.path) == ("OFD-PART-UNUSED", "hint", "Doc_0/extra.bin")


def test_no_document_and_no_page():
    entrance = f'<ofd:OFD {BOUND} Version="1.0" DocType="OFD"/>'
    assert "OFD-DOCUMENT-NONE" in {each.rule for each in found(parts() | {"OFD.xml": entrance})}
    pages = re.search("<ofd:Pages>.*</ofd:Pages>", parts()[DOCUMENT])[0]
    assert "OFD-PAGE-NONE" in {each.rule for each in found(changed(DOCUMENT, pages, ""))}


def test_two_attachments_of_one_name():
    inside = re.search("<ofd:Attachment .*</ofd:Attachment>", parts()["Doc_0/Attachments.xml"])[0]
    findings = found(changed("Doc_0/Attachments.xml", inside, inside + inside.replace('"8"', '"9"')))
    assert [each.rule for each in findings] == ["OFD-ATTACHMENT-NAME"]
    assert "data.xml" in findings[0].text.en


@pytest.mark.parametrize(
    ("inside", "extra", "words"),
    [
        ("<ofd:Annotations>Annots/A.xml</ofd:Annotations>", {"Doc_0/Annots/A.xml": "x"}, "annotations"),
        ("<ofd:CustomTags>Tags/C.xml</ofd:CustomTags>", {"Doc_0/Tags/C.xml": "x"}, "custom tags"),
        ("<ofd:Extensions>Ext/E.xml</ofd:Extensions>", {"Doc_0/Ext/E.xml": "x"}, "extensions"),
    ],
)
def test_what_is_not_read_is_said(inside, extra, words):
    named = changed(DOCUMENT, "</ofd:Pages>", f"</ofd:Pages>{inside}") | extra
    (finding,) = found(named)
    assert (finding.rule, finding.severity) == ("OFD-NOT-READ", "hint")
    assert words in finding.text.en
    without_it = {name: part for name, part in named.items() if name not in extra}
    assert {each.rule for each in found(without_it)} == {"OFD-NOT-READ", "OFD-PART-MISSING"}


def test_template_pages_are_named_as_not_read():
    template = '<ofd:TemplatePage ID="9" BaseLoc="Tpls/T.xml"/></ofd:CommonData>'
    findings = found(changed(DOCUMENT, "</ofd:CommonData>", template) | {"Doc_0/Tpls/T.xml": "x"})
    assert [each.rule for each in findings] == ["OFD-NOT-READ"]
    assert "模板页" in findings[0].text.zh


def test_letters_beyond_plane_0_may_count_once_or_twice():
    for count in (1, 2):
        text = PAGE.replace("测量值", "a\U0001f600").replace('DeltaX="4 4"', f'DeltaX="g {count} 4"')
        assert found(parts() | {PAGE_PART: text}) == ()
    text = PAGE.replace("测量值", "a\U0001f600").replace('DeltaX="4 4"', 'DeltaX="4 4 4"')
    assert [each.rule for each in found(parts() | {PAGE_PART: text})] == ["OFD-TEXT-STEPS"]


def test_a_finding_has_part_line_and_path():
    page = PAGE.replace("><", ">\n<")
    (finding,) = found(parts() | {PAGE_PART: page.replace('Font="2"', 'Font="77"')})
    assert finding.line == page[: page.index("<ofd:TextObject")].count("\n") + 1
    part, _, path = finding.path.partition("#")
    assert part == PAGE_PART
    assert path == "/ofd:Page/ofd:Content[1]/ofd:Layer[1]/ofd:TextObject[1]"


def test_identifiers_of_several_documents_are_apart():
    entrance = parts()["OFD.xml"]
    body = entrance[entrance.index("<ofd:DocBody>") : entrance.index("</ofd:OFD>")]
    named = parts() | {
        "OFD.xml": entrance.replace("</ofd:OFD>", body.replace("Doc_0", "Doc_1") + "</ofd:OFD>")
    }
    named |= {name.replace("Doc_0", "Doc_1"): part for name, part in parts().items() if name != "OFD.xml"}
    assert found(named) == ()


# --- the rules themselves -----------------------------------------------------------------------------------------


def test_every_rule_has_words_in_both_languages_with_the_same_places():
    said = json.loads((resources.files("jialiang.formats.ofd") / "checks.json").read_text("utf-8"))
    for rule, words in said.items():
        assert re.fullmatch(r"OFD(-[A-Z]+)+", rule)
        assert words["severity"] in ("error", "warning", "hint")
        assert set(re.findall(r"{(\w+)}", words["zh"])) == set(re.findall(r"{(\w+)}", words["en"])), rule
        assert words["en"].endswith(".")
        assert words["zh"].endswith("。")


def test_every_rule_is_shown_by_a_test_here():
    shown = {case[0] for case in CASES} | {
        "OFD-DOCUMENT-NONE", "OFD-PAGE-NONE", "OFD-PART-UNUSED", "OFD-SIGNED", "OFD-NOT-READ", "OFD-MORE",
    }  # fmt: skip
    assert shown == set(rules())


def test_every_rule_has_a_line_in_the_docs():
    page = (ROOT / "docs" / "reference" / "ofd.md").read_text(encoding="utf-8")
    for rule, severity in rules().items():
        assert re.search(rf"^\| `{rule}` \| {severity} \|", page, re.M), rule


def test_after_the_most_findings_one_says_that_there_are_more():
    findings = OfdFindings()
    for number in range(MOST + 50):
        findings.add("OFD-PART-UNUSED", f"p{number}", found=number)
    result = findings.result()
    assert len(result) == MOST + 1
    assert findings.is_full
    assert (result[-1].rule, result[-1].severity) == ("OFD-MORE", "error")


def test_long_and_hostile_values_are_shortened_in_the_words():
    value = "{0.__class__}" + "x" * 500
    (finding,) = [
        each for each in found(changed(PAGE_PART, 'Font="2"', f'Font="{value}"')) if "UNKNOWN" in each.rule
    ]
    assert "{0.__class__}" in finding.text.en
    assert len(finding.text.en) < 200
