"""What the bot does for its own sake, put together: alerts from elsewhere judged, itself watched, its beat sent."""

from collections.abc import Callable, Sequence

from bot.clients.heartbeat import Heartbeat
from bot.clients.slack import Slack
from bot.clockwork.rounds import Every
from bot.context import Context
from bot.detectors import load
from bot.incidents.alerting import Alerts
from bot.incoming.telling import Telling
from bot.own import away, beating, watching
from bot.own.facts import Dates
from bot.post.outbox import Outbox
from store.alerts import Arrived


class Own:
    """`begin` once, before a timer fires; `close` when nothing of it runs any more. *holds*: see bot.own.beating."""

    def __init__(self, ctx: Context, alerts: Alerts, outbox: Outbox, slack: Slack, holds: Callable[[], str]) -> None:
        settings, dates = ctx.settings, Dates(ctx.clock)
        slack.heard = lambda date: dates.note("Slack", date)
        ctx.supabase.tell_dates(lambda date: dates.note("Supabase", date))
        self.telling = Telling(ctx.store, ctx.clock, alerts, settings.alerts_hosts)
        self.mirror = watching.Mirror(ctx, alerts, outbox, dates)
        self._away = away.Away(ctx, outbox, alerts, {one.id: one.title for one in load()})
        self._heartbeat: Heartbeat | None = None
        if settings.heartbeat_url is not None:
            self._heartbeat = Heartbeat(settings.heartbeat_url.get_secret_value(), ctx.clock)
        self._holds = holds

    def begin(self, every: Every) -> None:
        """Begin its rounds."""
        self._away.begin()
        every(1, "alerts", self.telling.round, first=1)
        every(watching.EVERY, "watch-own", self.mirror.round, first=watching.EVERY)
        every(away.EVERY, "alive", self._away.round, first=3)
        if self._heartbeat is not None:
            every(beating.EVERY, "heartbeat", beating.Beating(self._heartbeat, self._hold).round, first=2)

    def come(self, batch: Sequence[Arrived]) -> None:
        """*batch* of alerts has just been committed."""
        self.telling.come(batch)

    async def close(self) -> None:
        """Close the connections."""
        if self._heartbeat is not None:
            await self._heartbeat.close()

    def _hold(self) -> str:
        return self._holds() or ("Slack takes nothing" if self.mirror.mute else "")
