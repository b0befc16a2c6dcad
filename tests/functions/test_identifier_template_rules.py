"""Records by a template: what does not fit is told item by item; what a template keeps from all is not published."""

import json
from dataclasses import replace

import pytest
from tests.functions.test_identifier_templates import ITEMS, SERIAL, customer

from jialiang.base.identifier_templates.errors import TemplateUnknown
from jialiang.base.identifier_templates.facts import TemplateFacts
from jialiang.base.identifiers import errors
from jialiang.base.prefixes.facts import PrefixFacts
from jialiang.formats.handle.published import record_key
from jialiang.formats.handle.values import HandleValue
from jialiang.functions import identifier_templates, identifiers, prefixes
from jialiang.functions.identifier_batches import BatchItem
from jialiang.governance.publication.selectors import answer
from jialiang.kernel.text import Text
from jialiang.vocabulary.statuses import ItemReaders

OWN = "88.101.5"
NAME = f"{OWN}/7"
RIGHT = HandleValue(SERIAL.index, SERIAL.type, b"7")
URL = HandleValue(1, "URL", b"https://example.org/7")


@pytest.fixture
def owner(world, now):
    operator = world.person("identifier_operator")
    for text, holder in (("88", world.own_id), ("88.101", world.own_id), (OWN, world.dairy_id)):
        prefixes.add(actor=operator, facts=PrefixFacts(text=text, holder_id=holder), now=now)
    return customer(world)


@pytest.fixture
def template(owner, now):
    facts = TemplateFacts(prefix=OWN, code="V1", name=Text("温度计", "Thermometer"))
    hidden = [replace(item, readers=ItemReaders.HOLDER) if item == SERIAL else item for item in ITEMS]
    row = identifier_templates.create(actor=owner, facts=facts, items=hidden, now=now)
    return identifier_templates.publish(actor=owner, template_id=row.id, now=now)


def test_a_record_that_fits_is_registered_and_one_that_does_not_is_told_why(owner, template, now):
    with pytest.raises(errors.TemplateBroken) as refused:
        identifiers.register(actor=owner, name=NAME, values=(URL,), template="V1", now=now)
    assert str(SERIAL.index) in refused.value.what.zh
    record = identifiers.register(actor=owner, name=NAME, values=(URL, RIGHT), template="V1", now=now)
    assert record.template == "V1"
    with pytest.raises(errors.TemplateBroken):
        identifiers.remove_values(actor=owner, name=NAME, indexes=(SERIAL.index,), now=now)
    assert identifiers.resolve_identifier(actor=owner, name=NAME, now=now).version == 1


def test_what_a_template_keeps_from_all_is_neither_published_nor_shown_to_strangers(world, owner, template, now):
    identifiers.register(actor=owner, name=NAME, values=(URL, RIGHT), template="V1", now=now)
    body = json.loads(answer(record_key(NAME)).body)
    assert [value["index"] for value in body["values"]] == [1]
    stranger = identifiers.resolve_identifier(actor=world.person(), name=NAME, now=now)
    assert [value.index for value in stranger.record.values] == [1]
    whole = identifiers.resolve_identifier(actor=owner, name=NAME, now=now)
    assert [value.index for value in whole.record.values] == [1, SERIAL.index]


def test_many_at_once_are_held_to_their_templates(owner, template, now):
    items = [BatchItem(NAME, (RIGHT,), template="V1"), BatchItem(f"{OWN}/8", (URL,), template="V1")]
    found = identifiers.register_many(actor=owner, items=items, mode="create", now=now)
    assert [one.outcome for one in found] == ["created", "refused"]
    assert isinstance(found[1].error, errors.TemplateBroken)
    changed = [BatchItem(NAME, (URL,), template="V1")]
    found = identifiers.register_many(actor=owner, items=changed, mode="update", now=now)
    assert isinstance(found[0].error, errors.TemplateBroken)


def test_by_a_withdrawn_template_nothing_is_registered_and_what_is_there_can_be_changed(owner, template, now):
    identifiers.register(actor=owner, name=NAME, values=(RIGHT,), template="V1", now=now)
    identifier_templates.withdraw(actor=owner, template_id=template.id, reason="换版", now=now)
    with pytest.raises(TemplateUnknown):
        identifiers.register(actor=owner, name=f"{OWN}/8", values=(RIGHT,), template="V1", now=now)
    assert identifiers.put_values(actor=owner, name=NAME, values=(URL,), now=now).version == 2


def test_a_version_that_no_template_here_has_is_a_label(owner, now):
    assert identifiers.register(actor=owner, name=NAME, values=(URL,), template="2.0", now=now).template == "2.0"
