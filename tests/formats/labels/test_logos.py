"""Logos: what is drawn and what is refused, and that a label shows them."""

import io
import struct

import pytest
from PIL import Image
from tests.formats.labels.label_samples import content, pdf_of, pictures

from jialiang.formats.labels.designs import LabelDesign, template_of_design
from jialiang.formats.labels.errors import BadLogo
from jialiang.formats.labels.laying import lay_label
from jialiang.formats.labels.logos import LARGEST_BYTES, checked_logo, drawing_of
from jialiang.formats.labels.sheets import ROLL
from jialiang.kernel.text import Text

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 10 10">'
)
SVG = f'{HEAD}<title>L</title><path fill="#ff0000" d="M0 0h10v10H0z"/></svg>'.encode()
DESIGN = LabelDesign("own", Text("标签", "Label"), 50, 30, "", ("serial",), logo=True)


def png(width=40, height=40, colour=(255, 0, 0), mode="RGB", **more):
    out = io.BytesIO()
    Image.new(mode, (width, height), colour).save(out, "PNG", **more)
    return out.getvalue()


def _colours(page):
    return {colour for _, colour in page.getcolors(maxcolors=page.width * page.height)}


@pytest.mark.parametrize(
    "logo", [SVG, png(), png(mode="RGBA", colour=(255, 0, 0, 255))], ids=["svg", "rgb", "rgba"]
)
def test_a_logo_is_drawn_in_its_colours(logo, tmp_path):
    label = lay_label(template_of_design(DESIGN), content(), "zh")
    [page] = pictures(pdf_of([label], ROLL, logo=checked_logo(logo)), tmp_path)
    [bare] = pictures(pdf_of([label], ROLL), tmp_path)
    assert (255, 0, 0) in _colours(page)
    assert (255, 0, 0) not in _colours(bare)


def test_a_png_is_carried_inside_a_drawing_of_its_size_and_an_svg_stays_as_it_is():
    assert drawing_of(SVG) == SVG
    assert b'viewBox="0 0 40 20"' in drawing_of(png(40, 20))


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>", '<image href="secret.png"/>', '<image xlink:href="file:///etc/passwd"/>',
        "<foreignObject/>", '<path onload="x()" d="M0 0"/>', '<path fill="url(https://example.org/x)" d="M0 0"/>',
        "<style>@import url(x)</style>", '<use href="#a"/>', "<text>words</text>", '<x xmlns="urn:other"/>',
        '<path style="fill:url(other.svg#a)" d="M0 0"/>',
    ],
)  # fmt: skip
def test_an_svg_that_reaches_outside_or_runs_is_refused(inside):
    with pytest.raises(BadLogo):
        checked_logo(f"{HEAD}{inside}</svg>".encode())


def test_a_gradient_of_its_own_is_allowed():
    inside = '<defs><linearGradient id="a"/></defs><path fill="url(#a)" d="M0 0h1v1z"/>'
    assert checked_logo(f"{HEAD}{inside}</svg>".encode())


@pytest.mark.parametrize(
    "data",
    [
        b"", b"words", b"<svg/>", b"<html/>", png()[:60], png()[:-30], SVG + b" " * LARGEST_BYTES,
        b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"/>',
        f"{HEAD}{'<g/>' * 3000}</svg>".encode(), png()[:16] + struct.pack(">II", 60_000, 60_000) + png()[24:],
    ],
    ids=["empty", "text", "no namespace", "html", "head only", "cut off", "large", "doctype", "many", "huge"],
)  # fmt: skip
def test_what_is_no_logo_is_refused_with_words_in_both_languages(data):
    with pytest.raises(BadLogo) as refused:
        checked_logo(data)
    reason = refused.value.facts["reason"]
    assert reason.zh and reason.en and reason.zh != reason.en
