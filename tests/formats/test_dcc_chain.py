"""The traceability chain through files: digests recomputed, every state of a link, loops, drawing."""

import hashlib
import json
from datetime import date

import pytest
from lxml import etree
from tests.formats.dcc_samples import SAMPLES, c14n, certificate_with, reference, sample

from jialiang.formats.dcc.chain.drawing import chain_svg
from jialiang.formats.dcc.chain.files import ChainFiles
from jialiang.formats.dcc.chain.following import follow_chain
from jialiang.formats.dcc.chain.model import words
from jialiang.formats.xml.parsing import parse_xml

SVG = "{http://www.w3.org/2000/svg}"


def c14n_digest(data):
    """The digest as somebody else makes it: SHA-256 of canonical XML without comments, hexadecimal."""
    tree = etree.fromstring(data).getroottree()
    return hashlib.sha256(etree.tostring(tree, method="c14n", with_comments=False)).hexdigest()


def recalibration(day):
    return f'<dcc:statement refType="basic_recalibration"><dcc:date>{day}</dcc:date></dcc:statement>'


def national(end="2025-06-01", due="2027-06-01", number="NMI-1"):
    """The certificate of a standard."""
    return certificate_with(number=number, end=end, statements=recalibration(due)).replace(
        b"2026-03-01", b"2025-05-01"
    )


def using(digest, procedure="c14n-sha256", number="NMI-1", extra="", own="N-1"):
    """A certificate that hangs on another."""
    return certificate_with(equipment=reference(number, procedure, digest, extra), number=own)


def followed(*files, starts=0):
    return follow_chain([(f"file{n}.xml", data, parse_xml(data)) for n, data in enumerate(files)], starts)


def only_link(*files, starts=0):
    (link,) = followed(*files, starts=starts).links
    return link


@pytest.mark.parametrize("procedure", ["c14n-sha256", "C14N-SHA256"])
def test_a_canonical_digest_is_recomputed(procedure):
    upper = national()
    link = only_link(using(c14n_digest(upper), procedure), upper)
    assert (link.state, link.reason) == ("intact", "digest_equal")
    assert link.computed_digest == c14n_digest(upper)
    assert link.used_on == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("procedure", "made"),
    [("sha256", hashlib.sha256), ("SHA-512", hashlib.sha512), ("SHA384", hashlib.sha384)],
)
def test_a_plain_digest_is_that_of_the_bytes(procedure, made):
    upper = national()
    assert only_link(using(made(upper).hexdigest(), procedure), upper).state == "intact"
    assert only_link(using(made(upper).hexdigest().upper(), procedure), upper).state == "intact"
    # One blank more in a tag is another file, though the same canonical XML.
    other = upper.replace(b"<dcc:items>", b"<dcc:items >")
    link = only_link(using(made(upper).hexdigest(), procedure), other)
    assert (link.state, link.reason) == ("broken", "digest_differs")


def test_canonical_digests_forgive_what_canonical_xml_forgives():
    upper = national()
    other = upper.replace(b"<dcc:items>", b"<dcc:items >").replace(
        b"<dcc:administrativeData>", b"<!-- x --><dcc:administrativeData>"
    )
    assert only_link(using(c14n_digest(upper)), other).state == "intact"


def test_a_changed_file_breaks_the_chain():
    upper = national()
    link = only_link(using(c14n_digest(upper)), upper.replace(b">1.0<", b">1.1<"))
    assert (link.state, link.reason) == ("broken", "digest_differs")
    assert link.computed_digest
    assert link.computed_digest != link.stated_digest


def test_a_file_of_another_number_is_not_the_one_meant():
    upper = national(number="NMI-2")
    link = only_link(using(c14n_digest(upper), number="NMI-1"), upper)
    assert (link.state, link.reason) == ("broken", "number_differs")


def test_a_digest_that_cannot_be_one_breaks_what_is_here():
    link = only_link(using("-GP-Value-", "sha256"), national())
    assert (link.state, link.reason) == ("broken", "digest_unusable")
    assert only_link(using("ab" * 32, "hash"), national()).reason == "digest_unusable"


def test_missing_and_paper_are_said():
    assert only_link(using("ab" * 32)).state == "missing"
    paper = only_link(using("analogue", "analogue"))
    assert (paper.state, paper.reason) == ("analogue", "paper")
    chain = followed(using("analogue", "analogue"))
    assert chain.is_unbroken
    assert not chain.is_proved


@pytest.mark.parametrize(
    ("upper", "extra", "reason"),
    [
        (national(due="2026-01-31"), "", "out_of_validity"),
        (national(end="2026-04-01", due="2028-01-01"), "", "not_yet"),
        (national(), "<dcc:inValidityRange>false</dcc:inValidityRange>", "stated_invalid"),
    ],
)
def test_a_certificate_that_did_not_hold_on_the_day_of_use(upper, extra, reason):
    link = only_link(using(c14n_digest(upper), extra=extra), upper)
    assert (link.state, link.reason) == ("expired", reason)
    assert not followed(using(c14n_digest(upper), extra=extra), upper).is_unbroken


@pytest.mark.parametrize("due", ["2026-03-02", "2026-03-03"])
def test_the_last_day_of_validity_counts(due):
    upper = national(due=due)
    assert only_link(using(c14n_digest(upper)), upper).state == "intact"


@pytest.mark.parametrize(
    ("period", "until"),
    [
        ("P1Y", date(2026, 6, 1)),
        ("P6M", date(2025, 12, 1)),
        ("P1Y1M15D", date(2026, 7, 16)),
        ("PT1H", None),
        ("P", None),
    ],
)
def test_validity_may_be_a_period(period, until):
    statement = (
        f'<dcc:statement refType="basic_recalibration"><dcc:period>{period}</dcc:period></dcc:statement>'
    )
    data = certificate_with(end="2025-06-01", statements=statement)
    (file,) = ChainFiles.of([("x", data, parse_xml(data))]).files
    assert file.certificate.valid_until == until


def test_a_month_has_its_own_last_day():
    statement = '<dcc:statement refType="basic_recalibration"><dcc:period>P1M</dcc:period></dcc:statement>'
    data = certificate_with(end="2025-01-31", statements=statement)
    (file,) = ChainFiles.of([("x", data, parse_xml(data))]).files
    assert file.certificate.valid_until == date(2025, 2, 28)


def three_levels():
    top = national(number="TOP")
    equipment = reference("TOP", "c14n-sha256", c14n_digest(top))
    middle = certificate_with(
        equipment=equipment, number="MID", end="2025-09-01", statements=recalibration("2026-09-01")
    )
    middle = middle.replace(b"2026-03-01", b"2025-08-01")
    low = using(c14n_digest(middle), number="MID")
    return low, middle, top


def test_a_chain_of_three_is_walked_to_its_end():
    chain = followed(*three_levels(), starts=1)
    assert [(link.number, link.state, link.used_on) for link in chain.links] == [
        ("MID", "intact", date(2026, 3, 2)), ("TOP", "intact", date(2025, 9, 1)),
    ]  # fmt: skip
    assert chain.is_proved
    assert len(chain.starts) == 1
    assert [each.number for each in chain.certificates] == ["N-1", "MID", "TOP"]


def test_files_that_nothing_refers_to_are_left_out_unless_asked():
    low, middle, top = three_levels()
    stranger = certificate_with(number="OTHER")
    assert len(followed(low, middle, top, stranger, starts=1).certificates) == 3
    assert len(followed(low, middle, top, stranger).certificates) == 4
    assert len(followed(low, middle, top, stranger).starts) == 2


def test_linked_reports_are_links_of_their_own():
    low, middle, top = three_levels()
    linked = (
        "<dcc:linkedReport><dcc:referral><dcc:content>Next</dcc:content></dcc:referral><dcc:referralID>TOP"
        f"</dcc:referralID><dcc:procedure>c14n-sha256</dcc:procedure><dcc:value>{c14n_digest(top)}</dcc:value>"
        "<dcc:linkedReport><dcc:referral><dcc:content>Paper</dcc:content></dcc:referral><dcc:referralID>P-1"
        "</dcc:referralID><dcc:procedure>analogue</dcc:procedure><dcc:value>analogue</dcc:value></dcc:linkedReport>"
        "</dcc:linkedReport>"
    )
    chain = followed(using(c14n_digest(middle), number="MID", extra=linked), middle, top, starts=1)
    mine = [link for link in chain.links if link.lower == chain.starts[0]]
    assert [(link.number, link.depth, link.state) for link in mine] == [
        ("MID", 0, "intact"), ("TOP", 1, "intact"), ("P-1", 2, "analogue"),
    ]  # fmt: skip
    assert mine[1].used_on == date(2025, 9, 1)  # the day of the certificate that it hangs on


def test_a_loop_of_certificates_ends():
    first = using("ab" * 32, number="B", own="A")
    second = using(hashlib.sha256(first).hexdigest(), "sha256", number="A", own="B")
    chain = followed(first, second)
    assert {link.state for link in chain.links} == {"broken", "expired", "intact"} & {
        link.state for link in chain.links
    }
    assert len(chain.links) == 2
    assert chain.starts
    assert etree.fromstring(chain_svg(chain).encode()).tag == f"{SVG}svg"


def test_copies_of_a_file_count_once():
    low, middle, top = three_levels()
    assert len(followed(low, low, middle, middle, top).certificates) == 3


def test_certificates_of_influence_conditions_count_too():
    upper = national()
    inside = (
        "<dcc:influenceCondition><dcc:name><dcc:content>Air</dcc:content></dcc:name><dcc:certificate><dcc:referral>"
        "<dcc:content>C</dcc:content></dcc:referral><dcc:referralID>NMI-1</dcc:referralID><dcc:procedure>sha256"
        f"</dcc:procedure><dcc:value>{hashlib.sha256(upper).hexdigest()}</dcc:value></dcc:certificate><dcc:data><dcc:text>"
        "<dcc:content>x</dcc:content></dcc:text></dcc:data></dcc:influenceCondition>"
    )
    assert only_link(certificate_with(conditions=inside), upper).state == "intact"


@pytest.mark.parametrize("name", SAMPLES)
def test_references_of_the_samples_are_paper_or_missing(oracles, name):
    data = sample(oracles, name)
    chain = follow_chain([(name, data, parse_xml(data))])
    stated = parse_xml(data).xpath("//*[local-name()='measuringEquipment']/*[local-name()='certificate']")
    assert len(chain.links) == len(stated)
    assert {link.state for link in chain.links} <= {"analogue", "missing"}


def test_names_of_2_4_0_are_understood():
    upper = national()
    data = using(hashlib.sha256(upper).hexdigest(), "sha256").replace(b"referralID", b"referenceID")
    data = data.replace(b"dcc:referral>", b"dcc:reference>").replace(b'"3.3.0"', b'"2.4.0"')
    assert only_link(data, upper).state == "intact"


def test_json_says_state_reason_and_words():
    low, middle, top = three_levels()
    said = json.loads(json.dumps(followed(low, middle, top, starts=1).to_json()))
    assert (said["unbroken"], said["proved"]) == (True, True)
    assert said["certificates"][0]["performed"] == "2026-03-02"
    assert said["certificates"][2]["valid_until"] == "2027-06-01"
    link = said["links"][0]
    assert (link["state"], link["depth"], link["used_on"]) == ("intact", 0, "2026-03-02")
    assert "MID" in link["text"]["en"]
    assert link["text"]["zh"]
    assert link["path"].endswith("dcc:certificate[1]")


def test_the_drawing_has_a_box_a_certificate_and_a_line_a_link():
    low, middle, top = three_levels()
    chain = followed(low, middle, top, starts=1)
    drawn = etree.fromstring(chain_svg(chain, "zh").encode())
    assert len(drawn.findall(f"{SVG}g[@class='certificate']")) == 3
    lines = [each for each in drawn.findall(f"{SVG}g") if each.get("class").startswith("link")]
    assert [each.get("class") for each in lines] == ["link intact", "link intact"]
    assert drawn.findtext(f"{SVG}title") == "溯源链"
    heights = {box.findtext(f"{SVG}title"): float(box.find(f"{SVG}rect").get("y"))
               for box in drawn.findall(f"{SVG}g[@class='certificate']")}  # fmt: skip
    assert heights["TOP"] < heights["MID"] < heights["N-1"]


def test_every_state_is_drawn_with_a_sign_and_words():
    upper = national()
    expired = national(due="2026-01-01", number="E")
    changed = national(number="B")
    equipment = (
        reference("NMI-1", "c14n-sha256", c14n_digest(upper)) + reference("E", "c14n-sha256", c14n_digest(expired))
        + reference("B", "c14n-sha256", "ab" * 32) + reference("M", "sha256", "ab" * 32)
        + reference("P", "analogue", "analogue")
    )  # fmt: skip
    chain = followed(certificate_with(equipment=equipment), upper, expired, changed, starts=1)
    assert [link.state for link in chain.links] == ["intact", "expired", "broken", "missing", "analogue"]
    drawn = chain_svg(chain, "en")
    for state, sign in (
        ("intact", "✓"),
        ("expired", "!"),
        ("broken", "✗"),
        ("missing", "?"),
        ("analogue", "–"),
    ):
        assert f"{sign} {words()[state].en}" in drawn
    assert len({words()[link.reason].zh for link in chain.links}) == 5


def test_names_in_the_drawing_cannot_be_markup():
    data = certificate_with(number="&lt;script&gt;alert(1)&lt;/script&gt;")
    drawn = chain_svg(followed(data))
    assert "<script" not in drawn
    assert "&lt;script" in drawn
    etree.fromstring(drawn.encode())


def test_the_oracle_of_this_test_is_right():
    """SHA-256 of nothing, from FIPS 180-4; and canonical XML of a sample is that of lxml."""
    assert hashlib.sha256(b"").hexdigest().startswith("e3b0c442")
    assert c14n(b"<a />") == b"<a></a>"
