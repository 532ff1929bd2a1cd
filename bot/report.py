"""What an answer to a question is made of, before it is drawn: verdict, what is wrong and what to do, the facts. Pure.

A command gathers facts, a pure function of its topic judges them into a Report, and `bot.views.report` draws it.
All strings are plain text, not yet escaped; outside values may stand in them as they are.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.context import Target
from bot.health.judgement import Level


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is wrong: *what* it is in a sentence, what to *do* in another."""

    level: Level
    what: str
    do: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One fact: a *name* as it is written elsewhere (shown as code) or words of ours, and what is said of it.

    Words of ours have a blank or end with a colon; without a name what is said stands alone.
    *level* None: nothing is judged. *at*: when, shown in the reader's zone; *by*: a Slack user id, or a name.
    """

    name: str
    says: str = ""
    level: Level | None = None
    at: datetime | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Facts that belong together, under a title of few words; *none* is said where there are no lines.

    *verbatim* is shown as it is, in a block where nothing is markup: a statement of SQL, a log line.
    """

    title: str
    lines: tuple[Line, ...] = ()
    none: str = ""
    verbatim: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """A line to look at. *points*: label and value, 20 at most; *what* it shows, in words, is its alternative text."""

    title: str
    what: str
    unit: str
    points: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Report:
    """An answer. *verdict* is one line that reads well alone; *again* the command line that asks the same.

    *again* is empty where asking again would change something. *also*: further questions, label and command line
    (READ only: a button asks, it never does). *steps*: what to do, numbered; *below*: groups that stand under them.
    *way_back*: the id of an operation, for the button that asks for its roll back. *small*: small print.
    What could not be asked is a Wrong of level UNKNOWN: neither well nor ill.
    """

    verdict: str
    level: Level
    target: Target
    again: str
    wrong: tuple[Wrong, ...] = ()
    groups: tuple[Group, ...] = ()
    steps: tuple[str, ...] = ()
    curves: tuple[Curve, ...] = ()
    small: tuple[str, ...] = ()
    also: tuple[tuple[str, str], ...] = ()
    way_back: str = ""
    below: tuple[Group, ...] = ()
