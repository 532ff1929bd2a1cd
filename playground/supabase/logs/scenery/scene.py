"""What a scene is given, and what it gives."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playground.supabase.state import State


@dataclass(frozen=True, slots=True)
class Line:
    """A row in the making."""

    at: datetime
    severity: str
    message: str
    attributes: dict[str, str]


@dataclass(frozen=True)
class Now:
    """A piece of time: *length* from *start*. *down* tells whether the database was away at a moment."""

    start: datetime
    length: timedelta
    random: Random
    down: Callable[[datetime], bool]

    def moments(self, per_hour: float) -> Iterator[datetime]:
        """A Poisson stream within the piece."""
        at = self.start
        while True:
            at += timedelta(hours=self.random.expovariate(per_hour))
            if at >= self.start + self.length:
                return
            yield at

    def address(self) -> str:
        """Somebody's, of a range kept for documentation."""
        return f"203.0.113.{self.random.randint(2, 250)}"


Scene = Callable[["State", Now], Iterable[Line]]
