"""Code 128 (ISO/IEC 15417) and GS1-128: sets B and C, changed where that is shorter, with check character.

Each pattern is the widths of its bars and spaces in modules, a bar first.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources

from jialiang.formats.symbols import GS, Modules, SymbolTextUnsuitable
from jialiang.kernel.text import storable

QUIET_ZONE = 10
LONGEST = 120
GS1_LONGEST = 48  # data characters of a GS1-128 symbol
_TO_C, _TO_B, _FNC1, _START_B, _START_C, _STOP = 99, 100, 102, 104, 105, 106
_LEAST_DIGITS_AT_AN_END, _LEAST_DIGITS_INSIDE = 4, 6


def code_128_modules(text: str) -> Modules:
    """Return one row of modules with its quiet zones for printable ASCII. Raises SymbolTextUnsuitable."""
    if not text or not text.isascii() or not text.isprintable() or len(text) > LONGEST:
        raise SymbolTextUnsuitable(symbol="Code 128", text=storable(text, 60))
    return _row(_codewords(text, gs1=False))


def gs1_128_modules(scanned: str) -> Modules:
    """Return one row of modules of an element string as it is scanned. Raises SymbolTextUnsuitable."""
    plain = scanned.replace(GS, "")
    if not plain or not plain.isascii() or not plain.isprintable() or len(scanned) > GS1_LONGEST:
        raise SymbolTextUnsuitable(symbol="GS1-128", text=storable(plain, 60))
    return _row(_codewords(scanned, gs1=True))


def check_codeword(codewords: list[int]) -> int:
    """Return the check character: the start and each further codeword times its place, modulo 103."""
    return (codewords[0] + sum(place * word for place, word in enumerate(codewords))) % 103


def runs_of(text: str) -> list[tuple[str, str]]:
    """Return the text in runs with the set (``B`` or ``C``) that writes each shortest; GS stands for FNC1."""
    return [("C" if _is_digits(piece) else "B", piece) for piece in _pieces(text) if piece]


def _codewords(text: str, *, gs1: bool) -> list[int]:
    """Return start, data and check. Runs of digits are written two by two in set C."""
    words: list[int] = []
    for letter, piece in runs_of(text):
        if not words:
            words = [_START_C if letter == "C" else _START_B] + ([_FNC1] if gs1 else [])
        else:
            words.append(_TO_C if letter == "C" else _TO_B)
        words += _in_c(piece) if letter == "C" else _in_b(piece)
    return [*words, check_codeword(words)]


def _pieces(text: str) -> list[str]:
    """Split into runs of an even number of digits that are worth set C, and the rest."""
    pieces: list[str] = []
    end = 0
    for found in re.finditer(r"[0-9]{2,}", text, re.ASCII):
        run = found[0]
        at_an_end = found.start() == 0 or found.end() == len(text)
        whole = found.end() - found.start() == len(text) and len(run) % 2 == 0
        if not whole and len(run) < (_LEAST_DIGITS_AT_AN_END if at_an_end else _LEAST_DIGITS_INSIDE):
            continue
        start = found.start() + (len(run) % 2 if found.start() else 0)
        stop = start + (found.end() - start) // 2 * 2
        pieces += [text[end:start], text[start:stop]]
        end = stop
    return [*pieces, text[end:]]


def _is_digits(piece: str) -> bool:
    return len(piece) % 2 == 0 and len(piece) >= 2 and piece.isdigit()


def _in_b(piece: str) -> list[int]:
    return [_FNC1 if letter == GS else ord(letter) - 32 for letter in piece]


def _in_c(piece: str) -> list[int]:
    return [int(piece[i : i + 2]) for i in range(0, len(piece), 2)]


def _row(codewords: list[int]) -> Modules:
    widths = "".join(_patterns()[word] for word in (*codewords, _STOP))
    bars = [module for i, width in enumerate(widths) for module in [1 - i % 2] * int(width)]
    quiet = [0] * QUIET_ZONE
    return [quiet + bars + quiet]


@cache
def _patterns() -> list[str]:
    file = resources.files("jialiang.formats.carriers") / "code_128_patterns.json"
    patterns: list[str] = json.loads(file.read_text(encoding="utf-8"))
    return patterns
