"""A P0's own channel: made, named, its people asked in, its card pinned. Each step may be repeated without harm.

Slack has no idempotency key for conversations.create either: where a try may have made the channel, its name is taken,
and the one of that name that the bot made and no incident has is ours (docs.slack.dev: name_taken).
"""

import re
from typing import Any

from bot.clients.slack import Slack, SlackRefused
from bot.detectors import security_breach
from bot.incidents.about import ROOM
from bot.incidents.errands import Cannot, Did, Later, Outcome
from bot.incidents.team import Team
from bot.post.letters import PASSING
from bot.post.outbox import Outbox
from bot.views.blocks import one_line
from bot.views.rooms import checksum, topic
from store.database import Store
from store.errands import Errand
from store.incidents import Incident

TOPIC, PIN, INVITE = "room/topic", "room/pin", "room/invite"
_LENGTH = 80  # docs.slack.dev: conversations.create, a-z 0-9 - _
_NAMES = 9  # tried: inc-20261125-database-outage, then with -2 …
_PAGES, _PAGE = 20, 500  # channels looked through for one of ours
_SECURITY = frozenset(one.id for one in security_breach.DETECTORS)
_SECRET = re.compile(r"breach|leak|stolen|secur|attack|compromis|intru|hack", re.IGNORECASE)
_THERE = frozenset({"already_in_channel", "cant_invite_self"})


class Rooms:
    """Makes them. *bot_user*: the bot's own id, by which it knows what it made."""

    def __init__(self, store: Store, slack: Slack, outbox: Outbox, team: Team, bot_user: str) -> None:
        self._store = store
        self._slack = slack
        self._outbox = outbox
        self._team = team
        self._bot_user = bot_user

    async def make(self, errand: Errand, incident: Incident) -> Outcome:
        """The channel; then its topic, its people, its pin."""
        hidden = private(incident)
        for name in names(incident):
            try:
                made = await self._slack.call("conversations.create", name=name, is_private=hidden)
            except SlackRefused as error:
                if error.code != "name_taken":
                    return refused(error, "groups:write" if hidden else "channels:manage")
                found = await self._ours(name, hidden=hidden) if errand.tries else ""
                if not found:
                    continue
                channel = found
            else:
                channel = str(made["channel"]["id"])
            people = [
                self._team.lead, *self._team.on_call, incident.acked_by, incident.opened_by, incident.commander,
                incident.scribe,
            ]  # fmt: skip
            invited = [f"{INVITE}/{one}" for one in dict.fromkeys(people) if one and one != "bot"]
            return Did(_called(name, incident), data={"channel": channel}, then=(TOPIC, PIN, *invited))
        return Cannot("its names are all taken")

    async def set_topic(self, _: Errand, incident: Incident) -> Outcome:
        """What it is about and how it stands; at most 250 characters."""
        words = topic(incident)
        try:
            await self._slack.call("conversations.setTopic", channel=self._room(incident), topic=words)
        except SlackRefused as error:
            return refused(error, "channels:manage")
        return Did(data={"said": checksum(words)})

    async def invite(self, errand: Errand, incident: Incident) -> Outcome:
        """One person, or the people of a user group."""
        who = errand.name.rpartition("/")[2]
        try:
            people = await self._members(who) if who.startswith("S") else [who]
        except SlackRefused as error:
            return refused(error, "usergroups:read")
        trouble: list[Outcome] = []
        for one in people:  # each alone: with several names one bad name fails the whole call
            try:
                await self._slack.call("conversations.invite", channel=self._room(incident), users=one)
            except SlackRefused as error:
                if error.code not in _THERE:
                    trouble.append(refused(error, "channels:manage"))
        return trouble[0] if trouble else Did()

    async def pin(self, _: Errand, incident: Incident) -> Outcome:
        """The card, once it stands there."""
        where = self._outbox.where(f"{incident.subject}/room")
        if where is None:
            return Later("its card is not posted yet", 1.0)
        try:
            await self._slack.call("pins.add", channel=where[0], timestamp=where[1])
        except SlackRefused as error:
            return Did() if error.code == "already_pinned" else refused(error, "pins:write")
        return Did()

    def _room(self, incident: Incident) -> str:
        errand = self._store.errands.get(incident.subject, ROOM)
        return str(errand.data.get("channel", "")) if errand is not None else ""

    async def _members(self, group: str) -> list[str]:
        users = (await self._slack.call("usergroups.users.list", usergroup=group)).get("users")
        return [str(one) for one in users] if isinstance(users, list) else []

    async def _ours(self, name: str, *, hidden: bool) -> str:
        """The id of the channel *name* where the bot made it and no incident has it; else empty."""
        where: dict[str, Any] = {"limit": _PAGE, "types": "private_channel" if hidden else "public_channel"}
        for _ in range(_PAGES):
            try:
                seen = await self._slack.call("conversations.list", **where)
            except SlackRefused:
                return ""  # it may not look: another name then, and an empty channel is left behind
            for one in seen.get("channels", []):
                mine = one.get("name") == name and one.get("creator") == self._bot_user
                if mine and not one.get("is_archived") and not self._store.errands.owner_of(str(one["id"])):
                    return str(one["id"])
            cursor = (seen.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                break
            where["cursor"] = cursor
        return ""


def _called(name: str, incident: Incident) -> str:
    """Its name, for the timeline; of a title that a person gave nothing: the timeline could not take it back."""
    return f"#{name}" if incident.opened_by == "bot" else ""


def names(incident: Incident) -> list[str]:
    """The names that its channel may have, the first first: inc-YYYYMMDD-slug, in UTC."""
    slug = re.sub(r"[^a-z0-9]+", "-", one_line(incident.title, 120).lower()).strip("-") or f"incident-{incident.number}"
    base = f"inc-{incident.opened_at:%Y%m%d}-{slug}"[: _LENGTH - 2].rstrip("-")
    return [base, *(f"{base}-{number}" for number in range(2, _NAMES + 1))]


def private(incident: Incident) -> bool:
    """About security: who may have done it must not read along. In doubt so, where a person has put it in words."""
    return incident.dedup_key in _SECURITY or bool(_SECRET.search(incident.title))


def refused(error: SlackRefused, scope: str) -> Outcome:
    """What Slack's no means."""
    if error.code in PASSING:
        return Later(f"Slack said {error.code}")
    if error.code == "missing_scope":
        return Cannot(f"Slack did not grant {scope}")
    return Cannot(f"Slack said {error.code[:60]}")
