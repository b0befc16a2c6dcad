"""From a certificate of any version to what is read of it in one language."""

from __future__ import annotations

from dataclasses import replace

from jialiang.formats.dcc import profile
from jialiang.formats.dcc.certificate import Certificate
from jialiang.formats.dcc.model import AdministrativeData
from jialiang.formats.dcc.model import Certificate as Root
from jialiang.formats.dcc.result_parts import MeasurementResult, MeasurementResults
from jialiang.formats.reading_view.administrative import (
    file_section,
    identity_blocks,
    item_blocks,
    laboratory_blocks,
)
from jialiang.formats.reading_view.blocks import Block, Group, Paragraph, ReadingView, Said
from jialiang.formats.reading_view.circumstances import circumstance_groups, facts_block, statement_group
from jialiang.formats.reading_view.columns import column_tables
from jialiang.formats.reading_view.errors import ReadingTooLarge
from jialiang.formats.reading_view.measured import Measured
from jialiang.formats.reading_view.persons import person_blocks
from jialiang.formats.reading_view.quantities import Results
from jialiang.formats.reading_view.rich import rich_blocks
from jialiang.formats.reading_view.rows import row_table
from jialiang.formats.reading_view.series import Entry, length_of
from jialiang.formats.reading_view.texts import Reader, fit, named, said
from jialiang.formats.reading_view.things import contact_facts, contact_files
from jialiang.formats.reading_view.wording import language_name, listed, own
from jialiang.formats.xml.nodes import nodes_of
from jialiang.kernel.text import Language

MOST_NUMBERS = 1_000_000
"""How many numbers a certificate may have that people read."""
MOST_LEVELS = 6
"""How deep groups stand in one another."""


def reading_view(certificate: Certificate, language: Language) -> ReadingView:
    """Return everything that people read of a certificate, with the labels in ``language``.

    Texts come in ``language`` where the certificate has them, else in a language that it has, which they then name;
    nothing is translated. Every quantity that ``certificate.quantities()`` gives is in one of the tables. The
    structure of the certificate need not be right. Raises ReadingTooLarge.
    """
    root = Root(nodes_of(certificate.tree).root)
    reader = Reader(language, certificate.languages)
    _refuse_growth(certificate)
    results = Results(certificate, root.node)
    sections = tuple(flattened(section) for section in _sections(root, certificate, reader, results))
    data = root.administrative_data
    laboratory = data.calibration_laboratory if data is not None else None
    contacts = laboratory.contacts if laboratory is not None else ()
    name = reader.say(contacts[0].name) if contacts else Said()
    number = fit(" ".join(certificate.number.split()))
    return ReadingView(
        language=language,
        title=_title(data, language),
        number=number,
        version=fit(certificate.version),
        laboratory=name,
        languages=tuple(map(fit, certificate.languages)),
        notices=tuple(_notices(certificate, reader)),
        sections=sections,
        origin=own("origin", language, document="DCC", number=number or "–"),
    )


def _refuse_growth(certificate: Certificate) -> None:
    numbers = sum(
        len(part.values) for each in certificate.quantities() for w in each.writings for part in w.flat()
    )
    if numbers > MOST_NUMBERS:
        raise ReadingTooLarge(numbers=numbers, limit=MOST_NUMBERS)


def flattened(group: Group, levels: int = MOST_LEVELS) -> Group:
    """Return the group with at most ``levels`` levels of groups in it; headings below become paragraphs."""
    blocks: list[Block] = []
    for block in group.blocks:
        if isinstance(block, Group) and levels == 0:
            blocks += [*([Paragraph(block.heading)] if block.heading else []), *flattened(block, 0).blocks]
        else:
            blocks.append(flattened(block, levels - 1) if isinstance(block, Group) else block)
    return replace(group, blocks=tuple(blocks))


def _sections(root: Root, certificate: Certificate, reader: Reader, results: Results) -> tuple[Group, ...]:
    measured = Measured(results, reader)
    data = root.administrative_data
    core = data.core_data if data is not None else None
    told: list[tuple[str, list[Block]]] = [
        ("section.identity", identity_blocks(core, fit(certificate.version), reader)),
        *(_parties(data, reader) if data is not None else []),
        ("section.items", item_blocks(data.items, reader, measured) if data is not None else []),
        ("section.results", _results(root.measurement_results, reader, measured)),
        ("section.statements", _statements(data, reader, measured)),
        ("section.others", _others(results, reader)),
        ("section.file", file_section(root, reader)),
    ]
    return tuple(
        Group(named(key, reader.language), tuple(blocks), key=key.removeprefix("section."))
        for key, blocks in told
        if blocks
    )


def _parties(data: AdministrativeData, reader: Reader) -> list[tuple[str, list[Block]]]:
    customer = facts_block(contact_facts("field.name", data.customer, reader))
    return [
        ("section.laboratory", laboratory_blocks(data.calibration_laboratory, reader)),
        ("section.customer", [*customer, *contact_files(data.customer, reader)]),
        ("section.persons", person_blocks(data.responsible_persons, reader)),
    ]


def _results(results: MeasurementResults | None, reader: Reader, measured: Measured) -> list[Block]:
    if results is None:
        return []
    shared: list[Block] = [*circumstance_groups(results, reader, measured)]
    return [*shared, *(_measurement(each, reader, measured) for each in results.measurement_results)]


def _measurement(part: MeasurementResult, reader: Reader, measured: Measured) -> Group:
    name = reader.say(part.name)
    blocks: list[Block] = [*rich_blocks(part.description, reader), *facts_block(measured.refers(part))]
    for result in part.results:
        refers = facts_block(measured.refers(result))
        inside = (*rich_blocks(result.description, reader), *refers, *measured.data(result.data))
        title = reader.say(result.name)
        blocks.append(Group(title if title != name else Said(), inside))
    blocks += circumstance_groups(part, reader, measured)
    return Group(name, tuple(blocks))


def _statements(data: AdministrativeData | None, reader: Reader, measured: Measured) -> list[Block]:
    if data is None:
        return []
    groups = [statement_group(each, reader, measured) for each in data.statements]
    numbered = [
        said(own("statement", reader.language, number=number)) for number in range(1, len(groups) + 1)
    ]
    return [
        each if each.heading else Group(number, each.blocks, each.about)
        for each, number in zip(groups, numbered, strict=True)
    ]


def _others(results: Results, reader: Reader) -> list[Block]:
    """Return quantities that stand where no version of the DCC has any, so that no number is left out."""
    left = list(results.unshown())
    singles = [Entry(each) for each in left if not length_of(each)]
    blocks: list[Block] = [*column_tables([each for each in left if length_of(each)], reader)]
    return [*blocks, *([row_table(singles, reader)] if singles else [])]


def _notices(certificate: Certificate, reader: Reader) -> list[Paragraph]:
    if not reader.instead:
        return []
    language = reader.language
    shown = listed(tuple(language_name(tag, language) for tag in reader.instead), language)
    key = "notice.partly" if reader.found else "notice.missing"
    wanted = own(f"language.{language}", language)
    return [Paragraph(said(own(key, language, wanted=wanted, shown=shown)), "warning")]


def _title(data: AdministrativeData | None, language: Language) -> str:
    """Return the kind of certificate: what the profile of the house says, else a calibration certificate."""
    kinds = [
        s.convention or ""
        for s in (data.statements if data is not None else ())
        if profile.KIND in s.ref_types
    ]
    kind = kinds[0].strip() if kinds else ""
    if kind in ("legal_verification", "testing"):
        return profile.words(f"kind.{kind}").in_language(language)
    return own("title", language)
