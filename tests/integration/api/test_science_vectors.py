"""Every vector of the metrology folder once more, asked through the REST door: the same figures as in Python."""

import pytest
from tests.science.topics.test_published_vectors import *  # noqa: F403


@pytest.fixture
def ask(as_role):
    """Ask a topic as a technician's program does."""
    return lambda topic, members: as_role("technician").done(f"/science/topics/{topic}", members)
