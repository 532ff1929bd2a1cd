"""What goes wrong outside while people work: answers are lost before or after their effect, sockets are cut."""

import asyncio
from random import Random

from playground.town import Town

LOST = [{"drop": True}, {"drop": True, "after": True}, {"status": 500, "body": {"message": "x"}, "after": True}]
KINDS = [
    "/functions/deploy",
    "/functions/deploy",
    "/secrets",
    r"/database/query($|\?)",  # what changes the schema; looks have a path of their own
    "/restore-point",
    "kept",
    "slack",
    "sockets",
]


async def trouble(town: Town, chance: Random, going: asyncio.Event) -> None:
    """Now and then, while *going* is set, until cancelled."""
    while True:
        await going.wait()
        town.project.state.bundling = chance.uniform(0, 0.8)
        await asyncio.sleep(chance.uniform(0.5, 4))
        kind = chance.choice(KINDS)
        if kind.startswith("/"):
            async with town.project.answers("POST", kind, **chance.choice(LOST)):  # type: ignore[arg-type]
                await asyncio.sleep(0.4)
        elif kind == "kept":
            await town.slack.faults.set("secrets_kept", True)
            await asyncio.sleep(0.2)
            await town.slack.faults.set("secrets_kept", False)
        elif kind == "slack":
            await town.slack.faults.set("slack_store_then_drop", True, rate=0.3)
            await asyncio.sleep(0.4)
            await town.slack.faults.set("slack_store_then_drop", False)
        else:
            await town.slack.faults.set("socket_kill", True)
