"""What a DRMD says, as typed values; all numbers are the decimal texts of the file, texts come with their languages."""

from __future__ import annotations

from dataclasses import dataclass

from jialiang.formats.dcc.quantities.model import MeasurementResult, Words
from jialiang.formats.drmd.validity import Validity


@dataclass(frozen=True, slots=True)
class Identifier:
    """A name in a system of names: ``scheme`` (DOI, CAS, ROR …), ``number``, and maybe where it is looked up."""

    scheme: str
    number: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class MaterialClass:
    """A class of a classification that a material belongs to."""

    reference: str
    class_id: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Producer:
    """The producer of the reference material; ``place`` has the members of the address by their DCC names."""

    name: Words = ()
    email: str = ""
    phone: str = ""
    link: str = ""
    place: tuple[tuple[str, str], ...] = ()
    identifiers: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True)
class Person:
    """A responsible person."""

    name: Words
    role: str = ""
    main_signer: bool = False


@dataclass(frozen=True, slots=True)
class Material:
    """A reference material, with its smallest sample and further quantities of the item (amount of a unit …)."""

    name: Words
    description: Words = ()
    classes: tuple[MaterialClass, ...] = ()
    minimum_sample_size: tuple[MeasurementResult, ...] = ()
    quantities: tuple[MeasurementResult, ...] = ()
    identifiers: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True)
class Procedure:
    """A measurement procedure with the documents that describe it."""

    name: Words
    description: Words = ()
    norms: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PropertyValue:
    """One property value with the identifiers of what it is about (the analyte, for instance)."""

    quantity: MeasurementResult
    identifiers: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True)
class PropertyTable:
    """One result: property values that stand together; ``is_list`` tells a table from a value that stands alone."""

    name: Words
    description: Words = ()
    values: tuple[PropertyValue, ...] = ()
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Properties:
    """A block of properties, certified or not."""

    name: Words
    description: Words = ()
    is_certified: bool = False
    procedures: tuple[Procedure, ...] = ()
    tables: tuple[PropertyTable, ...] = ()


@dataclass(frozen=True, slots=True)
class ReferenceMaterialDocument:
    """A whole document; ``kind`` is referenceMaterialCertificate or productInformationSheet, empty where not said.

    ``statements`` are pairs (name of the element, text) in the order of the file.
    """

    version: str
    kind: str
    number: str
    document_version: str
    validity: Validity
    producer: Producer
    identifiers: tuple[Identifier, ...] = ()
    persons: tuple[Person, ...] = ()
    materials: tuple[Material, ...] = ()
    properties: tuple[Properties, ...] = ()
    statements: tuple[tuple[str, Words], ...] = ()
    comment: str = ""

    def values(
        self, *, certified: bool | None = None
    ) -> tuple[tuple[Properties, PropertyTable, PropertyValue], ...]:
        """Return every property value with its block and table; ``certified`` chooses one sort of block."""
        return tuple(
            (block, table, each)
            for block in self.properties
            if certified is None or block.is_certified == certified
            for table in block.tables
            for each in table.values
        )

    def statement(self, name: str) -> Words:
        """Return the first statement of this name, empty if there is none."""
        return next((words for said, words in self.statements if said == name), ())
