"""What the bot's own facts mean: calm, firing, or not to be told. Pure; what becomes of it: bot.incidents.deciding."""

from datetime import timedelta

from bot.detectors import Blind, Calm, Detector, Firing, Sight
from bot.own.facts import Own

LITTLE = 0.05  # of a disk: below it nobody knows how long a day's rows still fit
ENOUGH = 10 * 2**30  # bytes: of a large disk five in a hundred are a year of our rows
SKEW = timedelta(seconds=30)  # signatures, timers and the order of events stop making sense (Slack refuses at 5 min)
DEAF = 300.0  # seconds without Slack: as long as any other blindness

DISK, CLOCK, SLACK = "own_disk", "own_clock", "own_delivery"
_RUNBOOK = "Warning Issues (P1)"


def _elsewhere(*_: object) -> Sight:
    """Seen by `sights`, not in the answers of a look."""
    return Calm()


DETECTORS = (
    Detector(DISK, "P1", "My disk is nearly full", _RUNBOOK, _elsewhere, confirm=2),
    Detector(CLOCK, "P1", "My clock is wrong", _RUNBOOK, _elsewhere, confirm=3, span=25),
    Detector(SLACK, "P1", "Slack takes nothing from me", _RUNBOOK, _elsewhere, confirm=2),
)


def sights(own: Own) -> dict[str, Sight]:
    """What is seen, by detector."""
    return {DISK: _disk(own), CLOCK: _clock(own), SLACK: _slack(own)}


def _disk(own: Own) -> Sight:
    if own.room is None or not own.room.total:
        return Blind("The disk could not be asked.")
    if own.room.free >= min(LITTLE * own.room.total, ENOUGH):
        return Calm()
    share = 100 * own.room.free / own.room.total
    return Firing(
        f"{own.room.free / 2**20:,.0f} MB are free on my disk, {share:.1f} % of it. When it is full I acknowledge no "
        "command, take no alert and record nothing.",
        "Make room on the machine that I run on, or move AIKEYS_DATA to a larger disk.",
    )


def _clock(own: Own) -> Sight:
    """Ours is wrong where nobody's agrees with it: one that disagrees alone may be wrong itself."""
    if not own.skews:
        return Blind("Nobody’s clock could be asked.")
    nearest = min(own.skews.values(), key=abs)
    if abs(nearest) <= SKEW:
        return Calm()
    way = "behind" if nearest > timedelta() else "ahead of"
    return Firing(
        f"My clock is {round(abs(nearest).total_seconds())} s {way} that of {' and '.join(sorted(own.skews))}. Timers, "
        "expiries and the times in the timeline are off by as much.",
        "Look at the time service of the machine that I run on (timedatectl, chronyc tracking).",
        sure=len(own.skews) > 1,
    )


def _slack(own: Own) -> Sight:
    if own.silent is None:
        return Blind("Slack has not been asked yet.")
    count, oldest = own.stuck or (0, timedelta())
    if own.silent < DEAF and oldest.total_seconds() < DEAF:
        return Calm()
    waits = f" Not posted yet: {count}." if count else ""
    if own.silent >= DEAF:
        what = f"Slack has not answered me for {round(own.silent / 60)} minutes.{waits}"
    else:
        what = f"Slack answers me, but takes no messages for {round(oldest.total_seconds() / 60)} minutes.{waits}"
    return Firing(
        f"{what} Nobody sees there what I see, and nobody’s command reaches me.",
        "Look at status.slack.com and at the network of my machine. I go on looking, and post all of it when Slack is "
        "back. On my machine, aikeys doctor says what fails.",
    )
