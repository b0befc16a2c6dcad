"""The persons who answer for a certificate, each as one fact: the name, and under it duty, role and address."""

from __future__ import annotations

from jialiang.formats.dcc.model import ResponsiblePerson
from jialiang.formats.reading_view.blocks import Block, Fact, Said
from jialiang.formats.reading_view.circumstances import facts_block
from jialiang.formats.reading_view.columns import ref_type_words
from jialiang.formats.reading_view.rich import extras, with_name
from jialiang.formats.reading_view.texts import Reader, named, said
from jialiang.formats.reading_view.things import contact_facts, contact_files
from jialiang.formats.reading_view.wording import listed, own


def person_blocks(persons: tuple[ResponsiblePerson, ...], reader: Reader) -> list[Block]:
    """Return the responsible persons, and the files that their entries carry."""
    blocks = facts_block([_person(each, reader) for each in persons])
    for each in persons:
        blocks += [*extras(each.description, reader), *contact_files(each.person, reader)]
    return blocks


def _person(person: ResponsiblePerson, reader: Reader) -> Fact:
    contact = contact_facts("field.name", person.person, reader)
    name = reader.say(person.person.name) if person.person is not None else Said()
    told = with_name(person.description, reader)
    duties = listed(tuple(_duties(person, reader)), reader.language)
    ways = [line for each in contact for line in each.said.lines if each.said != name]
    every = (*said(person.role).lines, duties, *ways, *told.lines)
    lines = tuple(dict.fromkeys(line for line in every if line))
    hint = ref_type_words(person.ref_types, reader)
    return Fact(
        name or named("field.person", reader.language),
        Said(lines, told.language) if lines else named("field.person", reader.language),
        hint if hint not in lines else "",
    )


def _duties(person: ResponsiblePerson, reader: Reader) -> list[str]:
    stated = {
        "person.main_signer": person.is_main_signer,
        "person.seals": person.has_electronic_seal,
        "person.signs": person.has_electronic_signature,
        "person.stamps": person.has_electronic_time_stamp,
    }
    return [own(key, reader.language) for key, holds in stated.items() if holds]
