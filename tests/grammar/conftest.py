"""Two commands with every kind of argument, declared as real ones are."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

import pytest
from pydantic import Field, field_validator

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.grammar import parse


class Level(StrEnum):
    ERROR = "error"
    INFO = "info"


class Look(Args):
    part: Literal["database", "webhooks", "functions"] | None = Field(None, description="one part in detail")


class Read(Args):
    source: Literal["db", "auth", "functions"] = Field(description="where from")
    words: tuple[str, ...] = Field((), description="what to look for")
    level: Level | None = Field(None, description="how bad")
    limit: int = Field(50, ge=1, le=1000, description="how many")
    since: datetime | None = Field(None, description="from when")
    follow: bool = Field(False, description="go on")
    colour: bool = Field(True, description="in colour")


class Put(Args):
    function_name: str = Field(min_length=2, max_length=40, description="which function")
    ref: str = Field("main", description="which commit")

    @field_validator("ref")
    @classmethod
    def known(cls, value: str) -> str:
        if value == "nowhere":
            raise ValueError("there is no such commit")
        return value


class Which(Args):
    command: str | None = Field(None, description="the command")


@command(role=Role.VIEWER, risk=Risk.READ, examples=["health"])
async def health(ctx: Context, args: Look) -> int:
    """True health."""
    return len((ctx, args))


@command(role=Role.VIEWER, risk=Risk.READ, examples=["logs db"])
async def logs(ctx: Context, args: Read) -> int:
    """Lines of a log."""
    return len((ctx, args))


@command(role=Role.OPERATOR, risk=Risk.DESTRUCTIVE, examples=["deploy health"])
async def deploy(ctx: Context, args: Put) -> int:
    """Put a function live."""
    return len((ctx, args))


@command(role=Role.VIEWER, risk=Risk.READ, examples=["help"])
async def help_(ctx: Context, args: Which) -> int:
    """What you may ask."""
    return len((ctx, args))


COMMANDS = {one.name: one for one in (health, logs, deploy, help_)}


@pytest.fixture(scope="session")
def commands():
    return COMMANDS


@pytest.fixture
def asked():
    """What a line means, without the defaults."""

    def asked(text: str) -> tuple[str, dict[str, object]]:
        parsed = parse(text, COMMANDS)
        return parsed.command.name, parsed.args.model_dump(exclude_unset=True)

    return asked
