"""Reading members of a JSON document: one way to say what is missing or wrong, and where."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from jialiang.kernel.errors import InvalidInput
from jialiang.science.errors import BudgetUnreadable

LONGEST_NUMBER = 400
"""Characters of a number written as a text; one of 10⁻³⁰⁰ with all its zeros still fits."""


class Fields:
    """The members of one JSON object; ``path`` says where it stands, for errors."""

    def __init__(self, data: Any, path: str) -> None:
        """Take an object. Raises BudgetUnreadable where it is none."""
        if not isinstance(data, Mapping):
            raise BudgetUnreadable(member=path)
        self.data: Mapping[str, Any] = data
        self.path = path

    def has(self, *names: str) -> bool:
        """Whether one of the members is there and not null."""
        return any(self.data.get(name) is not None for name in names)

    def any_of(self, *names: str) -> Any:
        """Return the first member that is there, None if none is."""
        return next((self.data[name] for name in names if self.data.get(name) is not None), None)

    def where(self, name: str) -> str:
        """Return the full name of a member."""
        return f"{self.path}.{name}" if self.path else name

    def number(self, *names: str) -> float | None:
        """Return a member as a finite number; None where it is missing."""
        given = self.any_of(*names)
        return None if given is None else as_number(given, self.where(names[0]))

    def needed(self, *names: str) -> float:
        """Return a number that has to be there. Raises BudgetUnreadable."""
        found = self.number(*names)
        if found is None:
            raise BudgetUnreadable(member=self.where(names[0]))
        return found

    def text(self, *names: str) -> str:
        """Return a text; empty where it is missing."""
        given = self.any_of(*names)
        if given is not None and not isinstance(given, str):
            raise BudgetUnreadable(member=self.where(names[0]))
        return given or ""

    def listed(self, *names: str) -> Sequence[Any]:
        """Return a list; empty where it is missing."""
        given = self.any_of(*names)
        if given is not None and not isinstance(given, list | tuple):
            raise BudgetUnreadable(member=self.where(names[0]))
        return given or ()

    def numbers(self, *names: str) -> list[float]:
        """Return a list of numbers; empty where it is missing."""
        return [as_number(item, self.where(names[0])) for item in self.listed(*names)]

    def inside(self, name: str) -> Fields:
        """Return an object inside; an empty one where it is missing."""
        return Fields(self.data.get(name) or {}, self.where(name))

    def choice(self, name: str, allowed: Sequence[str], default: str) -> str:
        """Return one of the allowed words."""
        given = self.data.get(name)
        if given is None:
            return default
        if given not in allowed:
            raise BudgetUnreadable(member=f"{self.where(name)} ({', '.join(allowed)})")
        return str(given)


@contextmanager
def located(path: str) -> Iterator[None]:
    """Add to an error inside where in the document it lies, as the fact ``path``, unless that is known already."""
    try:
        yield
    except InvalidInput as problem:
        problem.facts.setdefault("path", path)
        raise


def as_number(given: Any, member: str) -> float:
    """Return a finite number from a number or its text. Raises BudgetUnreadable."""
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        raise BudgetUnreadable(member=member)
    if isinstance(given, str) and len(given) > LONGEST_NUMBER:
        raise BudgetUnreadable(member=member)
    try:
        number = float(given)
    except (ValueError, OverflowError) as problem:
        raise BudgetUnreadable(member=member) from problem
    if not math.isfinite(number):
        raise BudgetUnreadable(member=member)
    return number
