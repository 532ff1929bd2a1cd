"""What comes and goes, and what is mending, as people are told of it: facts alone, cards and looks need them. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

STEADY = timedelta(minutes=15)  # without a pause, and what comes and goes is over
STAYS = timedelta(minutes=2)  # bad for so long without a pause, a P0 is an outage, whatever it did before


@dataclass(frozen=True, slots=True)
class Swing:
    """It comes and goes *since* then; None: it does not, it mends. It is *bad* or good just now, that since *at*."""

    since: datetime | None
    bad: bool
    at: datetime
