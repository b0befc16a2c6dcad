"""The chain as SVG: certificates in rows, the highest standards on top, a line for every link."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from jialiang.formats.dcc.chain.model import CertificateChain, CertificateLink, LinkState, words

_WIDTH, _HEIGHT, _GAP, _RISE, _EDGE = 250, 74, 40, 84, 24
_LETTERS = 30
# State by colour, by dash and by sign: nobody has to see the colour.
_STROKES: dict[LinkState, tuple[str, str, str]] = {
    "intact": ("#1a7f37", "", "✓"),
    "broken": ("#b42318", "", "✗"),
    "expired": ("#b54708", "10 4", "!"),
    "missing": ("#57606a", "2 5", "?"),
    "analogue": ("#57606a", "8 3 2 3", "–"),
}
_Boxes = dict[str, tuple[int, int]]


def chain_svg(chain: CertificateChain, language: str = "en") -> str:
    """Draw the chain; no script, no style from outside, every line with a title that says what it means."""
    ghosts = {f"?{n}": link for n, link in enumerate(chain.links) if not link.upper}
    levels = _levels(chain, ghosts)
    boxes, width, height = _laid_out(levels)
    title = words()["title"].in_language(language)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-label={quoteattr(title)} font-family="sans-serif" font-size="13">',
        f"<title>{escape(title)}</title>",
    ]
    for position, link in enumerate(chain.links):
        parts.append(_line(link, boxes, link.upper or f"?{position}", language))
    for certificate in chain.certificates:
        end = words()["valid_until"].format(day=certificate.valid_until or "–").in_language(language)
        until = end if certificate.valid_until else certificate.file
        said = (certificate.number or words()["no_number"].in_language(language),
                certificate.laboratory.in_language(language), until)  # fmt: skip
        parts.append(_box(boxes[certificate.key], said, "#ffffff", ""))
    for key, link in ghosts.items():
        said = (link.number, words()[link.state].in_language(language), "")
        parts.append(_box(boxes[key], said, "#f6f8fa", ' stroke-dasharray="4 3"'))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _levels(chain: CertificateChain, ghosts: dict[str, CertificateLink]) -> list[list[str]]:
    """Return the keys row by row from below: a certificate stands above everything that refers to it."""
    uppers: dict[str, list[str]] = {}
    names = {id(link): key for key, link in ghosts.items()}
    for link in chain.links:
        uppers.setdefault(link.lower, []).append(link.upper or names[id(link)])
    height = dict.fromkeys([*(certificate.key for certificate in chain.certificates), *ghosts], 0)
    for _ in range(len(height)):  # at most so many steps up; a loop of certificates ends here too
        height |= _risen(height, uppers)
    rows = sorted(set(height.values()))
    return [[key for key, at in height.items() if at == row] for row in rows]


def _risen(height: dict[str, int], uppers: dict[str, list[str]]) -> dict[str, int]:
    return {
        upper: height[lower] + 1
        for lower, above in uppers.items()
        for upper in above
        if height[upper] <= height[lower] < len(height)
    }


def _laid_out(levels: list[list[str]]) -> tuple[_Boxes, int, int]:
    widest = max((len(level) for level in levels), default=1)
    width = 2 * _EDGE + widest * _WIDTH + (widest - 1) * _GAP
    height = 2 * _EDGE + max(len(levels), 1) * (_HEIGHT + _RISE) - _RISE
    boxes: _Boxes = {}
    for row, level in enumerate(reversed(levels)):
        taken = len(level) * _WIDTH + (len(level) - 1) * _GAP
        for column, key in enumerate(level):
            boxes[key] = ((width - taken) // 2 + column * (_WIDTH + _GAP), _EDGE + row * (_HEIGHT + _RISE))
    return boxes, width, height


def _line(link: CertificateLink, boxes: _Boxes, upper: str, language: str) -> str:
    (x1, y1), (x2, y2) = boxes[link.lower], boxes[upper]
    colour, dash, sign = _STROKES[link.state]
    x1, x2, y2 = x1 + _WIDTH // 2, x2 + _WIDTH // 2, y2 + _HEIGHT
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    said = f"{link.equipment.in_language(language)}: {link.text.in_language(language)}"
    label = f"{sign} {words()[link.state].in_language(language)}"
    return (
        f'<g class="link {link.state}"><title>{escape(said)}</title>'
        f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}" stroke-width="2"{dashed}/>'
        f'<text x="{(x1 + x2) // 2 + 8}" y="{(y1 + y2) // 2 + 4}" fill="{colour}">{escape(label)}</text></g>'
    )


def _box(at: tuple[int, int], said: tuple[str, ...], fill: str, dash: str) -> str:
    x, y = at
    lines = [
        f'<text x="{x + 12}" y="{y + 22 + 20 * row}"{_WEIGHT if row == 0 else ""}>{escape(_shortened(text))}</text>'
        for row, text in enumerate(said)
        if text
    ]
    box = f'<rect x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" rx="6" fill="{fill}" stroke="#57606a"{dash}/>'
    return f'<g class="certificate"><title>{escape(said[0])}</title>{box}{"".join(lines)}</g>'


_WEIGHT = ' font-weight="bold"'


def _shortened(text: str) -> str:
    return text if len(text) <= _LETTERS else text[: _LETTERS - 1] + "…"
