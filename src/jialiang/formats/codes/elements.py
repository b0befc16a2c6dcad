"""One element: the value of one application identifier, checked component by component."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jialiang.formats.codes.application_identifiers import Component, identifiers, matches
from jialiang.formats.codes.check_characters import wrong_character
from jialiang.formats.codes.content_rules import fault_of
from jialiang.formats.codes.verdicts import CodeFinding, CodeRefused, finding, refused


def check_element(ai: str, value: str) -> dict[str, str]:
    """Return the named parts of the value of ``ai``. Raises CodeRefused, KeyError on an unknown identifier."""
    parts: dict[str, str] = {}
    for component, text in _pieces(ai, value):
        _check_component(component, text, value)
        if component.name:
            parts[component.name] = text
    return parts


def check_together(elements: Mapping[str, str]) -> tuple[CodeFinding, ...]:
    """Return warnings of elements that need another one, which may stand in another symbol of the same thing.

    Raises CodeRefused where two elements exclude each other.
    """
    warnings = []
    for ai in elements:
        rules = identifiers()[ai]
        for other in elements:
            if other != ai and any(matches(pattern, other) for pattern in rules.never_with):
                raise refused("excludes", ai=ai, other=other)
        for demand in rules.needs:
            if not any(all(_there(pattern, elements) for pattern in choice) for choice in demand):
                choices = " / ".join("+".join(choice) for choice in demand)
                warnings.append(finding("needs", ai=ai, choices=choices))
    return tuple(warnings)


def _there(pattern: str, elements: Mapping[str, str]) -> bool:
    return any(matches(pattern, ai) for ai in elements)


def _pieces(ai: str, value: str) -> Iterator[tuple[Component, str]]:
    """Yield the components with their text, after the length of the whole was checked."""
    components = identifiers()[ai].components
    _check_characters(components, value)
    least = sum(component.least for component in components if not component.optional)
    most = sum(component.most for component in components)
    if not value:
        raise refused("empty")
    if not least <= len(value) <= most:
        raise refused("length", value, given=value, count=len(value), allowed=_lengths(least, most))
    begin = 0
    for component in components:
        text = value[begin : begin + component.most]
        begin += len(text)
        if text or not component.optional:
            yield component, text


def _check_characters(components: tuple[Component, ...], value: str) -> None:
    begin = 0
    for component in components:
        text = value[begin : begin + component.most]
        wrong = wrong_character(text, component.characters)
        if wrong:
            reason = "non_digit" if component.characters == "n" else "character"
            raise refused(reason, value, place=begin + wrong[0], letter=wrong[1])
        begin += component.most


def _check_component(component: Component, text: str, value: str) -> None:
    if len(text) < component.least:
        allowed = _lengths(component.least, component.most)
        raise refused("length", value, given=text, count=len(text), allowed=allowed)
    for rule in component.rules:
        fault = fault_of(rule, text)
        if fault:
            raise CodeRefused(fault, value)


def _lengths(least: int, most: int) -> str:
    return str(least) if least == most else f"{least}-{most}"
