"""Taking back what somebody wrote: asked for by one, agreed to by another, gone from everywhere it lies of ours.

From the record (a tombstone stays, the chain holds), from the index of words, from letters and mails that are posted or
wait, from answers that quote it. What it cannot reach it says: other people's messages, and files that were handed out.
"""

import re
from typing import Any

import structlog

from bot.context import Context
from bot.errors import Refused
from bot.incidents.naming import alerts
from bot.views import redaction as page
from bot.views.blocks import code, escape, heading, one_line
from store.errors import TooLate
from store.events import REDACTED, TO_REDACT, Event
from store.incidents import OPENED, opening

log = structlog.get_logger(__name__)

TOMBSTONE = "(taken back by two people)"
_EMPTIED = {"text": page.emptied().text, "blocks": list(page.emptied().blocks)}
_OURS = frozenset({"type", "action_id", "block_id", "callback_id", "style", "value"})  # no words of people
_FOUND = 24  # characters of a text that are looked for: a copy may be cut short


def asked(ctx: Context, row: int) -> Event:
    """Ask for the text of *row* to be taken back. Raises Refused where there is none, or it is gone."""
    event = _with_text(ctx, row)
    now, by = ctx.clock.now(), ctx.caller.user
    ctx.store.events.append(event.subject, TO_REDACT, by, {"event": row, "digest": event.digest}, now)
    return event


def agreed(ctx: Context, row: int, by: str) -> Event:
    """*by* agrees: take it back. Return the record of it. Raises Refused."""
    event = _with_text(ctx, row)
    asks = [one for one in ctx.store.events.of(event.subject) if one.kind == TO_REDACT and one.data["event"] == row]
    if not asks:
        raise Refused("Nothing was taken back.", "Nobody has asked for it.", f"Ask: /aikeys incident redact {row}")
    asked_by = asks[-1].actor
    if asked_by == by:
        raise Refused(
            "It takes two people.", "You asked for it, so another one agrees.", "Ask an operator or an approver."
        )
    pieces = opening(event) if event.kind == OPENED else (event.text or "",)  # a title is shown without its note
    said, now = [one for piece in pieces for one in variants(piece)], ctx.clock.now()
    ctx.store.inbox.flush()
    try:
        with ctx.store.transaction():
            done = ctx.store.events.redact(row, asked_by, by, now)
            letters = ctx.store.quotes.rewrite(said, lambda body: without(body, said))
            quoting = ctx.store.quotes.quoting(event.at)
            for channel, ts in quoting:  # by the outbox, so that Slack being away leaves none of them as it is
                ctx.store.outbox.adopt(f"quote/{channel}/{ts}", channel, ts, _EMPTIED, now)
            if event.subject.startswith("incident/"):
                alerts(ctx).redraw(event.subject)
    except TooLate:
        raise _gone(row) from None
    ctx.store.forget()
    log.warning("text.redacted", row=row, letters=letters, answers=len(quoting))
    return done


def variants(text: str) -> list[str]:
    """The ways in which *text* is written where it is shown."""
    shown = code(text, 12_000).strip("`")
    plain = one_line(text, 12_000)
    found = [text, plain, escape(text, 12_000), shown, escape(text, 12_000).replace("\n", " "), heading(plain)]
    return [one for one in dict.fromkeys(found) if one.strip()]


def without(body: Any, said: list[str]) -> Any:
    """*body*, JSON, with the texts *said* and their beginnings of 24 characters or more replaced by the tombstone."""
    if isinstance(body, dict):
        return {key: value if key in _OURS else without(value, said) for key, value in body.items()}
    if isinstance(body, list):
        return [without(value, said) for value in body]
    return _cut(body, said) if isinstance(body, str) else body


def _cut(text: str, said: list[str]) -> str:
    while places := [at for one in said if (at := text.find(one[:_FOUND])) >= 0]:
        at = min(places)
        end = at + max(_alike(text[at:], one) for one in said)
        end += text[end : end + 1] == "…"
        text = text[:at] + TOMBSTONE + text[end:]
    return text


def _alike(text: str, other: str) -> int:
    """How many characters of the two are the same from the beginning on."""
    return next((at for at, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), min(len(text), len(other)))


def _with_text(ctx: Context, row: int) -> Event:
    try:
        found = ctx.store.events.get(row)
    except KeyError:
        found = None
    if found is None or found.digest is None:
        raise Refused(
            f"Row {row} holds nothing that somebody wrote.",
            "Only notes, reasons, pinned messages and titles of a person's own are taken back; what happened stays.",
            "Each row has its number in /aikeys incident show.",
        )
    if found.text is None:
        raise _gone(row)
    return found


def _gone(row: int) -> Refused:
    return Refused(f"Row {row} is gone already.", "Two people have taken it back.", "See: /aikeys incident show")


ROW = re.compile(r"event/([1-9]\d{0,17})")
__all__ = ["REDACTED", "ROW", "agreed", "asked", "variants", "without"]
