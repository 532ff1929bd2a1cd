"""What several attacks begin with."""

from collections.abc import Callable

import pytest

from bot.settings import Settings, read


@pytest.fixture
def needed() -> dict[str, str]:
    """The four settings without which nothing starts, in a good shape."""
    return {
        "SLACK_BOT_TOKEN": "xoxb-1234567890-abcdefghij",
        "SLACK_APP_TOKEN": "xapp-1-A0AIKEYS-1234567890",
        "SUPABASE_ACCESS_TOKEN": "sbp_" + "0123456789abcdef0123456789abcdef01234567",
        "SUPABASE_PROJECT_REF": "abcdefghijklmnopqrst",
    }


@pytest.fixture
def told(needed) -> Callable[..., Settings]:
    """Settings, with more than the four."""
    return lambda **more: read(needed | more)
