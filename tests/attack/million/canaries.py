"""Secrets that stand nowhere else, in the shapes of their vendors, drawn from a seed: what a log line must not show.

Shapes: docs.slack.dev/authentication/tokens; Supabase's access tokens and API keys; Circle's API keys; RFC 7519.
"""

import base64
import json
import string
from random import Random

_LETTERS, _HEX = string.ascii_letters + string.digits, "0123456789abcdef"


def drawn(chance: Random) -> tuple[str, str]:
    """What stands in a line, and the part of it that nobody may read."""
    core = word(chance, 24)
    way = int(chance.random() * 12)
    if way == 0:
        return f"xoxb-{word(chance, 12, string.digits)}-{core}", core
    if way == 1:
        return f"xapp-1-A{core}", core
    if way == 2:
        hexed = word(chance, 40, _HEX)
        return f"sbp_{hexed}", hexed
    if way == 3:
        return f"sb_secret_{core}", core
    if way == 4:
        token = ".".join((_part({"alg": "HS256"}), _part({"role": "service_role", "x": core}), word(chance, 32)))
        return token, token.rpartition(".")[2]
    if way == 5:
        return f"LIVE_API_KEY:{core}:{core}", core
    if way == 6:
        return f"https://hooks.slack.com/commands/T0AAAA/{core}", core
    if way == 7:
        return f"postgresql://postgres:{core}@db.example.supabase.co:5432/postgres", core
    if way == 8:
        return f"Authorization: Bearer {core}", core
    if way == 9:
        name = chance.choice(("password", "api_key", "CIRCLE_WEBHOOK_SECRET", "x-api-key", "refresh_token"))
        return (f"{name}={core}", core) if chance.random() < 0.5 else (json.dumps({name: core}), core)
    if way == 10:
        hexed = word(chance, 64, _HEX)
        return hexed, hexed
    return f"ghp_{word(chance, 12)}{core}", core


def word(chance: Random, length: int, alphabet: str = _LETTERS) -> str:
    """So many letters and digits."""
    return "".join(chance.choices(alphabet, k=length))


def _part(said: dict[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).rstrip(b"=").decode()
