"""What a good month is like: traffic by day and night, and the failures that happen by chance. Pure, by its seed.

Shares from the study of detectors, or guessed on the bad side; each with what it stands for.
"""

import random
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from math import cos, exp, log, pi
from typing import Any

from bot.clients.errors import ServerFailed, Source, TooLate, TooMany
from bot.clients.supabase import SERVICES, Backup, Backups, Disk, Function, Service
from bot.clients.wallet import DatabaseSeen, Health, Pulse, Report
from bot.detectors import Asks, World
from bot.diagnosis.database import Connections
from bot.health.answers import (
    Answers,
    Deliveries,
    Events,
    FunctionsSeen,
    ProjectSeen,
    Question,
    Suspicions,
    WebhooksCounted,
)
from bot.health.expected import FUNCTIONS, SECRETS, WEBHOOK
from bot.health.judges import webhooks
from bot.health.thresholds import Thresholds
from bot.incidents.usual import SIGN_INS
from bot.incidents.wider import Answered, Called, Room, Wider

FAILS = 0.005  # of probes, at random: one in two hundred
WEBHOOK_FAILS = 0.005  # of webhooks, at random: the whole of what may fail
COLD = 0.01  # of the calls of /health, a cold start of one to four seconds
SPIKE = 0.002  # of looks, a query that waited for half a second to two
BLIPS = 2.0  # a day, of 20 to 60 s, with a bad line
BAD_LINE = 0.05  # of probes fail then, ten times as many
FORGED = 6.0  # wrong signatures a day, one by one: the address is public
SIGN_INS_FAIL = 8.0  # an hour: people who mistype
MOST_CONNECTIONS = 57
_DAY, _HOUR = 86_400.0, 3600.0
_WALLET, _SUPABASE = Source("The wallet", "wallet"), Source("Supabase's Management API", "api")
_LATE, _TIRED = TooLate(_WALLET, 5), TooMany(_SUPABASE, 5)
_FAILED = ServerFailed(_SUPABASE, 503, "It failed (503).", "Ask again.")
_CALLED = "withdraw-funds"  # a function that is called half as often as the webhook
_WELL_CALLED = Called(60, 0, 5, 0, 300.0)
_EACH_MINUTE: frozenset[Asks] = frozenset({Question.WEBHOOKS, *Wider})


@dataclass(frozen=True, slots=True)
class Found:
    """What one look found. *odd*: the questions whose answers are not as on the best of days; *failed* among them."""

    at: float
    odd: frozenset[Asks]
    failed: frozenset[Asks]
    well: bool
    seconds: float
    latency: float
    counts: tuple[int, ...] = (9, 0, 9, 0, 9, 0, 9, 0, 9, 0, 99)
    quiet: float = 60.0
    usual: float = 60.0
    forged: tuple[int, int] = (0, 0)
    calls: Called = _WELL_CALLED
    sign_ins: int = 0
    taken: int = 20
    backup: float = _HOUR


class Noise:
    """Made once for a month, then asked at its moments. *limits*: what is odd by them is shown to the detectors.

    *bad_line*: the share of probes that fail while a line is bad.
    """

    def __init__(
        self, rate: float, chance: random.Random, days: float, limits: Thresholds, bad_line: float = BAD_LINE
    ) -> None:
        self._rate, self._chance, self._bad_line = rate, chance, bad_line
        # By the eased ones, so that nothing is left out that an open alarm would linger on.
        self._limits = limits.eased()
        self._slow = min(self._limits.database_slow, self._limits.database_floor)
        end = _DAY * (days + 2)
        self._came = self._arrivals(rate / _HOUR, end)
        self._bad = [at for at in self._came if chance.random() < WEBHOOK_FAILS]
        self._called = self._arrivals(rate / 2 / _HOUR, end)
        self._call_failed = [at for at in self._called if chance.random() < WEBHOOK_FAILS]
        self._forged = self._arrivals(FORGED / _DAY, end)
        starts = self._arrivals(BLIPS / _DAY, end)
        self._blips = [(at, at + chance.uniform(20, 60)) for at in starts]
        self._sign_ins = self._arrivals(SIGN_INS_FAIL / _HOUR, end)
        self._next_blip = 0

    def look(self, at: float, asked: frozenset[Asks]) -> Found:
        """What a look at *asked* finds then; looks come in order of time."""
        chance = self._chance
        fails = self._bad_line if self._in_a_blip(at) else FAILS
        failed = frozenset(one for one in _in_order(asked) if chance.random() < fails)
        seconds, latency = self._times()
        odd = set(failed)
        if seconds > self._limits.response_slow or latency > self._slow:
            odd.add(Question.WALLET)
        found = Found(at, frozenset(odd), failed, Question.WALLET not in failed, seconds, latency)
        return self._minute(found, asked) if asked & _EACH_MINUTE else found

    def _minute(self, found: Found, asked: frozenset[Asks]) -> Found:
        """What is asked once a minute."""
        at, odd, chance = found.at, set(found.odd), self._chance
        spans = (_HOUR, 600, 300, 1800, 6 * _HOUR)
        counts = tuple(_in(some, at, one) for one in spans for some in (self._came, self._bad))
        last = bisect_right(self._came, at)
        quiet = at - self._came[last - 1] if last else _DAY
        forged = (_in(self._forged, at, _HOUR), _in(self._forged, at, 300))
        many, few = ((_in(self._called, at, one), _in(self._call_failed, at, one)) for one in (_HOUR, 300))
        calls = Called(*many, *few, 300 * exp(chance.gauss(0, 0.2)))
        limits = self._limits
        if calls.failed >= limits.burn_fewest_failed or calls.p95 > limits.function_floor:
            odd.add(Wider.CALLS)
        sign_ins = _in(self._sign_ins, at, _HOUR)
        if sign_ins > limits.auth_fewest:
            odd.add(Wider.SIGN_INS)
        if Wider.BACKUPS in asked:
            odd.add(Wider.BACKUPS)
        usual = log(100) * _HOUR / (self._rate * _busy(at))
        taken = round(chance.gauss(20, 5))
        if taken >= limits.connections_high * MOST_CONNECTIONS:
            odd.add(Wider.ROOM)
        full = replace(
            found, counts=(*counts, _in(self._came, at, _DAY)), quiet=quiet, usual=usual,
            forged=forged, calls=calls, sign_ins=sign_ins, taken=taken,
            backup=(at - 2.2 * _HOUR) % _DAY + 600,  # one a night
        )  # fmt: skip
        events, deliveries, suspicions = counted(full)
        if (
            webhooks.failing(deliveries, limits)
            or webhooks.silent(events, limits)
            or webhooks.signatures(suspicions, events, limits)
        ):
            odd.add(Question.WEBHOOKS)
        return replace(full, odd=frozenset(odd) & asked)

    def _times(self) -> tuple[float, float]:
        chance = self._chance
        seconds = 0.2 * exp(chance.gauss(0, 0.3))
        latency = 45 * exp(chance.gauss(0, 0.3))
        if chance.random() < COLD:
            seconds = chance.uniform(1, 4)
        if chance.random() < SPIKE:
            latency = chance.uniform(500, 2000)
        return seconds, latency

    def _in_a_blip(self, at: float) -> bool:
        while self._next_blip < len(self._blips) and self._blips[self._next_blip][1] < at:
            self._next_blip += 1
        return self._next_blip < len(self._blips) and self._blips[self._next_blip][0] <= at

    def _arrivals(self, a_second: float, end: float) -> list[float]:
        """Poisson, thinned by the time of day."""
        at, most = 0.0, 1.8
        found: list[float] = []
        while at < end:
            at += self._chance.expovariate(a_second * most)
            if self._chance.random() < _busy(at) / most:
                found.append(at)
        return found


@lru_cache(maxsize=256)
def _in_order(asked: frozenset[Asks]) -> tuple[Asks, ...]:
    """The same in every process: a set has another order in each, and a seed would mean nothing."""
    return tuple(sorted(asked))


def _busy(at: float) -> float:
    """Of the mean: 0.2 at four in the morning, 1.8 at four in the afternoon."""
    return 1 - 0.8 * cos(2 * pi * (at - 4 * _HOUR) / _DAY)


def _in(times: Sequence[float], at: float, span: float) -> int:
    return bisect_right(times, at) - bisect_right(times, at - span)


_SERVICES = tuple(Service(name=name, status="ACTIVE_HEALTHY") for name in SERVICES)
_LISTED = tuple(
    Function(id=f"id-{slug}", slug=slug, status="ACTIVE", version=3, verify_jwt=jwt)
    for slug, jwt in [*((one.slug, one.verify_jwt) for one in FUNCTIONS), (_CALLED, True)]
)
_FUNCTIONS = FunctionsSeen(_LISTED, {WEBHOOK: Pulse(405, 0.1)})
_PROJECT = ProjectSeen(name="aikeys", region="eu", status="ACTIVE_HEALTHY", read_only=False)
_SEEN = dict.fromkeys(SECRETS, True)


def counted(found: Found) -> tuple[Events, Deliveries, Suspicions]:
    """What the questions about webhooks would have counted."""
    *spans, day = found.counts
    return (
        Events(spans[0], day, found.quiet, found.usual),
        Deliveries(*spans),
        Suspicions(*found.forged, 0, found.forged[1]),
    )


def answered(found: Found, limits: Thresholds, now: datetime) -> tuple[Answers, World]:
    """As the clients would have given it."""

    def or_failed(question: Asks, answer: Any) -> Any:
        return answer if question not in found.failed else _LATE if question is Question.WALLET else _FAILED

    report = Report(status="healthy", database=DatabaseSeen(connected=True, latency_ms=found.latency), secrets=_SEEN)
    given: dict[str, Any] = {
        question.value: or_failed(question, answer)
        for question, answer in (
            (Question.WALLET, Health(report, found.seconds)),
            (Question.PROJECT, _PROJECT),
            (Question.SERVICES, _SERVICES),
            (Question.FUNCTIONS, _FUNCTIONS),
            (Question.SECRETS, frozenset(SECRETS)),
            (Question.WEBHOOKS, WebhooksCounted(*counted(found))),
        )
    }
    answers = Answers(**given, limits=limits)
    made = Backup(
        id=1, is_physical_backup=False, status="COMPLETED",
        inserted_at=(now - timedelta(seconds=found.backup)).isoformat(),
    )  # fmt: skip
    room = Room((Connections("authenticator", found.taken, 3, 0, MOST_CONNECTIONS),), Disk(size=8.0, used=2.0))
    if Wider.ROOM in found.failed:
        room = Room(_TIRED, _TIRED)
    told: dict[str, Any] = {
        more.value: or_failed(more, answer)
        for more, answer in (
            (Wider.CALLS, {f"id-{_CALLED}": found.calls}),
            (Wider.SIGN_INS, found.sign_ins),
            (Wider.DIGESTS, ()),
            (Wider.HISTORY, ()),
            (Wider.BACKUPS, Backups(pitr_enabled=False, backups=[made])),
        )
    }
    wider = Answered(**told, room=room)
    usual = {"database": 45.0, f"calls/{_CALLED}": 300.0, SIGN_INS: SIGN_INS_FAIL}
    return answers, World(wider=wider, usual=usual, lately={"database": found.latency}, now=now)
