"""What can be wrong with the input of a topic; words in ``error_texts/met.json``.

InvalidInput
├── MemberMissing, MemberUnreadable, MemberUnknown    one member
├── MembersContradict                                 members that exclude one another
├── ReadingsUneven                                    readings that make no crossed study
└── UnknownTopic, InputUnreadable                     the whole input
"""

from __future__ import annotations

from jialiang.kernel.errors import InvalidInput, Unreadable


class MemberMissing(InvalidInput):
    """A member that the topic needs is absent; facts: ``topic``, ``member``, ``needed``."""

    code = "JL-MET-004"


class MembersContradict(InvalidInput):
    """Members were given that exclude one another; facts: ``members``, ``reason``."""

    code = "JL-MET-005"


class MemberUnreadable(InvalidInput):
    """A member has the wrong shape or value; facts: ``member``, ``given``, ``expected``."""

    code = "JL-MET-006"


class UnknownTopic(InvalidInput):
    """There is no topic of that name; facts: ``topic``, ``known``."""

    code = "JL-MET-007"


class MemberUnknown(InvalidInput):
    """A member looks like a documented one, misspelt; facts: ``topic``, ``member``, ``suggestion``."""

    code = "JL-MET-008"


class ReadingsUneven(InvalidInput):
    """A cell has other readings than the rest; facts: ``member``, ``part``, ``operator``, ``reason``."""

    code = "JL-MET-010"


class InputUnreadable(Unreadable):
    """The input is not one JSON object; facts: ``reason``."""

    code = "JL-MET-009"
