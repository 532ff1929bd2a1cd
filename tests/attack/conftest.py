"""What several attacks begin with."""

from collections.abc import Callable

import pytest

from bot.settings import Settings, read


@pytest.fixture
def told(needed) -> Callable[..., Settings]:
    """Settings, with more than the four."""
    return lambda **more: read(needed | more)
