"""Every vector of the metrology folder once more, asked through the REST door: the same figures as in Python."""

import pytest
from tests.science.topics.test_published_vectors import *  # noqa: F403


@pytest.fixture
def ask(program):
    """Ask a topic as a technician's program does."""
    return lambda topic, members: program("technician").done(f"/science/topics/{topic}", members)
