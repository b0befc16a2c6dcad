"""A budget template understood: which output is reported, and for each input where its knowledge comes from.

A template is a budget document (docs/reference/budget-document.md). An input with the member ``from`` takes its numbers
from the calibration that is evaluated; the numbers that stand beside ``from`` are only for trying the template out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jialiang.information.budget_templates.errors import TemplateUnreadable
from jialiang.information.budget_templates.exact_terms import names_of
from jialiang.information.procedures import Procedure
from jialiang.science.documents.fields import Fields

MEMBERS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "readings": {"quantity": (), "scatter": ("readings", "record", "history"), "of": ("instrument", "procedure")},
    "line": {"part": ("intercept", "slope")},
    "certificate": {"standard": ("reference", "other")},
    "drift": {"standard": ("reference", "other")},
    "standard_value": {},
    "resolution": {},
    "environment": {"quantity": ("temperature", "humidity", "pressure")},
    "parameter": {"name": (), "as": ("value", "half_width", "u")},
    "point": {},
}
"""The sources, with their members; an empty tuple stands for free text, else the first word is the usual one."""

OPTIONAL = ("stop", "leave_out")
MOST_INPUTS = 60


@dataclass(frozen=True, slots=True)
class Source:
    """Where an input comes from: a kind of :data:`MEMBERS` with its words; ``may_be_left_out`` where it is missing."""

    kind: str
    words: Mapping[str, str]
    may_be_left_out: bool


@dataclass(frozen=True, slots=True)
class TemplateInput:
    """One input: its symbol, the members as written, and its source (None: the template states its numbers)."""

    symbol: str
    members: Mapping[str, Any]
    source: Source | None


@dataclass(frozen=True, slots=True)
class BudgetTemplate:
    """A template read: ``measurand`` is the output that stands on the record."""

    document: Mapping[str, Any]
    measurand: str
    inputs: tuple[TemplateInput, ...]

    def of_kind(self, kind: str) -> tuple[TemplateInput, ...]:
        """Return the inputs that come from one kind of source."""
        return tuple(item for item in self.inputs if item.source is not None and item.source.kind == kind)


def read_template(document: Mapping[str, Any]) -> BudgetTemplate:
    """Read a template. Raises TemplateUnreadable and what ``science.documents`` raises on a wrong shape."""
    top = Fields(document, "")
    given = top.any_of("inputs")
    named = isinstance(given, Mapping)
    entries = [{"name": n} | _members(i) for n, i in given.items()] if named else top.listed("inputs")
    if not entries or len(entries) > MOST_INPUTS:
        raise TemplateUnreadable(member="inputs", given=str(len(entries)), known=f"1 … {MOST_INPUTS}")
    inputs = tuple(_input(Fields(entry, f"inputs[{place}]")) for place, entry in enumerate(entries))
    if not any(item.source is not None for item in inputs):
        raise TemplateUnreadable(member="inputs", given="—", known="from")
    return BudgetTemplate(document, _measurand(top), inputs)


def require_fits(template: BudgetTemplate, plan: Procedure) -> None:
    """Refuse sources that records of a procedure do not have. Raises TemplateUnreadable, NotAnExactTerm."""
    columns = {column.key for column in plan.columns}
    parameters = {parameter.key for parameter in plan.parameters}
    for item in template.inputs:
        source = item.source
        if source is None:
            continue
        if source.kind in ("line", "readings") and (source.kind == "line") != ("rows" in parameters):
            raise TemplateUnreadable(member=f"{item.symbol}.from.source", given=source.kind, known=_kinds(plan))
        if source.kind == "parameter":
            _require_known(f"{item.symbol}.from.name", [source.words["name"]], parameters)
        if source.kind == "readings":
            names = names_of(source.words["quantity"])
            _require_known(f"{item.symbol}.from.quantity", names, columns | parameters | {"point"})
            if not set(names) & columns:
                known, given = ", ".join(sorted(columns)), source.words["quantity"]
                raise TemplateUnreadable(member=f"{item.symbol}.from.quantity", given=given, known=known)


def _kinds(plan: Procedure) -> str:
    fitted = any(parameter.key == "rows" for parameter in plan.parameters)
    return ", ".join(kind for kind in MEMBERS if kind != ("readings" if fitted else "line"))


def _require_known(member: str, given: Iterable[str], known: Iterable[str]) -> None:
    for name in given:
        if name not in known:
            raise TemplateUnreadable(member=member, given=name, known=", ".join(sorted(known)))


def _members(entry: Any) -> dict[str, Any]:
    return dict(entry) if isinstance(entry, Mapping) else {"value": entry}


def _measurand(top: Fields) -> str:
    model = top.inside("model")
    expressions = model.any_of("expr")
    if not isinstance(expressions, str | Mapping | None):
        raise TemplateUnreadable(member="model.expr", given=type(expressions).__name__, known="y = a + b")
    names = [str(name) for name in model.listed("outputs")] or _named_expressions(expressions)
    wanted = top.text("measurand") or (names[0] if names else "")
    if not wanted or wanted not in names:
        raise TemplateUnreadable(member="measurand", given=wanted, known=", ".join(names) or "model.expr")
    return wanted


def _named_expressions(given: Any) -> list[str]:
    if isinstance(given, Mapping):
        return [str(name) for name in given]
    if not isinstance(given, str):
        return []
    left, equals, _ = given.partition("=")
    return [left.strip() if equals and left.strip().isidentifier() else "y"]


def _input(entry: Fields) -> TemplateInput:
    symbol = entry.text("name", "symbol")
    if not symbol.isidentifier():
        raise TemplateUnreadable(member=entry.where("name"), given=symbol, known="a, b_1, delta_drift")
    given = entry.any_of("from")
    return TemplateInput(symbol, entry.data, None if given is None else _source(Fields(given, entry.where("from"))))


def _source(entry: Fields) -> Source:
    kind = entry.text("source")
    if kind not in MEMBERS:
        raise TemplateUnreadable(member=entry.where("source"), given=kind, known=", ".join(MEMBERS))
    allowed = MEMBERS[kind]
    for name in entry.data:
        if name not in (*allowed, "source", "when_missing"):
            known = ", ".join((*allowed, "when_missing"))
            raise TemplateUnreadable(member=entry.where(str(name)), given=str(name), known=known)
    words = {name: _word(entry, name, choices) for name, choices in allowed.items()}
    missing = _word(entry, "when_missing", OPTIONAL)
    return Source(kind, words, missing == "leave_out")


def _word(entry: Fields, name: str, choices: tuple[str, ...]) -> str:
    given = entry.text(name)
    if not choices:
        if not given:
            raise TemplateUnreadable(member=entry.where(name), given="", known="…")
        return given
    if given and given not in choices:
        raise TemplateUnreadable(member=entry.where(name), given=given, known=", ".join(choices))
    return given or choices[0]
