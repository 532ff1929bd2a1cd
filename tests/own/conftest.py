"""A bot that begins and ends, on a clock that is moved by hand."""

import pytest

from tests.life.conftest import Life


@pytest.fixture
async def life(settings, moved):
    life = Life(settings, moved)
    yield life
    await life.ends()
