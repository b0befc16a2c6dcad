"""Methods, equipment, conditions, software and metadata: what may be said of results, lists and quantities alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from jialiang.formats.dcc.common_parts import Software
from jialiang.formats.dcc.parts import Part
from jialiang.formats.dcc.result_parts import (
    Data,
    InfluenceCondition,
    MeasuringEquipment,
    MeasuringEquipments,
    QuantityPart,
    Statement,
    UsedMethod,
)
from jialiang.formats.reading_view.blocks import Block, Fact, Facts, Group, Paragraph, Said
from jialiang.formats.reading_view.columns import ref_type_words
from jialiang.formats.reading_view.rich import extras, rich_blocks, with_name
from jialiang.formats.reading_view.texts import Reader, fit, named, text_of
from jialiang.formats.reading_view.things import address as address_of
from jialiang.formats.reading_view.things import (
    class_facts,
    contact_facts,
    contact_files,
    fact,
    files_of,
    identification_facts,
    reference_facts,
    software_facts,
    words_fact,
    yes_no,
)
from jialiang.formats.reading_view.wording import coded, listed, own

_TRUTH = {"true": "yes", "1": "yes", "false": "no", "0": "no"}


class HasCircumstances(Protocol):
    """A part of a certificate of which circumstances may be said."""

    @property
    def used_methods(self) -> tuple[UsedMethod, ...]:
        """The methods."""
        ...

    @property
    def used_software(self) -> tuple[Software, ...]:
        """The programs."""
        ...

    @property
    def measuring_equipments(self) -> MeasuringEquipments | None:
        """The equipment."""
        ...

    @property
    def influence_conditions(self) -> tuple[InfluenceCondition, ...]:
        """The conditions."""
        ...

    @property
    def meta_data(self) -> tuple[Statement, ...]:
        """The metadata."""
        ...


class TellsData(Protocol):
    """What makes blocks of data and quantities."""

    def data(self, data: Data | None, of: Said = ...) -> list[Block]:
        """Return what stands in data."""
        ...

    def is_single(self, data: Data) -> bool:
        """Whether all quantities of data are single ones."""
        ...

    def rows(self, pairs: Sequence[tuple[Data, Said]]) -> list[Block]:
        """Return the single quantities of several data in one table."""
        ...

    def quantities(self, parts: Sequence[QuantityPart]) -> list[Block]:
        """Return quantities that stand together."""
        ...

    def refers(self, part: Part) -> list[Fact]:
        """Return what the part refers to by id."""
        ...


def circumstance_groups(
    part: HasCircumstances, reader: Reader, tells: TellsData, judged: tuple[str, ...] = ()
) -> Iterator[Group]:
    """Yield a group for each kind of circumstance that the part states.

    ``judged`` are statements of conformity that stand in a column already and are not said again.
    """
    told: tuple[tuple[str, list[Block]], ...] = (
        ("section.methods", [_method(each, reader, tells) for each in part.used_methods]),
        ("section.equipment", list(_equipments(part.measuring_equipments, reader, tells))),
        ("section.conditions", list(_conditions(part.influence_conditions, reader, tells))),
        ("section.used_software", software_blocks(part.used_software, reader)),
    )
    for key, blocks in told:
        if blocks:
            yield Group(named(key, reader.language), tuple(blocks))
    for each in part.meta_data:
        group = statement_group(each, reader, tells, judged)
        if group.blocks:
            heading = group.heading or named("section.metadata", reader.language)
            yield Group(heading, group.blocks, group.about)


def software_blocks(software: Sequence[Software], reader: Reader) -> list[Block]:
    """Return programs as facts, and the files and formulas of their descriptions."""
    facts = software_facts(software, reader)
    found = [block for each in software for part in each.descriptions for block in extras(part, reader)]
    return [*facts_block(facts), *found]


def facts_block(facts: list[Fact]) -> list[Block]:
    """Return facts as one block, none where there are none."""
    return [Facts(tuple(facts))] if facts else []


def _method(method: UsedMethod, reader: Reader, tells: TellsData) -> Group:
    facts = [
        *words_fact("field.norm", method.norms, reader),
        *words_fact("field.reference", method.references, reader),
        *words_fact("field.link", method.links, reader),
    ]
    blocks = [block for part in method.descriptions for block in rich_blocks(part, reader)]
    blocks += [*facts_block(facts), *tells.quantities(method.quantities)]
    return Group(reader.say(method.name), tuple(blocks))


def _equipments(equipments: MeasuringEquipments | None, reader: Reader, tells: TellsData) -> Iterator[Block]:
    if equipments is None:
        return
    facts = [
        *fact("field.name", reader.say(equipments.name), reader),
        *class_facts(equipments.equipment_classes, reader),
        *contact_facts("field.owner", equipments.owner, reader),
        *identification_facts(equipments.identifications, reader),
    ]
    yield from facts_block(facts)
    yield from rich_blocks(equipments.description, reader)
    yield from contact_files(equipments.owner, reader)
    for each in equipments.equipments:
        yield _equipment(each, reader, tells)


def _equipment(equipment: MeasuringEquipment, reader: Reader, tells: TellsData) -> Group:
    facts = [
        *fact("field.model", equipment.model, reader),
        *identification_facts(equipment.identifications, reader),
        *contact_facts("field.manufacturer", equipment.manufacturer, reader),
        *class_facts(equipment.equipment_classes, reader),
        *reference_facts("field.certificate", equipment.certificate, reader),
        *software_facts(equipment.installed_software, reader),
    ]
    blocks = [block for part in equipment.descriptions for block in rich_blocks(part, reader)]
    blocks += [*facts_block(facts), *contact_files(equipment.manufacturer, reader)]
    blocks += [*files_of(equipment.description_data, reader), *tells.quantities(equipment.quantities)]
    return Group(reader.say(equipment.name), tuple(blocks))


def _conditions(
    conditions: Sequence[InfluenceCondition], reader: Reader, tells: TellsData
) -> Iterator[Block]:
    """Yield conditions of single quantities as one table, the others each on its own."""
    pairs: list[tuple[Data, Said]] = []
    others: list[Group] = []
    for each in conditions:
        name, status = _condition_name(each, reader), (each.status or "").strip()
        facts = reference_facts("field.certificate", each.certificate, reader)
        said = [*rich_blocks(each.description, reader), *facts_block(facts)]
        data = each.data
        if data is not None and _only_quantities(data) and tells.is_single(data):
            pairs.append((data, name))
        else:
            said += tells.data(data)
        if said:
            about = coded("status", fit(status), reader.language) if status else ""
            others.append(Group(reader.say(each.name), tuple(said), about))
    if pairs:
        yield from tells.rows(pairs)
    yield from others


def _only_quantities(data: Data) -> bool:
    return bool(data.quantities or data.lists) and not (data.texts or data.formulas or data.files or data.xml)


def _condition_name(condition: InfluenceCondition, reader: Reader) -> Said:
    name, status = reader.say(condition.name), (condition.status or "").strip()
    if not status:
        return name
    return Said((coded("status", fit(status), reader.language), *name.lines), name.language)


def statement_group(
    statement: Statement, reader: Reader, tells: TellsData, judged: tuple[str, ...] = ()
) -> Group:
    """Return a statement or metadata: heading, declaration, what it refers to, its data; conformity unless judged."""
    blocks = [*rich_blocks(statement.description, reader)]
    declared = with_name(statement.declaration, reader)
    heading = _statement_heading(statement, reader)
    if declared and declared.lines != heading.heading.lines:
        blocks.append(Paragraph(declared))
    conformities = () if len(judged) > 1 and statement.conformities == judged else statement.conformities
    facts = [*_statement_facts(statement, conformities, reader), *tells.refers(statement)]
    blocks += [*extras(statement.declaration, reader), *facts_block(facts)]
    blocks += [*contact_files(statement.responsible_authority, reader), *tells.data(statement.data)]
    return Group(heading.heading, tuple(blocks), heading.about)


def _statement_heading(statement: Statement, reader: Reader) -> Group:
    """Return the heading of a statement: its name, else what its refType means; empty if it has neither."""
    name = reader.say(statement.name)
    known = ref_type_words(statement.ref_types, reader)
    if name:
        return Group(name, (), known)
    return Group(Said((known,) if known else ()), ())


def _statement_facts(statement: Statement, conformities: tuple[str, ...], reader: Reader) -> list[Fact]:
    language = reader.language
    valid = tuple(own(_TRUTH[each], language) if each in _TRUTH else fit(each) for each in statement.valid)
    conformity = tuple(coded("conformity", fit(each), language) for each in conformities)
    location = address_of(statement.location, reader)
    return [
        *words_fact("field.norm", statement.norms, reader),
        *words_fact("field.reference", statement.references, reader),
        *words_fact("field.link", statement.links, reader),
        *fact("field.convention", statement.convention, reader),
        *words_fact("field.countries", statement.country_codes, reader),
        *yes_no("field.traceable", statement.traceable, reader),
        *fact("field.valid", listed(valid, language), reader),
        *fact("field.date", text_of(statement.node, "date"), reader),
        *fact("field.period", statement.period, reader),
        *fact("column.conformity", listed(conformity, language), reader),
        *contact_facts("field.authority", statement.responsible_authority, reader),
        *fact("field.non_si_definition", statement.non_si_definition, reader),
        *fact("field.non_si_unit", statement.non_si_unit, reader),
        *fact("field.location", location, reader),
    ]
