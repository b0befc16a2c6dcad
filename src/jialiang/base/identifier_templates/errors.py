"""What can go wrong with templates of identifier records."""

from __future__ import annotations

from jialiang.kernel.errors import Conflict, InvalidInput, NotFound


class BadTemplateItem(InvalidInput):
    """An item cannot be used; facts: ``index``, ``reason``."""

    code = "JL-TPL-001"


class TemplateIncomplete(InvalidInput):
    """Mandatory members are empty; facts: ``members``."""

    code = "JL-TPL-002"


class TemplateMember(InvalidInput):
    """A member cannot be stored; facts: ``member``, ``given``, ``reason``."""

    code = "JL-TPL-003"


class TemplateExists(Conflict):
    """The prefix has a template of this version already; facts: ``prefix``, ``code``."""

    code = "JL-TPL-004"


class TemplateUnknown(NotFound):
    """There is no such template in this institute; facts: ``wanted``."""

    code = "JL-TPL-005"


class TemplateStateForbids(Conflict):
    """The state of the template forbids the deed; facts: ``code``, ``state``, ``allowed``."""

    code = "JL-TPL-006"


class TemplateItemFixed(Conflict):
    """A published template's item cannot be changed so; facts: ``index``, ``member``."""

    code = "JL-TPL-007"


class TemplateReasonMissing(InvalidInput):
    """Withdrawing a template needs a reason."""

    code = "JL-TPL-008"


class TemplateValuesRepeat(Conflict):
    """Stored records repeat the values of an item that is to be unique; facts: ``code``, ``count``, ``examples``."""

    code = "JL-TPL-009"


class TemplateChanged(Conflict):
    """Somebody changed the template meanwhile; facts: ``code``, ``read``, ``stored``."""

    code = "JL-TPL-409"
