"""Data of a certificate: texts, formulas, files, single quantities as rows, lists as columns side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jialiang.formats.dcc.common_parts import ForeignXml, LocalText
from jialiang.formats.dcc.parts import Part
from jialiang.formats.dcc.quantities.model import MeasurementResult
from jialiang.formats.dcc.result_parts import Data, QuantityPart, ResultList, ResultQuantity
from jialiang.formats.reading_view.blocks import Block, Fact, Facts, Group, Paragraph, Said
from jialiang.formats.reading_view.circumstances import circumstance_groups, facts_block
from jialiang.formats.reading_view.columns import column_tables, name_of
from jialiang.formats.reading_view.covariances import covariance_tables
from jialiang.formats.reading_view.quantities import Results
from jialiang.formats.reading_view.rich import extras, formula_blocks, rich_blocks
from jialiang.formats.reading_view.rows import row_table
from jialiang.formats.reading_view.series import Entry, length_of
from jialiang.formats.reading_view.texts import Reader, fit, named, said
from jialiang.formats.reading_view.things import fact, files_of
from jialiang.formats.reading_view.wording import listed, own

_LONGEST_FOREIGN = 4000


class Measured:
    """Makes blocks of the data of one certificate for one reader."""

    def __init__(self, results: Results, reader: Reader) -> None:
        self._results = results
        self._reader = reader

    def data(self, data: Data | None, of: Said = Said()) -> list[Block]:  # noqa: B008 a frozen value
        """Return what stands in data; ``of`` names what its single quantities belong to."""
        if data is None:
            return []
        blocks: list[Block] = [block for text in data.texts for block in rich_blocks(text, self._reader)]
        blocks += [block for formula in data.formulas for block in formula_blocks(formula)]
        blocks += files_of(data.files, self._reader)
        blocks += [_foreign(xml, self._reader) for xml in data.xml if xml.node.elements]
        if self.is_single(data):
            entries = [*_entries(data.quantities, of), *self._nested(data.lists, of)]
            parts = [part for part, _ in entries]
            return [*blocks, *self._rows(entries), *self._about_lists(data.lists), *self._details(parts)]
        blocks += self.quantities(data.quantities)
        return [*blocks, *self._lists(data.lists)]

    def is_single(self, data: Data) -> bool:
        """Whether all quantities of data, also those in its lists, are single ones."""
        return all(length_of(self._results.of(part)) == 0 for part in _all_quantities(data))

    def rows(self, pairs: Sequence[tuple[Data, Said]]) -> list[Block]:
        """Return the single quantities of several data in one table, each with the name given for them."""
        entries = [entry for data, of in pairs
                   for entry in (*_entries(data.quantities, of), *self._nested(data.lists, of))]  # fmt: skip
        about = [block for data, _ in pairs for block in self._about_lists(data.lists)]
        return [*self._rows(entries), *about, *self._details([part for part, _ in entries])]

    def quantities(self, parts: Sequence[QuantityPart], moments: tuple[str, ...] = ()) -> list[Block]:
        """Return quantities that stand together: lists as columns, single ones as rows, then their details."""
        results = [(part, self._results.of(part)) for part in parts]
        lists = [result for _, result in results if length_of(result)]
        singles = [(part, Said()) for part, result in results if not length_of(result)]
        tables = list(column_tables(lists, self._reader, moments)) if lists else []
        return [*tables, *self._rows(singles), *self._details(parts)]

    def refers(self, part: Part) -> list[Fact]:
        """Return the names of what a part refers to by id: items, methods, equipment."""
        names = [self._reader.say(LocalText(name)) for name in self._results.names_of(part.ref_ids)]
        lines = tuple(dict.fromkeys(line for name in names for line in name.lines))
        language = next((name.language for name in names if name.language), "")
        return fact("field.refers", Said(lines, language), self._reader)

    def _rows(self, entries: Sequence[tuple[QuantityPart, Said]]) -> list[Block]:
        if not entries:
            return []
        shared = _shared([of for _, of in entries])
        found = [Entry(self._results.of(part), Said(of.lines[shared:], of.language)) for part, of in entries]
        before = Said(entries[0][1].lines[:shared], entries[0][1].language)
        return [*([Paragraph(before)] if before else []), row_table(found, self._reader)]

    def _nested(self, lists: Sequence[ResultList], of: Said) -> Iterator[tuple[QuantityPart, Said]]:
        for each in lists:
            name = self._reader.say(each.name)
            inside = _joined(of, name)
            yield from _entries(each.quantities, inside)
            yield from self._nested(each.lists, inside)

    def _lists(self, lists: Sequence[ResultList]) -> Iterator[Block]:
        for each in lists:
            moments = tuple(map(fit, each.date_times))
            blocks = [*rich_blocks(each.description, self._reader)]
            if len(moments) == 1:
                blocks.append(Facts(tuple(fact("column.date_time", moments[0], self._reader))))
            blocks += self.quantities(each.quantities, moments if len(moments) > 1 else ())
            blocks += self._lists(each.lists)
            blocks += [*facts_block(self.refers(each)), *circumstance_groups(each, self._reader, self)]
            name = self._reader.say(each.name)
            if name:
                yield Group(name, tuple(blocks))
            else:
                yield from blocks

    def _about_lists(self, lists: Sequence[ResultList]) -> Iterator[Block]:
        """Yield what lists of single quantities say beside their quantities."""
        for each in lists:
            blocks = [*rich_blocks(each.description, self._reader)]
            if each.date_times:
                moments = listed(tuple(map(fit, each.date_times)), self._reader.language)
                blocks.append(Facts(tuple(fact("column.date_time", moments, self._reader))))
            blocks += [*facts_block(self.refers(each)), *circumstance_groups(each, self._reader, self)]
            if blocks:
                yield Group(self._reader.say(each.name), tuple(blocks), own("details", self._reader.language))
            yield from self._about_lists(each.lists)

    def _details(self, parts: Sequence[QuantityPart]) -> Iterator[Block]:
        for part in parts:
            result = self._results.of(part)
            blocks = self._about(part, result)
            if blocks:
                name = name_of(result, self._reader)
                yield Group(name, tuple(blocks), own("details", self._reader.language))

    def _about(self, part: QuantityPart, result: MeasurementResult) -> list[Block]:
        blocks = [*rich_blocks(part.description, self._reader), *extras(part.no_quantity, self._reader)]
        blocks += [*covariance_tables(result, self._reader), *facts_block(self.refers(part))]
        if isinstance(part, ResultQuantity):
            blocks += circumstance_groups(part, self._reader, self, result.conformity)
        return blocks


def _entries(parts: Sequence[QuantityPart], of: Said) -> Iterator[tuple[QuantityPart, Said]]:
    return ((part, of) for part in parts)


def _joined(of: Said, name: Said) -> Said:
    if not of or not name:
        return name or of
    return Said((*of.lines, *name.lines), of.language or name.language)


def _shared(names: list[Said]) -> int:
    """Return how many lines at the beginning all names have in common."""
    shortest = min(len(name.lines) for name in names)
    differing = (at for at in range(shortest) if len({name.lines[at] for name in names}) > 1)
    return next(differing, shortest)


def _all_quantities(data: Data) -> Iterator[QuantityPart]:
    yield from data.quantities
    waiting = list(data.lists)
    while waiting:
        each = waiting.pop()
        yield from each.quantities
        waiting += each.lists


def _foreign(part: ForeignXml, reader: Reader) -> Block:
    """Return the texts in elements of another vocabulary, under the name of their root."""
    root = part.node.elements[0]
    texts = [" ".join(node.text.split()) for node in root.walk() if node.text.strip()]
    shown = said("\n".join(texts)[:_LONGEST_FOREIGN])
    name = said(f"{root.local} ({root.namespace})" if root.namespace else root.local)
    inside = Paragraph(shown if shown else named("foreign.empty", reader.language))
    return Group(name, (inside,), own("foreign", reader.language))
