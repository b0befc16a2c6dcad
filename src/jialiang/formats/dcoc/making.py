"""A certificate of conformity made from what a certificate of this house says."""

from __future__ import annotations

from collections.abc import Sequence

from jialiang.formats.content import CertificateContent, Item, Party, Statement
from jialiang.formats.dcoc.errors import NotConforming
from jialiang.formats.dcoc.model import (
    Address,
    CertificateOfConformity,
    Contact,
    Named,
    PreviousCertificate,
    Texts,
    Validity,
    texts,
)
from jialiang.kernel.text import Text

_SPOILT = frozenset({"fail", "conditionalFail", "noPass"})
_PASSED = frozenset({"pass", "conditionalPass", "noFail"})


def dcoc_from_content(
    content: CertificateContent, *, scheme: Named, category: Named, criteria: Sequence[Named] = ()
) -> CertificateOfConformity:
    """Return the certificate of conformity that the content bears out.

    The institute is the body, the first item's maker the manufacturer, every item and its serial number an object,
    the methods' norms the criteria unless ``criteria`` are given. Which scheme it is issued under, and which category
    the instrument is of, no content says. Raises NotConforming where no statement says that the items conform, or
    one says that they do not.
    """
    said = _conforming(content)
    norms = tuple(Named(each.norm, _of(each.name)) for each in content.methods if each.norm)
    previous = tuple(map(PreviousCertificate, filter(None, (content.supersedes_number,))))
    return CertificateOfConformity(
        identifier=content.check_url,
        scheme=scheme,
        body=_body(content.institute),
        number=content.number,
        revision=str(len(previous)),
        modifications=_of(content.amendment_reason) if previous else (),
        manufacturer=Contact(name=_of(content.items[0].manufacturer)) if content.items else Contact(),
        category=category,
        objects=tuple(each for item in content.items for each in _objects(item)),
        date=content.issue_date,
        criteria=tuple(criteria) or norms,
        applied_documents=norms if criteria else (),
        statement=_statement(content.conclusion, said),
        validity=Validity(begins=content.issue_date, until=content.due_date),
        responsibles=tuple(Contact(name=_of(each.name), role=_of(each.role)) for each in content.persons),
        previous=previous,
        reference_numbers=tuple(filter(None, (content.commission_number, content.record_number))),
        languages=content.languages,
    )


def states_conformity(content: CertificateContent) -> bool:
    """Tell whether a content bears out a certificate of conformity."""
    try:
        _conforming(content)
    except NotConforming:
        return False
    return True


def _conforming(content: CertificateContent) -> list[Statement]:
    """Return the statements about conformity. Raises NotConforming where they do not amount to it."""
    said = [each for each in content.statements if each.conformity is not None]
    conformities = {each.conformity for each in said}
    if conformities & _SPOILT or not conformities & _PASSED:
        raise NotConforming(number=content.number)
    return said


def _of(text: Text) -> Texts:
    return texts(text.items())


def _body(institute: Party) -> Contact:
    address = institute.address
    return Contact(
        name=_of(institute.name),
        identifier=institute.laboratory_code or institute.credit_code,
        address=Address(
            _of(address.street), _of(address.city), (), address.postal_code, address.country_code
        ),
        email=institute.email,
        phone=institute.phone,
        url=institute.website,
    )


def _objects(item: Item) -> tuple[Named, ...]:
    numbers = (item.model, item.serial_number, *(each.value for each in item.identifications))
    return tuple(Named(number, _of(item.name)) for number in dict.fromkeys(numbers) if number)


def _statement(conclusion: Text, said: Sequence[Statement]) -> Texts:
    """Return the statements of conformity one after the other, or the conclusion where they have no words."""
    parts = [each.declaration for each in said if each.declaration] or [conclusion]
    return texts(
        (language, " ".join(filter(None, (part.to_json().get(language, "") for part in parts))))
        for language in ("zh", "en")
    )
