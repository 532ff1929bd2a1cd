"""Pure: which sources and which refs are taken. Neither may ever be read as an option or as a command by git."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from bot.bundle import UNSEEN
from bot.clients.address import is_loopback
from bot.sources.errors import SourceAway, SourceRefused

_SCP = re.compile(r"[A-Za-z0-9._][A-Za-z0-9._-]{0,63}@[A-Za-z0-9][A-Za-z0-9.-]{0,252}:[^\s:-][^\s:]{0,400}")
_REF = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_./+#@=,-]{0,199}")
_BAD = re.compile(r"\.\.|//|@\{|/\.|\.lock(/|$)|[./]$")
SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
SHORT = re.compile(r"[0-9a-f]{7,64}")


def source(address: str) -> tuple[str, str]:
    """Return *address* and the protocols that git may use for it. Raises SourceAway for one that is not taken.

    Not taken: other transports (`ext::` runs a command), a password in the address (it would show in the list of
    processes), plain http except to this machine, what begins with a dash.
    """
    if not address or len(address) > 500 or UNSEEN.search(address) or address.startswith("-"):
        raise _wrong("it holds characters that no address has")
    if _SCP.fullmatch(address):
        return address, "ssh"
    if "://" not in address:
        if re.match(r"[A-Za-z0-9+.-]+::", address):
            raise _wrong("it names a transport that could run commands")
        try:
            return str(Path(address).expanduser().absolute()), "file"
        except RuntimeError:  # ~somebody whom this machine does not know
            raise _wrong("it begins with a home that this machine does not have") from None
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        raise _wrong("it cannot be read") from None
    if parts.scheme == "file":
        return str(Path(parts.path)), "file"
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]*|[0-9a-f:]+", host):
        raise _wrong("it names no host")
    if parts.scheme == "ssh" and not parts.password and not (parts.username or "").startswith("-"):
        return address, "ssh"
    if parts.username or parts.password:
        raise _wrong("it holds a user or a password, which every process on the machine could see")
    if parts.scheme == "https":
        return address, "https"
    if parts.scheme == "http" and is_loopback(host):
        return address, "http"
    raise _wrong("it must start with https:// or ssh://, or be a path")


def ref(asked: str) -> str:
    """Return *asked* where it can be the name of a branch or tag, or a commit. Raises SourceRefused."""
    if _REF.fullmatch(asked) and not _BAD.search(asked) and not asked.startswith(("refs/", "@")):
        return asked
    raise SourceRefused(
        "That cannot be looked up in git.",
        f"“{asked[:80]}” is no name of a branch or tag and no commit.",
        "Name a branch, a tag, or the first 7 or more digits of a commit.",
    )


def _wrong(why: str) -> SourceAway:
    return SourceAway(
        f"AIKEYS_SOURCE is not an address that the bot takes: {why}.",
        "Set it to https://…, ssh://…, git@host:path or a path on this machine.",
    )
