"""The content of a certificate from plain data (JSON), with an error that says which member is wrong.

The members are those of :class:`jialiang.formats.content.CertificateContent` and what it is made of. Texts are
``{"zh": …, "en": …}``; one text alone is Chinese. What is not given is empty, and what a certificate must have is
found when it is written.
"""

from __future__ import annotations

import dataclasses
from functools import cache
from types import NoneType
from typing import Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

from jialiang.formats.content import CertificateContent
from jialiang.formats.data_members import Member
from jialiang.kernel.text import Text

C = TypeVar("C")
_DEEPEST = 50
_CHOICES = {"performance_location": "laboratory", "quantity": "other", "signer_kind": "institute_seal",
            "procedure": "analogue"}  # fmt: skip
"""What a choice means that is left out and has no empty value."""


def content_of(data: Any) -> CertificateContent:
    """Return the content that data describe. Raises MemberMissing, MemberWrong and MemberUnknown with the place."""
    given = Member(data)
    given["kind"].required()
    given["number"].required()
    return _made(CertificateContent, given)


def _made(kind: type[C], given: Member) -> C:
    if given.place.count(".") > _DEEPEST:
        raise given.wrong(Text(f"不超过 {_DEEPEST} 层的对象", f"an object at most {_DEEPEST} levels deep"))
    fields, hints = dataclasses.fields(cast(Any, kind)), _hints(cast(Any, kind))
    given.only(*(field.name for field in fields))
    members: dict[str, Any] = {}
    for field in fields:
        member, has_default = given[field.name], field.default is not dataclasses.MISSING
        if member.content is None and has_default:
            continue
        members[field.name] = _member(hints[field.name], member, field.name)
    return kind(**members)


def _member(hint: Any, given: Member, name: str) -> Any:
    if hint is str:
        return given.text()
    if hint is bool:
        return given.yes()
    if hint is Text:
        return _text(given)
    origin, inside = get_origin(hint), get_args(hint)
    if origin is Literal:
        return given.one_of(*filter(None, inside)) or (
            "" if "" in inside else _CHOICES.get(name) or _needed(given)
        )
    if origin is tuple:
        return tuple(_member(inside[0], entry, name) for entry in given.entries())
    if NoneType in inside:
        return None if given.content is None else _member(inside[0], given, name)
    return _made(hint, given)


def _needed(given: Member) -> str:
    return given.required().text()


def _text(given: Member) -> Text:
    if isinstance(given.content, dict):
        given.only("zh", "en", "und")
    said: dict[str, list[str]] = {"zh": [], "en": []}
    for language, text in given.words():
        said[language or "zh"].append(text)
    return Text(" ".join(said["zh"]), " ".join(said["en"]))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
