"""The check of a JSON document against models; findings name the place as a JSON Pointer (RFC 6901)."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from jialiang.formats.findings import DocumentFinding
from jialiang.formats.json_documents.exact import written_json
from jialiang.formats.json_documents.models import JsonModels, MemberModel, ObjectModel, ValueModel
from jialiang.kernel.text import Text

MOST = 500
"""After so many findings the check ends; a document with more is no such document at all."""

_SHOWN = 60
_MOST_NAMES = 12


def check_json(value: Any, models: JsonModels, model: str, family: str) -> tuple[DocumentFinding, ...]:
    """Check a value against the object ``model``; rule ids begin with ``family``. Empty means that it fits."""
    check = _Check(models, family)
    check.run(value, model)
    return tuple(check.findings[:MOST])


class _Check:
    def __init__(self, models: JsonModels, family: str) -> None:
        self.models = models
        self.family = family
        self.findings: list[DocumentFinding] = []
        self._pending: list[tuple[Any, str, str]] = []

    def run(self, value: Any, model: str) -> None:
        """Check what is pending, in the order of the document, until nothing or too much is left."""
        self._pending = [(value, model, "")]
        while self._pending and len(self.findings) < MOST:
            each, of_type, path = self._pending.pop()
            self._checked(each, of_type, path)

    def _checked(self, value: Any, of_type: str, path: str) -> None:
        if of_type in self.models.objects:
            self._object(value, self.models.objects[of_type], path)
        elif of_type in self.models.values:
            self._restricted(value, self.models.values[of_type], path)
        elif not _is_plain(value, of_type):
            self._add("KIND", path, value=value, expected=_words(of_type))

    def _object(self, value: Any, model: ObjectModel, path: str) -> None:
        if not isinstance(value, dict):
            self._add("KIND", path, value=value, expected=_words("object"))
            return
        for member in model.members.values():
            if member.is_needed and member.name not in value:
                self._add("MISSING", path, expected=Text(member.name, member.name))
        for name in reversed(value):
            place = f"{path}/{_escaped(name)}"
            if name in model.members:
                self._member(value[name], model.members[name], place)
            elif not model.is_open:
                names = "、".join([*model.members][:_MOST_NAMES]), ", ".join([*model.members][:_MOST_NAMES])
                self._add("UNKNOWN", place, value=name, expected=Text(*names))

    def _member(self, value: Any, member: MemberModel, path: str) -> None:
        if not member.is_array:
            self._pending.append((value, member.type, path))
        elif not isinstance(value, list):
            self._add("KIND", path, value=value, expected=_words("array"))
        elif len(value) < member.least:
            self._add("EMPTY", path)
        else:
            places = range(len(value) - 1, -1, -1)
            self._pending += [(value[at], member.type, f"{path}/{at}") for at in places]

    def _restricted(self, value: Any, model: ValueModel, path: str) -> None:
        if model.has or model.begins:
            self._texts(value, model, path)
        elif model.names is not None:
            self._map(value, model, path)
        elif not isinstance(value, str):
            self._add("KIND", path, value=value, expected=_words("text"))
        elif (model.words and value not in model.words) or (
            model.pattern and not model.pattern.fullmatch(value)
        ):
            known = Text("、".join(model.words), ", ".join(model.words))
            self._add("VALUE", path, value=value, expected=model.text or known)

    def _texts(self, value: Any, model: ValueModel, path: str) -> None:
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self._add("KIND", path, value=value, expected=_words("texts"))
            return
        missing = [each for each in model.has if each not in value]
        if missing:
            self._add("LACKS", path, expected=Text("、".join(missing), ", ".join(missing)))
        if model.begins and tuple(value[: len(model.begins)]) != model.begins:
            self._add("BEGINS", path, expected=Text("、".join(model.begins), ", ".join(model.begins)))
        if model.begins and len(set(value)) < len(value):
            self._add("TWICE", path)

    def _map(self, value: Any, model: ValueModel, path: str) -> None:
        if not isinstance(value, dict):
            self._add("KIND", path, value=value, expected=model.text)
            return
        for name, text in value.items():
            place = f"{path}/{_escaped(name)}"
            if model.names is not None and not model.names.fullmatch(name):
                self._add("VALUE", place, value=name, expected=model.text)
            elif not isinstance(text, str):
                self._add("KIND", place, value=text, expected=_words("text"))

    def _add(self, kind: str, path: str, **facts: object) -> None:
        if "value" in facts:
            facts["value"] = _shown(facts["value"])
        text = _words(kind).format(what=path or "/", **facts)
        self.findings.append(DocumentFinding(f"{self.family}-{kind}", "error", None, path or "/", text))


def _is_plain(value: Any, of_type: str) -> bool:
    if of_type == "number":
        return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return isinstance(value, bool if of_type == "boolean" else str)


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else written_json(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _words(key: str) -> Text:
    return _all_words()[key]


@cache
def _all_words() -> dict[str, Text]:
    file = resources.files("jialiang.formats.json_documents") / "words.json"
    return {key: Text.from_json(each) for key, each in json.loads(file.read_text("utf-8")).items()}
