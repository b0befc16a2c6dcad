"""What tests of reports to the node above share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.upper_node import UpperNodeHere, upper_node


@pytest.fixture
def here() -> Iterator[UpperNodeHere]:
    """A node above, on this machine."""
    with upper_node() as served:
        yield served
