"""Names of branches, functions, files and repositories: which are taken, and what git is then given.

The doors: the names that are checked before git sees them, and the questions of bot.sources that are asked with names
out of a repository. Which programs are started is written down by the loop (`looping`); the templates are ours.
"""

import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlsplit

from bot.bundle import objection
from bot.errors import AikeysError
from bot.sources import Sources, address
from tests.attack.million import nasty
from tests.attack.million.kind import shorter
from tests.attack.million.looping import Argv, Noting

Drawn = tuple[str, ...]
Ask = Callable[[Sources, str, "Drawn"], Awaitable[object]]
_BATCH = 8
_OFTEN = 12  # of so many batches one goes on to git: a process takes as long as a hundred checks
SHA = "[0-9a-f]{40}"
_DIFF = ("diff", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "--text", "--unified=3", "--histogram")
# What git may be given, word for word; a pattern where a value of ours stands; `…`: the names, and nothing but they.
TEMPLATES: tuple[tuple[str, ...], ...] = (
    ("init", "--quiet", "--bare", "--template=", "/.*"),
    ("fetch", "--quiet", "--prune", "--no-auto-gc", "--no-write-fetch-head", "--no-recurse-submodules", "--", "/.*",
     re.escape("+HEAD:refs/aikeys/head"), re.escape("+refs/heads/*:refs/heads/*"),
     re.escape("+refs/tags/*:refs/tags/*")),
    ("cat-file", "--batch-check"),
    ("cat-file", "--batch"),
    ("for-each-ref", "--count=1", f"--contains={SHA}", re.escape("--format=%(refname)"), "refs/heads", "refs/tags"),
    ("rev-parse", "--disambiguate=[0-9a-f]{7,64}"),
    ("rev-list", "--left-right", "--count", rf"{SHA}\.\.\.{SHA}", "--"),
    ("ls-tree", "-r", "-t", "-z", "--long", "--full-tree", SHA, "--", "supabase"),
    ("update-ref", f"refs/aikeys/kept/{SHA}", SHA),
    (*_DIFF, SHA, SHA, "--", "…"),
    ("log", "--max-count=[0-9]+", "--no-show-signature", "--no-notes", "--encoding=UTF-8",
     "--format=%H%x00[%a-zA-Z0-9]+", rf"{SHA}(\.\.{SHA})?", "--", "…"),
)  # fmt: skip
_PLACE = ("--git-dir=/.*", "--literal-pathspecs", "--no-pager")


@dataclass
class Names:
    """*sources* over a repository whose newest commit is *sha*; *loop*: which it runs on.

    *ref*, *source*, *path*: what checks a name; *asks*: questions that lead to git, with names of a repository.
    """

    sources: Sources
    sha: str
    loop: Noting
    ref: Callable[[str], str] = address.ref
    source: Callable[[str], tuple[str, str]] = address.source
    path: Callable[[str], str] = objection
    asks: list[Ask] = field(default_factory=lambda: list(ASKS))
    often: int = _OFTEN
    name: str = "names"
    share: int = 400

    def draw(self, chance: Random) -> Drawn:
        """A handful, of which git itself gets to see one handful in twelve."""
        names = tuple(nasty.text(chance)[:3000] for _ in range(_BATCH))
        return (*names, chance.choice(ASKED)) if chance.random() * self.often < 1 else names

    def size(self, drawn: Drawn) -> int:
        """Each name is one."""
        return min(len(drawn), _BATCH)

    def wrong(self, drawn: Drawn) -> Iterator[str]:
        """What is taken can be nothing but a name; git is given a template with the names in their one place."""
        for name in drawn:
            yield from self._checked(name)
        if drawn[-1:] and drawn[-1] in ASKED:
            yield from self._asked(self.asks[ASKED.index(drawn[-1]) % len(self.asks)], drawn[:-1])

    def _checked(self, name: str) -> Iterator[str]:
        try:
            taken = self.ref(name)
        except AikeysError:
            pass
        else:
            if taken != name or not _may_be_a_ref(name):
                yield f"taken for a ref: {ascii(name)[:80]}"
        try:
            taken, protocol = self.source(name)
        except AikeysError:
            pass
        else:
            yield from _source(taken, protocol)
        if not self.path(name) and (_leads_out(name) or (not name.isprintable() and _CONTROL.search(name))):
            yield f"taken for a path: {ascii(name)[:80]}"

    def _asked(self, ask: Ask, drawn: Drawn) -> Iterator[str]:
        names = tuple(filter(None, (_from_a_tree(name) for name in drawn)))
        self.loop.started.clear()
        with suppress(AikeysError, KeyError):  # refused, or git would not
            self.loop.run_until_complete(ask(self.sources, self.sha, names))
        for argv in self.loop.started:
            if not fits(argv, names):
                yield f"git was given what no template has: {ascii(argv[1:])[:200]}"

    def smaller(self, drawn: Drawn) -> Iterator[Drawn]:
        """One name alone, then less of it."""
        way = drawn[-1:] if drawn[-1] in ASKED else ()
        names = drawn[: len(drawn) - len(way)]
        if len(names) > 1:
            yield from ((one, *way) for one in names)
        elif names:
            yield from ((less, *way) for less in shorter(names[0]))


async def _resolve(sources: Sources, _: str, names: Drawn) -> object:
    return await sources.resolve(names[0])


async def _read(sources: Sources, sha: str, names: Drawn) -> object:
    return await sources.read(names[0], sha)


async def _diff(sources: Sources, sha: str, names: Drawn) -> object:
    return await sources.diff(sha, sha, names)


async def _last(sources: Sources, sha: str, names: Drawn) -> object:
    return await sources.last_change(sha, names[0])


async def _texts(sources: Sources, sha: str, names: Drawn) -> object:
    return await sources.texts(sha, names, 1000)


ASKS: tuple[Ask, ...] = (_resolve, _read, _diff, _last, _texts)
ASKED = tuple(f"→{at}" for at in range(len(ASKS)))
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# git help check-ref-format, and what it leaves to whoever builds a command line: no dash in front.
_NO_REF = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|^[/-]|[/.]$|(^|/)\.|\.lock(/|$)|^@$")


def fits(argv: Argv, names: Drawn) -> bool:
    """Whether *argv* is one of the templates, with *names* (or some of them) where names may stand."""
    words = argv[1:] if argv[0].rpartition("/")[2] == "git" else ("not git",)
    if all(re.fullmatch(place, word) for place, word in zip(_PLACE, words, strict=False)) and len(words) >= len(_PLACE):
        words = words[len(_PLACE) :]
    elif words[:1] != ("init",):
        return False
    return any(_is(words, template, names) for template in TEMPLATES)


def _is(words: Argv, template: tuple[str, ...], names: Drawn) -> bool:
    fixed = template[:-1] if template[-1] == "…" else template
    rest = words[len(fixed) :]
    if len(words) < len(fixed) or (rest and template[-1] != "…") or not set(rest) <= set(names):
        return False
    return all(re.fullmatch(pattern, word, re.DOTALL) for pattern, word in zip(fixed, words, strict=False))


def _may_be_a_ref(name: str) -> bool:
    return bool(name) and not _NO_REF.search(name) and name.isprintable()


def _source(taken: str, protocol: str) -> Iterator[str]:
    """An address can be no option, run no command, and carry no password."""
    parts = urlsplit(taken) if "://" in taken else None
    host = parts.netloc.rpartition("@")[2] if parts else taken.partition(":")[0].rpartition("@")[2]
    if taken.startswith("-") or _CONTROL.search(taken) or re.match(r"[\w+.-]+::", taken):
        yield f"taken for a source: {ascii(taken)[:80]}"
    elif protocol not in ("file", "ssh", "https", "http") or (protocol == "file") != taken.startswith("/"):
        yield f"a source of {protocol}: {ascii(taken)[:80]}"
    elif protocol != "file" and (host.startswith("-") or not host or (parts and parts.password)):
        yield f"a host of a source: {ascii(taken)[:80]}"
    elif protocol == "http" and host.partition(":")[0] not in ("127.0.0.1", "localhost", "[") and host[:1] != "[":
        yield f"in the clear: {ascii(taken)[:80]}"


def _leads_out(path: str) -> bool:
    return path.startswith("/") or "\\" in path or any(one in ("", ".", "..") for one in path.split("/"))


def _from_a_tree(name: str) -> str:
    """*name* as git's own listing could hold it: no NUL, and what is no UTF-8 by escaped bytes."""
    return name.replace("\0", "").encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape")
