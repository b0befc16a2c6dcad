"""GS1 keys on RFID tags, and back: which digits of a key are the company prefix must be known, a key does not say."""

from __future__ import annotations

from jialiang.formats.carriers.epc import EpcTag, EpcUnsuitable
from jialiang.formats.codes.check_characters import check_digit
from jialiang.formats.codes.elements import check_element

_IDENTIFIERS = {"sgtin": "01", "sscc": "00", "sgln": "414", "grai": "8003", "giai": "8004"}


def tag_of_key(
    scheme: str, key: str, prefix_digits: int, *, serial: str = "", filter_value: int = 0
) -> EpcTag:
    """Return the tag of a GS1 key, whose company prefix has ``prefix_digits`` digits.

    ``key`` is a GTIN of 14 digits, an SSCC, a GLN, a GRAI with its serial, or a GIAI; ``serial`` goes with GTIN and GLN
    (for a GLN without extension it is 0). Raises CodeRefused where the key is wrong, EpcUnsuitable where it does not
    fit.
    """
    kind = scheme.partition("-")[0]
    if kind not in _IDENTIFIERS:
        raise EpcUnsuitable(scheme=scheme[:40], member="scheme", given=", ".join(_IDENTIFIERS))
    check_element(_IDENTIFIERS[kind], key)
    if kind in ("sgtin", "sscc"):
        prefix, rest = key[1 : 1 + prefix_digits], key[0] + key[1 + prefix_digits : -1]
    elif kind == "sgln":
        prefix, rest = key[:prefix_digits], key[prefix_digits:-1]
        serial = serial or "0"
    elif kind == "grai":
        prefix, rest, serial = key[1 : 1 + prefix_digits], key[1 + prefix_digits : 13], key[14:]
    else:
        prefix, rest = key[:prefix_digits], key[prefix_digits:]
    return EpcTag(scheme, prefix, rest, serial, filter_value)


def key_of_tag(tag: EpcTag) -> dict[str, str]:
    """Return the elements of the GS1 key on a tag by their application identifiers."""
    kind = tag.scheme.partition("-")[0]
    if kind in ("sgtin", "sscc"):
        body = tag.reference[0] + tag.prefix + tag.reference[1:]
        elements = {_IDENTIFIERS[kind]: body + check_digit(body)}
        return elements | ({"21": tag.serial} if kind == "sgtin" else {})
    body = tag.prefix + tag.reference
    if kind == "sgln":
        elements = {"414": body + check_digit(body)}
        return elements | ({} if tag.serial == "0" else {"254": tag.serial})
    if kind == "grai":
        return {"8003": f"0{body}{check_digit(body)}{tag.serial}"}
    return {"8004": body}
