"""The bot's own eyes: look, detect, decide, record. What is due, and sooner what may be beginning."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.clients.errors import Failure
from bot.context import Context
from bot.deploys.record import FINISHED
from bot.detectors import Asks, Detector, Known, Sight, World, load, looked
from bot.health.answers import Answers, FunctionsSeen, Question
from bot.incidents.alerting import Alerts
from bot.incidents.asking import ALL, EVERY, SECOND, ask_all
from bot.incidents.deciding import gravity
from bot.incidents.judging import BLIND_DETECTOR, judge
from bot.incidents.maintenance import muted
from bot.incidents.recording import packed
from bot.incidents.states import ATTRIBUTED, BASELINE, FUNCTION, States, touched
from bot.incidents.tracks import Track, swing
from bot.incidents.usual import Usual
from bot.incidents.watched import Looks
from bot.incidents.wider import Answered
from bot.questions.token import kind
from store.errors import StoreError, TooLate
from store.incidents import FLAPPING

log = structlog.get_logger(__name__)

PATIENCE = 5.0  # seconds: what hangs for longer has failed, for the watch (the owners: /health slower than 5 s)
CONFIRM = 5.0  # seconds from one look to the next while something may be beginning
HURRIES = 12  # looks in a row at that pace: a minute; then it is the turn of all else that is due
KILLS = SECOND | {Question.WALLET}  # asked along whenever there is a hurry


def unanswered(detectors: Iterable[Detector], tracks: Mapping[str, Track]) -> frozenset[Asks]:
    """What is asked seldom and got no answer: in an hour the bot would call itself blind for one slip. Pure."""
    blind = {id_ for id_, one in tracks.items() if one.blind_since}
    wanted = [one.needs for one in detectors if one.id in blind]
    return frozenset(one for needs in wanted for one in needs if EVERY[one] > EVERY[Question.SECRETS])


@dataclass(frozen=True, slots=True)
class Glimpse:
    """One look as it was: what was asked, what came back, what was true inside the bot."""

    at: datetime
    asked: frozenset[Asks]
    answers: Answers
    world: World


class Eyes:
    """Keeps the tracks. A restart begins them anew: what is open stays open, what is pending is confirmed again."""

    def __init__(self, ctx: Context, alerts: Alerts) -> None:
        self._ctx = ctx
        self._alerts = alerts
        self._detectors = load(ctx.settings.tuning, external=ctx.settings.external_deploys == "expected")
        self._tracks: Mapping[str, Track] = {}
        self._sights: Mapping[str, Sight] = {}  # the last of each detector
        self._states = States(ctx.store)
        self._usual = Usual(ctx.store)
        self._slugs: tuple[str, ...] = ()  # of the functions as listed last
        self._token_ends = kind(ctx.settings.supabase_access_token.get_secret_value()).expires
        alerts.called_right = self._states.forget

    async def look(self, asked: frozenset[Asks]) -> Glimpse:
        """Look, and again every five seconds at what may be beginning. Return the first look."""
        clock = self._ctx.clock
        began = clock.monotonic()
        first, hurry = await self.once(asked | unanswered(self._detectors, self._tracks))
        for _ in range(HURRIES - 1):
            if not hurry:
                break
            await clock.sleep(max(0.0, CONFIRM - (clock.monotonic() - began)))
            began = clock.monotonic()
            _, hurry = await self.once(hurry | KILLS)
        return first

    async def once(self, asked: Collection[Asks] | None = None) -> tuple[Glimpse, frozenset[Asks]]:
        """One look (None: at everything); and what to ask again soon, since something may be beginning."""
        answers, wider, given = await ask_all(self._ctx, ALL if asked is None else asked, PATIENCE)
        now, store = self._ctx.clock.now(), self._ctx.store
        touches = touched(store.operations.recent(3), now)
        try:
            self._usual.keep(answers, wider, now)
            self._states.learn(answers, wider, touches, now)
        except StoreError as error:
            log.warning("watch.unwritable", error=str(error))
        glimpse = Glimpse(now, given, answers, self._world(answers, wider, touches, now))
        self._record(glimpse)
        return glimpse, self._decide(glimpse)

    def _decide(self, seen: Glimpse) -> frozenset[Asks]:
        now, past = seen.at, self._alerts.past((*self._detectors, BLIND_DETECTOR))
        open_now = {id_ for id_, one in past.items() if one.open}
        mute = muted(self._ctx.store, seen.world.touched, now)
        sights = looked(self._detectors, seen.answers, seen.world, seen.asked, open_now=open_now, muted=mute)
        standing = {one.detector: one for one in self._ctx.store.quiet.silences()}
        severity = {one.id: gravity(one, past.get(one.id)) for one in (*self._detectors, BLIND_DETECTOR)}
        silenced = {id_ for id_, one in standing.items() if id_ in severity and one.holds(severity[id_], now)}
        found = judge(self._detectors, sights, self._tracks, past, now, silenced)
        before, self._tracks = self._tracks, found.tracks
        self._alerts.looked = True
        self._sights = {**self._sights, **sights}
        self._alerts.looks = Looks(now, self._tracks, self._sights, mute)
        self._alerts.seen_now = frozenset(id_ for id_, track in self._tracks.items() if track.bad)
        titles = {one.id: one.title for one in self._detectors}
        for change in found.changes:
            try:
                self._alerts.heed(change, titles)
            except TooLate:
                log.info("incident.overtaken", change=type(change).__name__)
        self._swung(before)
        return frozenset().union(*(one.needs for one in self._detectors if one.id in found.hurry))

    def _swung(self, before: Mapping[str, Track]) -> None:
        """What comes and goes, or is mending, says so on its card, and how it is now; a restart forgets all that."""
        for id_, track in self._tracks.items():
            if id_ in before and swing(before[id_]) == swing(track):
                continue
            incident = self._ctx.store.incidents.latest(id_)
            if incident is None or not incident.open:
                continue
            if id_ in before or any(one.kind == FLAPPING for one in self._ctx.store.incidents.story(incident.subject)):
                with self._ctx.store.transaction():
                    self._alerts.redraw(incident.subject)

    def _record(self, glimpse: Glimpse) -> None:
        try:
            self._ctx.store.looks.keep(glimpse.at, packed(glimpse.asked, glimpse.answers, glimpse.world))
        except (StoreError, TypeError, ValueError) as error:
            log.warning("watch.not_recorded", error=type(error).__name__)

    def _world(self, answers: Answers, wider: Answered, touches: frozenset[str], now: datetime) -> World:
        seen = answers.functions
        listed = () if not isinstance(seen, FunctionsSeen) or isinstance(seen.listed, Failure) else seen.listed
        self._slugs = tuple(one.slug for one in listed) or self._slugs
        return World(
            recorded={one.slug: known for one in listed if (known := self._known(one.slug)) is not None},
            changing=FUNCTION in touches,
            wider=wider,
            states=dict(self._states.known),
            touched=touches,
            usual=dict(self._usual.of(now, self._slugs)),
            lately=self._usual.lately(now),
            token_ends=self._token_ends,
            now=now,
        )

    def _known(self, slug: str) -> Known | None:
        events = self._ctx.store.events
        found = [events.latest(kind, f"function/{slug}") for kind in (FINISHED, ATTRIBUTED, BASELINE)]
        newest = max((one for one in found if one is not None), key=lambda one: one.id, default=None)
        if newest is None:
            return None
        data = newest.data
        if data.get("version") is None:
            return Known(None, "")
        sha = str(data.get("ezbr_sha256") or data.get("sha") or "")
        return Known(int(data["version"]), sha, data.get("verify_jwt"))
