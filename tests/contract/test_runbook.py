"""docs/runbook.md: the owner's text, whole, and under each heading the command that does it."""

import hashlib

import pytest

from bot.errors import Refused
from bot.grammar import parse
from bot.registry import load
from bot.runbook import plain
from bot.runbook.reading import FILE, Kind, Page, pages

COMMANDS = load()
# Of the owner's lines, blank ones and our quotes taken out. It changes when the owner changes the runbook, only then.
OWNERS = "7e8952fb09c4c467b66171237517102899bc2d55572b0f6b966d00a95a132088"

EACH = pytest.mark.parametrize("page", pages(), ids=lambda page: page.title)


def test_nothing_of_the_owners_is_lost_or_changed():
    """What is ours stands in quotes; all else is word for word the owner's."""
    lines = [line.rstrip() for line in FILE.read_text(encoding="utf-8").splitlines()]
    theirs = "\n".join(line for line in lines if line and not line.startswith(">"))
    assert hashlib.sha256(theirs.encode()).hexdigest() == OWNERS


@EACH
def test_every_heading_names_the_command_that_does_it(page: Page):
    """One that exists, as it can be typed."""
    lines = page.named(Kind.IN_SLACK)
    assert lines, f"“{page.title}” has no line “> **In Slack**: `/aikeys …`”"
    for line in lines:
        try:
            parse(line, COMMANDS)
        except Refused as refused:
            pytest.fail(f"“{page.title}” names `/aikeys {line}`, which cannot be typed: {refused}")


@EACH
def test_what_a_later_version_brings_is_not_here_yet(page: Page):
    """Whoever builds it moves its name from “In a later version” to “In Slack”."""
    for line in page.named(Kind.LATER):
        name = line.split()[0]
        assert name not in COMMANDS, f"`{name}` exists: under “{page.title}” it is no longer of a later version"


def test_every_quote_is_of_a_known_kind(root):
    """A misspelt one would be shown to nobody."""
    quotes = [line for line in FILE.read_text(encoding="utf-8").splitlines() if line.startswith("> **")]
    unknown = [line for line in quotes if not line.startswith(tuple(f"> **{kind}" for kind in Kind))]
    assert unknown == []
    assert len(quotes) == sum(len(page.notes) for page in pages())
    del root


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_stands_under_the_headings_that_it_makes_executable(name: str):
    """Both ways: what a command declares is what the runbook says."""
    by_title = {page.title: page for page in pages()}
    missing = []
    for heading in map(plain, COMMANDS[name].runbook):
        page = by_title.get(heading)  # a heading that only holds others has no text of its own
        words = len(name.split())
        if page is not None and name not in {" ".join(line.split()[:words]) for line in page.named(Kind.IN_SLACK)}:
            missing.append(heading)
    assert missing == [], f"docs/runbook.md should name `/aikeys {name} …` under them, in a line “> **In Slack**: …”"


def test_what_destroys_says_what_to_do_instead():
    """`supabase db reset` drops all of production: whoever reads the line has read the warning first."""
    for page in pages():
        runs = any("db reset" in line for piece in page.pieces if piece.code for line in piece.lines)
        never = [note.text for note in page.notes if note.kind is Kind.NEVER]
        assert runs == bool(never), page.title
        assert all("Instead:" in text for text in never)
