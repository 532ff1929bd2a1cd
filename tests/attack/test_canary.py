"""A real bot in a process of its own, with secrets that occur nowhere else: no byte of them is left anywhere."""

import asyncio
import hashlib
import os
import sys
from pathlib import Path

from tests.chat import Chat, verdict
from tests.wait import eventually

ROOT = Path(__file__).parents[2]


def every_byte(place: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in [place, *sorted(place.rglob("*"))] if path.is_file())


async def test_no_secret_is_written_said_or_shown(town, project, environment, tmp_path):
    """Healthy, an outage, refusals, a failing Slack, a stop: database, log, log, frames and process arguments."""
    data, log = tmp_path / "data", tmp_path / "log"
    key = "canary-audit-key-5f1b0c7e9d2a4386"
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", "--log", "debug",
            env={"PATH": os.environ["PATH"], "AIKEYS_AUDIT_KEY": key} | environment, cwd=ROOT, stdout=out, stderr=out,
        )  # fmt: skip
        await town.slack.until(lambda: len(town.slack.sockets.open) == 2)
        chat = Chat(town.slack)
        typed = "sbp_" + "c0ffee" * 6 + "0000"
        await chat.says("ana", "/aikeys health")
        await chat.until(verdict)
        await chat.says("ana", f"/aikeys health {typed}")
        await chat.says("ana", f"@aikeys {typed}")
        await chat.clicks("ben", "Ask again")
        await chat.says("gus", "/aikeys health")
        await chat.until("members of this workspace only", who="gus")
        await town.slack.faults.set("slack_5xx", True)
        await chat.says("zoe", "/aikeys health secrets")
        await eventually(lambda: len(town.slack.journal.entries("users.info")) > 3)
        await town.slack.faults.set("slack_5xx", False)
        limits = every_byte(Path(f"/proc/{process.pid}/limits"))
        arguments = every_byte(Path(f"/proc/{process.pid}/cmdline"))
        running = every_byte(data)
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 30) == 0

    assert b"Max core file size        0                    0" in limits, "no core dump"
    slack, secrets = town.slack.tokens, project.secrets
    canaries = {
        "bot token": slack.bot,
        "app token": slack.app,
        "verification token": slack.verification,
        "Supabase token": project.access_token,
        "audit key": key,
        **{f"value of {name}": value for name, value in secrets.items() if len(value) >= 8},
        **{f"digest of {name}": hashlib.sha256(value.encode()).hexdigest() for name, value in secrets.items()},
    }
    said = "\n".join(
        entry["raw"]
        for entry in town.slack.journal._entries
        if entry["way"] == "in"  # what the bot sent
    ).encode()
    places = {"files": running + every_byte(data), "log": log.read_bytes(), "sent": said, "arguments": arguments}
    assert project.ref.encode() in said, "the search finds what is there"
    assert b"inbox.committed" in places["log"]
    found = [
        (name, place) for name, value in canaries.items() for place, held in places.items() if value.encode() in held
    ]
    assert not found
    assert not [place for place, held in places.items() if typed.encode() in held], "what somebody pasted is cut out"
