"""Rules for single values and for lists. A rule looks at one value and adds what is wrong to a list.

Lengths count Unicode characters. A rule never raises, whatever it is given.
"""

import math
import re
from collections.abc import Callable
from datetime import date
from typing import TypeAlias

from playground.blockkit.problem import Found, Problem

Rule: TypeAlias = Callable[[object, str, Found], None]

KINDS = {str: "a text", bool: "true or false", int: "a whole number", list: "a list", dict: "an object"}


def is_a(kind: type, value: object, at: str, found: Found) -> bool:
    """Say whether *value* is of *kind* (true and false are no numbers), and note it where it is not."""
    if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
        return True
    found.append(Problem(at, "wrong_type", f"this must be {KINDS[kind]}"))
    return False


def chars(most: int | None, least: int = 1) -> Rule:
    """Return the rule of a text of *least* to *most* characters. Slack refuses empty ones nearly everywhere."""

    def rule(value: object, at: str, found: Found) -> None:
        if not isinstance(value, str):
            found.append(Problem(at, "wrong_type", "this must be a text"))
        elif len(value) < least:
            code = "empty" if not value else "too_short"
            found.append(Problem(at, code, f"must have at least {least} characters"))
        elif most is not None and len(value) > most:
            found.append(Problem(at, "too_long", f"{len(value)} characters, at most {most} are allowed"))

    return rule


def shaped(pattern: str, example: str, most: int = 3000) -> Rule:
    """Return the rule of a text that matches *pattern* from end to end."""
    compiled, length = re.compile(pattern), chars(most)

    def rule(value: object, at: str, found: Found) -> None:
        before = len(found)
        length(value, at, found)
        if len(found) == before and not (isinstance(value, str) and compiled.fullmatch(value)):
            found.append(Problem(at, "bad_format", f"not of the form {example}"))

    return rule


def url(most: int = 3000, *, secure: bool = False) -> Rule:
    """Return the rule of an absolute web address; *secure* asks for https (video blocks)."""
    compiled = re.compile(r"https://[^\s/?#<>]+[^\s<>]*" if secure else r"https?://[^\s/?#<>]+[^\s<>]*")
    wanted, length = ("https://…" if secure else "http(s)://…"), chars(most)

    def rule(value: object, at: str, found: Found) -> None:
        before = len(found)
        length(value, at, found)
        if len(found) == before and not (isinstance(value, str) and compiled.fullmatch(value)):
            found.append(Problem(at, "bad_url", f"must be an address of the form {wanted}"))

    return rule


def flag(value: object, at: str, found: Found) -> None:
    """A rule: true or false, and not "true"."""
    is_a(bool, value, at, found)


def choice(*allowed: str) -> Rule:
    """Return the rule of one text among *allowed*."""

    def rule(value: object, at: str, found: Found) -> None:
        if is_a(str, value, at, found) and value not in allowed:
            found.append(Problem(at, "bad_value", f"must be one of: {', '.join(allowed)}"))

    return rule


def whole(least: int, most: int | None = None) -> Rule:
    """Return the rule of a whole number between *least* and *most*, both included."""

    def rule(value: object, at: str, found: Found) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            found.append(Problem(at, "wrong_type", "this must be a whole number"))
        elif value < least or (most is not None and value > most):
            top = "" if most is None else f" and at most {most}"
            found.append(Problem(at, "out_of_range", f"must be at least {least}{top}"))

    return rule


def number(*, above: float | None = None) -> Rule:
    """Return the rule of any finite number; *above* it, where that is given."""

    def rule(value: object, at: str, found: Found) -> None:
        if not isinstance(value, int | float) or isinstance(value, bool):
            found.append(Problem(at, "wrong_type", "this must be a number"))
        elif isinstance(value, float) and not math.isfinite(value):
            found.append(Problem(at, "bad_format", "JSON knows no infinite number and no NaN"))
        elif above is not None and value <= above:
            found.append(Problem(at, "out_of_range", f"must be greater than {above:g}"))

    return rule


def day(value: object, at: str, found: Found) -> None:
    """A rule: a day that exists, as YYYY-MM-DD."""
    if not isinstance(value, str):
        found.append(Problem(at, "wrong_type", "this must be a text"))
        return
    try:
        real = re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value) and date.fromisoformat(value)
    except ValueError:
        real = None
    if not real:
        found.append(Problem(at, "bad_format", "not a day of the form 2026-03-01"))


def each(item: Rule, most: int | None, least: int = 1) -> Rule:
    """Return the rule of a list of *least* to *most* items that all follow *item*."""

    def rule(value: object, at: str, found: Found) -> None:
        if not isinstance(value, list):
            found.append(Problem(at, "wrong_type", "this must be a list"))
            return
        if len(value) < least:
            found.append(Problem(at, "too_few", f"{len(value)} items, at least {least} needed"))
        if most is not None and len(value) > most:
            found.append(Problem(at, "too_many", f"{len(value)} items, at most {most} are allowed"))
        for index, one in enumerate(value):
            item(one, f"{at}/{index}", found)

    return rule


def only(expected: str) -> Rule:
    """Return the rule of a text that can have one value."""

    def rule(value: object, at: str, found: Found) -> None:
        if value != expected:
            found.append(Problem(at, "bad_value", f"must be “{expected}”"))

    return rule


def unique(values: list[tuple[object, str]], what: str, found: Found) -> None:
    """Note every (value, pointer) whose value came before; values that are no texts are skipped."""
    seen: set[str] = set()
    for value, at in values:
        if not isinstance(value, str):
            continue
        if value in seen:
            found.append(Problem(at, "duplicate", f"{what} “{value[:40]}” is used twice"))
        seen.add(value)
