"""MathML made harmless, and written on one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from tests.formats.dcc_samples import NS, sample_certificate
from tests.formats.reading_pieces import MATHML, blocks, table_view

from jialiang.formats.reading_view.blocks import FormulaBlock
from jialiang.formats.reading_view.building import reading_view
from jialiang.formats.reading_view.mathml import ATTRIBUTES, ELEMENTS, cleaned, readable
from jialiang.formats.xml.nodes import node_of
from jialiang.formats.xml.parsing import parse_xml


def math(inside, attributes=""):
    """A formula as a node."""
    return node_of(parse_xml(f'<math xmlns="{MATHML}"{attributes}>{inside}</math>'.encode()).getroot())


READABLE = [
    ("<mi>y</mi><mo>=</mo><mi>a</mi><mo>+</mo><mi>b</mi><mi>x</mi>", "y = a + bx"),
    ("<mfrac><mi>a</mi><mi>b</mi></mfrac>", "a/b"),
    ("<mfrac><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow><mi>b</mi></mfrac>", "(a + 1)/b"),
    ("<msup><mi>x</mi><mn>2</mn></msup>", "x^2"),
    ("<msup><mi>x</mi><mrow><mo>-</mo><mn>2</mn></mrow></msup>", "x^(- 2)"),
    ("<msub><mi>u</mi><mi>c</mi></msub>", "u_c"),
    ("<msubsup><mi>u</mi><mi>c</mi><mn>2</mn></msubsup>", "u_c^2"),
    ("<munderover><mo>∑</mo><mi>i</mi><mi>n</mi></munderover>", "∑_i^n"),
    ("<munder><mi>lim</mi><mi>n</mi></munder>", "lim_n"),
    ("<mover><mi>x</mi><mo>¯</mo></mover>", "x^¯"),
    ("<msqrt><mi>a</mi></msqrt>", "√(a)"),
    ("<msqrt><mi>a</mi><mo>+</mo><mi>b</mi></msqrt>", "√(a + b)"),
    ("<mroot><mi>x</mi><mn>3</mn></mroot>", "x^(1/3)"),
    ("<mfenced><mi>a</mi><mi>b</mi></mfenced>", "(a, b)"),
    ('<mfenced open="[" close="]"><mi>a</mi></mfenced>', "[a]"),
    ("<mi>f</mi><mo>\u2061</mo><mo>(</mo><mi>x</mi><mo>)</mo>", "f (x)"),
    ("<mn>2</mn><mo>\u2062</mo><mi>x</mi>", "2 x"),
    ("<mtext>error of indication</mtext>", "error of indication"),
    ("<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr></mtable>", "1; 2; ;"),
    ("<mrow/>", ""),
    ("<semantics><mi>x</mi><annotation>secret</annotation></semantics>", "x"),
    ("<mfrac><mi>a</mi></mfrac>", "a"),
]


@pytest.mark.parametrize(("inside", "line"), READABLE)
def test_a_formula_reads_on_one_line(inside, line):
    assert readable(math(inside)) == line


HOSTILE = [
    "<script>alert(1)</script>",
    '<mi onclick="alert(1)">x</mi>',
    '<mi href="javascript:alert(1)">x</mi>',
    '<mi xlink:href="javascript:alert(1)" xmlns:xlink="http://www.w3.org/1999/xlink">x</mi>',
    '<maction actiontype="statusline"><mi>x</mi><mtext>status</mtext></maction>',
    '<annotation-xml encoding="text/html"><b xmlns="http://www.w3.org/1999/xhtml">x</b></annotation-xml>',
    '<mtext><img xmlns="http://www.w3.org/1999/xhtml" src="x" onerror="alert(1)"/></mtext>',
    '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>1</script></svg>',
    '<mglyph src="http://example.org/x.png"/>',
    '<mstyle style="background:url(http://example.org)"><mi>x</mi></mstyle>',
    '<mi class="x" id="y" mathcolor="red" mathbackground="url(x)">x</mi>',
    '<mspace width="expression(alert(1))"/>',
    '<mspace width="url(http://example.org)"/>',
    "<ms>&lt;script&gt;alert(1)&lt;/script&gt;</ms>",
    "<mi>a\u202eb</mi>",
]


@pytest.mark.parametrize("inside", HOSTILE)
def test_nothing_that_acts_or_leads_outside_is_left(inside):
    shown = cleaned(math(inside))
    tree = etree.fromstring(shown)
    for each in tree.iter(etree.Element):
        name = etree.QName(each)
        assert name.namespace == MATHML
        assert name.localname in ELEMENTS
        assert set(each.attrib) <= ATTRIBUTES
        assert not any(sign in value for value in each.attrib.values() for sign in (":", "(", "\\"))
    assert "alert(1)" not in shown or "&lt;script" in shown
    assert "example.org" not in shown
    assert "\u202e" not in shown


def test_what_is_harmless_is_kept():
    inside = '<mfrac linethickness="0"><mi mathvariant="normal">a</mi><mn>2</mn></mfrac><mspace width="1em"></mspace>'
    shown = cleaned(math(inside, ' display="block"'))
    assert shown == f'<math xmlns="{MATHML}" display="block">{inside}</math>'


def test_mathml_without_its_root_gets_one():
    node = node_of(parse_xml(f'<mrow xmlns="{MATHML}"><mi>x</mi></mrow>'.encode()).getroot())
    assert cleaned(node) == f'<math xmlns="{MATHML}"><mrow><mi>x</mi></mrow></math>'


def test_prefixes_are_taken_off():
    node = node_of(parse_xml(f'<m:math xmlns:m="{MATHML}"><m:mi>x</m:mi></m:math>'.encode()).getroot())
    assert cleaned(node) == f'<math xmlns="{MATHML}"><mi>x</mi></math>'
    assert readable(node) == "x"


def test_what_is_no_mathml_gives_none():
    node = node_of(parse_xml(b'<svg xmlns="http://www.w3.org/2000/svg"><math/></svg>').getroot())
    assert cleaned(node) == ""


def test_comments_are_not_shown():
    assert cleaned(math("<!-- note --><mi>x</mi>")) == f'<math xmlns="{MATHML}"><mi>x</mi></math>'


@given(st.recursive(
    st.sampled_from(["<mi>x</mi>", "<mn>1</mn>", "<mo>+</mo>", "<script>x</script>", "<b>x</b>"]),
    lambda inner: st.lists(inner, max_size=4).map(lambda parts: f"<mrow>{''.join(parts)}</mrow>")
    | st.tuples(inner, inner).map(lambda two: f"<mfrac>{two[0]}{two[1]}</mfrac>")
    | inner.map(lambda one: f"<msqrt onload='x'>{one}</msqrt>"),
    max_leaves=20,
))  # fmt: skip
def test_whatever_comes_the_result_is_mathml(inside):
    shown = cleaned(math(inside))
    names = {etree.QName(each).localname for each in etree.fromstring(shown).iter()}
    assert names <= ELEMENTS
    assert "onload" not in shown
    readable(math(inside))


def formula(inside):
    return f'<dcc:formula><dcc:mathml><math xmlns="{MATHML}">{inside}</math></dcc:mathml></dcc:formula>'


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_formula_of_a_certificate_is_a_block(language):
    (block,) = blocks(table_view(formula("<mi>y</mi><mo>=</mo><mn>2</mn>"), language), FormulaBlock)
    assert block.notation == "mathml"
    assert block.readable == "y = 2"
    assert block.mathml.startswith(f'<math xmlns="{MATHML}">')
    assert "<mi>y</mi>" in block.source


def test_a_deep_formula_is_read():
    inside = "<mrow>" * 150 + "<mi>x</mi>" + "</mrow>" * 150
    (block,) = blocks(table_view(formula(inside)), FormulaBlock)
    assert block.readable == "x"


def test_an_empty_formula_is_none():
    empty = "<dcc:formula><dcc:mathml></dcc:mathml></dcc:formula><dcc:formula><dcc:latex> </dcc:latex></dcc:formula>"
    assert blocks(table_view(empty), FormulaBlock) == []


def test_siunitx_of_older_versions_is_shown_as_written():
    (block,) = blocks(
        table_view("<dcc:formula><dcc:siunitx>\\SI{1}{\\metre}</dcc:siunitx></dcc:formula>"), FormulaBlock
    )
    assert (block.notation, block.readable, block.mathml) == ("siunitx", "\\SI{1}{\\metre}", "")


def test_formulas_of_samples_are_shown(oracles):
    for name in ("v3.1.1_gp_temperature_extensive", "v3.3.0_gp_temperature_valid"):
        certificate = sample_certificate(oracles, name)
        expected = len(certificate.tree.xpath("//dcc:formula/dcc:*", namespaces=NS))
        assert len(blocks(reading_view(certificate, "en"), FormulaBlock)) == expected
