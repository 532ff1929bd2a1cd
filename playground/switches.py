"""Switches of the control panel: a fault that can be put on and taken off again."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal

Group = Literal["wallet", "supabase", "logs", "slack", "mail", "elsewhere"]


async def _nothing(_on: bool) -> None:
    pass


@dataclass
class Switch:
    """One fault by name.

    `apply(on)` is awaited at each change. A `momentary` switch (“kill the sockets”) goes off by itself once applied.
    """

    name: str
    group: Group
    label: str
    hint: str = ""
    momentary: bool = False
    apply: Callable[[bool], Awaitable[None]] = _nothing
    on: bool = field(default=False, init=False)

    async def set(self, on: bool) -> None:
        """Put it on or off; putting a momentary switch off does nothing."""
        if self.momentary:
            if on:
                await self.apply(True)
            return
        if on != self.on:
            self.on = on
            await self.apply(on)

    def as_json(self) -> dict[str, Any]:
        """As docs/playground.md shows a fault."""
        return {
            "name": self.name,
            "group": self.group,
            "label": self.label,
            "hint": self.hint,
            "on": self.on,
            "momentary": self.momentary,
        }
