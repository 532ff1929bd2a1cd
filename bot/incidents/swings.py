"""What comes and goes, as people are told of it: facts alone, since cards and looks both need them. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

STEADY = timedelta(minutes=15)  # without a pause, and what comes and goes is over
STAYS = timedelta(minutes=2)  # bad for so long without a pause, a P0 is an outage, whatever it did before


@dataclass(frozen=True, slots=True)
class Swing:
    """It comes and goes *since* then; it is *bad* or good just now, and that since *at*."""

    since: datetime
    bad: bool
    at: datetime
