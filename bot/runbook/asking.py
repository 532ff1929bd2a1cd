"""Pure: from words to a page of the runbook, or to those it may be; which of its commands a button may ask."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.command import Command, Risk
from bot.context import Target
from bot.errors import Refused
from bot.grammar import parse
from bot.runbook.reading import Kind, Page
from bot.runbook.search import Hit, search, titled, words

MOST_HITS = 6
_CLEARLY = 1.25  # times the next best: then the page is opened, with the others named under it
_WORTH = 0.35  # of the best: below that a page has a word in common and no more

Commands = Mapping[str, Command[Any, Any]]


@dataclass(frozen=True, slots=True)
class Does:
    """A command *line* that a page names, and the command's *name*. *role* is who may type it."""

    line: str
    name: str
    reads: bool
    role: str


@dataclass(frozen=True, slots=True)
class Found:
    """What the runbook has for *text*.

    *page*: the one it is, or None; *does*: its commands. *hits*: those it may be, or besides. With neither, the
    *contents*: every page by its section. *nothing*: there were words, and they are in no page.
    """

    target: Target
    text: str = ""
    page: Page | None = None
    does: tuple[Does, ...] = ()
    hits: tuple[Hit, ...] = ()
    contents: Mapping[str, Sequence[str]] | None = None
    nothing: bool = False


def find(pages: Sequence[Page], text: str, commands: Commands, target: Target) -> Found:
    """Return what *pages* have for *text*; the contents where it is empty or means nothing."""
    if not text.strip():
        return Found(target, contents=contents(pages))
    if page := titled(pages, text):
        return _opened(page, (), text, commands, target)
    below = [page for page in pages if page.section.casefold() == text.strip().casefold()]
    if below:
        return Found(target, text, hits=tuple(Hit(page, 0.0, _first(page)) for page in below))
    hits = search(pages, text)
    hits = [hit for hit in hits if hit.score >= hits[0].score * _WORTH][:MOST_HITS]
    if not hits:
        return Found(target, text, contents=contents(pages), nothing=True)
    if len(hits) == 1 or hits[0].score >= hits[1].score * _CLEARLY:
        return _opened(hits[0].page, tuple(hits[1:4]), text, commands, target)
    return Found(target, text, hits=tuple(hits))


def does(page: Page, commands: Commands) -> tuple[Does, ...]:
    """The command lines that *page* names, as far as they exist."""
    found = []
    for line in page.named(Kind.IN_SLACK):
        try:
            command = parse(line, commands).command
        except Refused:
            continue  # a contract test holds every line against the grammar; a line less is better than no page
        found.append(Does(line, command.name, command.risk is Risk.READ, command.role))
    return tuple(found)


def contents(pages: Sequence[Page]) -> Mapping[str, Sequence[str]]:
    """Every page's title by its section, in order."""
    found: dict[str, list[str]] = {}
    for page in pages:
        found.setdefault(page.section, []).append(page.title)
    return found


def _opened(page: Page, others: tuple[Hit, ...], text: str, commands: Commands, target: Target) -> Found:
    return Found(target, text, page, does(page, commands), others)


def _first(page: Page) -> str:
    """What a page begins with that is not a comment of its commands only."""
    lines = [line.strip() for piece in page.pieces for line in piece.lines if line.strip()]
    return next((line for line in lines if words(line)), "")
