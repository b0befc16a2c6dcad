"""Elements of a Digital Link out of bits, and the other pairs of its query."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations

from jialiang.formats.codes.application_identifiers import identifier_lengths, identifiers
from jialiang.formats.codes.bits import BASE64, BitReader, bits_of_length
from jialiang.formats.codes.compression_table import (
    ALPHABETS,
    DIGITS,
    HEX,
    Field,
    fields,
    sequences,
    written_in_two_orders,
)
from jialiang.formats.codes.elements import check_element
from jialiang.formats.codes.verdicts import CodeRefused, refused

_IDENTIFIER_BITS = 8


def read(reader: BitReader) -> tuple[dict[str, str], dict[str, str]]:
    """Return elements by identifier and other pairs by name. Raises CodeRefused."""
    elements: dict[str, str] = {}
    pairs: dict[str, str] = {}
    while reader.left > _IDENTIFIER_BITS:
        start = reader.place
        name = f"{HEX[reader.read(4)]}{HEX[reader.read(4)]}"
        if name.isdigit():
            _add(elements, _read_element(name, reader))
        elif name in sequences():
            _add(elements, _read_sequence(name, reader))
        elif name[0] == "F":
            reader.back_to(start + 4)
            _add(pairs, _read_pair(reader))
        else:
            raise refused("compressed_name", given=name)
    if not reader.only_zeros_left():
        raise refused("compressed_end")
    if not elements:
        raise refused("no_key")
    return elements, pairs


def _add(found: dict[str, str], more: Mapping[str, str]) -> None:
    for name, value in more.items():
        if name in found:
            raise refused("repeated", given=name)
        found[name] = value


def _read_element(begin: str, reader: BitReader) -> dict[str, str]:
    ai = begin + "".join(HEX[reader.read(4)] for _ in range(identifier_lengths().get(begin, 2) - 2))
    if ai not in identifiers() or ai not in fields():
        raise refused("identifier_unknown", given=ai)
    return {ai: _read_value(ai, reader)}


def _read_sequence(name: str, reader: BitReader) -> dict[str, str]:
    """Read the values of a named sequence; where writers differ, in the first order that gives right values."""
    sequence = sequences()[name]
    orders = permutations(sequence) if name in written_in_two_orders() else iter([sequence])
    start, first_fault = reader.place, None
    for order in orders:
        reader.back_to(start)
        try:
            found = {ai: _read_value(ai, reader) for ai in order}
            for ai, value in found.items():
                check_element(ai, value)
        except CodeRefused as fault:
            first_fault = first_fault or fault
        else:
            return found
    raise first_fault or refused("compressed_name", given=name)


def _read_value(ai: str, reader: BitReader) -> str:
    return "".join(_read_field(field, reader) for field in fields()[ai])


def _read_field(field: Field, reader: BitReader) -> str:
    if field.characters == "n":
        return reader.digits(field.most if field.fixed else reader.read(bits_of_length(field.most)))
    kind = reader.read(3)
    count = field.most if field.fixed else reader.read(bits_of_length(field.most))
    return _read_letters(kind, count, reader)


def _read_letters(kind: int, count: int, reader: BitReader) -> str:
    if kind == DIGITS:
        return reader.digits(count)
    if kind not in ALPHABETS:
        raise refused("compressed_kind", given=str(kind))
    alphabet, width = ALPHABETS[kind]
    return reader.letters(count, alphabet, width)


def _read_pair(reader: BitReader) -> dict[str, str]:
    """Read a pair that is no GS1 element: name in base64, value with its kind and length."""
    name = reader.letters(reader.read(7), BASE64, 6)
    kind = reader.read(3)
    value = _read_letters(kind, reader.read(7), reader)
    if not name or name.isdigit():
        raise refused("query_identifier", given=name)
    return {name: value}
