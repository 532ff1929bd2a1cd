"""From the click on Approve to the wire: to the first re-check, and from the last one answered to the deploy itself.

Read off the playground's own journals: the click is the frame that goes down the socket, a call begins where its head
has come in and ends where its answer was made. Between the yes and the deploy stands a step of its own, “Save what is
live”: it asks for the listed version again, and refuses where that moved, so its calls are re-checks too. Both ends are
shown: the last look before the yes, and the last one at all.
"""

import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.figures import Bench, Row, middle
from bench.peer import Peer, running
from playground.source import CY, WalletRepository
from playground.supabase.journal import Call
from playground.town import Town

ROUNDS = 9
FUNCTION = "wallet-create"


async def measure(peer: Peer, town: Town) -> dict[str, list[float]]:
    """Return milliseconds, one entry a deploy; the first deploy warms and is left out."""
    found: dict[str, list[float]] = {"recheck": [], "saved": [], "effect": []}
    with tempfile.TemporaryDirectory(prefix="aikeys-bench-") as folder:
        source = WalletRepository(Path(folder) / "wallet")
        source.build()
        async with running(peer, town, AIKEYS_SOURCE=str(source.path), AIKEYS_LOOK_EVERY="3600", AIKEYS_HTTP="off"):
            for number in range(ROUNDS + 1):
                path = f"supabase/functions/{FUNCTION}/index.ts"
                source.commit(CY, f"Release {number}", {path: f"{source.text(path)}// {number}\n"})
                figures = await _one(town)
                if number:
                    for name, value in figures.items():
                        found[name].append(value)
    return found


async def _one(town: Town) -> dict[str, float]:
    slack, project = town.slack, town.project
    deploys, newest = len(project.state.deploys), slack.messages("#ops", "ana")[-1:]
    seen = newest[0]["ts"] if newest else ""
    await slack.say("ana", "#ops", f"/aikeys deploy {FUNCTION}")
    found = await slack.until(lambda: _card(_since(town, "ben", seen)))
    assert found is not None
    card, button = found
    calls = project.journal.entries[-1].n
    await slack.click("ben", "#ops", card["ts"], button["action_id"], block_id=button["block_id"])
    await slack.until(lambda: len(project.state.deploys) > deploys)
    await slack.until(lambda: _over(_since(town, "ana", seen)))
    clicked = datetime.fromisoformat(
        next(one["at"] for one in reversed(slack.journal.entries("interactive")) if one["way"] == "out")
    )
    looks = [one for one in project.journal.entries if one.n > calls]
    deploy = next(one for one in looks if one.method == "POST" and "/functions/deploy" in one.path)
    before = [one for one in looks if one.at < _begun(deploy)]
    # The look before the yes is one call; what the step “Save what is live” asks comes after it.
    return {
        "recheck": _ms(_begun(before[0]) - clicked),
        "saved": _ms(_begun(deploy) - before[0].at),
        "effect": _ms(_begun(deploy) - before[-1].at),
    }


def _since(town: Town, who: str, ts: str) -> list[dict[str, Any]]:
    return [one for one in town.slack.messages("#ops", who) if one["ts"] > ts]


def _card(messages: list[dict[str, Any]]) -> tuple[dict[str, Any], dict[str, Any]] | None:
    for message in messages:
        for block in message.get("blocks") or []:
            for element in block["elements"] if block["type"] == "actions" else []:
                if element["action_id"] == "aikeys:approve":
                    return message, element | {"block_id": block["block_id"]}
    return None


def _over(messages: list[dict[str, Any]]) -> bool:
    return any("Details in the thread" in str(one.get("blocks")) and "Done." in str(one) for one in messages)


def _begun(call: Call) -> datetime:
    return call.at - timedelta(milliseconds=call.ms)


def _ms(passed: timedelta) -> float:
    return passed.total_seconds() * 1000


async def part(bench: Bench) -> list[Row]:
    """Of the bot as it is shipped."""
    found = await measure(bench.real, bench.town)
    return [
        Row("click → first re-check on the wire, ms", middle(found["recheck"]), "≤ 100"),
        Row("last re-check answered → deploy on the wire, ms", middle(found["effect"]), "≤ 100"),
        Row("the look before the yes → deploy, saving between, ms", middle(found["saved"])),
    ]
