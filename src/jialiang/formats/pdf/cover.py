"""What the cover of a certificate says: letterhead, instrument and dates, persons, seal, check codes."""

from __future__ import annotations

from jialiang.formats.content import Address, CertificateContent, Item
from jialiang.formats.pdf.figures import local_moment
from jialiang.formats.pdf.wording import PlainData, field, pair, words
from jialiang.formats.symbols import data_matrix_svg, qr_svg
from jialiang.kernel.ids import grouped_code, normalized_code
from jialiang.kernel.text import Language

FINGERPRINT_GROUP = 4


def letterhead(content: CertificateContent, language: Language) -> PlainData:
    """Return the institute's name in both languages and the lines below it."""
    institute = content.institute
    parts = [_address(institute.address, language)]
    labelled = (("phone", institute.phone), ("laboratory_code", institute.laboratory_code))
    parts += [f"{words(f'letterhead.{k}').in_language(language)} {v}" for k, v in labelled if v]
    parts += [contact for contact in (institute.email, institute.website) if contact]
    fictional = words("letterhead.fictional").in_language(language) if institute.fictional else ""
    return {
        "name": pair(institute.name, language),
        "lines": [part for part in parts if part],
        "fictional": fictional,
    }


def _address(address: Address, language: Language) -> str:
    city, street = address.city.in_language(language), address.street.in_language(language)
    if language == "zh":
        return " ".join(part for part in (city + street, address.postal_code) if part)
    return ", ".join(part for part in (street, city, address.postal_code, address.country_code) if part)


def amendment(content: CertificateContent, language: Language) -> list[str]:
    """Return what an amended certificate says of the one that it replaces; nothing for others."""
    if not content.supersedes_number:
        return []
    said = [words("amendment").format(number=content.supersedes_number).in_language(language)]
    if content.amendment_reason:
        said.append(words("amendment.reason").format(reason=content.amendment_reason).in_language(language))
    return said


def fields(content: CertificateContent, language: Language) -> PlainData:
    """Return the lines of the cover: ``item`` and ``dates`` two side by side, the others over the whole width."""
    customer = content.customer
    parties = [
        field("field.customer", customer.name.in_language(language), language),
        field("field.customer_address", _address(customer.address, language), language),
    ]
    groups = {
        "full": parties + _named(content.items, language),
        "item": _described(content.items, language),
        "dates": _dates(content, language),
        "last": [field("field.due_date", _agreed_due_date(content, language), language, content.kind)],
    }
    return {name: [line for line in lines if line["value"]] for name, lines in groups.items()}


def _named(items: tuple[Item, ...], language: Language) -> list[PlainData]:
    if len(items) > 1:
        said = words("items.several").format(count=len(items)).in_language(language)
        return [field("field.instrument", said, language)]
    return [line for item in items for line in item_fields(item, language)[:2]]


def _described(items: tuple[Item, ...], language: Language) -> list[PlainData]:
    return item_fields(items[0], language)[2:] if len(items) == 1 else []


def item_fields(item: Item, language: Language) -> list[PlainData]:
    """Return the lines that describe an instrument: name and manufacturer, then its particulars; some may be empty."""
    others = [i.value for i in item.identifications if i.value not in (item.serial_number, "")]
    values = (
        ("instrument", item.name.in_language(language)),
        ("manufacturer", item.manufacturer.in_language(language)),
        ("model", item.model),
        ("serial_number", item.serial_number),
        ("measuring_interval", item.measuring_interval.in_language(language)),
        ("accuracy_class", item.accuracy_class),
        ("other_number", "; ".join(others)),
        ("condition_on_receipt", item.condition_on_receipt.in_language(language)),
    )
    return [field(f"field.{name}", value, language) for name, value in values]


def _dates(content: CertificateContent, language: Language) -> list[PlainData]:
    """Return dates and numbers of the job; what a verification certificate is valid until belongs to them."""
    work = content.begin_date
    if content.end_date and content.end_date != content.begin_date:
        span = words("dates").format(begin=content.begin_date, end=content.end_date)
        work = span.in_language(language)
    lines = [
        field("field.receipt_date", content.receipt_date, language),
        field("field.work_date", work, language, content.kind),
        field("field.commission_number", content.commission_number, language),
        field("field.record_number", content.record_number, language),
        field("field.issue_date", content.issue_date, language),
    ]
    if content.kind == "legal_verification":
        lines.append(field("field.due_date", content.due_date, language, content.kind))
    return lines


def _agreed_due_date(content: CertificateContent, language: Language) -> str:
    """Return the next date of a calibration with the words that the customer agreed to it; empty if none is agreed."""
    if not content.due_date or content.kind == "legal_verification":
        return ""
    return words("due_date.agreed").format(date=content.due_date).in_language(language)


def persons(content: CertificateContent, language: Language) -> list[PlainData]:
    """Return who calibrated, who reviewed and who approved, in this order."""
    order = {"calibrated": 0, "reviewed": 1, "approved": 2}
    persons = sorted(content.persons, key=lambda person: order[person.duty])
    return [
        {
            "duty": pair(words(f"person.{person.duty}", content.kind), language),
            "name": person.name.in_language(language),
            "role": person.role.in_language(language),
        }
        for person in persons
    ]


def signed(content: CertificateContent, language: Language) -> PlainData:
    """Return whose key signs, and when, in the institute's time zone."""
    time, zone = local_moment(content.signing_time, content.time_zone)
    kind = words(f"signed.{content.trust.signer_kind}")
    said = words("signed").format(kind=kind, signer=content.trust.signer, time=time, zone=zone)
    return {"text": said.in_language(language)}


def seal(content: CertificateContent, language: Language) -> PlainData:
    """Return the words of the seal's picture: Chinese as engraved, English where the institute has no Chinese name."""
    engraved: Language = "zh" if content.institute.name.zh else "en"
    fictional = words("seal.fictional").in_language(engraved) if content.institute.fictional else ""
    return {
        "ring": content.institute.name.in_language(engraved),
        "centre": words("seal", content.kind).in_language(engraved),
        "below": fictional,
        "chinese": engraved == "zh",
        "caption": words("seal.caption").in_language(language),
    }


def check(content: CertificateContent, language: Language) -> PlainData:
    """Return what a reader needs to check the certificate: codes, address, trust root, both symbols."""
    trust = content.trust
    return {
        "title": words("check.title").in_language(language),
        "how": words("check.how").format(domain=trust.domain).in_language(language),
        "code": field("check.code", grouped_code(normalized_code(content.check_code)), language),
        "identifier": field("check.identifier", content.identifier, language),
        "authority": field("check.authority", trust.authority.in_language(language), language),
        "fingerprint": field("check.fingerprint", _fingerprint(trust.authority_fingerprint), language),
        "site": field("check.site", trust.domain, language),
        "qr": qr_svg(content.check_url),
        "data_matrix": data_matrix_svg(content.identifier),
    }


def _fingerprint(text: str) -> str:
    digits = text.replace(":", "").replace(" ", "").upper()
    groups = [digits[i : i + FINGERPRINT_GROUP] for i in range(0, len(digits), FINGERPRINT_GROUP)]
    return " ".join(groups)
