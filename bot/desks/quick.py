"""The questions that a button offers without a word typed: on the Home tab and in the shortcuts' modal. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.command import Command, Risk
from bot.errors import Refused
from bot.grammar import parse

# In the order of a bad night: how is it, what fails, what was changed, who is there. Those that exist are offered.
QUICK = (
    "health",
    "incident",
    "triage webhook",
    "triage database",
    "logs functions --level error",
    "webhooks",
    "functions",
    "db",
    "security",
    "deploys",
    "operations",
    "approvals",
    "reviews",
    "perf",
    "runbook",
    "contacts",
    "help",
)


def quick(commands: Mapping[str, Command[Any, Any]], roles: Iterable[str], lines: Sequence[str] = QUICK) -> list[str]:
    """Return those of *lines* that exist, only look, and are for somebody with *roles*."""
    mine = frozenset(roles)
    return [line for line in lines if (one := _asked(line, commands)) and one.risk is Risk.READ and one.allows(mine)]


def _asked(line: str, commands: Mapping[str, Command[Any, Any]]) -> Command[Any, Any] | None:
    try:
        return parse(line, commands).command
    except Refused:
        return None
