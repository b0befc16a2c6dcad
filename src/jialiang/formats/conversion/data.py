"""A certificate as typed data for programs: what it says, by names that do not depend on its version.

Numbers are exact texts, as everywhere here. This form does not go back to XML: it leaves out what has no meaning.
"""

from __future__ import annotations

from typing import Any

from jialiang.formats.canonical import to_plain
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.profile import DCC
from jialiang.formats.dcc.quantities.belonging import words_of
from jialiang.formats.dcc.reading_parts import (
    all_of,
    identifications_of,
    item_of,
    party_of,
    person_of,
    plain,
    statement_of,
)

FORMAT = "jialiang.certificate-data/1"
_DATES = {"receipt_date": "receiptDate", "begin_date": "beginPerformanceDate", "end_date": "endPerformanceDate",
          "issue_date": "issueDate", "performance_location": "performanceLocation"}  # fmt: skip


def certificate_data(certificate: Certificate, language: str = "en") -> dict[str, Any]:
    """Return what a certificate of any version says, ready for JSON; ``language`` chooses the short names.

    Texts of parties, items and statements come in Chinese and English where the certificate has them, in another
    of its languages otherwise; the names of quantities come in all their languages.
    """
    root, core = certificate.tree.getroot(), "administrativeData/coreData"
    administrative = "administrativeData"
    said: dict[str, Any] = {
        "format": FORMAT,
        "version": certificate.version,
        "number": certificate.number,
        "languages": list(certificate.languages),
        "identifications": to_plain(identifications_of(root, core)),
        **{name: plain(root, f"{core}/{path}") for name, path in _DATES.items()},
        "replaces": plain(root, f"{core}/reportAmendedSubstituted/replacedUniqueIdentifier"),
        "laboratory": _first(map(party_of, all_of(root, f"{administrative}/calibrationLaboratory"))),
        "customer": _first(map(party_of, all_of(root, f"{administrative}/customer"))),
        "persons": [
            to_plain(person_of(each)) for each in all_of(root, f"{administrative}/respPersons/respPerson")
        ],
        "items": [
            to_plain(item_of(each)) | _names(each) for each in all_of(root, f"{administrative}/items/item")
        ],
        "statements": [
            to_plain(statement_of(s)) for s in all_of(root, f"{administrative}/statements/statement")
        ],
        "quantities": [quantity.to_json(language) for quantity in certificate.quantities()],
        "formulas": [to_plain(formula) for formula in certificate.formulas()],
    }
    return {name: member for name, member in said.items() if member not in ("", [], None, {})}


def _first(members: Any) -> Any:
    return next((to_plain(member) for member in members), None)


def _names(element: Any) -> dict[str, Any]:
    names = {language or "und": text for language, text in words_of(element.find(f"{{{DCC}}}name"))}
    return {"names": names} if names else {}
