"""What people do with an incident besides having it: who leads, how bad, again, part of another, what belongs to it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.context import Context
from bot.errors import Refused
from bot.hide import hide
from bot.incidents.naming import alerts
from bot.views.incident import step
from store.incidents import ASSIGNED, MERGED, NOTED, OPENED, PINNED, RATED, REOPENED, SEEN, SEVERITY, Incident
from store.times import to_text

LONGEST = 4000  # characters of a message that is pinned


def assign(ctx: Context, incident: Incident, role: str, to: str) -> Incident:
    """*to* is its commander or scribe now. Joins no transaction; raises KeyError."""
    return alerts(ctx).move(incident.subject, ASSIGNED, ctx.caller.user, data={"role": role, "to": to})


def severity(ctx: Context, incident: Incident, to: str, why: str) -> Incident:
    """Make it *to*: P0 or P1. Raises TooLate where it is that already, or over."""
    return alerts(ctx).move(incident.subject, SEVERITY, ctx.caller.user, hide(why), {"severity": to})


def reopen(ctx: Context, incident: Incident, why: str) -> Incident:
    """It is not over. Raises TooLate where it is open, or another of its cause is."""
    story = ctx.store.incidents.story(incident.subject)
    newest = [one.data for one in story if one.kind in (OPENED, SEEN, REOPENED)][-1]
    data: dict[str, Any] = {key: newest[key] for key in ("what", "do", "seen", "about") if key in newest}
    return alerts(ctx).move(incident.subject, REOPENED, ctx.caller.user, hide(why), data)


def merge(ctx: Context, incident: Incident, into: Incident) -> Incident:
    """It goes on as a part of *into*. Raises Refused, TooLate."""
    if incident.severity == "P0" and into.severity != "P0":
        raise Refused(
            "A P0 is not merged into a P1.",
            "It would be told less loudly.",
            f"The other way round: /aikeys incident merge {into.number} {incident.number}",
        )
    with ctx.store.transaction():
        done = alerts(ctx).move(incident.subject, MERGED, ctx.caller.user, data={"into": into.subject})
        newest = ctx.store.incidents.story(incident.subject)[-1]
        said = step(newest)
        if said is not None:
            alerts(ctx).below(into.subject, f"merged/{newest.id}", said)
        alerts(ctx).redraw(into.subject)
    return done


def rate(ctx: Context, incident: Incident, by: str, *, useful: bool) -> Incident:
    """*by* says whether it was worth telling."""
    return alerts(ctx).move(incident.subject, RATED, by, data={"useful": int(useful)})


def note(ctx: Context, incident: Incident, text: str, instead_of: int | None = None) -> Incident:
    """Keep a sentence, or one *instead_of* the note of that row. What was written first stays. Raises Refused."""
    data: dict[str, Any] = {}
    if instead_of is not None:
        story = ctx.store.incidents.story(incident.subject)
        if not any(one.id == instead_of and one.kind == NOTED for one in story):
            raise Refused(
                f"Row {instead_of} is no note of incident {incident.number}.",
                "Only notes are corrected; all else is what happened.",
                f"See the rows: /aikeys incident show {incident.number}",
            )
        data = {"instead_of": instead_of}
    return alerts(ctx).move(incident.subject, NOTED, ctx.caller.user, hide(text), data)


def pin(ctx: Context, incident: Incident, by: str, message: Mapping[str, str], remark: str = "") -> Incident:
    """Put *message* (channel, ts, user, text) into the timeline, at its own time. Raises TooLate the second time.

    What is shaped like a secret is hidden; the rest can be taken back by two people.
    """
    occurred = datetime.fromtimestamp(float(message["ts"]), UTC)
    data = {"channel": message["channel"], "ts": message["ts"], "by": message["user"], "occurred": to_text(occurred)}
    said = hide(message["text"])[:LONGEST] + (f" — {hide(remark)}" if remark else "")
    return alerts(ctx).move(incident.subject, PINNED, by, said, data)


def late(incident: Incident, what: str) -> Refused:
    """Somebody was quicker, or it is so already."""
    return Refused(
        f"{what}: nothing was changed.",
        f"Incident {incident.number} is {incident.state}, {incident.severity}.",
        f"See: /aikeys incident show {incident.number}",
    )
