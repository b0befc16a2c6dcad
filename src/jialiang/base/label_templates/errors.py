"""What can go wrong with templates of labels; what cannot be drawn stands in ``formats.labels.errors``."""

from __future__ import annotations

from jialiang.kernel.errors import Conflict, InvalidInput, NotFound


class LabelTemplateIncomplete(InvalidInput):
    """Mandatory members are empty; facts: ``members``."""

    code = "JL-LBT-001"


class LabelTemplateMember(InvalidInput):
    """A member cannot be stored; facts: ``member``, ``given``, ``reason``."""

    code = "JL-LBT-002"


class LabelTemplateExists(Conflict):
    """The code is taken, by the institute or by a template of the program; facts: ``code``."""

    code = "JL-LBT-003"


class LabelTemplateUnknown(NotFound):
    """There is no such template in this institute; facts: ``wanted``."""

    code = "JL-LBT-004"


class LabelTemplateWithdrawn(Conflict):
    """A withdrawn template is neither changed nor printed by; facts: ``code``."""

    code = "JL-LBT-005"


class LabelTemplateChanged(Conflict):
    """Somebody changed the template meanwhile; facts: ``code``, ``read``, ``stored``."""

    code = "JL-LBT-409"
