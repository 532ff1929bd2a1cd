"""What a token is, from its shape alone; nothing of it in what is said."""

import base64
import json
from datetime import UTC, datetime

import pytest

from bot.questions.token import kind

HEX = "0123456789abcdef0123456789abcdef01234567"


def jwt(claims: bytes) -> str:
    return f"eyJhbGciOiJIUzI1NiJ9.{base64.urlsafe_b64encode(claims).decode().rstrip('=')}.c2lnbmF0dXJl"


EXPIRES = datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("token", "name", "whole", "expires"),
    [
        pytest.param(f"sbp_{HEX}", "a classic personal token", True, None, id="classic"),
        pytest.param(f"sbp_v0_{HEX}", "a classic personal token", True, None, id="the older form"),
        pytest.param(f"sbp_fc{HEX[2:]}", "a scoped personal token, by its shape", False, None, id="scoped"),
        pytest.param(f"sbp_oauth_{HEX}", "an OAuth token of an app", False, None, id="of an app"),
        pytest.param(f"sbp_oauth_fc{HEX[2:]}", "an OAuth token of an app", False, None, id="of an app, fc by chance"),
        pytest.param(
            jwt(json.dumps({"exp": int(EXPIRES.timestamp())}).encode()),
            "a session token of a person",
            True,
            EXPIRES,
            id="a session",
        ),
        pytest.param(jwt(b"{}"), "a session token of a person", True, None, id="a session without an end"),
        pytest.param(jwt(b'{"exp": 1e999}'), "a session token of a person", True, None, id="an end beyond all times"),
        pytest.param(jwt(b"[1]"), "a session token of a person", True, None, id="claims that are none"),
        pytest.param(f"sbp_{HEX.upper()}", "of a shape the bot does not know", False, None, id="capitals"),
        pytest.param("xoxb-1-2-abc", "of a shape the bot does not know", False, None, id="somebody else's"),
        pytest.param("", "of a shape the bot does not know", False, None, id="nothing"),
    ],
)
def test_the_kind(token, name, whole, expires):
    found = kind(token)
    assert (found.name, found.whole, found.expires) == (name, whole, expires)
    assert not token or token[8:] not in repr(found)


def test_where_the_end_is_not_known_it_is_said():
    for token in (f"sbp_{HEX}", f"sbp_fc{HEX[2:]}", f"sbp_oauth_{HEX}"):
        assert "not told" in kind(token).ends
