"""Pure: what a function consists of, whether it comes from git, from the live project or from what was saved.

The same code has three spellings of its paths: `supabase/functions/health/index.ts` in git, the same behind `source/`
or behind `/tmp/user_fn_{ref}_{id}_{version}/` in what Supabase hands back. What counts is where a file lies as seen
from the entrypoint, for imports know nothing else; so that is what is compared and digested.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from posixpath import dirname, normpath, relpath
from typing import Any

LARGEST = 20 * 1024 * 1024  # bytes of a function (Supabase docs, "Edge Functions limits")
MOST_FILES = 1000
_LONGEST = 500  # characters of a path
_LONGEST_NAME = 255  # bytes of one name in it, as file systems have it
_SERVERS = re.compile(r"^/tmp/user_fn_[a-z]{20}_[0-9A-Za-z-]{1,60}_\d{1,9}/")
# Control characters, separators of lines, and what reorders or hides text (Unicode: Bidi_Control, zero width).
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def objection(path: str) -> str:
    """Why *path* cannot be a file of a function, or nothing."""
    if not path or len(path) > _LONGEST:
        return "its path is empty or too long"
    if UNSEEN.search(path):
        return "its name holds control or invisible characters"
    if any(len(part.encode()) > _LONGEST_NAME for part in path.split("/")):
        return "its name is too long"
    if "\\" in path or '"' in path:
        return "its name holds a backslash or a quotation mark"
    if path.startswith("/") or any(part in {"", ".", ".."} for part in path.split("/")):
        return "its path leads outside"
    if any(part.lower().rstrip(". ") == ".git" for part in path.split("/")):
        return "it lies in a .git folder"
    return ""


@dataclass(frozen=True, slots=True)
class File:
    """One file. *needed* is False where nothing imports it: it lies in the folder, and the platform may drop it."""

    path: str
    content: bytes
    sha256: str
    needed: bool = True

    @classmethod
    def of(cls, path: str, content: bytes, *, needed: bool = True) -> "File":
        """A file with its digest. Raises ValueError for a path that cannot be."""
        if wrong := objection(path):
            raise ValueError(f"{path[:200]!r}: {wrong}")
        return cls(path, content, hashlib.sha256(content).hexdigest(), needed)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A function as it is sent, saved or found live. *verify_jwt* None: not known, and such a bundle is never sent."""

    slug: str
    files: tuple[File, ...]
    entrypoint: str
    import_map: str = ""
    verify_jwt: bool | None = None
    name: str = ""

    def __post_init__(self) -> None:
        paths = [file.path for file in self.files]
        if self.entrypoint not in paths:
            raise ValueError("the entrypoint is not among the files")
        if len(set(paths)) != len(paths):
            raise ValueError("a path occurs twice")
        object.__setattr__(self, "files", tuple(sorted(self.files, key=lambda file: file.path)))

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(len(file.content) for file in self.files)

    @property
    def digest(self) -> str:
        """SHA-256 in hex over every file's place, as seen from the entrypoint, and content."""
        rows = sorted((self.place(file.path), file.sha256) for file in self.files)
        text = json.dumps([PurePosixPath(self.entrypoint).name, rows], separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def hashes(self) -> dict[str, str]:
        """Path → SHA-256 in hex: what a plan pins."""
        return {file.path: file.sha256 for file in self.files}

    def place(self, path: str) -> str:
        """Where *path* lies as seen from the entrypoint's folder: `index.ts`, `../_shared/cors.ts`."""
        return relpath(path, dirname(self.entrypoint) or ".")

    def placed(self) -> dict[str, File]:
        """The files by their place."""
        return {self.place(file.path): file for file in self.files}


@dataclass(frozen=True, slots=True)
class Difference:
    """How what is live differs from what was sent, in places as seen from the entrypoint's folder."""

    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()

    @property
    def same(self) -> bool:
        """True where the live code is what was sent."""
        return not (self.changed or self.missing or self.extra)


def compare(ours: Bundle, live: Bundle) -> Difference:
    """Hold *live* against *ours*, byte for byte. A file that nothing imports may be missing, not differ."""
    sent, found = ours.placed(), live.placed()
    return Difference(
        changed=tuple(sorted(place for place in sent.keys() & found if sent[place].sha256 != found[place].sha256)),
        missing=tuple(sorted(place for place, file in sent.items() if place not in found and file.needed)),
        extra=tuple(sorted(found.keys() - sent.keys())),
    )


def pack(bundle: Bundle) -> bytes:
    """One blob that holds all of *bundle*: a line of JSON, then the contents. The same bundle gives the same bytes."""
    head = {
        "slug": bundle.slug,
        "entrypoint": bundle.entrypoint,
        "import_map": bundle.import_map,
        "verify_jwt": bundle.verify_jwt,
        "name": bundle.name,
        "files": [[file.path, len(file.content), file.sha256, file.needed] for file in bundle.files],
    }
    line = json.dumps(head, sort_keys=True, separators=(",", ":")).encode()
    return b"\n".join([line, b"".join(file.content for file in bundle.files)])


def unpack(raw: bytes) -> Bundle:
    """Return what `pack` wrote. Raises ValueError where a byte of it has changed."""
    line, _, rest = raw.partition(b"\n")
    try:
        head = json.loads(line)
        files = tuple(_cut(head["files"], rest))
        bundle = Bundle(head["slug"], files, head["entrypoint"], head["import_map"], head["verify_jwt"], head["name"])
    except (TypeError, KeyError, RecursionError) as error:
        raise ValueError("this is not a saved function") from error
    if bundle.size != len(rest):
        raise ValueError("the saved function is longer than it says")
    return bundle


def _cut(rows: Iterable[Any], rest: bytes) -> Iterable[File]:
    begin = 0
    for path, size, sha256, needed in rows:
        file = File.of(path, rest[begin : begin + size], needed=bool(needed))
        if file.sha256 != sha256:
            raise ValueError("the saved function is damaged")
        begin += size
        yield file


def from_platform(paths: Iterable[str]) -> dict[str, str]:
    """Paths as Supabase hands them back → the same without what its servers put before them.

    `file:///tmp/user_fn_{ref}_{id}_{version}/source/index.ts` and `source/index.ts` are both `index.ts`. `source/`
    goes only where every path has it: the files must keep their places as seen from each other.
    Raises ValueError for a path that cannot be.
    """
    bare = {path: normpath(_SERVERS.sub("", path.removeprefix("file://")).removeprefix("/")) for path in paths}
    if all(path.startswith("source/") for path in bare.values()):
        bare = {path: rest.removeprefix("source/") for path, rest in bare.items()}
    for path in bare.values():
        if wrong := objection(path):
            raise ValueError(f"{path[:200]!r}: {wrong}")
    return bare
