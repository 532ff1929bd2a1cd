"""How the watch stands, from what it keeps itself: nothing outside is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.context import Context, Target
from bot.detectors import Detector, load
from bot.health.thresholds import figures
from bot.incidents.judging import BLIND_DETECTOR
from bot.incidents.watched import Bound, Looks, Standing, bound, standing
from bot.settings.tuning import Tuning


@dataclass(frozen=True, slots=True)
class Seen:
    """*looked_at*: the last look, None before the first. *path*: the team's own file, empty where there is none.

    *cards*: figures of the team's own that no detector goes by. *name*: the one that was asked about, or empty.
    """

    target: Target
    at: datetime
    looked_at: datetime | None
    standings: Sequence[Standing]
    look_every: float
    path: str = ""
    cards: Sequence[Bound] = ()
    name: str = ""


def known(tuning: Tuning, *, external: bool = False) -> tuple[Detector, ...]:
    """All that the watch decides by, as this team has set them. *external*: deploys by others are expected."""
    return (*load(tuning, external=external), BLIND_DETECTOR)


def gather(ctx: Context, name: str) -> Seen:
    """All of them; *name*: the id of the one that is asked about, or empty."""
    tuning, now = ctx.settings.tuning, ctx.clock.now()
    detectors = known(tuning, external=ctx.settings.external_deploys == "expected")
    looks = ctx.alerts.looks if ctx.alerts is not None else Looks()
    past = ctx.alerts.past(detectors) if ctx.alerts is not None else {}
    silences = {one.detector: one for one in ctx.store.quiet.silences()}
    used = {threshold for one in detectors for threshold in one.by}
    others = [bound(threshold, tuning) for threshold in figures() if threshold not in used]
    return Seen(
        target=ctx.target,
        at=now,
        looked_at=looks.at,
        standings=standing(detectors, tuning, looks, past, silences, now),
        look_every=ctx.settings.look_every,
        path=tuning.path,
        cards=[one for one in others if one.own],
        name=name,
    )
