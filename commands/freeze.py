"""`/aikeys freeze <reason> --until 18:00`: let nothing start but roll back and restore."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import Field

from bot.command import Args, Risk, Role, command
from bot.context import Context
from bot.errors import Refused
from bot.views import operation as page
from bot.views.blocks import Message
from store.errors import TooLate
from store.operations import Freeze

_LASTS = re.compile(r"(\d{1,3})(m|min|h|d)")
_AT = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_UNITS = {"m": "minutes", "min": "minutes", "h": "hours", "d": "days"}
LONGEST = timedelta(days=14)  # a freeze that nobody remembers blocks the next fix


@dataclass(frozen=True, slots=True)
class Seen:
    """The freeze as it stands."""

    freeze: Freeze | None
    now: datetime


class What(Args):
    """Why and how long."""

    reason: str | None = Field(None, description="why, in quotes", max_length=300)
    until: str = Field("4h", description="how long: 30m, 4h, 2d, or a time of day in your zone such as 18:00")
    lift: bool = Field(default=False, description="lift the freeze")


@command(
    role=Role.OPERATOR,
    risk=Risk.CHANGE,
    examples=['freeze "incident, no deploys" --until 18:00', "freeze --lift"],
    quotes=True,
    wordy=True,
)
async def freeze(ctx: Context, args: What) -> Seen:
    """Stop all changes for a while, except the ways back.

    Roll back and restore pass it with a reason. Without a reason it says whether changes are frozen.
    """
    now, rows = ctx.clock.now(), ctx.store.operations
    if args.lift:
        try:
            rows.thaw(ctx.caller.user, now)
        except TooLate:
            raise Refused("There is nothing to lift.", "Changes are not frozen.", "See: /aikeys operations") from None
    elif args.reason:
        rows.freeze(ctx.caller.user, args.reason, _until(args.until, now, await ctx.zone()), now)
    elif "until" in args.model_fields_set:  # who typed an end means to freeze, and would believe that it is
        _until(args.until, now, await ctx.zone())
        raise Refused(
            "Nothing was frozen.", "A freeze needs a reason.", f'Type: /aikeys freeze "why" --until {args.until}'
        )
    return Seen(rows.frozen(now), now)


def _until(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    if found := _LASTS.fullmatch(text):
        until = now + timedelta(**{_UNITS[found[2]]: int(found[1])})
    elif found := _AT.fullmatch(text):
        until = now.astimezone(zone).replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0, fold=0)
        until = (until + timedelta(days=1) if until <= now else until).astimezone(UTC)
    else:
        raise Refused("Changes are not frozen.", f"I do not understand “{text[:40]}”.", "Write 30m, 4h, 2d or 18:00.")
    if not now < until <= now + LONGEST:
        raise Refused("Changes are not frozen.", "A freeze lasts two weeks at most.", "Name a nearer end.")
    return until


@freeze.view
def view(seen: Seen) -> Message:
    """Show it."""
    return page.frozen(seen.freeze, seen.now)
