"""Languages: what is declared and what is used."""

from __future__ import annotations

from collections.abc import Iterator

from jialiang.formats.dcc.rules.catalogue import code_set
from jialiang.formats.dcoc.model import NO_LANGUAGE
from jialiang.formats.dcoc.reading import Reading
from jialiang.formats.dcoc.rules.breach import Breach, shown, spoken

_BINDING = ("/statementOfConformity", "/modifications", "/validity/conditions")
"""What has to be said in every language of the certificate."""


def languages_declared(reading: Reading) -> Iterator[Breach]:
    """Yield languages that are none, are used without being declared, or declared without being used."""
    declared, used = reading.certificate.languages, _used(reading)
    for number, tag in enumerate(declared, start=1):
        path = f"/languages[{number}]"
        if _base(tag) not in code_set("languages"):
            yield Breach("DCOC-LANGUAGE-UNKNOWN", path, {"language": shown(tag)})
        elif used and not any(_covers(tag, other) for other in used):
            yield Breach("DCOC-LANGUAGE-UNUSED", path, {"language": shown(tag)})
    yield from _undeclared(declared, used)


def _used(reading: Reading) -> dict[str, str]:
    """Return the tags of all texts, each with the path at which it comes first."""
    used: dict[str, str] = {}
    for path, words in spoken(reading.certificate):
        for tag, _ in words:
            used.setdefault(tag, path)
    return used


def _undeclared(declared: tuple[str, ...], used: dict[str, str]) -> Iterator[Breach]:
    for tag, path in used.items():
        if tag == NO_LANGUAGE:
            yield Breach("DCOC-TEXT-WITHOUT-LANGUAGE", path)
        elif declared and not any(_covers(each, tag) for each in declared):
            facts = {"language": shown(tag), "declared": ", ".join(declared[:20])}
            yield Breach("DCOC-LANGUAGE-UNDECLARED", path, facts)


def binding_texts_complete(reading: Reading) -> Iterator[Breach]:
    """Yield binding texts that are missing in a declared language."""
    for path, words in spoken(reading.certificate):
        if path in _BINDING:
            missing = [
                tag for tag in reading.certificate.languages if not any(_covers(tag, t) for t, _ in words)
            ]
            if missing:
                yield Breach("DCOC-LANGUAGE-INCOMPLETE", path, {"missing": ", ".join(missing[:20])})


def _covers(declared: str, used: str) -> bool:
    """Whether a text is in a declared language: ``zh`` covers ``zh-Hans``, and the other way round."""
    one, other = declared.lower(), used.lower()
    return one == other or one == _base(other) or other == _base(one)


def _base(tag: str) -> str:
    return tag.lower().split("-")[0]
