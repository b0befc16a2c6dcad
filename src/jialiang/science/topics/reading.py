"""Reading the members of a topic's input: JSON numbers or decimal text, kept as the decimals that were written."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NoReturn, TypeVar

from jialiang.kernel.text import Text
from jialiang.science.decimal_text import read_decimal
from jialiang.science.errors import NumberOutOfBounds
from jialiang.science.rounding import as_decimal
from jialiang.science.topics.errors import (
    InputUnreadable,
    MemberMissing,
    MembersContradict,
    MemberUnreadable,
)

T = TypeVar("T")
MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 16


def read_object(text: str | bytes) -> dict[str, Any]:
    """Parse one JSON object; its numbers become Decimal, digit for digit. Raises InputUnreadable."""
    if len(text) > MAX_BYTES:
        raise InputUnreadable(reason=f"> {MAX_BYTES} bytes")
    try:
        found = json.loads(
            text,
            parse_float=_decimal,
            parse_int=_decimal,
            parse_constant=_refused,
            object_pairs_hook=_members,
        )
    except (ValueError, RecursionError) as problem:
        raise InputUnreadable(reason=str(problem) or type(problem).__name__) from problem
    if not isinstance(found, dict):
        raise InputUnreadable(reason=type(found).__name__)
    return found


def _decimal(text: str) -> Decimal:
    if len(text) > 400:
        raise NumberOutOfBounds(typed=text[:40] + "…")
    return as_decimal(text)


def _refused(text: str) -> NoReturn:
    raise ValueError(text)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(n for n in names if names.count(n) > 1)} × 2")
    return found


class Members:
    """The members of one input. A member that is null counts as not given."""

    def __init__(self, topic: str, data: Mapping[str, Any], documented: Sequence[str] = ()) -> None:
        self._topic = topic
        self._data = {name: value for name, value in data.items() if value is not None}
        self._documented = tuple(documented)

    def __contains__(self, name: str) -> bool:
        return name in self._data

    def names(self) -> tuple[str, ...]:
        """Return the names given."""
        return tuple(self._data)

    def only_one_of(self, *names: str) -> str:
        """Return the one of several alternatives that was given. Raises MemberMissing, MembersContradict."""
        found = self.at_most_one_of(*names)
        if found is None:
            raise MemberMissing(topic=self._topic, member=" | ".join(names), needed=self._all_names())
        return found

    def at_most_one_of(self, *names: str) -> str | None:
        """Return the one of several alternatives that was given, or None. Raises MembersContradict."""
        found = [name for name in names if name in self._data]
        if len(found) > 1:
            listed = ", ".join(names)
            reason = Text(zh=f"{listed} 只能给出一个", en=f"only one of {listed} can be given")
            raise MembersContradict(members=", ".join(found), reason=reason)
        return found[0] if found else None

    def decimal(self, name: str) -> Decimal:
        """Return a number exactly as written."""
        return self._read(name, _as_decimal, Text(zh="数值", en="a number"))

    def number(self, name: str, default: float | None = None) -> float:
        """Return a number as float; without a default the member is needed."""
        return self._or(
            name, default, lambda value: float(_as_decimal(value)), Text(zh="数值", en="a number")
        )

    def optional_number(self, name: str) -> float | None:
        """Return a number, None if not given."""
        return float(self.decimal(name)) if name in self else None

    def optional_decimal(self, name: str) -> Decimal | None:
        """Return a number exactly as written, None if not given."""
        return self.decimal(name) if name in self else None

    def whole(self, name: str, default: int | None = None) -> int:
        """Return a whole number."""
        return self._or(name, default, _as_whole, Text(zh="整数", en="a whole number"))

    def whole_between(self, name: str, least: int, most: int) -> int:
        """Return a whole number of a range; without the member the largest. Raises MemberUnreadable."""
        found = self.whole(name, most)
        if not least <= found <= most:
            expected = Text(zh=f"{least} 至 {most} 的整数", en=f"a whole number from {least} to {most}")
            raise MemberUnreadable(member=name, given=found, expected=expected)
        return found

    def flag(self, name: str, *, default: bool) -> bool:
        """Return true or false."""
        return self._or(name, default, _as_flag, "true, false")

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text."""
        return self._or(name, default, _as_text, Text(zh="文本", en="a text"))

    def choice(self, name: str, options: Sequence[str], default: str | None = None) -> str:
        """Return one of several words; capitals and the kind of hyphen do not matter."""

        def chosen(value: object) -> str:
            word = _as_text(value).strip().lower().replace("_", "-")
            return {option.lower().replace("_", "-"): option for option in options}[word]

        return self._or(name, default, chosen, " | ".join(options))

    def choices(self, name: str, options: Sequence[str]) -> list[str]:
        """Return a list of words, each one of several."""
        each = [
            Members(self._topic, {name: word}) for word in self._read(name, _as_list, " | ".join(options))
        ]
        return [member.choice(name, options) for member in each]

    def numbers(self, name: str) -> list[float]:
        """Return a list of numbers as floats."""
        return [float(value) for value in self.decimals(name)]

    def decimals(self, name: str) -> list[Decimal]:
        """Return a list of numbers exactly as written."""
        return self._read(
            name,
            lambda value: [_as_decimal(v) for v in _as_list(value)],
            Text(zh="数组", en="a list of numbers"),
        )

    def table(self, name: str) -> list[list[float]]:
        """Return a list of lists of numbers."""

        def rows(value: object) -> list[list[float]]:
            return [[float(_as_decimal(v)) for v in _as_list(row)] for row in _as_list(value)]

        return self._read(name, rows, Text(zh="二维数组", en="a list of lists of numbers"))

    def cube(self, name: str) -> list[list[list[float]]]:
        """Return numbers three lists deep."""

        def layers(value: object) -> list[list[list[float]]]:
            return [
                [[float(_as_decimal(v)) for v in _as_list(cell)] for cell in _as_list(row)]
                for row in _as_list(value)
            ]

        return self._read(name, layers, Text(zh="三维数组", en="numbers three lists deep"))

    def is_nested(self, name: str) -> bool:
        """Whether a member is a list of lists."""
        value = self._data.get(name)
        return isinstance(value, list) and bool(value) and isinstance(value[0], list)

    def part(self, name: str, documented: Sequence[str] = ()) -> Members:
        """Return the members of an object inside; empty if it was not given."""
        value = self._data.get(name, {})
        if not isinstance(value, Mapping):
            raise MemberUnreadable(member=name, given=_shown(value), expected=Text(zh="对象", en="an object"))
        return Members(f"{self._topic}.{name}", value, documented)

    def parts(self, name: str, documented: Sequence[str] = ()) -> list[Members]:
        """Return the members of every object in a list."""

        def objects(value: object) -> list[Members]:
            found = _as_list(value)
            if not all(isinstance(each, Mapping) for each in found):
                raise TypeError
            return [Members(f"{self._topic}.{name}", each, documented) for each in found]

        return self._read(name, objects, Text(zh="对象数组", en="a list of objects"))

    def raw(self, name: str) -> Any:
        """Return a member as parsed."""
        return self._data.get(name)

    def contradict(self, members: str, reason: Text) -> MembersContradict:
        """Return the error that these members exclude one another."""
        return MembersContradict(members=members, reason=reason)

    def _or(self, name: str, default: T | None, read: Callable[[Any], T], expected: Text | str) -> T:
        if name not in self._data and default is not None:
            return default
        return self._read(name, read, expected)

    def _read(self, name: str, read: Callable[[Any], T], expected: Text | str) -> T:
        if name not in self._data:
            raise MemberMissing(topic=self._topic, member=name, needed=self._all_names())
        try:
            return read(self._data[name])
        except (TypeError, KeyError) as problem:
            raise MemberUnreadable(
                member=name, given=_shown(self._data[name]), expected=expected
            ) from problem

    def _all_names(self) -> str:
        return ", ".join(self._documented) or "–"


def _as_decimal(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (Decimal, int, float, str)):
        raise TypeError
    return read_decimal(value).number if isinstance(value, str) else as_decimal(value)


def _as_whole(value: object) -> int:
    exact = _as_decimal(value)
    if exact != exact.to_integral_value() or abs(exact) > 10**15:
        raise TypeError
    return int(exact)


def _as_flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _as_text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _as_list(value: object) -> Sequence[Any]:
    if not isinstance(value, (list, tuple)):
        raise TypeError
    return value


def _shown(value: object) -> str:
    text = (
        json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, (list, dict)) else str(value)
    )
    return text if len(text) <= 60 else text[:59] + "…"
