"""The owner's runbook (docs/runbook.md), page by page: a heading, what is ours under it, the owner's text.

What is ours stands in quotes, each beginning with one of the words of Kind: the commands that do what the heading asks
for, those that a later version will have, what of the owner's text is wrong today, and what must never be run.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import groupby
from pathlib import Path

from bot.errors import Refused
from bot.runbook import plain

FILE = Path(__file__).parents[2] / "docs" / "runbook.md"

_COMMAND = re.compile(r"`/aikeys ([^`]+)`")


class Kind(StrEnum):
    """What a quote is about: its first words."""

    IN_SLACK = "In Slack"
    LATER = "In a later version"
    TODAY = "Today"
    NEVER = "Never"


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines of the owner's that belong together. *code*: they stood in a fence, which is left out."""

    lines: tuple[str, ...]
    code: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A quote of ours, in Markdown."""

    kind: Kind
    text: str

    @property
    def commands(self) -> tuple[str, ...]:
        """The command lines it names, without /aikeys, in order."""
        return tuple(dict.fromkeys(_COMMAND.findall(self.text)))


@dataclass(frozen=True, slots=True)
class Page:
    """A heading that has text of its own. *section* is the heading above it, its own title where there is none."""

    title: str
    section: str
    notes: tuple[Note, ...] = ()
    pieces: tuple[Piece, ...] = ()

    def named(self, kind: Kind) -> tuple[str, ...]:
        """The command lines in its quotes of *kind*, in order."""
        return tuple(dict.fromkeys(line for note in self.notes if note.kind is kind for line in note.commands))


@cache
def pages() -> tuple[Page, ...]:
    """Read docs/runbook.md once. Raises Refused where it cannot be read."""
    try:
        return read(FILE.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(
            "The runbook is not here.",
            f"docs/runbook.md could not be read: {type(error).__name__}.",
            "Whoever runs me has the repository. Meanwhile: /aikeys help",
        ) from error


def read(text: str) -> tuple[Page, ...]:
    """Return the pages of *text*, in order, up to a ruler; headings that only hold others are left out."""
    found: list[Page] = []
    section = ""
    for heading, lines in _headings(text.partition("\n---\n")[0]):
        level, title = heading.partition(" ")[::2]
        title = plain(title)
        section = title if level == "##" else section
        notes, pieces = _parts(lines)
        if notes or pieces:
            found.append(Page(title, section, notes, pieces))
    return tuple(found)


def _headings(text: str) -> Iterator[tuple[str, list[tuple[bool, str]]]]:
    """Each heading of the second and third level with its lines; True with those that stand in a fence."""
    fenced, heading = False, ""
    lines: list[tuple[bool, str]] = []
    for line in text.splitlines():
        if line.startswith("```"):
            fenced = not fenced
            lines.append((fenced, ""))
        elif not fenced and line.startswith(("## ", "### ")):
            if heading:
                yield heading, lines
            heading, lines = line, []
        else:
            lines.append((fenced, line))
    if heading:
        yield heading, lines


def _parts(lines: Sequence[tuple[bool, str]]) -> tuple[tuple[Note, ...], tuple[Piece, ...]]:
    notes: list[Note] = []
    pieces: list[Piece] = []
    for (fenced, quoted, empty), block in groupby(lines, _sort):
        content = [line for _, line in block]
        if quoted:
            text = " ".join(line.removeprefix(">").strip() for line in content)
            notes += [Note(kind, text) for kind in Kind if text.startswith(f"**{kind}")]
        elif fenced and any(content):
            pieces.append(Piece(tuple(content[1:]), code=True))
        elif not empty:
            pieces.append(Piece(tuple(content)))
    return tuple(notes), tuple(pieces)


def _sort(line: tuple[bool, str]) -> tuple[bool, bool, bool]:
    fenced, text = line
    return fenced, not fenced and text.startswith(">"), not fenced and not text.strip()
