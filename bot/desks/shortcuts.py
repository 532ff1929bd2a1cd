"""The shortcuts: a modal with questions to press, from anywhere or on a message. The manifest is made from here.

On a message they are those of the runbook's pages that its words are about, and are answered in its thread, where slash
commands do not work. The modal only ever asks: what changes something is typed.
"""

import asyncio
import json
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import structlog

from bot.clients.slack import Slack, SlackRefused
from bot.context import Caller, Context
from bot.desks.quick import quick
from bot.desks.scribing import Scribing
from bot.door.payload import CHANNEL, TS, part, text
from bot.errors import Refused, Unanswered
from bot.runbook.asking import Does, does
from bot.runbook.reading import Page, pages
from bot.runbook.search import search, titled
from bot.views import shortcut as page
from bot.views.declaring import DECLARE, PIN

log = structlog.get_logger(__name__)

ASK, ABOUT = "aikeys:ask", "aikeys:about"
TOO_LATE = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"})
_PATIENCE = 0.7  # seconds to learn who it is; after that the modal opens empty: a trigger id lives three
_MOST_PAGES = 3
_WORTH = 0.5  # of the best page: a message has many words, and most of them say nothing


@dataclass(frozen=True, slots=True)
class Shortcut:
    """One of the manifest's. *type*: global or message."""

    name: str
    type: str
    callback_id: str
    description: str


SHORTCUTS = (
    Shortcut("Ask AIKeys", "global", ASK, "Press a question about the wallet; the answer comes where you say"),
    Shortcut(
        "What to do about this", "message", ABOUT, "The runbook's pages for this message; answers come in its thread"
    ),
    Shortcut("Declare incident", "global", DECLARE, "Open an incident that no detector saw"),
    Shortcut("Add to timeline", "message", PIN, "Put this message into an incident's timeline, at its own time"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the answers of a modal go; both empty: to whom asked, in a direct message."""

    channel: str = ""
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What the modal shows: *found* pages with their commands, *asks* besides. *about*: it stands on a message."""

    about: bool
    place: Place
    asks: tuple[str, ...] = ()
    found: tuple[tuple[Page, tuple[Does, ...]], ...] = ()
    said: str = ""


def place(payload: Mapping[str, Any]) -> Place:
    """Where a click in the modal is answered: as the modal was opened, or as was picked in it."""
    view = part(payload, "view")
    kept = _kept(view)
    channel, thread = str(kept.get("channel") or ""), str(kept.get("thread") or "")
    for block in part(view, "state", "values").values():
        channel = text(block, page.WHERE, "selected_conversation") or channel
    return _place(channel, thread)


def _place(channel: str, thread: str) -> Place:
    """What a payload names, where it can be one: the modal carries it along, and has room for ids."""
    if not CHANNEL.fullmatch(channel):
        return Place()
    return Place(channel, thread if TS.fullmatch(thread) else "")


class Shortcuts:
    """Opens the modal, and says in it what was asked."""

    def __init__(self, ctx: Context, slack: Slack, scribing: Scribing) -> None:
        self._ctx = ctx
        self._slack = slack
        self._scribing = scribing

    async def open(self, payload: Mapping[str, Any], who: Awaitable[Caller]) -> None:
        """Open it in front of who ran the shortcut *payload*: at once, also while it is not known yet *who* that is.

        Raises Refused where Slack's three seconds are over, Unanswered.
        """
        known = asyncio.ensure_future(who)
        await asyncio.wait({known}, timeout=_PATIENCE)
        opened = None if known.done() else await self._opened(payload, page.waiting())
        caller = await known
        view = self._view(payload, caller.roles) if caller.roles else page.closed(caller.why_none)
        if opened is None:
            await self._opened(payload, view)
        else:
            await self._slack.call("views.update", view_id=text(opened, "id"), hash=text(opened, "hash"), view=view)

    async def _opened(self, payload: Mapping[str, Any], view: dict[str, Any]) -> Mapping[str, Any]:
        try:
            answer = await self._slack.call("views.open", trigger_id=text(payload, "trigger_id"), view=view)
        except SlackRefused as refused:
            if refused.code not in TOO_LATE:
                raise
            raise Refused(
                "The shortcut did not open.", "Slack gives three seconds for that.", "Run it again, or type /aikeys"
            ) from refused
        return part(answer, "view")

    async def asked(self, payload: Mapping[str, Any], roles: frozenset[str], line: str) -> None:
        """Say in the modal that *line* was asked there."""
        view = part(payload, "view")
        kept = _kept(view)
        known = [found for title in _titles(kept) if (found := titled(pages(), title))]
        offer = replace(self._with(known, roles, place(payload)), about=bool(kept.get("thread")), said=line)
        try:
            await self._slack.call(
                "views.update", view_id=text(view, "id"), hash=text(view, "hash"), view=page.modal(offer)
            )
        except Unanswered as error:
            log.info("shortcut.stale", error=str(error))  # closed meanwhile, or clicked again: it is asked all the same

    def _view(self, payload: Mapping[str, Any], roles: frozenset[str]) -> dict[str, Any]:
        return self._scribing.view(payload, roles) or page.modal(self._offer(payload, roles))

    def _offer(self, payload: Mapping[str, Any], roles: frozenset[str]) -> Offer:
        if text(payload, "callback_id") != ABOUT:
            return self._with([], roles, Place())
        message = part(payload, "message")
        here = _place(text(payload, "channel", "id"), text(message, "thread_ts") or text(message, "ts"))
        hits = search(pages(), _said(message))
        found = [hit.page for hit in hits[:_MOST_PAGES] if hit.score >= hits[0].score * _WORTH]
        return replace(self._with(found, roles, here), about=True)

    def _with(self, found: list[Page], roles: frozenset[str], here: Place) -> Offer:
        commands = self._ctx.commands
        shown = tuple((one, does(one, commands)) for one in found)
        named = {line.line for _, lines in shown for line in lines}
        asks = tuple(line for line in quick(commands, roles) if line not in named)
        return Offer(about=False, place=here, asks=asks, found=shown)


def _said(message: Mapping[str, Any]) -> str:
    """The words of a message: another app's alert keeps them in attachments."""
    attached = message.get("attachments")
    more = attached[:5] if isinstance(attached, list) else []
    return " ".join([text(message, "text"), *(text(one, key) for one in more for key in ("title", "text", "fallback"))])


def _kept(view: Mapping[str, Any]) -> dict[str, Any]:
    try:
        kept = json.loads(text(view, "private_metadata") or "{}")
    except ValueError:
        return {}
    return kept if isinstance(kept, dict) else {}


def _titles(kept: Mapping[str, Any]) -> list[str]:
    titles = kept.get("pages")
    return [str(title) for title in titles[:_MOST_PAGES]] if isinstance(titles, list) else []
