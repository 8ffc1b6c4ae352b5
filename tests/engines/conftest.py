"""One server for all tests that ask a cluster."""

import os
from collections.abc import Iterator

import pytest

from tests.engines import sail


@pytest.fixture(scope="session")
def master(tmp_path_factory) -> Iterator[str]:
    """The address of Sail on loopback; with HOURGLASS_TEST_MASTER that of whoever answers there."""
    if given := os.environ.get("HOURGLASS_TEST_MASTER"):
        yield given
        return
    with sail.serving(tmp_path_factory.mktemp("sail")) as address:
        yield address
