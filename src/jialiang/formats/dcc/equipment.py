"""Measuring equipment and the certificates that carry it: the links of the traceability chain."""

from __future__ import annotations

from lxml import etree

from jialiang.formats.content import CertificateReference, MeasuringEquipment
from jialiang.formats.dcc import profile
from jialiang.formats.dcc.administrative import described_quantities
from jialiang.formats.dcc.elements import child, identification, optional, required, texts
from jialiang.formats.dcc.profile import words


def measuring_equipment(parent: etree._Element, equipment: MeasuringEquipment, id_: str) -> None:
    """Append ``dcc:measuringEquipment``; PTB's ``basic_normalUsed`` marks a measurement standard."""
    ref_type = "basic_normalUsed" if equipment.is_reference else ""
    element = child(parent, "measuringEquipment", id=id_, refType=ref_type)
    texts(element, "name", equipment.name, "measuringEquipment/name")
    if equipment.certificate is not None:
        certificate_reference(element, "certificate", equipment.certificate)
    if equipment.manufacturer:
        texts(
            child(element, "manufacturer"), "name", equipment.manufacturer, "measuringEquipment/manufacturer"
        )
    optional(element, "model", equipment.model)
    if equipment.serial_number or equipment.inventory_number:
        known = child(element, "identifications")
        identification(known, "manufacturer", equipment.serial_number, profile.SERIAL_NUMBER)
        identification(known, "calibrationLaboratory", equipment.inventory_number, profile.INVENTORY_NUMBER)
    described_quantities(element, "measuringEquipmentQuantities", "measuringEquipmentQuantity", {
        profile.MEASURING_INTERVAL: equipment.measuring_interval,
        profile.UNCERTAINTY_STATEMENT: equipment.uncertainty_statement,
    })  # fmt: skip


def certificate_reference(parent: etree._Element, name: str, reference: CertificateReference) -> None:
    """Append a ``dcc:hashType``: which certificate, its digest and how to recompute it, and its own reference.

    Paper has no digest: PTB's good practice writes ``analogue`` for procedure and value.
    """
    element = child(parent, name)
    texts(element, "referral", reference.referral, f"{name}/referral")
    required(element, "referralID", reference.number, f"{name}/referralID")
    child(element, "procedure", reference.procedure)
    on_paper = reference.procedure == "analogue"
    required(element, "value", "analogue" if on_paper else reference.digest, f"{name}/value")
    if reference.valid_until:
        said = words("certificate.valid_until").format(date=reference.valid_until)
        texts(element, "description", said, f"{name}/description")
    child(element, "inValidityRange", "true" if reference.in_validity else "false")
    child(element, "traceable", "true")
    if reference.linked is not None:
        certificate_reference(element, "linkedReport", reference.linked)
