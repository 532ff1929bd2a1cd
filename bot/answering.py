"""Everything that answers: Bolt, the router, the commands, and what the bot does by itself.

Imported once Slack is heard (bot.app): loading Bolt, the views and the commands would delay that by a third.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.cards import LetterCards
from bot.changes import TICK, Changes
from bot.clients.mail import Mailer
from bot.clients.slack import Slack
from bot.clockwork.rounds import Rounds
from bot.context import Context
from bot.deploys.procedure import procedures
from bot.deploys.watching import watch
from bot.desks.approving import Approving, anew
from bot.desks.asking import Desk
from bot.desks.deciding import Decisions
from bot.desks.doubting import Doubts
from bot.desks.home import Home
from bot.desks.replying import Replying
from bot.desks.rotating import Rotating
from bot.desks.scribing import Scribing
from bot.desks.shortcuts import Shortcuts
from bot.desks.signing import Signing
from bot.desks.silencing import Silencing
from bot.desks.submitting import Submitting
from bot.door.inbox import Delivery
from bot.incidents.alerting import Alerts
from bot.incidents.asking import EACH
from bot.incidents.errands import Errands
from bot.incidents.procedure import doing
from bot.incidents.quieting import Quieting
from bot.incidents.reach import Reach
from bot.incidents.seeing import Eyes
from bot.incidents.team import team
from bot.incidents.watch import Watch
from bot.logbook.following import Followers
from bot.migrations import procedure as migrating
from bot.own.edited import Alarm
from bot.own.keeping import Own
from bot.own.upkeep import Upkeep
from bot.restoring import procedure as restoring
from bot.reviews.evidence import gather
from bot.reviews.letters import ReviewLetters
from bot.reviews.reviewing import Reviewing
from bot.rights.places import Places
from bot.rights.roles import Roles
from bot.rotations.procedure import procedure
from bot.rotations.steps import again
from bot.router import Router
from bot.settings import Settings
from bot.slack import dispatcher
from bot.sources import Sources
from bot.start.startup import Identity
from bot.vault import Box, Vault
from bot.vault.door import Door
from bot.vault.entering import Entering
from bot.vault.receiving import Wanted
from bot.views import entry

DRAIN = 20.0  # seconds for the step of an operation that is under way when the bot is told to stop


class Answering:
    """`dispatch` takes a delivery to its end; what the bot does by itself begins with `start`."""

    def __init__(
        self,
        ctx: Context,
        slack: Slack,
        client: AsyncWebClient,
        who: Identity,
        *,
        also_close: Sequence[Callable[[], Awaitable[None]]] = (),
        holds: Callable[[], str] = lambda: "",
    ) -> None:
        self._also_close = also_close
        self.changes = Changes(
            ctx.store,
            slack,
            ctx.clock,
            project=ctx.target.ref,
            can_look="channels:history" in who.scopes,
            alone=ctx.settings.alone,
            elsewhere=ctx.settings.ops_channel,
            mailer=(mailer := _mailer(ctx.settings)),
            cards=lambda outbox: LetterCards(ctx.store, outbox, ReviewLetters(ctx.store, outbox, ctx.settings)),
        )
        source = ctx.settings.source
        self._followers = Followers(ctx.clock)
        roles = Roles(ctx.settings, slack, ctx.clock, who.team_id, named=ctx.store.people.keep)
        self.changes.requests.anew = anew(roles)
        alerts = Alerts(
            ctx.store,
            ctx.clock,
            self.changes.outbox,
            self.changes.timers,
            p0=ctx.settings.incident_channel or "",
            p1=ctx.settings.ops_channel or "",
            team=team(ctx.settings, ctx.target),
        )
        alerts.ends.append(lambda _: self.changes.requests.redraw_waiting())
        self.changes.edited(alarm := Alarm(ctx.store, ctx.clock, self.changes.outbox, alerts))
        self._ctx = ctx = replace(
            ctx,
            changes=self.changes,
            roles=roles,
            alerts=alerts,
            places=Places(ctx.settings, slack, ctx.clock, lambda one: bool(ctx.store.errands.owner_of(one))),
            followers=self._followers,
            vault=(vault := Vault(ctx.clock, Box(ctx.settings.data))),
            sources=Sources(source, ctx.settings.data, ctx.clock, ctx.target.ref) if source else None,
        )
        self._vault = vault
        self._rotating = Rotating(ctx, slack, vault)
        self._ctx = ctx = replace(ctx, rotations=self._rotating.kit)
        self._errands = Errands(ctx.store, ctx.clock, alerts.redraw)
        self._errands.does.update(doing(ctx, slack, self.changes.outbox, alerts.help, who.bot_user))
        self._reach = Reach(ctx.store, slack, ctx.clock, alerts.help)
        self.changes.procedures.update(procedures(ctx))
        self.changes.procedures.update(restoring.procedures(ctx))
        self.changes.procedures["rotate"] = procedure(self._rotating.kit)
        self.changes.procedures.update(migrating.procedures(ctx))
        watch(ctx, self.changes)
        self.reviewing = Reviewing(
            ctx.store,
            ctx.clock,
            self.changes.timers,
            lambda kind, now: gather(ctx, kind, now),
            ReviewLetters(ctx.store, self.changes.outbox, ctx.settings).show,
            zone=ctx.settings.zone,
            lead=ctx.settings.lead or "",
            signed=lambda review: self.changes.requests.redraw(review.of),
        )
        self._approving = Approving(ctx, slack, self.changes)
        self._entering = Entering(ctx, slack, vault, again=again)
        self.door = Door(ctx.settings.data, self._entering, vault, self._entered_by_shell, ctx.clock)
        scribing = Scribing(ctx, slack)
        silencing = Silencing(ctx, slack, Quieting(ctx.store, ctx.clock, self.changes.timers, alerts))
        decisions = Decisions(
            ctx,
            self.changes,
            self._approving,
            [Signing(slack, self.reviewing), self._entering, self._rotating, scribing, silencing],
        )
        self.own = Own(ctx, alerts, self.changes.outbox, slack, holds)
        self._upkeep = Upkeep(ctx, alerts, slack, mailer, who.bot_id)
        self.watch = Watch(ctx, Eyes(ctx, alerts))
        self._home = Home(ctx, slack, roles, self.watch.looked)
        replies = Replying(Desk(ctx, ctx.commands), slack, ctx.store.inbox, roles, who)
        self._doubts = Doubts(replies, alarm)
        router = Router(
            replies=replies,
            decisions=decisions,
            tab=self._home,
            shortcuts=Shortcuts(ctx, slack, scribing),
            scribing=scribing,
            submitting=Submitting(replies, decisions),
        )
        self._dispatch = dispatcher(client, who, router)
        self._rounds = Rounds(ctx.clock)

    async def dispatch(self, delivery: Delivery) -> dict[str, Any]:
        """Take it through Bolt and the router; return the ack's payload, which only a modal's submission needs."""
        return {} if await self._doubts.take(delivery) else await self._dispatch(delivery)

    def start(self) -> None:
        """Begin what the bot does by itself."""
        ctx, every = self._ctx, self._rounds.every
        self.own.begin(every)  # before a timer fires
        every(ctx.settings.look_every / EACH, "watch", self.watch.round, first=1)
        every(60, "home", self._home.round, first=30)  # between two looks
        self._upkeep.begin(every)
        every(5, "vault", self._vault.round, first=5)
        every(5, "rotations", self._rotating.round, first=5)
        self._errands.open()
        every(TICK, "errands", self._errands.round)
        every(5, "reach", self._reach.round, first=5)
        self.changes.open(self._rounds)
        self.reviewing.open(self._rounds)

    def drain(self) -> None:
        """Begin nothing more that changes something."""
        self.changes.drain()
        self._rotating.drain()
        self._followers.close()

    async def close(self) -> None:
        """End it: no more rounds, then the step under way, then what is still to be said."""
        await self._rounds.close()
        await self.own.close()
        await self.door.close()
        await self._approving.settled()
        await self._entering.settled()
        await self._errands.close()
        await self.changes.close(DRAIN)
        self._vault.close()
        await self._rotating.close()
        for close in self._also_close:
            await close()

    def _entered_by_shell(self, what: Wanted, uid: int) -> None:
        """Who asked hears of it: the machine knows a user, and not which person that is."""
        self.changes.outbox.say(f"{what.approval}/shell", what.by, entry.by_shell(what, uid))


def _mailer(settings: Settings) -> Mailer | None:
    if settings.smtp_url is None:
        return None
    return Mailer(settings.smtp_url.get_secret_value(), settings.mail_from or "")
