"""A shell."""

import pytest

from tests.shell import Shell


@pytest.fixture
def shell() -> Shell:
    return Shell()
