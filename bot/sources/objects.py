"""Objects of a git repository, asked for on git's standard input: no name ever stands where an option could."""

import re
from collections.abc import Sequence

from bot.sources.errors import SourceAway, refuse
from bot.sources.git import Git
from bot.sources.listing import Entry

_MOST_LISTED = 32_000_000  # bytes: a tree of a quarter of a million files
_FOUND = re.compile(rb"([0-9a-f]{40,64}) (commit|tree|blob|tag) (\d{1,15})")


class Objects:
    """What *git* holds. Raises SourceAway, and SourceRefused where something is too much."""

    def __init__(self, git: Git) -> None:
        self._git = git

    async def commits(self, names: Sequence[str]) -> list[str]:
        """The commit that each of *names* (a ref, digits) stands for; empty where it is none, or more than one."""
        given = "".join(f"{name}^{{commit}}\n" for name in names).encode()
        said = await self._git.run("cat-file", "--batch-check", given=given)
        lines = said.out.split(b"\n")
        found = (_FOUND.fullmatch(line) for line in lines)
        return [hit[1].decode() if hit and hit[2] == b"commit" else "" for hit in found][: len(names)]

    async def beginning_with(self, digits: str) -> str:
        """The one commit whose name begins with *digits*; empty where there is none, or more than one.

        Git itself would rather take a branch of that name, which could then pass for the commit.
        """
        oids = (await self._git.run("rev-parse", f"--disambiguate={digits}", fine=())).out.decode().split()
        found = [oid for oid, commit in zip(oids, await self.commits(oids), strict=True) if oid == commit]
        return found[0] if len(found) == 1 else ""

    async def tree(self, commit: str, path: str) -> bytes:
        """The listing of *path* and all below it in *commit* (40 digits)."""
        return (
            await self._git.run(
                "ls-tree", "-r", "-t", "-z", "--long", "--full-tree", commit, "--", path, most=_MOST_LISTED
            )
        ).out

    async def contents(self, entries: Sequence[Entry], most: int) -> list[bytes]:
        """The bytes of each of *entries*, which together have at most *most*."""
        if not entries:
            return []
        given = "".join(f"{entry.oid}\n" for entry in entries).encode()
        out = (await self._git.run("cat-file", "--batch", given=given, most=most + 100 * len(entries))).out
        contents, begin = [], 0
        for entry in entries:
            end = out.find(b"\n", begin)
            hit = _FOUND.fullmatch(out[begin:end]) if end >= 0 else None
            if hit is None or hit[2] != b"blob" or int(hit[3]) != entry.size:
                raise refuse(entry.path, "Git does not have what its tree promises: the repository is damaged.")
            begin = end + 1
            contents.append(out[begin : begin + entry.size])
            begin += entry.size + 1
            if begin > len(out):
                raise SourceAway("Git stopped in the middle of a file.", "Ask again.")
        return contents
