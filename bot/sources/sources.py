"""The wallet's source: a mirror that the bot keeps of one git repository. Nothing is ever checked out or executed."""

import asyncio
import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.bundle import Bundle
from bot.clock import Clock
from bot.sources import address, commits, differences, listing, migrations, reading
from bot.sources.commits import Commit, Distance
from bot.sources.differences import Diff
from bot.sources.errors import NotInSource, SourceAway, SourceRefused
from bot.sources.git import Git
from bot.sources.listing import CONFIG, FUNCTIONS, ROOT, Entry
from bot.sources.migrations import MigrationFile
from bot.sources.objects import Objects
from bot.sources.reading import Source
from bot.sources.room import LARGEST_MIRROR, Room

FETCH_PATIENCE = 60.0  # seconds: the first time all of the history comes
_HEAD = "refs/aikeys/head"
_KEPT = "refs/aikeys/kept"
_SLUG = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,99}")
_REMEMBERED = 8  # listings of commits


class Sources:
    """The repository that *source* names, mirrored below *folder*. *project* is the ref that config.toml may speak of.

    Raises SourceRefused (a Refused) for what will not be sent, SourceAway (an Unanswered) where git gives no answer.
    """

    def __init__(
        self, source: str, folder: Path, clock: Clock, project: str = "", *, most: int = LARGEST_MIRROR
    ) -> None:
        self._source, protocol = address.source(source)
        mirror = folder / "source" / f"{hashlib.sha256(self._source.encode()).hexdigest()[:12]}.git"
        self._git = Git(mirror.absolute(), self._source, protocol, clock)
        self._objects = Objects(self._git)
        self._room = Room(mirror.absolute(), clock, most)
        self._project = project
        self._lock = asyncio.Lock()
        self._prepared = False
        self._listings: dict[str, dict[str, Entry]] = {}

    async def fetch(self, *, patience: float = FETCH_PATIENCE) -> None:
        """Bring the mirror up to date. What was forced away upstream stays in it, though no branch names it."""
        await self._ready()
        async with self._lock:
            refs = ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"]
            command = [
                "fetch",
                "--quiet",
                "--prune",
                "--no-auto-gc",
                "--no-write-fetch-head",
                "--no-recurse-submodules",
            ]
            try:
                await self._room.within(
                    self._git.run(*command, "--", self._source, f"+HEAD:{_HEAD}", *refs, patience=patience)
                )
            except SourceRefused:
                self._prepared = False  # what it left half done is cleared away before the next time
                raise
            except SourceAway as failed:
                if "remote ref HEAD" not in failed.what:
                    raise
                # A repository whose default branch has no commit yet. Git takes any page of the web for an empty one.
                await self._git.run(*command, "--", self._source, *refs, patience=patience)
                if not (await self._git.run("for-each-ref", "--count=1", "refs/heads", "refs/tags")).out:
                    raise SourceAway(
                        "The source has no branch: it is empty, or no git repository answers there.",
                        "Check AIKEYS_SOURCE.",
                    ) from None

    async def resolve(self, ref: str = "HEAD") -> Commit:
        """The commit that *ref* is now: a branch, a tag, 7 or more digits of a commit, or HEAD. Asks the source."""
        asked = ref if ref == "HEAD" else address.ref(ref)
        await self.fetch()
        if asked == "HEAD":
            named = {"the default branch": (await self._objects.commits([_HEAD]))[0]}
        else:
            found = await self._objects.commits([f"refs/heads/{asked}", f"refs/tags/{asked}"])
            named = {f"branch {asked}": found[0], f"tag {asked}": found[1]}
            if address.SHORT.fullmatch(asked):
                named["commit"] = await self._objects.beginning_with(asked)
        shas = {sha for sha in named.values() if sha}
        if len(shas) > 1:
            ways = " and ".join(way for way, sha in named.items() if sha)
            raise SourceRefused(
                f"“{asked}” is not clear.", f"“{asked}” means two things: {ways}.", "Name the commit by its 40 digits."
            )
        if not shas:
            raise NotInSource(
                f"“{asked}” was not found.",
                f"The source has no branch, tag or commit “{asked}”.",
                "Look for the name with `git branch -r`; digits must name one commit alone, and it must be pushed.",
            )
        how = next(way for way, sha in named.items() if sha)
        return replace(await self.commit(shas.pop()), ref="" if how == "commit" else how)

    async def commit(self, sha: str) -> Commit:
        """A commit by its 40 digits, without asking the source. Raises NotInSource too."""
        await self._known(sha)
        out = await self._log(sha, most=1)
        holds = await self._git.run(
            "for-each-ref", "--count=1", f"--contains={sha}", "--format=%(refname)", "refs/heads", "refs/tags"
        )
        return replace(out[0], reachable=bool(holds.out.strip()))

    async def functions(self, sha: str) -> tuple[str, ...]:
        """The functions of a commit that can be deployed: those with an entrypoint that are not switched off."""
        entries = await self._listing(sha)
        found = []
        for slug in listing.slugs(entries):
            section = await reading.configured(self._objects, entries, slug, self._project)
            if section.enabled and (section.entrypoint or f"{FUNCTIONS}/{slug}/index.ts") in entries:
                found.append(slug)
        return tuple(found)

    async def read(self, function: str, sha: str) -> Source:
        """All that a deploy of *function* at *sha* sends."""
        if not _SLUG.fullmatch(function):
            raise SourceRefused(
                "This is not deployed.",
                "A function's name has letters, digits, - and _, and begins with a letter.",
                "Ask `/aikeys deploys` for the names.",
            )
        return await reading.read(self._objects, await self._listing(sha), function, sha, self._project)

    async def distance(self, live: str, new: str) -> Distance | None:
        """How far *new* is from *live*; None where the mirror lacks one of them."""
        if not all(await self._have([live, new])):
            return None
        out = (await self._git.run("rev-list", "--left-right", "--count", f"{live}...{new}", "--")).out.split()
        return Distance(ahead=int(out[1]), behind=int(out[0]))

    async def log(self, function: str, a: str, b: str, most: int = 20) -> tuple[Commit, ...]:
        """The commits after *a* up to *b* that touch what *function* consists of, newest first."""
        await self._known(a, b)
        paths = {f"{FUNCTIONS}/{function}", CONFIG} | {file.path for file in (await self.read(function, b)).files}
        return tuple(await self._log(f"{a}..{b}", most=most, paths=sorted(paths)))

    async def diff(self, a: str, b: str, paths: Sequence[str] = ()) -> Diff:
        """What changed from commit *a* to commit *b*, in *paths* or everywhere."""
        await self._known(a, b)
        said = await self._git.run(
            "diff", *differences.OPTIONS, a, b, "--", *paths, most=differences.MOST_READ, cut=True
        )
        return differences.readable(said.out, cut=said.cut)

    async def compare(self, old: Bundle | None, new: Bundle) -> Diff:
        """What changes when *new* takes the place of *old* (None: there was nothing)."""
        await self._ready()
        return await differences.between(self._git, old, new)

    async def keep(self, sha: str) -> None:
        """See to it that *sha* stays in the mirror, whatever becomes of its branch."""
        await self._known(sha)
        await self._git.run("update-ref", f"{_KEPT}/{sha}", sha)

    async def migrations(self, sha: str) -> tuple[MigrationFile, ...]:
        """The migrations in a commit, oldest first."""
        return migrations.found(await self._listing(sha))

    async def texts(self, sha: str, paths: Sequence[str], most: int) -> list[bytes]:
        """The files at *paths* in a commit, of at most *most* bytes together. Raises KeyError for what is not there."""
        entries = await self._listing(sha)
        found = [entries[path] for path in paths]
        if sum(entry.size for entry in found) > most:
            raise SourceRefused(
                "The migrations were not read.", f"They have more than {most // 1000} KB.", "Apply fewer at once: --to"
            )
        return await self._objects.contents(found, most)

    async def downs(self, sha: str) -> dict[str, str]:
        """The ways back in a commit: the path of each by the version that it takes back."""
        return migrations.downs(await self._listing(sha))

    async def last_change(self, sha: str, path: str) -> Commit | None:
        """The last commit up to *sha* that touched *path*; None where that cannot be told."""
        await self._known(sha)
        found = await self._log(sha, most=1, paths=[path])
        return found[0] if found else None

    async def _ready(self) -> None:
        async with self._lock:
            if not self._prepared:
                await self._git.prepare()
                self._prepared = True

    async def _have(self, shas: Sequence[str]) -> list[bool]:
        await self._ready()
        for sha in shas:
            if not address.SHA.fullmatch(sha):
                raise ValueError("a commit is named by its 40 digits here")
        return [bool(found) for found in await self._objects.commits(shas)]

    async def _known(self, *shas: str) -> None:
        for sha, there in zip(shas, await self._have(shas), strict=True):
            if not there:
                raise NotInSource(
                    "This is not deployed.",
                    f"The bot's copy of the source has no commit {sha[:10]}.",
                    "Was the history rewritten? What the bot once deployed can be rolled back to from its own record.",
                )

    async def _listing(self, sha: str) -> dict[str, Entry]:
        if sha not in self._listings:
            await self._known(sha)
            self._listings[sha] = listing.read(await self._objects.tree(sha, ROOT))
            while len(self._listings) > _REMEMBERED:
                self._listings.pop(next(iter(self._listings)))
        return self._listings[sha]

    async def _log(self, what: str, most: int, paths: Sequence[str] = ()) -> list[Commit]:
        said = await self._git.run(
            "log",
            f"--max-count={most}",
            "--no-show-signature",
            "--no-notes",
            "--encoding=UTF-8",
            f"--format={commits.FORMAT}",
            what,
            "--",
            *paths,
            cut=True,
        )
        return commits.read(said.out)
