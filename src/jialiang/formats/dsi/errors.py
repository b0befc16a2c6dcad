"""What can be wrong with a document of the D-SI."""

from __future__ import annotations

from jialiang.kernel.errors import InvalidInput


class NotAQuantity(InvalidInput):
    """The element holds no quantity of the D-SI; facts: element, line."""

    code = "JL-DSI-001"
