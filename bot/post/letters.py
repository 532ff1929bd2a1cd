"""Letters that are messages (bot.post.outbox): posted, changed, and looked for where Slack did not confirm the post."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.clients.slack import Slack, SlackLimited, SlackRefused, SlackUncertain
from bot.clock import Clock
from bot.post.posting import BAD_CARD, CLOSED_DOORS, GONE, ever_simpler
from bot.post.turns import Turns
from bot.views.blocks import context
from store.letter import Letter, Urgency
from store.outbox import Outbox as Rows

log = structlog.get_logger(__name__)

LETTER_EVENT = "aikeys_letter"  # metadata.event_type
GAP = 1.0  # seconds between two edits of one message
PAGES = 5  # of 100 messages, looked through for one that may have been posted
BEFORE = 5.0  # seconds that Slack's clock may be behind ours
TWICE = "Slack did not confirm my first attempt and I may not look: this may appear twice."
AGAIN = (2.0, 2.0, 5.0, 15.0, 60.0)  # seconds until the next try; stays at the last
LIMITED = "ratelimited"  # why a letter waits whose place rests; store.outbox: hurry_heard
AGAIN_P0 = AGAIN[:-1]  # Slack may be back just now, and nothing else may be there to notice it

# Slack's errors that pass by themselves; with any other the letter can never be posted (docs.slack.dev: errors).
PASSING = frozenset({
    "accesslimited", "fatal_error", "internal_error", "ratelimited", "rate_limited", "request_timeout",
    "service_unavailable", "team_added_to_org", "message_limit_exceeded", "token_expired", "token_revoked",
    "account_inactive", "invalid_auth", "not_authed",
})  # fmt: skip


def later(letter: Letter, clock: Clock) -> datetime:
    """When to try *letter* again."""
    again = AGAIN_P0 if letter.urgency is Urgency.P0 else AGAIN
    return clock.now() + timedelta(seconds=again[min(letter.tries, len(again) - 1)])


class Letters:
    """Sends them. *move* takes to the channel *elsewhere* what a channel turns away."""

    def __init__(
        self,
        rows: Rows,
        slack: Slack,
        clock: Clock,
        move: Callable[[Letter, str, str], None],
        turns: Turns,
        *,
        can_look: bool,
        elsewhere: str | None,
    ) -> None:
        self._rows = rows
        self._slack = slack
        self._clock = clock
        self._move = move
        self._turns = turns
        self._can_look = can_look
        self._elsewhere = elsewhere

    async def send(self, letter: Letter) -> None:
        """Bring it a step further. Raises SlackUncertain."""
        if letter.state == "posted":
            await self._edit(letter)
        elif letter.state == "trying":
            await self._look(letter)
        else:
            await self._post(letter)

    async def _post(self, letter: Letter, note: str = "") -> None:
        self._rows.trying(letter, self._clock.now())
        log.debug("letter.intent", letter=letter.key)
        self._turns.begun(letter)
        body = letter.body
        if note:
            extra = (
                {"blocks": [*body["blocks"], context(note)]}
                if "blocks" in body
                else {"text": f"{body['text']}\n{note}"}
            )
            body = body | extra
        arguments: dict[str, Any] = body | {
            "channel": letter.channel,
            "unfurl_links": False,
            "unfurl_media": False,
            "metadata": {"event_type": LETTER_EVENT, "event_payload": {"key": letter.key}},
        }
        if letter.thread:
            arguments["thread_ts"] = letter.thread
        try:
            said = await self._simpler("chat.postMessage", arguments)
        except SlackLimited as error:
            self._turned_away(letter, error)
            return
        except SlackRefused as error:
            if error.code in PASSING:
                self._rows.refused(letter, later(letter, self._clock), error.code)
            elif self._elsewhere and _closed(error.code) and _may_move(letter, self._elsewhere):
                self._move(letter, self._elsewhere, error.code)
            else:
                log.error("letter.undeliverable", letter=letter.key, reason=error.code)  # noqa: TRY400  # the code says it
                self._rows.give_up(letter, error.code)
            return
        log.debug("letter.effect", letter=letter.key)
        self._rows.posted(letter, str(said["channel"]), str(said["ts"]))
        log.debug("letter.result", letter=letter.key)

    async def _simpler(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """Call it; where Slack does not take the card, with less of it: better plain than nowhere."""
        *cards, words = ever_simpler(arguments)
        for said in cards:
            try:
                return await self._slack.once(method, **said)
            except SlackRefused as error:
                if error.code not in BAD_CARD:
                    raise
                log.error("letter.simpler", method=method, reason=error.code)  # noqa: TRY400  # ours to mend
        return await self._slack.once(method, **words)

    def _turned_away(self, letter: Letter, error: SlackLimited) -> None:
        """Nothing was done. It waits with the others that go there, not in the way of those that go elsewhere."""
        rests = self._turns.limited(letter, error.seconds)
        self._rows.untried(letter, self._clock.now() + timedelta(seconds=rests), LIMITED)

    async def _edit(self, letter: Letter) -> None:
        self._turns.begun(letter)
        try:
            await self._simpler("chat.update", {"channel": letter.channel, "ts": letter.ts} | letter.body)
        except SlackLimited as error:
            self._turned_away(letter, error)
            return
        except SlackRefused as error:
            if error.code in PASSING:
                self._rows.put_off(letter, later(letter, self._clock), error.code)
            else:
                if error.code not in GONE:
                    log.error("letter.unedited", letter=letter.key, reason=error.code)  # noqa: TRY400  # the code says it
                self._rows.gone(letter)
            return
        self._rows.edited(letter)
        # What follows at once becomes one edit: Slack takes 50 chat.update a minute (docs.slack.dev, tier 3).
        self._rows.put_off(letter, self._clock.now() + timedelta(seconds=GAP), "")
        log.debug("letter.edited", letter=letter.key)

    async def _look(self, letter: Letter) -> None:
        """Look for a post whose fate is unknown; send it again only where it is certainly not there."""
        found = await self._found(letter) if self._can_look and not _direct(letter) else None
        if found is None:
            await self._post(letter, TWICE)
        elif found:
            self._rows.found(letter, letter.channel, found)
            log.info("letter.found", letter=letter.key)
        else:
            self._rows.missed(letter)

    async def _found(self, letter: Letter) -> str | None:
        """The ts of it, empty where it is not there, None where it may not be looked for. Raises SlackUncertain."""
        since = (letter.first_try or self._clock.now()).timestamp() - BEFORE
        where: dict[str, Any] = {
            "channel": letter.channel,
            "limit": 100,
            "oldest": f"{since:.6f}",
            "include_all_metadata": True,
        }
        method = "conversations.replies" if letter.thread else "conversations.history"
        if letter.thread:
            where["ts"] = letter.thread
        for _ in range(PAGES):
            try:
                seen = await self._slack.call(method, **where)
            except SlackRefused as error:
                if error.code not in PASSING:
                    return None
                raise SlackUncertain(f"Slack does not let me look now: {error.code}") from error
            for message in seen.get("messages", []):
                metadata = message.get("metadata") or {}
                mine = (metadata.get("event_payload") or {}).get("key") == letter.key
                if mine and metadata.get("event_type") == LETTER_EVENT:
                    return str(message["ts"])
            cursor = (seen.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return ""
            where["cursor"] = cursor
        raise SlackUncertain("too much was said since to look through")


def _closed(code: str) -> bool:
    """Slack will not have it in that channel, whatever it says: no seat, archived, or only some may post."""
    return code in CLOSED_DOORS or code.startswith("restricted_action")


def _may_move(letter: Letter, channel: str) -> bool:
    """What begins a thread of its own; a direct message and an answer in a thread belong where they are."""
    return letter.thread is None and not _direct(letter) and letter.channel != channel


def _direct(letter: Letter) -> bool:
    """A direct message, whose channel's id is not known before the first is posted, so that it cannot be looked for."""
    return letter.channel.startswith(("U", "W"))
