"""Which incident is meant: by number, or the one that is open."""

from typing import Annotated

from pydantic import Field

from bot.context import Context
from bot.errors import Refused
from bot.incidents.alerting import Alerts
from store.incidents import BOT, Incident, Incidents

_LIST = "See: /aikeys incident"
# Of a command's arguments, None unless said: `named` finds it.
Number = Annotated[int | None, Field(description="its number; without it the one that is open", ge=1, le=999_999_999)]


def named(rows: Incidents, number: int | None) -> Incident:
    """The incident *number*; without one the only open one. Raises Refused where that is not one incident."""
    if number is not None:
        try:
            return rows.of(f"incident/{number}")
        except KeyError:
            raise Refused(f"I know no incident {number}.", "There never was one of that number.", _LIST) from None
    still = [one for one in rows.recent(50) if one.open]
    if len(still) == 1:
        return still[0]
    if not still:
        raise Refused("No incident is open.", "Name one that is over by its number.", _LIST)
    numbers = ", ".join(str(one.number) for one in still[:8])
    raise Refused("Which one?", f"{len(still)} are open: {numbers}.", "Add the number.")


def alerts(ctx: Context) -> Alerts:
    """Who opens and moves them. Raises Refused while the bot is starting."""
    if ctx.alerts is None:
        raise Refused("Nothing can be changed now.", "I am still starting.", "Ask again in a minute.")
    return ctx.alerts


def overtaken(incident: Incident) -> Refused:
    """Somebody was quicker."""
    at = incident.resolved_at or incident.acked_at
    by = incident.resolved_by if incident.resolved_at else incident.acked_by
    who = "by itself" if by == BOT else "by {by}"
    return Refused(
        f"It is {incident.state} already.",
        f"That was {{at}}, {who}." if at else "",
        f"See: /aikeys incident show {incident.number}",
        (at,) if at else (),
        by if by != BOT else "",
    )
