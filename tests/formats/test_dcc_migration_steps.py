"""Each construct that a migration to 3.3.0 changes, alone: what was, what is, what is said of it, and nothing more."""

import copy

import pytest
from lxml import etree
from tests.formats.dcc_samples import (
    NS,
    certificate_with,
    expanded,
    expanded_list,
    quantity,
    real,
    real_list,
    reference,
)

from jialiang.formats.dcc.errors import UnsupportedVersion
from jialiang.formats.dcc.migration.migrating import migrate
from jialiang.formats.dcc.migration.work import Work, insert_after, insert_first, remove, words
from jialiang.formats.xml.parsing import parse_xml

METRE = "\\metre"


def older(inside="", version="3.2.1", **more):
    return certificate_with(inside, version=version, **more).decode()


def edited(before, after, text=None):
    text = text if text is not None else older()
    assert before in text, before
    return text.replace(before, after, 1)


def one(content, **more):
    return older(quantity(content, **more))


def words_of(*texts):
    contents = "".join(f'<dcc:content lang="{language}">{text}</dcc:content>' for language, text in texts)
    return one(f"<dcc:noQuantity>{contents}</dcc:noQuantity>")


def release(text):
    return edited("v2.1</dcc:release>", f"{text}</dcc:release>")


LOGGER = "//dcc:usedSoftware/dcc:software"
# a document, an XPath and what it finds afterwards, and the change: kind, before, after
STEPS = {
    "release without a letter": (
        release("2.1"), f"{LOGGER}/dcc:release", ["v2.1"], ("release-spelled", "2.1", "v2.1"),
    ),
    "release of words": (release("beta"), f"{LOGGER}/dcc:release", ["v0"], ("release-moved", "beta", "v0")),
    "release of words goes into the description": (
        release("beta"), f"{LOGGER}/dcc:description/dcc:content", ["Release: beta"], ("release-moved", "beta", "v0"),
    ),
    "release of too many numbers": (
        release("1.2.3.4.5"), f"{LOGGER}/dcc:release", ["v0"], ("release-moved", "1.2.3.4.5", "v0"),
    ),
    "blanks around a number": (
        edited(">N-1<", "> N-1\n<"), "//dcc:coreData/dcc:uniqueIdentifier", ["N-1"],
        ("blanks-removed", " N-1\n", "N-1"),
    ),
    "blanks around a city": (
        edited("<dcc:city>X<", "<dcc:city> X<"), "//dcc:calibrationLaboratory//dcc:city", ["X"],
        ("blanks-removed", " X", "X"),
    ),
    "an empty code": (
        edited(">L0<", "> <"), "//dcc:calibrationLaboratoryCode", [],
        ("empty-removed", "calibrationLaboratoryCode", ""),
    ),
    "an empty number of an item": (
        edited(">S-1<", "><"), "//dcc:identification/dcc:value", ["–"], ("empty-filled", "", "–"),
    ),
    "a refType with blanks": (
        one(real("1", METRE), attributes='refType=" basic_a  own "'), "//dcc:quantity/@refType", ["basic_a own"],
        ("list-spaced", " basic_a  own ", "basic_a own"),
    ),
    "an empty refType": (
        one(real("1", METRE), attributes='refType=""'), "//dcc:quantity/@refType", [], ("reftype-removed", "", ""),
    ),
    "a list with blanks": (
        one(real_list(" 1  2\n3 ", METRE)), "//si:valueXMLList", ["1 2 3"], ("list-spaced", " 1  2\n3 ", "1 2 3"),
    ),
    "a probability without a zero": (
        one(real("1", METRE, expanded(p=".95"))), "//si:coverageProbability", ["0.95"],
        ("number-completed", ".95", "0.95"),
    ),
    "probabilities without a zero, in a list": (
        one(real_list("1 2 3", METRE, expanded_list(p=".95 0.9 +.5"))), "//si:coverageProbabilityXMLList",
        ["0.95 0.9 +0.5"], ("number-completed", ".95 0.9 +.5", "0.95 0.9 +0.5"),
    ),
    "a capital in a unit": (
        one(real("1", "\\degreeCelsius")), "//si:unit", ["\\degreecelsius"],
        ("unit-spelled", "\\degreeCelsius", "\\degreecelsius"),
    ),
    "a slash before a unit": (
        one(real("1", "/kilogram")), "//si:unit", ["\\kilogram"], ("unit-spelled", "/kilogram", "\\kilogram"),
    ),
    "capitals in a list of units": (
        one(real_list("1 2", "\\Metre \\second")), "//si:unitXMLList", ["\\metre \\second"],
        ("unit-spelled", "\\Metre \\second", "\\metre \\second"),
    ),
    "a text in one language of two": (
        words_of(("zh", "甲")), "//dcc:noQuantity/dcc:content[not(@lang)]", ["甲"], ("language-untagged", "zh", ""),
    ),
    "two texts of one language": (
        words_of(("zh", "甲"), ("en", "a "), ("zh", " 乙")), "//dcc:noQuantity/dcc:content[@lang='zh']", ["甲\n乙"],
        ("language-joined", "zh", ""),
    ),
    "an id that nothing names": (
        one(real("1", METRE), attributes='id="q1"'), "//dcc:quantity/@id", [], ("id-removed", "q1", ""),
    ),
}  # fmt: skip


def texts(tree, xpath):
    found = tree.xpath(xpath, namespaces=NS)
    return [str(each) if isinstance(each, str) else each.text for each in found]


@pytest.mark.parametrize("case", STEPS)
def test_one_construct_is_one_change(case):
    document, xpath, expected, (kind, before, after) = STEPS[case]
    migration = migrate(parse_xml(document.encode()))
    assert texts(migration.tree, xpath) == expected
    first, change = migration.changes
    assert (first.kind, first.before, first.after) == ("version", "3.2.1", "3.3.0")
    assert (change.kind, change.before, change.after) == (kind, before, after)
    assert change.text == words()[kind]
    # The place leads to something of the new document.
    assert migration.tree.xpath(change.path.partition("/@")[0], namespaces=NS)


@pytest.mark.parametrize("case", STEPS)
def test_a_second_migration_finds_nothing_left(case):
    first = migrate(parse_xml(STEPS[case][0].encode()))
    again = first.xml().replace(b'schemaVersion="3.3.0"', b'schemaVersion="3.2.1"')
    assert [change.kind for change in migrate(parse_xml(again)).changes] == ["version"]


UNTOUCHED = {
    "nothing": older(),
    "a release with a blank": release("V 2.1"),
    "a probability of one": one(real("1", METRE, expanded(p="1"))),
    "a number without a zero that is no probability": one(real(".5", METRE)),
    "a unit nobody knows": one(real("1", "\\Nothing")),
    "a unit outside the SI": one(real("1", "|MmHg")),
    "texts in both languages": words_of(("en", "a"), ("zh", "甲")),
    "an empty text without meaning": edited(">Comparison<", "><"),
}


@pytest.mark.parametrize("case", UNTOUCHED)
def test_what_is_right_or_beyond_help_stays(case):
    tree = parse_xml(UNTOUCHED[case].encode())
    before = etree.tostring(tree, method="c14n")
    migration = migrate(tree)
    assert [change.kind for change in migration.changes] == ["version"]
    after = etree.tostring(migration.tree, method="c14n")
    assert after.replace(b'"3.3.0"', b'"3.2.1"') == before
    assert etree.tostring(tree, method="c14n") == before


# --- what had another name or place until 2.4.0 -------------------------------------------------------------------


def of_2_4(document):
    return migrate(parse_xml(document.replace('schemaVersion="3.2.1"', 'schemaVersion="2.4.0"').encode()))


EQUIPPED = older(equipment=reference("C-1", "analogue", "x"))
FORMULA = one(
    "<dcc:noQuantity><dcc:content>f</dcc:content><dcc:formula{}><dcc:{}>x</dcc:{}></dcc:formula></dcc:noQuantity>"
)
EARLY = {
    "reference": (
        EQUIPPED.replace("dcc:referral>", "dcc:reference>"), "//dcc:certificate/dcc:referral/dcc:content",
        ["Certificate"], [("renamed", "reference", "referral")],
    ),
    "referenceID": (
        EQUIPPED.replace("dcc:referralID>", "dcc:referenceID>"), "//dcc:certificate/dcc:referralID", ["C-1"],
        [("renamed", "referenceID", "referralID")],
    ),
    "state": (
        edited("<dcc:data><dcc:text>", "<dcc:state>beforeAdjustment</dcc:state><dcc:data><dcc:text>"),
        "//dcc:influenceCondition/dcc:status", ["beforeAdjustment"], [("renamed", "state", "status")],
    ),
    "siunitx": (
        FORMULA.format("", "siunitx", "siunitx"), "//dcc:formula/dcc:latex", ["x"], [("renamed", "siunitx", "latex")],
    ),
    "language of a formula": (
        FORMULA.format(' lang="en"', "latex", "latex"), "//dcc:formula/@lang", [],
        [("attribute-removed", "lang=en", "")],
    ),
    "no location": (
        edited("<dcc:performanceLocation>laboratory</dcc:performanceLocation>", ""), "//dcc:performanceLocation",
        ["other"], [("location-added", "", "other")],
    ),
    "no name of results": (
        edited("<dcc:name><dcc:content>Results</dcc:content></dcc:name>", ""),
        "//dcc:measurementResult/dcc:name/dcc:content", ["Measurement results"],
        [("name-added", "", "Measurement results")],
    ),
    "values in a list": (
        one(f"<si:list>{real('1', METRE)}{real('2', METRE)}</si:list>"), "//si:list/si:realList/si:real/si:value",
        ["1", "2"], [("list-wrapped", "list", "realList")],
    ),
    "element refId": (
        older(statements="<dcc:statement><dcc:norm>x</dcc:norm><dcc:refId> item1 </dcc:refId></dcc:statement>"),
        "//dcc:statement/@refId", ["item1"], [("reference-moved", "refId", "item1")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", EARLY)
def test_old_names_and_places(case):
    document, xpath, expected, changes = EARLY[case]
    migration = of_2_4(document)
    assert texts(migration.tree, xpath) == expected
    made = [(each.kind, each.before, each.after) for each in migration.changes]
    assert made == [("version", "2.4.0", "3.3.0"), *changes]


def test_names_of_3_are_not_renamed_in_files_of_3():
    tree = parse_xml(EQUIPPED.replace("dcc:referralID>", "dcc:referenceID>").encode())
    assert [change.kind for change in migrate(tree).changes] == ["version"]


def test_the_location_of_the_schema_follows_the_version():
    xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="https://ptb.de/dcc old.xsd"'
    migration = migrate(parse_xml(edited("schemaVersion=", f"{xsi} schemaVersion=").encode()))
    (location,) = [
        v for name, v in migration.tree.getroot().attrib.items() if name.endswith("schemaLocation")
    ]
    assert location == "https://ptb.de/dcc https://ptb.de/dcc/v3.3.0/dcc.xsd"


def test_the_latest_version_stays_to_the_letter():
    tree = parse_xml(certificate_with(quantity(real(" 1 ", "\\degreeCelsius"), attributes='id="x"')))
    migration = migrate(tree)
    assert migration.tree is tree
    assert (migration.version_before, migration.changes) == ("3.3.0", ())


@pytest.mark.parametrize("version", ["2.1.1", "3.3.1", "", "3.3", "{version}", "9" * 100])
def test_a_version_that_is_not_known_is_named(version):
    with pytest.raises(UnsupportedVersion) as refused:
        migrate(parse_xml(certificate_with(version=version)))
    assert refused.value.facts["version"] == (version[:40] or "–")
    assert refused.value.facts["line"] == 1


# --- the tools of a migration -------------------------------------------------------------------------------------


def tree_of(inside):
    return etree.fromstring(f'<dcc:r xmlns:dcc="https://ptb.de/dcc">{inside}</dcc:r>')


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("<dcc:a/>\n<dcc:b/>\n<dcc:c/>", "<dcc:a/>\n<dcc:c/>"),
        ("\n<dcc:b/>\n<dcc:c/>", "\n<dcc:c/>"),
        ("<dcc:b/>", ""),
    ],
)
def test_taking_an_element_out_keeps_the_lines(inside, expected):
    root = tree_of(inside)
    remove(root.find("{*}b"))
    assert etree.tostring(root, method="c14n") == etree.tostring(tree_of(expected), method="c14n")


def test_new_elements_stand_where_they_belong():
    root = tree_of("\n<dcc:a/>\n<dcc:b/>\n")
    insert_after(root[0], "x", "text")
    insert_first(root, "y")
    assert [etree.QName(each).localname for each in root] == ["y", "a", "x", "b"]
    assert root[2].text == "text"
    remove(copy.copy(root))  # without a parent there is nothing to take it out of
    assert len(root) == 4


def test_changes_name_places_of_the_finished_document():
    root = tree_of("<dcc:a/><dcc:a/>")
    work = Work(root)
    work.rename(root[1], "b", "renamed")
    remove(root[0])
    (change,) = work.changes()
    assert (change.kind, change.before, change.after) == ("renamed", "a", "b")
    assert change.path == "/dcc:r/dcc:b[1]"
    assert change.to_json()["text"] == {"zh": words()["renamed"].zh, "en": words()["renamed"].en}
