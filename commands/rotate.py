"""`/aikeys rotate <what>`: new values for secrets, once a second person has approved it, and the proof of them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial

from pydantic import Field

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.desks.requesting import Facts, ask
from bot.desks.requesting import show as asked
from bot.errors import Refused
from bot.rotations.names import JWT
from bot.rotations.planning import rotation
from bot.views import rotation as page
from bot.views.blocks import Message
from bot.views.logs import Shown
from bot.views.logs import show as log_lines
from commands import logs as lines


class What(Args):
    """What, and how."""

    what: str = Field(
        description="circle (both of its secrets), jwt, or a secret's name (/aikeys secrets lists them)",
        pattern=r"^(circle|jwt|[A-Za-z_][A-Za-z0-9_]{0,255})$",
    )
    new: bool = Field(default=False, description="make a secret that is not there yet")
    generate: bool = Field(default=False, description="I make the webhook secret, and hand it out once, sealed to you")
    undo: bool = Field(default=False, description="bring the value from before back, while it is kept")
    reason: str = Field("", description="why, in quotes; it stands on the card", max_length=300, kw_only=True)
    plan: bool = Field(default=False, description="only show what would change")


@dataclass(frozen=True, slots=True)
class Jwt:
    """There is nothing to rotate; the auth logs instead."""

    logs: Shown


@command(
    role=Role.OPERATOR,
    risk=Risk.DESTRUCTIVE,
    runbook=["1. Circle API Keys", "2. JWT Secrets", "4. Secrets Management"],
    examples=["rotate circle --plan", "rotate CIRCLE_API_KEY --plan", "rotate circle --generate --plan", "rotate jwt"],
    private=True,
)
async def rotate(ctx: Context, args: What) -> AsyncIterator[Facts | Jwt]:
    """Replace secrets, and prove that the new values are the live ones.

    Never type a value here: after the approval only you get “Enter new values”. All are set in one call, compared by
    digest, and tried: a signed event, Circle's own word. What cannot be proved is called NOT PROVEN.
    """
    if args.what == JWT:
        async for shown in lines.logs.facts(ctx, lines.What(source="auth", level="error", since="24h")):
            last = shown
        yield Jwt(last)
        return
    if ctx.rotations is None:
        raise Refused("Nothing can be changed now.", "I am still starting.", "Ask again in a minute.")
    made = partial(rotation, ctx.rotations, args.what, new=args.new, generate=args.generate, undo=args.undo)
    async for facts in ask(ctx, "rotate", f"rotate {args.what}", made, only_plan=args.plan, reason=args.reason):
        yield facts


@rotate.view
def view(facts: Facts | Jwt) -> Message:
    """What was asked for, or why not."""
    return page.jwt(log_lines(facts.logs)) if isinstance(facts, Jwt) else asked(facts)
