"""One function's part in a deploy: what would be sent, and what is live now. A plan pins it, an operation carries it.

A part is plain JSON, because it is digested, kept with the approval and read again after a restart:

    function, commit, tree, files {path: sha256}, verify_jwt, sent (sha256 of the packed bundle: store.bodies),
    live {version, ezbr_sha256, verify_jwt}, its values None where the function does not exist yet
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.bundle import Bundle, pack
from bot.clients.errors import NotThere
from bot.clients.supabase import Function, Supabase

Pinned = dict[str, Any]
DEFAULT_VERIFY_JWT = True  # the platform's own, for a function that neither config.toml nor the project knows


@dataclass(frozen=True, slots=True)
class Part:
    """*bundle* would be sent; *live* is listed now, None where there is no such function."""

    bundle: Bundle
    live: Function | None
    commit: str = ""
    tree: str = ""

    @property
    def flips(self) -> bool:
        """True where verify_jwt would change: the most silent way to break a function, or to open it."""
        return self.live is not None and self.live.verify_jwt != self.bundle.verify_jwt

    def pinned(self) -> Pinned:
        """What the plan rests on."""
        found = self.live
        return {
            "function": self.bundle.slug,
            "commit": self.commit,
            "tree": self.tree,
            "files": self.bundle.hashes(),
            "verify_jwt": self.bundle.verify_jwt,
            "sent": hashlib.sha256(pack(self.bundle)).hexdigest(),
            "live": {
                "version": found.version if found else None,
                "ezbr_sha256": found.ezbr_sha256 if found else None,
                "verify_jwt": found.verify_jwt if found else None,
            },
        }


def decided(wanted: bool | None, live: Function | None) -> bool:
    """verify_jwt after the deploy: what config.toml says, else what is live, else the platform's default."""
    if wanted is not None:
        return wanted
    if live is not None and live.verify_jwt is not None:
        return live.verify_jwt
    return DEFAULT_VERIFY_JWT


def of(pinned: Mapping[str, Any]) -> list[Pinned]:
    """The parts of a plan's pinned facts: one, or in order those of a deploy of all."""
    return list(pinned["functions"].values()) if "functions" in pinned else [dict(pinned)]


async def listed(supabase: Supabase, slug: str) -> Function | None:
    """The function as it is listed now; None where there is none. Raises Failure."""
    try:
        return await supabase.function(slug)
    except NotThere:
        return None
