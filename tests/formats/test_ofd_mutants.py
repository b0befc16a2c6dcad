"""Systematic changes of every element and attribute of small files: the check agrees with a second one by XPath."""

import copy
import itertools

import pytest
from lxml import etree
from tests.formats.ofd_parts import NS, encoded, parts, zipped

from jialiang.formats.findings import holds
from jialiang.formats.ofd.checking import check_file, check_ofd
from jialiang.formats.ofd.names import resolved
from jialiang.formats.ofd.reading import read_parts
from jialiang.kernel.errors import JialiangError

OFD = {"o": NS}
XML = [name for name in parts() if name.endswith(".xml") and "Attachs" not in name]
IDENTIFIED = "o:Page|o:Font|o:MultiMedia|o:Layer|o:TextObject|o:PathObject|o:ImageObject"


def trees_of(named):
    return {name: etree.fromstring(part) for name, part in named.items() if name in XML}


def at(tree, path, names=OFD):
    return tree.xpath(path, namespaces=names) if tree is not None else []


# --- a second check, by XPath -------------------------------------------------------------------------------------


def document_part(trees):
    found = at(trees["OFD.xml"], "string((//o:DocRoot)[1])")
    return resolved(found, "OFD.xml")


def parts_missed(trees, present):
    """Parts that are named and not there, and locations that lead nowhere, along the ways that a reader takes."""
    root_name = document_part(trees)
    root = trees.get(root_name)
    missed = [root_name] if root_name not in present else []
    lists = []
    for name in ("PublicRes", "DocumentRes", "Attachments"):
        for element in at(root, f"//o:{name}"):
            lists.append(resolved(element.text or "", root_name))
    lists_there = [each for each in lists if each in present]
    pages = [resolved(each, root_name) for each in at(root, "//o:Page/@BaseLoc")]
    missed += [each for each in (*lists, *pages) if each not in present]
    for each in dict.fromkeys(lists_there):
        tree = trees.get(each)
        base = tree.get("BaseLoc", "") if tree is not None else ""
        for element in at(tree, "//o:FontFile|//o:MediaFile"):
            missed += [resolved(element.text or "", each, base)]
        for element in at(tree, "//o:FileLoc"):
            missed += [resolved(element.text or "", each)]
    return [each for each in missed if each not in present]


def reached(trees, present, *, inside="//o:"):
    root_name = document_part(trees)
    root = trees.get(root_name)
    names = [root_name]
    named = at(root, f"{inside}PublicRes|{inside}DocumentRes")
    names += [resolved(each.text or "", root_name) for each in named]
    names += [resolved(each, root_name) for each in at(root, "//o:Pages/o:Page/@BaseLoc")]
    return [trees[name] for name in dict.fromkeys(names) if name in present and name in trees]


def wrong_identifiers(trees, present):
    numbers, wrong = [], 0
    for tree in reached(trees, present):
        for element in at(tree, "//" + IDENTIFIED.replace("|", "|//")):
            if element is tree:
                continue
            text = element.get("ID", "")
            if text.isascii() and text.isdigit() and int(text) > 0:
                numbers.append(int(text))
            else:
                wrong += 1
    maximum = at(trees.get(document_part(trees)), "string(//o:CommonData/o:MaxUnitID)")
    if not (maximum.isdigit() and int(maximum) > 0):
        wrong += 1
        above = []
    else:
        above = [number for number in numbers if number > int(maximum)]
    return wrong + len(above) + len(numbers) - len(set(numbers))


def unresolved(trees, present):
    """Texts and pictures that name what no resource defines."""
    fonts, media, objects = set(), set(), []
    for tree in reached(trees, present, inside="/o:Document/o:CommonData/o:"):
        fonts |= set(at(tree, "//o:Font/@ID"))
        media |= set(at(tree, "//o:MultiMedia/@ID"))
        objects += at(tree, "//o:Content//o:TextObject|//o:Content//o:ImageObject")
    texts = [each for each in objects if each.tag.endswith("TextObject")]
    pictures = [each for each in objects if each.tag.endswith("ImageObject")]
    return sum(each.get("Font", "") not in fonts for each in texts) + sum(
        each.get("ResourceID", "") not in media for each in pictures
    )


# --- the changes --------------------------------------------------------------------------------------------------


def changes():
    """Every element dropped, doubled and renamed; every attribute dropped, emptied and made something else."""
    for part in XML:
        tree = etree.fromstring(parts()[part])
        for number, element in enumerate(tree.iter()):
            for kind in ("drop", "double", "rename"):
                if element is not tree or kind == "rename":
                    yield part, number, kind, ""
            for attribute in element.attrib:
                for value in ("", "0", "-1", "1", "99", "x", "1 2 3"):
                    yield part, number, "set", f"{attribute}={value}"
                yield part, number, "unset", attribute
            if (element.text or "").strip():
                for value in ("", "x", "../../x", "1"):
                    yield part, number, "text", value


def applied(part, number, kind, detail):
    """The parts with one change made."""
    tree = etree.fromstring(parts()[part])
    element = next(itertools.islice(tree.iter(), number, None))
    if kind == "drop":
        element.getparent().remove(element)
    elif kind == "double":
        element.addnext(copy.deepcopy(element))
    elif kind == "rename":
        element.tag = f"{{{NS}}}Other"
    elif kind == "set":
        name, _, value = detail.partition("=")
        element.set(name, value)
    elif kind == "unset":
        del element.attrib[detail]
    else:
        element.text = detail
    return parts() | {part: etree.tostring(tree).decode()}


CHANGES = list(changes())


def outcome(named):
    """The rules that find something, or the code of the refusal."""
    try:
        return [finding.rule for finding in check_file(read_parts(encoded(named)))], ""
    except JialiangError as problem:
        assert problem.what.zh
        assert problem.what.en
        return [], problem.code


def test_there_are_enough_changes_of_every_kind():
    assert len(CHANGES) > 350
    assert {kind for _, _, kind, _ in CHANGES} == {"drop", "double", "rename", "set", "unset", "text"}


@pytest.mark.parametrize("part", XML)
def test_both_checks_agree_on_every_change(part):
    compared = 0
    for change in (each for each in CHANGES if each[0] == part):
        named = applied(*change)
        rules, code = outcome(named)
        trees, present = trees_of(named), set(named)
        if code:
            assert code in ("JL-OFD-004", "JL-OFD-006"), change
            assert parts_missed(trees, present) or change[2] in ("rename", "text", "double"), change
            continue
        compared += 1
        missed = sum(rule in ("OFD-PART-MISSING", "OFD-PART-OUTSIDE") for rule in rules)
        identifiers = sum(
            rule in ("OFD-ID-MISSING", "OFD-ID-TWICE", "OFD-ID-ABOVE-MAX", "OFD-ID-MAX-MISSING")
            for rule in rules
        )
        names = sum(rule in ("OFD-FONT-UNKNOWN", "OFD-IMAGE-UNKNOWN") for rule in rules)
        if at(trees["OFD.xml"], "count(//o:DocBody)") != 1 or at(trees["OFD.xml"], "count(//o:DocRoot)") != 1:
            continue
        if change[2] == "double" and at(trees.get(document_part(trees)), "count(//o:CommonData)") > 1:
            continue  # only the first one counts for a reader
        assert bool(missed) is bool(parts_missed(trees, present)), (change, rules)
        assert bool(identifiers) is bool(wrong_identifiers(trees, present)), (change, rules)
        assert bool(names) is bool(unresolved(trees, present)), (change, rules)
    assert compared >= 10


def test_a_change_that_only_adds_what_nobody_asks_for_does_no_harm():
    for part in XML:
        tree = etree.fromstring(parts()[part])
        etree.SubElement(tree, "{urn:other}thing").text = "x"
        tree.append(etree.Comment("a comment"))
        findings = check_ofd(zipped(parts() | {part: etree.tostring(tree).decode()}))
        assert holds(findings)


@pytest.mark.parametrize("prefix", ["", "o", "ofd2016"])
def test_the_prefix_of_the_namespace_does_not_matter(prefix):
    named = {}
    for name, part in parts().items():
        if name in XML:
            bound = f'xmlns:{prefix}="{NS}"' if prefix else f'xmlns="{NS}"'
            part = part.replace(f'xmlns:ofd="{NS}"', bound)
            part = part.replace("<ofd:", f"<{prefix}:" if prefix else "<")
            part = part.replace("</ofd:", f"</{prefix}:" if prefix else "</")
        named[name] = part
    assert check_ofd(zipped(named)) == ()
    assert read_parts(encoded(named)).documents[0].text == "测量值"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_parts_in_other_encodings_are_read_or_refused_with_their_place(encoding):
    page = parts()["Doc_0/Pages/Page_0/Content.xml"]
    data = f'<?xml version="1.0" encoding="{encoding}"?>{page}'.encode(encoding)
    named = encoded(parts()) | {"Doc_0/Pages/Page_0/Content.xml": data}
    try:
        assert read_parts(named).documents[0].text == "测量值"
    except JialiangError as problem:
        assert problem.code == "JL-OFD-005"
        assert "Content.xml" in problem.what.en
