"""Calls of the wallet's functions on the day before the start, and what the functions said in them.

Both scenes draw the same calls: the console belongs to the invocations.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from playground.supabase.logs import shapes
from playground.supabase.logs.scenery.scene import Line, Now

if TYPE_CHECKING:
    from playground.supabase.state import State


@dataclass(frozen=True)
class _Habit:
    """How often a function is called, and which statuses come besides 200, by their share."""

    method: str
    per_hour: float
    typical: float  # milliseconds
    others: tuple[tuple[int, float], ...] = ()


_HABITS = {
    "health": _Habit("GET", 60, 45, ((503, 0.002),)),
    "payments-circle-webhook": _Habit("POST", 40, 110, ((401, 0.004), (500, 0.002))),
    "wallet-create": _Habit("POST", 8, 320, ((401, 0.05),)),
    "withdraw-funds": _Habit("POST", 5, 700, ((400, 0.03), (504, 0.01))),
    "log-security-event": _Habit("POST", 3, 60),
    "send-app-link": _Habit("POST", 4, 240, ((546, 0.01),)),
}
_BY_PLATFORM = {("wallet-create", 401), ("send-app-link", 546)}  # refused before the function's code ran
_SAID = {
    ("payments-circle-webhook", 401): ("error", "Invalid webhook signature"),
    ("payments-circle-webhook", 500): (
        "error",
        "Webhook processing error: canceling statement due to statement timeout",
    ),
    ("withdraw-funds", 400): ("warn", "Withdrawal refused: amount is above the daily limit"),
    ("withdraw-funds", 504): ("error", "Circle did not answer in time"),
    ("health", 503): ("warn", "Degraded: database latency above 1000 ms"),
}


@dataclass(frozen=True)
class _Call:
    at: datetime
    slug: str
    habit: _Habit
    status: int
    took: float
    execution: str


def invocations(state: "State", now: Now) -> Iterator[Line]:
    """`function_edge_logs`."""
    for call in _calls(now):
        if function := state.functions.get(call.slug):
            method, path = call.habit.method, f"/{call.slug}"
            message, attributes = shapes.invocation(
                state.ref, function, method, path, call.status, call.took, call.execution
            )
            yield Line(call.at, shapes.severity(call.status), message, attributes)


def console(state: "State", now: Now) -> Iterator[Line]:
    """`function_logs`."""
    for call in _calls(now):
        function = state.functions.get(call.slug)
        if function is None or not call.execution:
            continue
        if now.random.random() < 0.05:
            boot = f"booted (time: {now.random.randint(24, 70)}ms)"
            yield Line(call.at, "INFO", boot, shapes.console(function, state.region, "log", "Boot", call.execution))
        if said := _SAID.get((call.slug, call.status)):
            level, text = said
            attributes = shapes.console(function, state.region, level, "Log", call.execution)
            yield Line(call.at + timedelta(milliseconds=call.took / 2), level.upper(), text, attributes)


def _calls(now: Now) -> Iterator[_Call]:
    drawn = Now(now.start, now.length, Random(f"calls {now.random.random()}"), now.down)
    for slug, habit in _HABITS.items():
        for at in drawn.moments(habit.per_hour):
            chance, status = drawn.random.random(), 200
            for other, share in habit.others:
                if chance < share:
                    status = other
                    break
                chance -= share
            took = 150_000.0 if status == 504 else habit.typical * drawn.random.lognormvariate(0, 0.45)
            execution = "" if (slug, status) in _BY_PLATFORM else f"{drawn.random.getrandbits(128):032x}"
            yield _Call(at, slug, habit, status, took, execution)
