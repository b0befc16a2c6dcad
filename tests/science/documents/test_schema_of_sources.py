"""The schema of budget documents and the reader of templates say the same about where an input comes from."""

from __future__ import annotations

import json
from copy import deepcopy
from importlib import resources
from itertools import product
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from tests.information.budget_templates.test_templates import WRONG

from jialiang.information.budget_templates.shipped_templates import shipped_template
from jialiang.information.budget_templates.template import MEMBERS, OPTIONAL, read_template
from jialiang.information.procedures import procedures
from jialiang.kernel.errors import InvalidInput
from jialiang.science.documents.evaluating import evaluate_document
from jialiang.science.documents.reading import read_document

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "reference" / "budget-document.md").read_text(encoding="utf-8")
SCHEMA = json.loads(
    (resources.files("jialiang.science.documents") / "budget_document.schema.json").read_text(
        encoding="utf-8"
    )
)
FITS = jsonschema_rs.validator_for(SCHEMA).is_valid


def one(source: Any, **members: Any) -> dict[str, Any]:
    entry = {"name": "x", "mean": "0", "u": "1", "from": source} | members
    return {"model": {"expr": {"y": "x"}}, "inputs": [entry]}


def usual(kind: str) -> dict[str, str]:
    """A source of a kind with every member that it has, free texts as a name."""
    return {"source": kind} | {name: (words[0] if words else "a") for name, words in MEMBERS[kind].items()}


WORDS = [
    (kind, name, word)
    for kind, members in MEMBERS.items()
    for name, words in members.items()
    for word in words
]


@pytest.mark.parametrize("kind", MEMBERS)
@pytest.mark.parametrize("missing", ["", *OPTIONAL])
def test_every_source_fits_with_all_its_members_and_with_those_that_are_needed(kind, missing):
    full = usual(kind) | ({"when_missing": missing} if missing else {})
    needed = {name: text for name, text in full.items() if name == "source" or MEMBERS[kind].get(name) == ()}
    for source in (full, needed):
        assert FITS(one(source))
        assert read_template(one(source)).inputs[0].source.kind == kind


@pytest.mark.parametrize(("kind", "name", "word"), WORDS)
def test_every_word_of_a_member_fits_and_no_other_does(kind, name, word):
    assert FITS(one(usual(kind) | {name: word}))
    assert read_template(one(usual(kind) | {name: word})).inputs[0].source.words[name] == word
    for wrong in (word + "s", word.upper(), f" {word} {word}"):
        assert not FITS(one(usual(kind) | {name: wrong}))
        with pytest.raises(InvalidInput):
            read_template(one(usual(kind) | {name: wrong}))


STRANGE = [
    (kind, name)
    for kind, name in product(MEMBERS, sorted({name for members in MEMBERS.values() for name in members}))
    if name not in MEMBERS[kind]
]


@pytest.mark.parametrize(("kind", "name"), STRANGE)
def test_no_source_takes_a_member_of_another(kind, name):
    source = usual(kind) | {name: "a"}
    assert not FITS(one(source))
    with pytest.raises(InvalidInput) as refused:
        read_template(one(source))
    assert refused.value.facts["given"] == name


NEEDED = [(kind, name) for kind, members in MEMBERS.items() for name, words in members.items() if not words]


@pytest.mark.parametrize(("kind", "name"), NEEDED)
@pytest.mark.parametrize("given", [None, ""])
def test_a_free_text_is_needed(kind, name, given):
    source = usual(kind)
    del source[name]
    source |= {} if given is None else {name: given}
    assert not FITS(one(source))
    with pytest.raises(InvalidInput):
        read_template(one(source))


def test_the_kinds_of_the_schema_are_those_of_the_reader():
    assert SCHEMA["$defs"]["from"]["properties"]["source"]["enum"] == list(MEMBERS)
    assert tuple(SCHEMA["$defs"]["from"]["properties"]["when_missing"]["enum"]) == OPTIONAL


OF_THE_SHAPE = [
    "an unknown source", "no source at all", "a member that the source does not have",
    "a word that the member does not have", "readings without a quantity", "a wrong word for what is missing",
    "from that is no object", "no model",
]  # fmt: skip


@pytest.mark.parametrize("name", OF_THE_SHAPE)
def test_what_the_reader_refuses_by_its_shape_the_schema_refuses_too(name):
    assert not FITS(WRONG[name])


@pytest.mark.parametrize(
    "source", [[], 3, "certificate", {"source": 3}, {"source": ["certificate"]}, {"source": None}]
)
def test_a_source_is_an_object_with_a_word(source):
    assert not FITS(one(source))


@pytest.mark.parametrize(
    ("common", "fits"), [(True, True), (False, True), ("true", False), (1, False), (None, False)]
)
def test_whether_an_input_is_common_to_all_points_is_a_yes_or_no(common, fits):
    assert FITS(one({"source": "certificate"}, common_to_points=common)) is fits


@pytest.mark.parametrize("by_name", [False, True])
def test_inputs_by_name_are_checked_as_those_of_a_list(by_name):
    def written(source: dict[str, str]) -> dict[str, Any]:
        entry = {"mean": "0", "u": "1", "from": source}
        inputs = {"x": entry} if by_name else [{"name": "x"} | entry]
        return {"model": {"expr": {"y": "x"}}, "inputs": inputs}

    assert FITS(written({"source": "drift"}))
    assert not FITS(written({"source": "drifting"}))
    assert read_template(written({"source": "drift"})).inputs[0].symbol == "x"


@pytest.mark.parametrize("key", procedures())
def test_every_shipped_template_fits_the_schema_as_it_is_stored(key):
    jsonschema_rs.validate(SCHEMA, shipped_template(key))


SETTINGS = [
    ("probability", "0.95", True), ("probability", ".5", True), ("probability", "0", False),
    ("probability", "0.0", False),
    ("probability", "1", False), ("probability", "1.0", False), ("probability", "most", False),
    ("draws", "200000", True), ("draws", "9999", False), ("draws", "05000", False), ("draws", "adaptive", True),
    ("draws", "many", False), ("seed", "7", True), ("seed", "-7", False), ("seed", "7.5", False),
    ("digits", "1", True), ("digits", "2", True), ("digits", "3", False), ("digits", "", False),
    ("coverage_factor", "2", True), ("coverage_factor", "1.96", True), ("coverage_factor", "10", True),
    ("coverage_factor", "0", False), ("coverage_factor", "0.0", False), ("coverage_factor", "-2", False),
    ("coverage_factor", "two", False), ("reported_digits", "2", True), ("reported_digits", "3", False),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "fits"), SETTINGS)
def test_rules_may_stand_as_texts_the_way_templates_are_stored(name, text, fits):
    assert FITS({"model": {"expr": {"y": "1"}}, "settings": {name: text}}) is fits


@pytest.mark.parametrize("kind", MEMBERS)
def test_evaluated_by_itself_a_document_is_what_its_numbers_say(kind):
    """y = 2 x with x = 3, u = 0.25 gives 6 and 0.5, whatever ``from`` says."""
    document = {
        "model": {"expr": {"y": "2*x"}},
        "inputs": [{"name": "x", "mean": "3", "u": "0.25", "from": usual(kind)}],
        "settings": {"draws": "10000"},
    }
    bare = deepcopy(document)
    del bare["inputs"][0]["from"]
    for each in (document, bare):
        assert FITS(each)
        output = evaluate_document(read_document(each)).outputs["y"]
        assert (output.value, output.standard_uncertainty) == (6.0, 0.5)


@pytest.mark.parametrize("word", ["from", "common_to_points", "measurand", "when_missing", *MEMBERS])
def test_the_page_names_every_word(word):
    assert f"`{word}`" in PAGE


def test_the_page_names_every_member_of_every_source():
    for members in MEMBERS.values():
        assert all(f"`{name}`" in PAGE for name in members)
