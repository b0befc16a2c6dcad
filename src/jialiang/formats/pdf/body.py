"""What stands between cover and results: items, methods, place, conditions, measurement standards, statements."""

from __future__ import annotations

from jialiang.formats.content import (
    CertificateContent,
    CertificateReference,
    InfluenceCondition,
    MeasuringEquipment,
    Method,
    Statement,
)
from jialiang.formats.pdf.cover import item_fields
from jialiang.formats.pdf.figures import shown_number, shown_unit, with_unit
from jialiang.formats.pdf.results import conformity_word
from jialiang.formats.pdf.wording import PlainData, pair, words
from jialiang.kernel.text import Language, Text

DIGEST_SHOWN = 8  # hexadecimal digits at either end
STANDARD_COLUMNS = ("name", "interval", "uncertainty", "certificate", "valid_until")


def items(content: CertificateContent, language: Language) -> PlainData:
    """Return the description of each item where there are several (a single one stands on the cover)."""
    several = content.items if len(content.items) > 1 else ()
    lines = [[f for f in item_fields(item, language) if f["value"]] for item in several]
    return {"title": pair(words("section.items"), language), "lines": lines}


def methods(content: CertificateContent, language: Language) -> PlainData:
    """Return the methods, number of the document first."""
    return {
        "title": pair(words("section.method"), language),
        "lines": [_method(method, language) for method in content.methods],
    }


def _method(method: Method, language: Language) -> PlainData:
    purpose = words("method.uncertainty").in_language(language) if method.is_uncertainty_method else ""
    return {
        "norm": method.norm,
        "name": method.name.in_language(language),
        "purpose": purpose,
        "description": method.description.in_language(language),
    }


def place(content: CertificateContent, language: Language) -> PlainData:
    """Return where the work was done and in which conditions."""
    where = words(f"place.{content.performance_location}").in_language(language)
    address = content.performance_address.in_language(language)
    said = f"{address}（{where}）" if language == "zh" else f"{address} ({where.lower()})"
    lines = [{"label": pair(words("place.address"), language), "value": said if address else where}]
    lines += [
        {"label": pair(condition.name, language), "value": condition_text(condition, language)}
        for condition in content.conditions
    ]
    return {"title": pair(words("section.place"), language), "lines": lines}


def condition_text(condition: InfluenceCondition, language: Language) -> str:
    """Write the interval in which a condition stayed, or its one value: ``22.9 ℃ ~ 23.3 ℃``."""
    unit = shown_unit(condition.unit, language)
    if condition.quantity == "humidityRelative" and unit == "%":
        unit = words("unit.relative_humidity").in_language(language)
    low, high = (with_unit(shown_number(end), unit) for end in (condition.minimum, condition.maximum))
    if condition.minimum == condition.maximum:
        return low
    return words("interval").format(low=low, high=high).in_language(language)


def standards(content: CertificateContent, language: Language) -> list[PlainData]:
    """Return the table of measurement standards and that of other equipment, without empty ones."""
    groups = (("section.standards", True), ("section.equipment", False))
    return [
        {
            "title": pair(words(title), language),
            "heads": [pair(words(f"standard.{column}"), language) for column in STANDARD_COLUMNS],
            "rows": [_equipment(e, language) for e in content.equipment if e.is_reference is wanted],
        }
        for title, wanted in groups
        if any(e.is_reference is wanted for e in content.equipment)
    ]


def _equipment(equipment: MeasuringEquipment, language: Language) -> PlainData:
    nothing = words("none").in_language(language)
    numbers = (equipment.model, equipment.serial_number, equipment.inventory_number)
    certificate = equipment.certificate
    return {
        "name": equipment.name.in_language(language),
        "numbers": ", ".join(dict.fromkeys(number for number in numbers if number)),
        "maker": equipment.manufacturer.in_language(language),
        "interval": equipment.measuring_interval.in_language(language) or nothing,
        "uncertainty": equipment.uncertainty_statement.in_language(language) or nothing,
        "certificate": _certificate(certificate, language)
        if certificate
        else {"number": nothing, "lines": []},
        "valid_until": certificate.valid_until if certificate and certificate.valid_until else nothing,
        "expired": _expired(certificate, language),
    }


def _expired(certificate: CertificateReference | None, language: Language) -> str:
    if certificate is None or certificate.in_validity:
        return ""
    return words("standard.out_of_validity").in_language(language)


def _certificate(certificate: CertificateReference, language: Language) -> PlainData:
    lines = [certificate.referral.in_language(language)]
    if certificate.linked:
        above = words("standard.linked").format(referral=certificate.linked.referral)
        lines += [above.in_language(language), certificate.linked.number]
    return {
        "number": certificate.number,
        "lines": [line for line in lines if line],
        "digest": _digest(certificate, language),
    }


def _digest(certificate: CertificateReference, language: Language) -> str:
    """Return the ends of the digest, enough to compare by eye; the XML has it whole."""
    if certificate.procedure == "analogue":
        return words("standard.paper").in_language(language)
    digest = certificate.digest
    if len(digest) > 2 * DIGEST_SHOWN:
        digest = f"{digest[:DIGEST_SHOWN]}…{digest[-DIGEST_SHOWN:]}"
    return f"{certificate.procedure} {digest}"


def statements(content: CertificateContent, language: Language, *, xml_name: str) -> PlainData:
    """Return the statements of the content, then those that stand on every certificate."""
    own = [_statement(statement, language) for statement in content.statements]
    standing = [_standing(name, language, xml_name) for name in ("scope", "reproduction", "file")]
    return {"title": pair(words("section.statements"), language), "lines": own + standing}


def _statement(statement: Statement, language: Language) -> PlainData:
    basis = " ".join(part for part in (statement.norm, statement.reference) if part)
    verdict = conformity_word(statement.conformity, language) if statement.conformity else ""
    norm = words("statement.norm").format(norm=basis).in_language(language) if basis else ""
    return {
        "label": pair(statement.name, language),
        "text": statement.declaration.in_language(language),
        "remarks": [part for part in (verdict, norm, statement.date) if part],
    }


def _standing(name: str, language: Language, xml_name: str) -> PlainData:
    said: Text = words(f"statement.{name}.text").format(xml_name=xml_name)
    return {
        "label": pair(words(f"statement.{name}"), language),
        "text": said.in_language(language),
        "remarks": [],
    }
