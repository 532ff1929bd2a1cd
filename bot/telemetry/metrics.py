"""What is counted and timed, in a registry of its own, for Prometheus to fetch from /metrics."""

import time
from collections import Counter as Counts
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client import Counter, Histogram

    from bot.telemetry.figures import Metrics


_before: Counts[tuple[str, str, str]] = Counts()  # calls made while the library was not loaded: those of the start


@cache
def figures() -> "Metrics":
    """Return the process's figures; the first time this loads the library."""
    from bot.telemetry.figures import Metrics  # noqa: PLC0415  # see there

    loaded = Metrics()
    for labels, count in _before.items():
        loaded.api_calls.labels(*labels).inc(count)
    return loaded


@cache
def _ack(kind: str) -> "tuple[Counter, Histogram]":
    return figures().deliveries.labels(kind, "new"), figures().ack_seconds


def acknowledged(kind: str, seconds: float) -> None:
    """Count a new delivery and how long its ack took. On the path of every ack: two microseconds."""
    deliveries, ack_seconds = _ack(kind)
    deliveries.inc()
    ack_seconds.observe(seconds)


def repeated(kind: str) -> None:
    """Count a delivery that had been seen before."""
    figures().deliveries.labels(kind, "repeated").inc()


@contextmanager
def dispatching(kind: str) -> Iterator[None]:
    """Time the work on a delivery, however it ends."""
    since = time.perf_counter()
    try:
        yield
    finally:
        figures().dispatch_seconds.labels(kind).observe(time.perf_counter() - since)


def called(system: str, method: str, outcome: str) -> None:
    """Count a call to an outside system. All three come from our own lists, never from outside."""
    if figures.cache_info().currsize:
        figures().api_calls.labels(system, method, outcome).inc()
    else:
        _before[system, method, outcome] += 1


def looked(source: str, seconds: float) -> None:
    """Keep how long *source* took to be looked at."""
    figures().look_seconds.labels(source).observe(seconds)


@cache
def _alerts(fate: str) -> "Counter":
    return figures().alerts.labels(fate)


def alerts(fate: str, count: int) -> None:
    """Count *count* alerts that were taken, or requests that were refused (*fate*)."""
    _alerts(fate).inc(count)
