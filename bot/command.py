"""A command declares itself once; parsing, help, usage hint, role and risk are read from that declaration.

    class What(Args):
        part: Part | None = Field(None, description="one part in detail")

    @command(role=Role.VIEWER, risk=Risk.READ, runbook=["System Health Check"], examples=["health"])
    async def health(ctx: Context, args: What) -> AsyncIterator[Checkup]:
        '''True health of the wallet, now.'''

    @health.view
    def view(facts: Checkup) -> Message: ...

The function either returns its facts once, or yields them several times: each is shown in the same message,
the first posted and the next edited in place.
"""

import inspect
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Container, Sequence
from contextlib import aclosing, nullcontext
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar, get_type_hints

from pydantic import BaseModel, ConfigDict

from bot.context import Context
from bot.views.blocks import Message


class Role(StrEnum):
    """What a person may do. Operators and approvers may also look."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    APPROVER = "approver"


class Risk(StrEnum):
    """What a command can do to the system it is about."""

    READ = "read"
    CHANGE = "change"
    DESTRUCTIVE = "destructive"


class Args(BaseModel):
    """What a command is asked with. Fields are positional in order, and `--name value`; a bool is a flag."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


A = TypeVar("A", bound=Args)
F = TypeVar("F")
Run = Callable[[Context, A], Awaitable[F] | AsyncIterator[F]]


@dataclass(slots=True)
class Command(Generic[A, F]):
    """One subcommand of /aikeys, as declared."""

    name: str
    summary: str
    detail: str
    args: type[A]
    run: Run[A, F]
    role: Role
    risk: Risk
    private: bool
    confined: bool
    runbook: Sequence[str]
    examples: Sequence[str]
    also: Role | None = None
    quotes: bool = False
    wordy: bool = False
    show: Callable[[F], Message] | None = field(default=None)

    def allows(self, roles: Container[str]) -> bool:
        """True if somebody with *roles* may ask."""
        return self.role in roles or (self.also is not None and self.also in roles)

    @property
    def who(self) -> str:
        """Who may ask, in words."""
        return f"{self.role} or {self.also}" if self.also else str(self.role)

    def view(self, show: Callable[[F], Message]) -> Callable[[F], Message]:
        """Declare the pure function that shows the facts."""
        self.show = show
        return show

    @property
    def usage(self) -> str:
        """The command line in brackets: `health [part]`."""
        from bot.grammar import usage  # noqa: PLC0415  # the grammar reads declarations; asking at use breaks the circle

        return f"{self.name} {usage(self.args)}".strip()

    async def facts(self, ctx: Context, args: Args) -> AsyncGenerator[Any, None]:
        """Run it; yield each of its facts as they come."""
        outcome = self.run(ctx, args)  # type: ignore[arg-type]  # the grammar built args from self.args
        if isinstance(outcome, AsyncIterator):
            # What it has under way ends with it, also when nobody listens any more.
            async with aclosing(outcome) if isinstance(outcome, AsyncGenerator) else nullcontext():
                async for facts in outcome:
                    yield facts
        else:
            yield await outcome

    def message(self, facts: Any) -> Message:
        """Show *facts* through the declared view."""
        if self.show is None:
            raise TypeError(f"the command {self.name} has no view")
        return self.show(facts)


def command(
    *,
    role: Role,
    risk: Risk,
    examples: Sequence[str],
    runbook: Sequence[str] = (),
    private: bool = False,
    under: str = "",
    also: Role | None = None,
    confined: bool = False,
    quotes: bool = False,
    wordy: bool = False,
) -> Callable[[Run[A, F]], Command[A, F]]:
    """Declare a command.

    *role* is who may ask, enforced, and *also* another role that may; *risk* what it can do; *examples* are lines after
    /aikeys, run by a test;
    *runbook* the headings of the owner's runbook that it makes executable; *private* answers only the asker;
    *confined* answers in the channels of bot.rights.places, elsewhere in a direct message. *under* names the command
    whose word goes before its own, as in `webhooks test`, which has a role and risk of its own. *quotes*: its answer
    holds what people wrote, and is emptied where that is taken back; *wordy*: the line itself holds it, and is not
    repeated over the answer.
    """

    def declare(run: Run[A, F]) -> Command[A, F]:
        name = getattr(run, "__name__", "")
        summary, _, detail = inspect.cleandoc(run.__doc__ or "").partition("\n")
        if not summary:
            raise TypeError(f"the command {name} is missing its docstring")
        args = get_type_hints(run)["args"]
        return Command(
            name=f"{under} {name.rstrip('_').replace('_', '-')}".strip(),
            summary=summary,
            detail=inspect.cleandoc(detail),
            args=args,
            run=run,
            role=role,
            risk=risk,
            private=private,
            confined=confined,
            runbook=tuple(runbook),
            examples=tuple(examples),
            also=also,
            quotes=quotes,
            wordy=wordy,
        )

    return declare
