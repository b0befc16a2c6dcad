"""Result tables of a document as DCC lists of quantities, a quantity a column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lxml import etree

from jialiang.formats.dcc import profile
from jialiang.formats.dcc.elements import child
from jialiang.formats.dsi import writing as dsi
from jialiang.formats.dsi.units import DEGREE_CELSIUS, KELVIN
from jialiang.formats.making.wording import house_words, in_words

_PREFIXES = {"methods": "uM", "equipment": "mE", "conditions": "iC"}


@dataclass(frozen=True, slots=True)
class Keys:
    """The XML ids of methods, equipment and conditions, by their keys; those that nothing refers to have none."""

    ids: dict[str, dict[str, str]]
    positions: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, document: dict[str, Any]) -> Keys:
        """Number methods ``uM_n``, equipment ``mE_n`` and, where a result names them, conditions ``iC_n``."""
        ids: dict[str, dict[str, str]] = {}
        positions: dict[str, tuple[str, ...]] = {}
        named = {key for result in document["results"] for key in result.get("conditions", ())}
        for group, prefix in _PREFIXES.items():
            entries = document.get(group, ())
            numbered = [f"{prefix}_{number}" for number in range(1, len(entries) + 1)]
            ids[group] = {e["key"]: id_ for e, id_ in zip(entries, numbered, strict=True) if "key" in e}
            positions[group] = tuple(
                id_ if group != "conditions" or e.get("key") in named else ""
                for e, id_ in zip(entries, numbered, strict=True)
            )
        return cls(ids, positions)

    def id_of(self, group: str, position: int) -> str:
        """Return the id of an entry; empty if it has none."""
        return self.positions[group][position]

    def of_column(self, column: dict[str, Any]) -> list[str]:
        """Return the ids that a column refers to."""
        return [self.ids[group][key] for group in ("methods", "equipment") for key in column.get(group, ())]

    def of_table(self, result: dict[str, Any]) -> str:
        """Return what a table as a whole refers to: what none of its columns does, and its conditions."""
        taken = {id_ for column in result["columns"] for id_ in self.of_column(column)}
        free = [*self.positions["methods"], *self.positions["equipment"]]
        conditions = [self.ids["conditions"][key] for key in result.get("conditions", ())]
        return " ".join([id_ for id_ in free if id_ not in taken] + conditions)


def results(parent: etree._Element, document: dict[str, Any], keys: Keys) -> None:
    """Append a ``dcc:result`` a table."""
    for result in document["results"]:
        element = child(parent, "result")
        in_words(element, "name", result["name"])
        in_words(element, "description", result.get("description"))
        data = child(element, "data")
        attributes = {"refId": keys.of_table(result), "refType": result.get("refType", "")}
        table = child(data, "list", **attributes)
        for column in result["columns"]:
            ids = " ".join(keys.of_column(column))
            quantity = child(table, "quantity", refId=ids, refType=column.get("refType", ""))
            in_words(quantity, "name", column["name"])
            _content(quantity, column)
            _conformity(quantity, column, document)
        for file in result.get("files", ()):
            byte_data(data, "byteData", file)


def byte_data(parent: etree._Element, name: str, file: dict[str, Any]) -> None:
    """Append a file with its bytes."""
    element = child(parent, name)
    in_words(element, "name", file.get("name"))
    child(element, "fileName", file["fileName"])
    child(element, "mimeType", file["mimeType"])
    child(element, "dataBase64", file["base64"])


def _content(quantity: etree._Element, column: dict[str, Any]) -> None:
    if "texts" in column:
        _texts(quantity, column["texts"])
        return
    values = dsi.RealList(
        quantity_values=column["values"],
        unit=column["unit"],
        expanded_uncertainties=column.get("expandedUncertainty", ()),
        coverage_factors=column.get("coverageFactor", ()),
        coverage_probability=" ".join(column.get("coverageProbability", ())),
        distribution=column.get("distribution", ""),
        standard_uncertainties=column.get("standardUncertainty", ()),
    )
    ref_types = column.get("refType", "").split() or [""]
    if values.unit == DEGREE_CELSIUS and not any(map(profile.is_difference, ref_types)):
        dsi.temperature_list(quantity, values)
    elif values.unit == DEGREE_CELSIUS:
        # A difference of 0.05 °C is one of 0.05 K; as a temperature in kelvin it would be 273.20 K.
        dsi.real_list(quantity, values.with_unit(KELVIN))
    else:
        dsi.real_list(quantity, values)


def _texts(quantity: etree._Element, texts: tuple[str, ...]) -> None:
    if all(text and not any(letter.isspace() for letter in text) for text in texts):
        child(quantity, "charsXMLList", " ".join(texts))
        return
    element = child(quantity, "noQuantity")
    for text in texts:
        child(element, "content", text)


def _conformity(quantity: etree._Element, column: dict[str, Any], document: dict[str, Any]) -> None:
    stated = column.get("conformity", ())
    if not stated:
        return
    element = child(child(quantity, "measurementMetaData"), "metaData", refType=profile.CONFORMITY)
    in_words(element, "declaration", house_words("conformity", document))
    name = "conformity" if len(stated) == 1 else "conformityXMLList"
    child(element, name, " ".join(stated))
