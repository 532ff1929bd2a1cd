"""A plausible stream of log rows where nothing real happens.

The day before the start, and the services that have no server here. Made when somebody reads, ten minutes at a time,
the same from the same seed.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from playground.supabase.logs.row import Row
from playground.supabase.logs.scenery import functions, services
from playground.supabase.logs.scenery.scene import Now, Scene

if TYPE_CHECKING:
    from playground.supabase.state import State

_PIECE = timedelta(minutes=10)
# Of these something real happens after the start, so that the scenery ends there.
_BEFORE: list[tuple[str, Scene]] = [
    ("function_edge_logs", functions.invocations),
    ("function_logs", functions.console),
    ("postgres_logs", services.postgres),
]
_SEEDS = {"function_logs": "function_edge_logs"}  # the console belongs to the invocations
_ALWAYS: list[tuple[str, Scene]] = [
    ("auth_logs", services.auth),
    ("edge_logs", services.edge),
    ("postgrest_logs", services.postgrest),
    ("storage_logs", services.storage),
    ("realtime_logs", services.realtime),
    ("supavisor_logs", services.pooler),
]


class Scenery:
    """Gives the rows of a time in whole pieces: more than asked for, and the caller leaves out what it did not want."""

    def __init__(self, state: "State") -> None:
        self._state = state

    def __call__(self, sources: frozenset[str] | None, start: datetime, end: datetime) -> Iterator[Row]:
        """Rows of *sources* (None: of all) around *start* to *end*."""
        began = self._state.logs.began
        for always, scenes in ((False, _BEFORE), (True, _ALWAYS)):
            for source, scene in scenes:
                if sources is None or source in sources:
                    yield from self._rows(source, scene, start, end if always else min(end, began))

    def _rows(self, source: str, scene: Scene, start: datetime, end: datetime) -> Iterator[Row]:
        began = self._state.logs.began
        first, last = ((at - began) // _PIECE for at in (start, end))
        for piece in range(first, last + 1):
            at, random = began + piece * _PIECE, Random(f"{self._state.ref}/{_SEEDS.get(source, source)}/{piece}")
            for n, line in enumerate(scene(self._state, Now(at, _PIECE, random, self._state.logs.down))):
                if line.at < end:
                    name = f"{random.getrandbits(32):08x}-{piece & 0xFFFF:04x}-4000-8000-{n:012x}"
                    yield Row(name, line.at, source, line.severity, line.message, line.attributes)
