"""May this be asked by these roles in this moment? Pure: the desk goes by it, docs/authorisation.md is made of it."""

from collections.abc import Container
from enum import StrEnum
from typing import Any

from bot.command import Command, Risk
from bot.door.recovery import Verdict


class Ruling(StrEnum):
    """The order is that of the checks: the first that holds is told."""

    ROLE = "it needs another role"
    LATE = "asked before a restart, and too late"
    TYPED = "a button may ask, and change nothing"
    YES = "answered"


def ruling(
    command: Command[Any, Any], roles: Container[str], *, verdict: Verdict = Verdict.ANSWER, only: Risk | None = None
) -> Ruling:
    """What becomes of *command*, asked for by somebody with *roles*.

    *verdict*: what a restart left of the question (bot.door.recovery); *only*: the one risk this way in may ask for.
    """
    if not command.allows(roles):
        return Ruling.ROLE
    if verdict is not Verdict.ANSWER:
        return Ruling.LATE
    return Ruling.TYPED if only is not None and command.risk is not only else Ruling.YES
