"""The bot's own eyes: look, detect, decide, record. Quick at what kills, thorough at the rest, sooner in doubt."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from bot.clients.errors import Failure
from bot.context import Context
from bot.deploys.record import FINISHED
from bot.detectors import Calm, Detector, Known, Sight, World, load, looked
from bot.health.answers import ASKED_FOR, Answers, FunctionsSeen, Part
from bot.health.look import Checkup, look
from bot.incidents.alerting import ATTRIBUTED, Alerts
from bot.incidents.deciding import BLIND, Opened, Track, blindness, decide
from store.errors import TooLate
from store.operations import Operation

log = structlog.get_logger(__name__)

PATIENCE = 5.0  # seconds: what hangs for longer has failed, for the watch (the owners: /health slower than 5 s)
CONFIRM = 5.0  # seconds until the next look while something may be beginning
HURRIES = 12  # looks in a row at that pace: a minute; what is neither confirmed nor gone by then keeps the usual pace
OURS = timedelta(minutes=5)  # after an operation: what it touched settles


def _elsewhere(_answers: Answers, _world: World) -> Sight:
    """Blindness is seen in the tracks of the others (bot.incidents.deciding.blindness)."""
    return Calm()


_BLIND = Detector(BLIND, "P1", "My watch is blind in part", "Warning Issues (P1)", _elsewhere, confirm=1, span=0)


class Eyes:
    """Keeps the tracks. A restart begins them anew: what is open stays open, what is pending is confirmed again."""

    def __init__(self, ctx: Context, alerts: Alerts) -> None:
        self._ctx = ctx
        self._alerts = alerts
        self._detectors = load()
        self._tracks: Mapping[str, Track] = {}

    async def look(self, part: Part | None) -> Checkup | None:
        """Look, and again every five seconds while something may be beginning. Return the last look."""
        for _ in range(HURRIES):
            seen, hurry = await self.once(part)
            if not hurry:
                break
            await self._ctx.clock.sleep(CONFIRM)
        return seen

    async def once(self, part: Part | None) -> tuple[Checkup | None, bool]:
        """One look, and whether something may be beginning."""
        seen, answers = None, Answers()
        async for checkup in look(self._ctx, part, give_up=PATIENCE):
            seen, answers = checkup, checkup.answers
        now = self._ctx.clock.now()
        sights = looked(self._detectors, answers, self._world(answers, now), ASKED_FOR[part])
        return seen, self._decide(sights, now)

    def _decide(self, sights: Mapping[str, Sight], now: datetime) -> bool:
        past = self._alerts.past((*self._detectors, _BLIND))
        found = decide(self._detectors, sights, self._tracks, past, now)
        open_now = {id_ for id_, one in past.items() if one.open}
        open_now |= {one.id for one in found.changes if isinstance(one, Opened)}
        blind = {BLIND: blindness(self._detectors, found.tracks, sights, open_now, now)}
        more = decide((_BLIND,), blind, found.tracks, past, now)
        self._tracks = more.tracks
        self._alerts.seen_now = frozenset(id_ for id_, track in self._tracks.items() if track.bad)
        titles = {one.id: one.title for one in self._detectors}
        for change in (*found.changes, *more.changes):
            try:
                self._alerts.heed(change, titles)
            except TooLate:
                log.info("incident.overtaken", change=type(change).__name__)
        return found.hurry

    def _world(self, answers: Answers, now: datetime) -> World:
        seen = answers.functions
        listed = () if not isinstance(seen, FunctionsSeen) or isinstance(seen.listed, Failure) else seen.listed
        recorded = {one.slug: known for one in listed if (known := self._known(one.slug)) is not None}
        last = self._ctx.store.operations.recent(1)
        return World(recorded, changing=bool(last) and _changing(last[0], now))

    def _known(self, slug: str) -> Known | None:
        events = self._ctx.store.events
        found = [events.latest(kind, f"function/{slug}") for kind in (FINISHED, ATTRIBUTED)]
        newest = max((one for one in found if one is not None), key=lambda one: one.id, default=None)
        if newest is None or newest.data.get("version") is None:
            return None
        data = newest.data
        sha = str(data.get("ezbr_sha256") or data.get("sha") or "")
        return Known(int(data["version"]), sha, data.get("verify_jwt"))


def _changing(operation: Operation, now: datetime) -> bool:
    ended = [one.ended_at for one in operation.attempts if one.ended_at is not None]
    return not operation.over or (bool(ended) and now - max(ended) < OURS)
