"""What an access token is, from its shape alone. Pure. Nothing of the token is in what is returned."""

import base64
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime

# Supabase CLI: ^sbp_(oauth_|v0_)?[a-f0-9]{40}$; scoped ones begin with sbp_fc (Supabase docs, 2026-09-28).
_SHAPE = re.compile(r"sbp_(?P<kind>oauth_|v0_)?(?P<hex>[a-f0-9]{40})")
_JWT = re.compile(r"[\w-]{2,2000}\.(?P<claims>[\w-]{2,4000})\.[\w-]{2,2000}")
_PAGE = "supabase.com/dashboard/account/tokens"


@dataclass(frozen=True, slots=True)
class Kind:
    """*name* of the kind, *reach* what such a token may do at most, *ends* in words when it ends.

    *expires* where the token itself says so; *whole* where it carries all that its owner may.
    """

    name: str
    reach: str
    ends: str
    expires: datetime | None = None
    whole: bool = False


def kind(token: str) -> Kind:
    """The kind of *token*."""
    if shape := _SHAPE.fullmatch(token):
        if shape["kind"] == "oauth_":
            return Kind(
                "an OAuth token of an app",
                "what the app was granted",
                "not told by Supabase; such tokens live for a short time and must be renewed",
            )
        if shape["kind"] is None and shape["hex"].startswith("fc"):
            return Kind(
                "a scoped personal token, by its shape",
                "the permissions that were ticked, as far as its owner has them",
                f"not told by Supabase: after a year at most; look at {_PAGE}",
            )
        return Kind(
            "a classic personal token",
            "everything its owner may, in all their projects",
            f"not told by Supabase: look at {_PAGE}",
            whole=True,
        )
    if jwt := _JWT.fullmatch(token):
        expires = _expiry(jwt["claims"])
        ends = "written in the token" if expires else "not written in the token"
        return Kind("a session token of a person", "everything that person may", ends, expires, whole=True)
    return Kind("of a shape the bot does not know", "not known", "not known")


def _expiry(claims: str) -> datetime | None:
    try:
        read = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
        return datetime.fromtimestamp(int(read["exp"]), UTC)
    except (ValueError, KeyError, TypeError, OverflowError, OSError):
        return None
