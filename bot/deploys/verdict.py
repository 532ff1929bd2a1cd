"""Whether it is worse after a deploy than in the hour before: figures in, a verdict in words out. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.health.answers import Deliveries
from bot.health.expected import WEBHOOK
from bot.health.words import count, milliseconds
from bot.questions.figures import FEW
from bot.questions.functions import Figures
from store.samples import Sample

MORE = 0.1  # of a share of failures: what fails that much more often is worse
FAILED = 2  # calls that failed since: a single one may be a caller's odd request
SLOWER = 2.0  # times the hour before
SLOW = 300.0  # ms: below it twice as slow is noise


@dataclass(frozen=True, slots=True)
class Verdict:
    """*words* are plain sentences; *function* is whom they are about, empty where that is the whole wallet."""

    worse: bool
    words: str
    function: str = ""


def compared(before: Sequence[Sample], after: Sequence[Sample]) -> Verdict:
    """Pure: the wallet's own answers, failures and latency, after against before."""
    if not before or not after:
        return Verdict(False, "There are too few looks at /health to compare.")
    failed = sum(one.state == "failed" for one in after)
    failed_before = sum(one.state == "failed" for one in before)
    if failed / len(after) > failed_before / len(before) + MORE:
        return Verdict(
            True, f"/health failed in {failed} of {len(after)} looks; before, in {failed_before} of {len(before)}."
        )
    now, then = _mean(after), _mean(before)
    if now is None or then is None:
        return Verdict(False, "There are too few looks at /health to compare latency.")
    words = f"/health takes {now:.0f} ms on average; in the hour before, {then:.0f} ms."
    return Verdict(now > SLOW and now > SLOWER * then, words)


def deliveries(counted: Deliveries) -> Verdict:
    """Pure: the webhook's deliveries of the last ten minutes against the rest of the hour."""
    early, early_failed = counted.hour - counted.recent, counted.hour_failed - counted.recent_failed
    share = counted.recent_failed / counted.recent if counted.recent else 0.0
    before = early_failed / early if early > 0 else 0.0
    now, then = f"{counted.recent_failed} of {counted.recent}", f"{early_failed} of {early}"
    words = f"{now} deliveries failed in the last ten minutes; before, {then}."
    return Verdict(share > before + MORE, words, WEBHOOK)


def called(slug: str, before: Figures | None, after: Figures | None) -> Verdict:
    """Pure: how calls of *slug* ended since, and how long they took, against the hour before. None: no calls.

    Latency takes more calls than failures: the first ones start the new code cold.
    """
    if after is None or not after.calls:
        return Verdict(False, f"{slug}: no call since, as far as the logs tell yet.", slug)
    was, was_failed = (before.calls, before.failed) if before else (0, 0)
    then = f"in the hour before, {was_failed} of {was}" if was else "there were none in the hour before"
    words = f"{slug}: {after.failed} of {count(after.calls, 'call')} failed since; {then}."
    if after.failed >= FAILED and after.failed / after.calls > (was_failed / was if was else 0.0) + MORE:
        return Verdict(True, words, slug)
    if before is None or min(before.calls, after.calls) < FEW:
        return Verdict(False, words, slug)
    slow = f"{slug}: one call in twenty takes longer than {milliseconds(after.p95)}"
    slow += f"; in the hour before, {milliseconds(before.p95)}."
    if after.p95 > SLOW and after.p95 > SLOWER * before.p95:
        return Verdict(True, slow, slug)
    return Verdict(False, f"{words} {slow}", slug)


def _mean(samples: Sequence[Sample]) -> float | None:
    known = [one.latency_ms for one in samples if one.latency_ms is not None and one.state == "ok"]
    return sum(known) / len(known) if known else None
