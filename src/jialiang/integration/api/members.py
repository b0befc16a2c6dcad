"""Members of requests and answers, taken from the facts of the nouns: one noun, one definition in every layer.

A request body of a noun has the members of its facts (``base.<noun>.facts``); a change has the same, all of them
optional; an answer has the same besides what the platform adds. Bilingual members are ``{"zh", "en"}``, decimal
numbers are texts with every digit as entered.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import reduce
from operator import or_
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, create_model

from jialiang.kernel.text import Text

Facts = TypeVar("Facts")
Model = TypeVar("Model", bound=BaseModel)
LONGEST_TEXT = 1000
LARGEST_SMALL_NUMBER = 32767
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def _bounded(text: Text) -> Text:
    if max(len(text.zh), len(text.en)) > LONGEST_TEXT:
        raise ValueError(f"longer than {LONGEST_TEXT} letters")
    return text


def _said(text: Text) -> Text:
    if not text:
        raise ValueError("one language is needed")
    return _bounded(text)


def _iso_day(given: Any) -> Any:
    """Let dates pass that are written as such: a number would be taken for seconds since 1970."""
    if isinstance(given, date) or (isinstance(given, str) and DAY.fullmatch(given)):
        return given
    raise ValueError("a date is written as 2026-06-16")


Bilingual = Annotated[Text, AfterValidator(_bounded)]
"""``{"zh": …, "en": …}``, either may be empty."""
Reason = Annotated[Text, AfterValidator(_said)]
"""A bilingual text that is not empty."""
Short = Annotated[str, Field(max_length=200)]
Day = Annotated[date, BeforeValidator(_iso_day)]
"""A date of the calendar, ``2026-06-16``."""
Decimal = Annotated[
    str, Field(max_length=60, description="Decimal number as text, with every digit as entered.")
]
Version = Annotated[
    int | None, Field(ge=1, le=2_147_483_647, description="Version read, where If-Match is not sent.")
]


class Body(BaseModel):
    """What comes in: members that are not known are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, ser_json_inf_nan="strings")


class View(BaseModel):
    """What goes out; :meth:`of` reads it from a row."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    renamed: ClassVar[Mapping[str, str]] = {}

    @classmethod
    def of(cls, row: object, **more: Any) -> Any:
        """Read the members from a row, bilingual ones from ``<name>_zh`` and ``_en``; ``more`` goes first."""
        return cls(**{name: more[name] if name in more else _read(row, name) for name in cls.model_fields})


def _read(row: object, name: str) -> Any:
    if hasattr(row, f"{name}_zh"):
        return Text(getattr(row, f"{name}_zh"), getattr(row, f"{name}_en"))
    return getattr(row, name)


@dataclasses.dataclass(frozen=True, slots=True)
class MembersOf:
    """A decorator that adds the members of facts to a model; members that the model has itself stay as they are."""

    facts: type[Any]
    without: tuple[str, ...]
    rule: Callable[[Any, dataclasses.Field[Any]], tuple[Any, Any]]

    def __call__(self, model: type[Model]) -> type[Model]:
        """Return the model of the same name with all members."""
        hints = get_type_hints(self.facts)
        added: dict[str, Any] = {
            member.name: self.rule(_member_type(hints[member.name]), member)
            for member in dataclasses.fields(self.facts)
            if member.name not in self.without and member.name not in model.model_fields
        }
        added |= {"__base__": model, "__doc__": model.__doc__, "__module__": model.__module__}
        completed: type[Model] = create_model(model.__name__, **added)
        return completed


def members_of(facts: type[Any], *, without: tuple[str, ...] = ()) -> MembersOf:
    """Decorate a body: add the members of ``facts``, required where they have no default."""
    return MembersOf(facts, without, _given)


def changes_of(facts: type[Any], *, without: tuple[str, ...] = ()) -> MembersOf:
    """Decorate the body of a change: add the members of ``facts``, all optional."""
    return MembersOf(facts, without, lambda kind, _: (kind, None))


def view_of(facts: type[Any], *, without: tuple[str, ...] = ()) -> MembersOf:
    """Decorate an answer: add the members of ``facts``."""
    return MembersOf(facts, without, lambda kind, _: (_bare(kind), ...))


def facts_from(kind: type[Facts], body: BaseModel, **more: Any) -> Facts:
    """Build facts from a body that has their members; ``more`` are members that the body does not have."""
    names = {f.name for f in dataclasses.fields(kind)}  # type: ignore[arg-type]
    given = {name: _frozen(getattr(body, name)) for name in type(body).model_fields if name in names}
    return kind(**given, **more)


def changed_members(body: BaseModel, *, without: tuple[str, ...] = ("version", "reason")) -> dict[str, Any]:
    """Return the members that a change names, whatever they are set to."""
    return {name: getattr(body, name) for name in body.model_fields_set if name not in without}


def _given(kind: Any, member: dataclasses.Field[Any]) -> tuple[Any, Any]:
    if member.default is not dataclasses.MISSING:
        return kind, member.default
    return kind, ...


def _member_type(kind: Any) -> Any:
    if kind is Text:
        return Bilingual
    if kind is date:
        return Day
    if kind is str:
        return Annotated[str, Field(max_length=LONGEST_TEXT)]
    if kind is int:
        return Annotated[int, Field(ge=0, le=LARGEST_SMALL_NUMBER)]
    if get_origin(kind) is tuple and get_args(kind)[0] is str:
        return tuple[Annotated[str, Field(max_length=60)], ...]
    if get_origin(kind) in (Union, UnionType) and NoneType in get_args(kind):
        inner = next(arm for arm in get_args(kind) if arm is not NoneType)
        return _member_type(inner) | None
    return kind


def _bare(kind: Any) -> Any:
    """Leave out the limits of input: what is stored is told as it is."""
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return reduce(or_, (_bare(arm) for arm in get_args(kind)))
    if get_origin(kind) is tuple:
        return tuple.__class_getitem__(tuple(_bare(arm) for arm in get_args(kind)))
    return kind


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
