"""Differences for people: unified, capped, and with every character that could deceive made visible.

A commit may hold characters that reorder what is shown or show nothing at all ("Trojan Source", CVE-2021-42574): they
stand as ⟨U+202E⟩ here, and the files that have them are named.
"""

import asyncio
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, join, normpath

from bot.bundle import UNSEEN, Bundle, objection
from bot.sources.errors import SourceAway
from bot.sources.git import Git

# --text: else an attribute or a stray byte could pass a change of code off as “binary files differ”.
OPTIONS = ("--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "--text", "--unified=3", "--histogram")
MOST_READ = 8_000_000  # bytes that git may write
MOST_SHOWN = 200_000  # characters
_LONGEST = 400  # characters of a line
_UNSEEN = re.compile(UNSEEN.pattern.replace(r"\x00-\x1f", r"\x00-\x08\x0b-\x1f"))  # not the tabs of the code


@dataclass(frozen=True, slots=True)
class Diff:
    """A readable difference. *cut*: there is more than *text* shows. *hidden*: files with characters that deceive.

    *text* is plain; whoever puts it into a message escapes it.
    """

    text: str = ""
    files: int = 0
    added: int = 0
    removed: int = 0
    cut: bool = False
    hidden: tuple[str, ...] = ()


def readable(raw: bytes, *, cut: bool = False) -> Diff:
    """Read what `git diff` wrote, *cut* off at its cap or not."""
    shown: list[str] = []
    hidden: dict[str, None] = {}
    room, files, added, removed, inside, name = MOST_SHOWN, 0, 0, 0, False, ""
    for written in raw.decode(errors="replace").split("\n"):
        line = written
        if line.startswith("diff --git "):
            files, inside, name = files + 1, False, _name(line)
            line = f"diff --git a/{name} b/{name}"
        elif line.startswith("@@ "):
            inside = True
        elif inside and line.startswith("+"):
            added += 1
            if _UNSEEN.search(line.rstrip("\r")):
                hidden[name] = None
        elif inside and line.startswith("-"):
            removed += 1
        if room > 0 and not (not inside and line.startswith("index ")):
            seen = visible(line)
            shown.append(seen)
            room -= len(seen) + 1
    cut = cut or room <= 0
    if cut:
        shown.append(f"… the rest is not shown: {files} files, {added} lines added and {removed} taken away in all")
    return Diff("\n".join(shown).rstrip("\n"), files, added, removed, cut, tuple(hidden))


def _name(line: str) -> str:
    """The file of a `diff --git a/x b/x`: no renames are looked for, so both halves are the same."""
    both = line.removeprefix("diff --git ")
    return both[len(both) // 2 + 1 :].partition("/")[2]


def visible(line: str) -> str:
    """*line* with what cannot be seen written out, cut where it is too long to read."""
    line = line.removesuffix("\r")
    more = len(line) - _LONGEST
    line = _UNSEEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", line[:_LONGEST])
    return f"{line} … {more} characters more" if more > 0 else line


async def between(git: Git, old: Bundle | None, new: Bundle) -> Diff:
    """How *new* differs from *old*, whatever their folders are called. No commit is needed, nor a repository."""
    pages = _named(new, new)
    before = _named(old, new) if old else {}
    changed = [path for path in sorted(pages.keys() | before.keys()) if pages.get(path) != before.get(path)]
    if not changed:
        return Diff()
    with tempfile.TemporaryDirectory(prefix="diff-", dir=git.folder.parent) as folder:
        place = Path(folder)
        try:
            await asyncio.to_thread(_write, place, changed, before, pages)
        except OSError as error:
            raise SourceAway(
                f"The bot cannot write the difference ({error.strerror}).", "Look at AIKEYS_DATA."
            ) from None
        said = await git.run(
            "diff", "--no-index", *OPTIONS, "--no-prefix", "a", "b",
            bare=True, where=place, most=MOST_READ, cut=True, fine=(0, 1),
        )  # fmt: skip
    return await asyncio.to_thread(readable, said.out, cut=said.cut)


def _named(bundle: Bundle, new: Bundle) -> dict[str, bytes]:
    """The contents by the path that the file has, or would have, in *new*."""
    named = {}
    for place, file in bundle.placed().items():
        path = normpath(join(dirname(new.entrypoint), place))
        named[file.path if objection(path) else path] = file.content
    return named


def _write(place: Path, changed: list[str], before: Mapping[str, bytes], after: Mapping[str, bytes]) -> None:
    for side, contents in (("a", before), ("b", after)):
        (place / side).mkdir()
        for path in changed:
            if path in contents:
                target = place / side / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(contents[path])
