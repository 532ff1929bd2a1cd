"""How often a function was called, how fast it was, how often it failed: in words, and what of it is wrong. Pure."""

from bot.health.judgement import Level
from bot.health.thresholds import Thresholds
from bot.health.words import count, milliseconds
from bot.questions.functions import Figures
from bot.report import Wrong

FEW = 20  # calls below which a share says little
LIMITS = 3  # calls in an hour that ran into a limit; a single one may be a caller's odd request


def said(found: Figures | None) -> str:
    """In one line: calls, failures, latency."""
    if found is None:
        return "no calls"
    failed = f"{found.failed} failed ({share(found)})" if found.failed else "none failed"
    return f"{count(found.calls, 'call')}, {failed}, p50 {milliseconds(found.p50)}, p95 {milliseconds(found.p95)}"


def share(found: Figures) -> str:
    """The error rate: 0.4 %, 12 %."""
    percent = 100 * found.failed / found.calls if found.calls else 0.0
    return f"{percent:.1f} %" if percent < 10 else f"{percent:.0f} %"


def wrong(slug: str, found: Figures, limits: Thresholds) -> list[Wrong]:
    """What is wrong with the last hour of *slug*: floors and bounds are those of the watch."""
    said_wrong = []
    if found.failed >= limits.burn_fewest_failed and found.failed > limits.function_failed_rate * found.calls:
        what = f"The function {slug} fails: {found.failed} of {count(found.calls, 'call')} in the last hour."
        do = "Read its console. If it began with the last deploy, roll that back."
        said_wrong.append(Wrong(Level.DEGRADED, what, do))
    if found.timeouts >= LIMITS:
        what = f"The function {slug} ran out of time in {found.timeouts} calls of the last hour (504)."
        do = "It must answer within 150 s. Look in its console for what it waits for."
        said_wrong.append(Wrong(Level.DEGRADED, what, do))
    if found.limits >= LIMITS:
        what = f"The function {slug} used up its memory or CPU in {found.limits} calls of the last hour (546)."
        do = "A call may use 256 MB and 2 s of CPU: it must do less at once."
        said_wrong.append(Wrong(Level.DEGRADED, what, do))
    if found.calls >= limits.function_fewest and found.p95 > limits.function_floor:
        what = f"The function {slug} is slow: one call in twenty takes longer than {milliseconds(found.p95)}."
        do = "Look for slow queries, and for what it waits for."
        said_wrong.append(Wrong(Level.DEGRADED, what, do))
    return said_wrong
