"""Reads a function out of a commit: its folder, and whatever of `supabase/` it imports.

Which files: what Supabase's own CLI sends (the entrypoint, what it imports, the import map) and the rest of the
function's folder. Files whose name begins with a dot are left out, and said to be: they are for tools, or for secrets.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from bot.bundle import LARGEST, MOST_FILES, Bundle, File
from bot.sources import config, listing
from bot.sources.errors import refuse
from bot.sources.imports import CODE, ImportMap, import_map, imported, target
from bot.sources.listing import CONFIG, FUNCTIONS, ROOT, Entry
from bot.sources.objects import Objects

_MAPS = ("deno.json", "deno.jsonc", "import_map.json")  # in the order in which the CLI looks for them


@dataclass(frozen=True, slots=True)
class Source:
    """A function at a commit. *tree* is the oid of its folder; *left_out* are files of it that are not sent.

    *verify_jwt* None: config.toml says nothing of this function, and the live value stays.
    """

    slug: str
    commit: str
    tree: str
    files: tuple[File, ...]
    entrypoint: str
    import_map: str
    verify_jwt: bool | None
    left_out: tuple[str, ...] = ()

    def bundle(self, verify_jwt: bool) -> Bundle:  # the one value that is to be seen at the call
        """What is sent, with the value that was decided on."""
        return Bundle(self.slug, self.files, self.entrypoint, self.import_map, verify_jwt, self.slug)


async def read(objects: Objects, entries: Mapping[str, Entry], slug: str, commit: str, project: str) -> Source:
    """Read *slug*. Raises SourceRefused with the file named, SourceAway."""
    tree = listing.folder(entries, slug)
    section = await configured(objects, entries, slug, project)
    if not section.enabled:
        raise refuse(CONFIG, f"It switches {slug} off (enabled = false).")
    home = f"{FUNCTIONS}/{slug}"
    entrypoint = section.entrypoint or f"{home}/index.ts"
    own = [path for path in entries if path.startswith(f"{home}/") and entries[path].kind != "tree"]
    hidden = [path for path in own if _hidden(path.removeprefix(home))]
    reader = _Reader(objects, entries)
    await reader.fetch([path for path in own if path not in set(hidden)])
    if entrypoint not in entries:
        raise refuse(entrypoint, "It is the function's entrypoint, and the commit does not have it.")
    names, maps = await reader.names(section.import_map or _default_map(entries, home))
    needed = await reader.follow(entrypoint, names) | maps
    files = tuple(File.of(path, content, needed=path in needed) for path, content in sorted(reader.contents.items()))
    return Source(slug, commit, tree, files, entrypoint, names.path, section.verify_jwt, tuple(sorted(hidden)))


async def configured(objects: Objects, entries: Mapping[str, Entry], slug: str, project: str) -> config.Section:
    """The function's section of config.toml in this commit; an empty one where there is no such file."""
    entry = entries.get(CONFIG)
    if entry is None:
        return config.Section()
    if listing.plain(entry).size > config.LARGEST:
        raise refuse(CONFIG, f"It is larger than {config.LARGEST // 1_000_000} MB.")
    raw = (await objects.contents([entry], config.LARGEST))[0]
    return config.section(raw, slug, project)


def _hidden(path: str) -> bool:
    return any(part.startswith(".") and part not in {".", ".."} for part in path.split("/"))


def _default_map(entries: Mapping[str, Entry], home: str) -> str:
    candidates = (*(f"{home}/{name}" for name in _MAPS), f"{FUNCTIONS}/import_map.json")
    return next((path for path in candidates if path in entries), "")


class _Reader:
    """Fetches files in rounds, and keeps the sum of their sizes below the limit before it reads them."""

    def __init__(self, objects: Objects, entries: Mapping[str, Entry]) -> None:
        self._objects = objects
        self._entries = entries
        self.contents: dict[str, bytes] = {}
        self._size = 0

    async def fetch(self, paths: list[str]) -> None:
        entries = [listing.plain(self._entries[path]) for path in paths if path not in self.contents]
        for entry in entries:
            self._size += entry.size
            if self._size > LARGEST:
                raise refuse(entry.path, f"With it the function is larger than {LARGEST // 1024**2} MB.")
        if len(self.contents) + len(entries) > MOST_FILES:
            raise refuse(entries[-1].path, f"The function has more than {MOST_FILES} files.")
        for entry, content in zip(entries, await self._objects.contents(entries, LARGEST), strict=True):
            if wrong := _surprise(entry.path, content):
                raise refuse(entry.path, wrong)
            self.contents[entry.path] = content

    async def names(self, path: str) -> tuple[ImportMap, set[str]]:
        """The import map at *path*, or the one that it names in turn, and the files that it took."""
        found, read = ImportMap(), set[str]()
        while path:
            if path in read or path not in self._entries or not path.startswith(f"{ROOT}/"):
                raise refuse(path, "It is named as the import map, and the commit does not have it there.")
            await self.fetch([path])
            read.add(path)
            found = import_map(path, self.contents[path])
            path = found.other
        return found, read

    async def follow(self, entrypoint: str, names: ImportMap) -> set[str]:
        """Fetch all that *entrypoint* imports, and what that imports; return their paths."""
        seen, waiting = {entrypoint}, [entrypoint]
        while waiting:
            await self.fetch(waiting)
            # Megabytes of code take a while to go through: not on the event loop.
            found = await asyncio.to_thread(self._targets, waiting, names)
            waiting = [path for path in found if path not in seen]
            seen.update(waiting)
        return seen

    def _targets(self, paths: list[str], names: ImportMap) -> list[str]:
        found: dict[str, None] = {}
        for path in paths:
            if not path.endswith(CODE):
                continue
            surely, perhaps = imported(self.contents[path].decode(errors="replace"))
            for name in surely:
                found[self._there(path, name, names)] = None
            found |= dict.fromkeys(there for name in perhaps if (there := target(path, name, names)) in self._entries)
        found.pop("", None)
        return [path for path in found if self._entries[path].kind != "tree"]

    def _there(self, path: str, name: str, names: ImportMap) -> str:
        there = target(path, name, names)
        if there and not there.startswith(f"{ROOT}/"):
            raise refuse(path, f"It imports “{name[:120]}”, which lies outside of {ROOT}/.")
        if there and there not in self._entries:
            raise refuse(path, f"It imports “{name[:120]}”, and the commit has no {there[:200]}.")
        return there


def _surprise(path: str, content: bytes) -> str:
    """What is wrong with a file's content, or nothing."""
    if content.startswith(b"version https://git-lfs.github.com/spec/"):
        return "It is only a pointer of Git LFS: the file itself is not in the commit."
    if path.endswith(".wasm"):
        return "" if content.startswith(b"\0asm") else "It is called .wasm and is no WebAssembly."
    if b"\0" in content:
        return "It is a binary file, and the platform takes code and text."
    try:
        content.decode()
    except UnicodeDecodeError:
        return "It is no text in UTF-8, and the platform takes code and text."
    return ""
