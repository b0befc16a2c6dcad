"""Older certificates to 3.3.0: valid, the same values one by one, nothing against them, and every change said."""

from collections import Counter

import pytest
from lxml import etree
from tests.formats.dcc_samples import DCC, NS, OLDER, SI, certificate_with, quantity, real, sample, schema
from tests.formats.ptb_schematron import ptb_failures

from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.errors import UnsupportedVersion
from jialiang.formats.dcc.migration.migrating import migrate
from jialiang.formats.dcc.migration.work import words
from jialiang.formats.dcc.quantities.reading import quantities
from jialiang.formats.dcc.rules.checking import check_rules
from jialiang.formats.dcc.structure import check_structure
from jialiang.formats.xml.parsing import parse_xml


def migrated(oracles, name):
    """A sample before, and its migration."""
    before = parse_xml(sample(oracles, name))
    return before, migrate(before)


@pytest.mark.parametrize("name", OLDER)
def test_a_migrated_certificate_is_valid_by_the_official_schema(oracles, name):
    _, migration = migrated(oracles, name)
    official = schema(oracles, "3.3.0")
    assert official.validate(etree.fromstring(migration.xml())), str(official.error_log)[:500]
    assert check_structure(parse_xml(migration.xml())) == ()


@pytest.mark.parametrize("name", OLDER)
def test_nothing_is_against_a_migrated_certificate(oracles, name):
    tree = parse_xml(migrated(oracles, name)[1].xml())
    assert [failure.test for failure in ptb_failures(tree, oracles) if failure.is_assert] == []
    assert [finding.rule for finding in check_rules(tree) if finding.severity != "hint"] == []


# How units of old samples are spelled today; everything else stays to the letter.
SPELLED = {"\\degreeCelsius": "\\degreecelsius", "/kilogram": "\\kilogram"}


def said(writing):
    """What a writing says, its units in the spelling of today."""
    units = tuple(SPELLED.get(unit, unit) for unit in writing.unit)
    return (writing.values, units, writing.uncertainty, writing.label, writing.date_time)


@pytest.mark.parametrize("name", OLDER)
def test_values_are_equal_one_by_one(oracles, name):
    before, migration = migrated(oracles, name)
    old, new = quantities(before), quantities(migration.tree)
    assert len(old) == len(new)
    for one, other in zip(old, new, strict=True):
        assert one.kind == other.kind
        assert [said(w) for w in one.writings] == [said(w) for w in other.writings]
        assert (one.ref_type, one.conformity, one.chars) == (other.ref_type, other.conformity, other.chars)
        # Texts of one language may have become one; no word is lost.
        assert sorted(" ".join(text for _, text in one.name).split()) == sorted(
            " ".join(text for _, text in other.name).split()
        )


def all_words(tree):
    """Every word of the texts, and every one of the attributes but ids and versions."""
    texts = [text for text in tree.getroot().itertext() if text.strip()]
    return Counter(word for text in texts for word in text.split())


@pytest.mark.parametrize("name", [n for n in OLDER if "signed" not in n])
def test_no_word_is_lost(oracles, name):
    before, migration = migrated(oracles, name)
    comments = "//comment()"
    for tree in (before, migration.tree):
        for comment in tree.xpath(comments):
            comment.text = ""
    lost = all_words(before) - all_words(migration.tree)
    spelled = {word for change in migration.changes for word in f"{change.before} {change.after}".split()}
    # What is no longer there letter by letter is in the list of changes.
    assert set(lost) <= spelled | {"de"}


@pytest.mark.parametrize("name", OLDER)
def test_every_change_is_said_with_its_place(oracles, name):
    _, migration = migrated(oracles, name)
    assert migration.changes[0].kind == "version"
    assert migration.changes[0].after == "3.3.0"
    for change in migration.changes:
        assert change.text.zh
        assert change.text.en
        path = change.path
        assert migration.tree.xpath(path, namespaces=NS), path
        assert set(change.to_json()) == {"kind", "path", "before", "after", "text"}


@pytest.mark.parametrize("name", OLDER)
def test_the_given_tree_stays_as_it_is(oracles, name):
    before = parse_xml(sample(oracles, name))
    canonical = etree.tostring(before, method="c14n")
    migrate(before)
    assert etree.tostring(before, method="c14n") == canonical


@pytest.mark.parametrize("name", OLDER)
def test_migrating_again_changes_nothing(oracles, name):
    once = migrated(oracles, name)[1]
    again = migrate(parse_xml(once.xml()))
    assert again.changes == ()
    assert again.version_before == "3.3.0"


def test_a_signature_is_taken_out_and_said(oracles):
    before, migration = migrated(oracles, "v3.2.0_gp_temperature_xades_signed")
    assert before.xpath("//ds:Signature", namespaces=NS)
    assert not migration.tree.xpath("//ds:Signature", namespaces=NS)
    assert "signature-removed" in {change.kind for change in migration.changes}


def test_old_names_become_new_ones(oracles):
    _, migration = migrated(oracles, "v2.4.0_siliziumkugel")
    tree = migration.tree
    assert tree.xpath("//dcc:identification/dcc:name", namespaces=NS)
    assert not tree.xpath("//dcc:identification/dcc:description", namespaces=NS)
    assert tree.xpath("string(//dcc:performanceLocation)", namespaces=NS) == "other"
    assert tree.getroot().get("schemaVersion") == "3.3.0"
    location = tree.getroot().get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation")
    assert location.endswith("v3.3.0/dcc.xsd")


def test_a_release_that_cannot_be_written_so_stands_in_the_description(oracles):
    _, migration = migrated(oracles, "v2.3.0_example_multi_item")
    (change,) = [c for c in migration.changes if c.kind == "release-moved"]
    assert change.before == "0815 4711"
    assert "Release: 0815 4711" in migration.tree.xpath("//dcc:description/dcc:content/text()", namespaces=NS)


# --- what the samples do not have: a 2.4.0 made by hand, checked by its own schema first --------------------------

OLD = """<dcc:digitalCalibrationCertificate xmlns:dcc="https://ptb.de/dcc" xmlns:si="https://ptb.de/si"
 schemaVersion="2.4.0"><dcc:administrativeData><dcc:dccSoftware><dcc:software><dcc:name><dcc:content>Hand</dcc:content>
</dcc:name><dcc:release> v1.0 </dcc:release><dcc:description><dcc:content>one</dcc:content></dcc:description>
<dcc:description><dcc:content>two</dcc:content></dcc:description></dcc:software></dcc:dccSoftware>
<dcc:coreData><dcc:countryCodeISO3166_1>DE</dcc:countryCodeISO3166_1>
<dcc:usedLangCodeISO639_1>en</dcc:usedLangCodeISO639_1><dcc:usedLangCodeISO639_1>de</dcc:usedLangCodeISO639_1>
<dcc:mandatoryLangCodeISO639_1>en</dcc:mandatoryLangCodeISO639_1><dcc:uniqueIdentifier>U 1 </dcc:uniqueIdentifier>
<dcc:beginPerformanceDate>2020-01-01</dcc:beginPerformanceDate><dcc:endPerformanceDate>2020-01-02</dcc:endPerformanceDate>
<dcc:previousReport><dcc:reference><dcc:content>Old</dcc:content></dcc:reference><dcc:referenceID>U 0</dcc:referenceID>
<dcc:procedure>sha256</dcc:procedure><dcc:value>{digest}</dcc:value></dcc:previousReport></dcc:coreData>
<dcc:items><dcc:item><dcc:name><dcc:content lang="en">Thing</dcc:content></dcc:name>
<dcc:description><dcc:content>A thing</dcc:content></dcc:description>
<dcc:descriptionData><dcc:name><dcc:content>Picture</dcc:content></dcc:name><dcc:description><dcc:content>of it
</dcc:content></dcc:description><dcc:fileName>p.png</dcc:fileName><dcc:mimeType>image/png</dcc:mimeType>
<dcc:data>AAAA</dcc:data></dcc:descriptionData><dcc:manufacturer><dcc:name><dcc:content>M</dcc:content></dcc:name>
</dcc:manufacturer><dcc:model> </dcc:model><dcc:identifications><dcc:identification><dcc:issuer>owner</dcc:issuer>
<dcc:value></dcc:value></dcc:identification></dcc:identifications></dcc:item></dcc:items>
<dcc:calibrationLaboratory><dcc:contact>{contact}</dcc:contact><dcc:contact>{contact}</dcc:contact>
</dcc:calibrationLaboratory>
<dcc:respPersons><dcc:respPerson><dcc:person><dcc:name><dcc:content>A</dcc:content></dcc:name></dcc:person>
</dcc:respPerson></dcc:respPersons><dcc:customer>{contact}</dcc:customer>
<dcc:statements><dcc:statement><dcc:convention>x</dcc:convention><dcc:refId>m1</dcc:refId></dcc:statement>
</dcc:statements></dcc:administrativeData>
<dcc:measurementResults><dcc:measurementResult><dcc:usedMethods><dcc:usedMethod id="m1"><dcc:name><dcc:content>M
</dcc:content></dcc:name><dcc:description><dcc:content>d</dcc:content></dcc:description></dcc:usedMethod>
</dcc:usedMethods><dcc:influenceConditions><dcc:influenceCondition><dcc:name><dcc:content>I</dcc:content></dcc:name>
<dcc:state>afterRepair</dcc:state><dcc:data><dcc:formula lang="x"><dcc:siunitx>\\alpha</dcc:siunitx></dcc:formula>
</dcc:data></dcc:influenceCondition></dcc:influenceConditions>
<dcc:results><dcc:result><dcc:name><dcc:content>R</dcc:content></dcc:name><dcc:data>
<dcc:byteData><dcc:name><dcc:content>B</dcc:content></dcc:name><dcc:description><dcc:content>b</dcc:content>
</dcc:description><dcc:fileName>f</dcc:fileName><dcc:mimeType>text/plain</dcc:mimeType><dcc:data>AAAA</dcc:data>
</dcc:byteData>
<dcc:quantity refType="/ab/bc"><si:list><si:label>steps</si:label><si:listUnit>\\metre</si:listUnit>
<si:listUnivariateUnc><si:expandedUnc><si:uncertainty>0.10</si:uncertainty><si:coverageFactor>2</si:coverageFactor>
<si:coverageProbability>0.95</si:coverageProbability></si:expandedUnc></si:listUnivariateUnc>
<si:real><si:value>1.0</si:value></si:real><si:real><si:value>2.00</si:value></si:real></si:list></dcc:quantity>
<dcc:quantity refType=""><si:list><si:list><si:complex><si:valueReal>1</si:valueReal><si:valueImag>2</si:valueImag>
<si:unit>\\volt</si:unit></si:complex></si:list></si:list></dcc:quantity>
</dcc:data></dcc:result></dcc:results></dcc:measurementResult></dcc:measurementResults>
</dcc:digitalCalibrationCertificate>"""
CONTACT = (
    "<dcc:name><dcc:content>L</dcc:content></dcc:name><dcc:eMail>a@b.example</dcc:eMail>"
    "<dcc:location><dcc:city> Town</dcc:city></dcc:location>"
)


def old_certificate():
    return OLD.format(digest="ab" * 32, contact=CONTACT).encode()


@pytest.fixture
def by_hand(oracles):
    data = old_certificate()
    own = schema(oracles, "2.4.0")
    assert own.validate(etree.fromstring(data)), str(own.error_log)[:800]
    return migrate(parse_xml(data))


def test_a_certificate_with_everything_old_becomes_valid(oracles, by_hand):
    official = schema(oracles, "3.3.0")
    assert official.validate(etree.fromstring(by_hand.xml())), str(official.error_log)[:800]


def test_everything_old_is_named_in_the_changes(by_hand):
    kinds = {change.kind for change in by_hand.changes}
    assert {"version", "renamed", "texts-joined", "file-moved", "reference-moved", "attribute-removed",
            "location-added", "name-added", "contact-moved", "list-wrapped", "blanks-removed", "empty-removed",
            "empty-filled", "language-untagged", "reftype-removed"} <= kinds  # fmt: skip
    assert kinds <= set(words())


def test_everything_old_has_its_new_place(by_hand):
    def text(path):
        return by_hand.tree.xpath(f"string({path})", namespaces=NS)

    assert text("//dcc:previousReport/dcc:referralID") == "U 0"
    assert text("//dcc:previousReport/dcc:referral/dcc:content") == "Old"
    assert text("//dcc:item/dcc:description/dcc:file/dcc:dataBase64") == "AAAA"
    assert text("//dcc:byteData/dcc:dataBase64") == "AAAA"
    assert text("//dcc:influenceCondition/dcc:status") == "afterRepair"
    assert text("//dcc:formula/dcc:latex") == "\\alpha"
    assert text("//dcc:statement/@refId") == "m1"
    assert text("//dcc:statement/dcc:respAuthority/dcc:eMail") == "a@b.example"
    assert text("//dcc:uniqueIdentifier") == "U 1"
    assert text("//dcc:identification/dcc:value") == "–"
    described = by_hand.tree.xpath("//dcc:software/dcc:description/dcc:content/text()", namespaces=NS)
    assert described == ["one", "two"]
    assert by_hand.tree.xpath("//dcc:model", namespaces=NS) == []
    assert by_hand.tree.xpath("count(//si:list/si:realList/si:real)", namespaces=NS) == 2
    assert by_hand.tree.xpath("count(//si:list/si:list/si:complexList/si:complex)", namespaces=NS) == 1


def test_values_of_old_lists_stay(by_hand):
    old, new = quantities(parse_xml(old_certificate())), quantities(by_hand.tree)
    flat = [[(part.values, part.second) for w in q.writings for part in w.flat()] for q in old]
    assert flat == [[(part.values, part.second) for w in q.writings for part in w.flat()] for q in new]
    assert flat[0] == [(("1.0",), ()), (("2.00",), ())]


def test_probabilities_of_1_3_0_get_their_zero(oracles):
    data = old_certificate().replace(b'"2.4.0"', b'"2.3.0"').replace(b">0.95<", b">.95<")
    data = data.replace(b' refType="/ab/bc"', b"").replace(b' refType=""', b"")
    own = schema(oracles, "2.3.0")
    assert own.validate(etree.fromstring(data)), str(own.error_log)[:800]
    migration = migrate(parse_xml(data))
    assert [(c.before, c.after) for c in migration.changes if c.kind == "number-completed"] == [
        (".95", "0.95")
    ]
    assert schema(oracles, "3.3.0").validate(etree.fromstring(migration.xml()))


def test_a_certificate_without_a_version_is_2_2_0(oracles):
    data = old_certificate().replace(b' schemaVersion="2.4.0"', b"").replace(b' refType="/ab/bc"', b"")
    data = data.replace(b' refType=""', b"")
    own = schema(oracles, "2.2.0")
    assert own.validate(etree.fromstring(data)), str(own.error_log)[:800]
    migration = migrate(parse_xml(data))
    assert migration.version_before == "2.2.0"
    assert schema(oracles, "3.3.0").validate(etree.fromstring(migration.xml()))


@pytest.mark.parametrize("version", ["1.0.0", "4.0.0", "3.9.0", "x", "2.1.0"])
def test_other_versions_are_refused(version):
    tree = parse_xml(certificate_with(version=version))
    with pytest.raises(UnsupportedVersion):
        migrate(tree)


def test_a_referred_id_stays_and_follows_joined_texts():
    texts = '<dcc:content lang="en" id="a">A</dcc:content><dcc:content lang="en" id="b">B</dcc:content>'
    data = certificate_with(
        quantity(f"<dcc:noQuantity>{texts}</dcc:noQuantity>")
        + quantity(real("1", "\\metre"), attributes='refId="b"'),
        version="3.2.1",
    )
    tree = migrate(parse_xml(data)).tree
    (kept,) = tree.xpath("//dcc:noQuantity/dcc:content", namespaces=NS)
    assert kept.text.split() == ["A", "B"]
    assert tree.xpath("//dcc:quantity/@refId", namespaces=NS) == [kept.get("id")]


def test_new_elements_use_the_namespaces_of_the_document(by_hand):
    assert b"ns0:" not in by_hand.xml()
    assert Certificate.read(by_hand.xml()).version == "3.3.0"
    assert {etree.QName(e).namespace for e in by_hand.tree.iter(etree.Element)} == {DCC, SI}
