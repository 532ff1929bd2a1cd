"""The Home tab: what it shows is gathered from memory alone, so that it is there with everything upstream down.

It is drawn when it is opened, after a click on it, and once a minute for a quarter of an hour after that: Slack does
not say when somebody leaves it. Each drawing names the one it replaces (`hash`): an older one never covers a newer one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.approvals.objection import Act, Click, World, objection
from bot.clients.slack import Slack, SlackRefused
from bot.context import Context, Target
from bot.desks.quick import quick
from bot.door.payload import text
from bot.errors import Unanswered
from bot.health.look import Checkup
from bot.post.links import Links
from bot.rights.roles import Roles
from bot.rights.standing import operates
from bot.version import version
from bot.views import home as page
from store.approvals import Approval
from store.errors import StoreError
from store.operations import Freeze, Operation
from store.quiet import Silence
from store.reviews import Review
from store.views import OpenIncident

log = structlog.get_logger(__name__)

STAYS = timedelta(minutes=15)  # how long an opened tab is kept up to date
MOST_OPEN = 20  # tabs kept up to date: views.publish takes a hundred calls a minute (docs.slack.dev, tier 4)


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody's Home shows. *looked*: the bot's own last look; *fresh* false where it is older than it should be.

    *decide*: requests that wait for this person; *agree*: silences that do; *mine*: what they asked for; *others*: how
    many more wait. By subject: *has*, who acknowledged an incident; *links* to the cards. *readable* false: the memory
    could not be read, and the lists say nothing.
    """

    target: Target
    user: str
    roles: frozenset[str]
    at: datetime
    looked: Checkup | None = None
    fresh: bool = True
    incidents: tuple[OpenIncident, ...] = ()
    has: Mapping[str, str] = field(default_factory=dict)
    decide: tuple[Approval, ...] = ()
    agree: tuple[Silence, ...] = ()
    mine: tuple[Approval, ...] = ()
    others: int = 0
    running: tuple[Operation, ...] = ()
    freeze: Freeze | None = None
    reviews: tuple[Review, ...] = ()
    links: dict[str, str] = field(default_factory=dict)
    asks: tuple[str, ...] = ()
    readable: bool = True
    version: str = ""


@dataclass(slots=True)
class _Open:
    team: str
    since: datetime
    hash: str


class Home:
    """Draws it. *looked* gives the bot's own last look and whether it is as young as it should be."""

    def __init__(
        self, ctx: Context, slack: Slack, roles: Roles, looked: Callable[[], tuple[Checkup | None, bool]]
    ) -> None:
        self._ctx = ctx
        self._slack = slack
        self._roles = roles
        self._looked = looked
        self._open: dict[str, _Open] = {}
        self._links = Links(ctx.store, slack)

    async def draw(self, user: str, team: str, replaces: str, said: str = "") -> None:
        """Publish it for *user* of *team*, over the view whose hash is *replaces* ("": whatever stands there).

        *said* is a line that they have just asked by a click. Raises Unanswered where Slack does not take it.
        """
        grant = await self._roles.of(user, team)
        view = page.view(await self._seen(user, grant.roles), said) if grant.roles else page.closed()
        guard = {"hash": replaces} if replaces else {}
        try:
            published = await self._slack.call("views.publish", user_id=user, view=view, **guard)
        except SlackRefused as refused:
            if refused.code != "hash_conflict":
                raise
            log.info("home.superseded")  # something newer stands there
            return
        self._open.pop(user, None)  # the youngest last
        self._open[user] = _Open(team, self._ctx.clock.now(), text(published, "view", "hash"))
        for old in list(self._open)[:-MOST_OPEN]:
            del self._open[old]

    async def clicked(self, payload: Mapping[str, Any], line: str = "") -> None:
        """Draw it again after a click on it; *line* was asked there. Without an answer of Slack's it stays as it is."""
        team = text(payload, "user", "team_id") or text(payload, "team", "id")
        try:
            await self.draw(text(payload, "user", "id"), team, text(payload, "view", "hash"), line)
        except Unanswered as error:
            log.info("home.stale", error=str(error))  # what was clicked is done all the same

    async def round(self) -> None:
        """Once more for those who have opened it lately: what stands there may have changed meanwhile."""
        for user, tab in list(self._open.items()):
            if self._ctx.clock.now() - tab.since > STAYS:
                self._open.pop(user, None)
                continue
            since = tab.since
            try:
                await self.draw(user, tab.team, tab.hash)
            except Unanswered as error:
                log.info("home.stale", error=str(error))
            if user in self._open:
                self._open[user].since = since

    async def _seen(self, user: str, roles: frozenset[str]) -> Seen:
        ctx = self._ctx
        looked, fresh = self._looked()
        now, asks = ctx.clock.now(), tuple(quick(ctx.commands, roles))
        bare = Seen(ctx.target, user, roles, now, looked, fresh, asks=asks, version=version())
        try:
            seen = self._remembered(bare)
        except StoreError as error:
            log.warning("home.unreadable", error=str(error))
            return replace(bare, readable=False)
        carded = [one.subject for some in (seen.incidents, seen.decide, seen.mine, seen.reviews) for one in some]
        carded += [one.incident for one in seen.agree]
        seen.links.update(await self._links.to(carded))
        return seen

    def _remembered(self, bare: Seen) -> Seen:
        store, alone = self._ctx.store, self._ctx.settings.alone
        pending = [one for one in store.approvals.pending() if bare.at < one.expires_at]
        click = Click(bare.user, Act.APPROVE, bare.roles)
        decide = tuple(one for one in pending if objection(one, click, bare.at, World(alone=alone)) is None)
        mine = tuple(one for one in pending if one.requested_by == bare.user and one not in decide)
        incidents = tuple(store.events.open_incidents())
        has = {one.subject: user for one in incidents if (user := store.incidents.of(one.subject).acked_by)}
        return replace(
            bare,
            incidents=incidents,
            has=has,
            decide=decide,
            agree=tuple(
                one
                for one in store.quiet.silences()
                if one.state == "asked" and bare.at < one.until and one.asked_by != bare.user and operates(bare.roles)
            ),
            mine=mine,
            others=len(pending) - len(decide) - len(mine),
            running=tuple(store.operations.running()),
            freeze=store.operations.frozen(bare.at),
            reviews=tuple(store.reviews.open()),
        )
