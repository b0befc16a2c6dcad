"""What tests of certificates share: an office."""

import pytest
from tests.base.bench_rows import build_bench
from tests.base.certificates.certificate_rows import Office


@pytest.fixture
def office(world) -> Office:
    """An institute whose approved records get certificates."""
    return Office(build_bench(world), world.person("signatory"))
