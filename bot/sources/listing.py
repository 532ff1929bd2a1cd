"""Pure: a commit's tree as git lists it, and what of it can be a file of a function."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.bundle import objection
from bot.sources.errors import SourceRefused, refuse

ROOT = "supabase"
FUNCTIONS = f"{ROOT}/functions"
CONFIG = f"{ROOT}/config.toml"
_LINK, _MODULE = "120000", "160000"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: *size* in bytes is 0 for what is no file."""

    path: str
    mode: str
    kind: str
    oid: str
    size: int = 0


def read(out: bytes) -> dict[str, Entry]:
    """Read what `git ls-tree -r -t -z --long` wrote. Raises SourceRefused where one path stands twice."""
    found: dict[str, Entry] = {}
    for line in out.split(b"\0"):
        head, tab, raw = line.partition(b"\t")
        fields = head.decode("ascii", errors="replace").split()
        if not tab or len(fields) != 4:
            continue
        path = raw.decode(errors="surrogateescape")  # so that a name that is no UTF-8 is seen, and refused by name
        mode, kind, oid, size = fields
        if path in found and kind != "tree":
            raise refuse(_shown(path), "The commit holds two files of that name.")
        found[path] = Entry(path, mode, kind, oid, int(size) if size.isdigit() else 0)
    return found


def plain(entry: Entry) -> Entry:
    """Return *entry* where it is a file that may be sent. Raises SourceRefused with its path."""
    path = _shown(entry.path)
    if entry.mode == _LINK:
        raise refuse(
            path, "It is a symbolic link: what it leads to is not in the commit.", "Put the file itself there."
        )
    if entry.mode == _MODULE:
        raise refuse(path, "It is a submodule: its files are not in the commit.", "Put the files themselves there.")
    if entry.kind != "blob":
        raise refuse(path, "It is no file.")
    if wrong := objection(entry.path):
        raise refuse(path, f"{wrong[0].upper()}{wrong[1:]}.", "Rename or move it and ask again.")
    return entry


def folder(listing: Mapping[str, Entry], slug: str) -> str:
    """Return the oid of the function's folder. Raises SourceRefused where there is none, or no real one."""
    for path in (ROOT, FUNCTIONS, f"{FUNCTIONS}/{slug}"):
        entry = listing.get(path)
        if entry is None:
            raise _no_such(listing, slug)
        if entry.kind != "tree":
            plain(entry)
            raise refuse(path, "It is a file where a folder is expected.")
    return listing[f"{FUNCTIONS}/{slug}"].oid


def slugs(listing: Mapping[str, Entry]) -> list[str]:
    """The folders that can be functions: not those that begin with _ or a dot."""
    depth = FUNCTIONS.count("/") + 1
    return sorted(
        path.rpartition("/")[2]
        for path, entry in listing.items()
        if entry.kind == "tree"
        and path.startswith(f"{FUNCTIONS}/")
        and path.count("/") == depth
        and path.rpartition("/")[2][:1].isalpha()
    )


def _no_such(listing: Mapping[str, Entry], slug: str) -> SourceRefused:
    there = ", ".join(slugs(listing)[:20])
    return SourceRefused(
        f"{slug} is not deployed.",
        f"This commit has no folder {FUNCTIONS}/{slug}.",
        f"It has: {there[:400]}." if there else "It has no functions at all: is AIKEYS_SOURCE the right repository?",
        f"{FUNCTIONS}/{slug}",
    )


def _shown(path: str) -> str:
    return path.encode(errors="surrogateescape").decode(errors="replace")
