"""`python -m tests.chaos.drain`: how fast what was written while Slack was away stands there, with Slack's limits on.

Messages to several channels, roots and answers, are written all the while that Slack is away; so is a P0, among the
last. The judge reads Slack's own timestamps. What the limits allow is the most that any program could do: about one
message a second and channel after a short burst, and so many a minute in all of the workspace.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random

import aiohttp

from bot.clients.slack import Slack, web_client
from bot.clock import Clock
from bot.post.outbox import AT_ONCE, Outbox
from bot.telemetry import logs
from bot.views.blocks import Message
from playground.slack import Workspace
from playground.slack.channels import Channel
from playground.slack.limits import BURST, WORKSPACE_POSTS
from playground.slack.people import BOT_USER
from store.database import open_store
from store.letter import Urgency
from tests.chaos.closing import closes, ends
from tests.outbox.hurried import Hurried
from tests.running import KEY

LETTERS, CHANNELS, AWAY, THREAD = 240, 4, 300.0, 4
SLOWER = 1.5  # times as long as the limits allow is too slow
NOTICED = 16.0  # seconds until somebody who knocks now and then knows that Slack is there again
FIRST = 3 * AT_ONCE  # that are under way when Slack is back, and while the P0 is looked for and posted
LONGEST = 3.0  # times as long as allowed: then nobody waits for the rest


@dataclass(frozen=True, slots=True)
class Wanted:
    """*letters* in *channels*, *thread* of them in each thread, written while Slack is *away* for so many seconds."""

    letters: int = LETTERS
    channels: int = CHANNELS
    away: float = AWAY
    thread: int = THREAD
    seed: int = 7

    def places(self) -> list[int]:
        """In which channel each stands, in the order of their writing; the P0 is in the first."""
        chance = Random(self.seed)
        return [chance.randrange(self.channels) for _ in range(self.letters)]


@dataclass(frozen=True, slots=True)
class Drained:
    """Seconds after Slack was back: the *last*, the *p0*; what is *allowed*. *before*: what stood there before the P0.

    *refused*: calls that Slack answered with 429; *calls*: all of them since.
    """

    wanted: Wanted
    last: float
    p0: float
    before: int
    allowed: float
    calls: int
    refused: int
    wrong: tuple[str, ...]

    def line(self) -> str:
        """In words."""
        return (
            f"{self.wanted.letters + 1} messages in {self.wanted.channels} channels, {self.wanted.thread} a thread, "
            f"written while Slack was away for {self.wanted.away:.0f} s: gone after {self.last:.1f} s (the limits "
            f"allow {self.allowed:.1f} s), the P0 after {self.p0:.1f} s, {self.before} before it; {self.calls} calls, "
            f"{self.refused} of them too early"
        )


async def drained(wanted: Wanted, clock: Clock, folder: Path) -> Drained:
    """Be away, come back, wait until all is sent."""
    workspace = Workspace(clock=clock)
    await workspace.start()
    store = open_store(folder / "aikeys.sqlite", audit_key=KEY)
    names = [f"C0DRAIN{number}" for number in range(wanted.channels)]
    for name in names:
        workspace.state.add_channel(Channel(name, name.lower(), [BOT_USER, "U0ANA"]))
    try:
        async with aiohttp.ClientSession() as session:
            slack = Slack(web_client(workspace.bot_token, workspace.api_url, session, clock), session)
            outbox = Outbox(store, slack, clock, can_look=True)
            outbox.open()
            try:
                await workspace.faults.set("slack_away", True)
                await _written(outbox, wanted, names, clock)
                answered = Counter[str]()
                workspace.journal.listeners.add(lambda one: answered.update([str(one.get("status"))]))
                await workspace.faults.set("slack_away", False)
                back = clock.now().timestamp()
                allowed = _allowed(wanted)
                until = back + allowed * LONGEST + 60
                while store.outbox.waiting() and clock.now().timestamp() < until:  # noqa: ASYNC110  # from outside
                    await asyncio.sleep(0.01)
            finally:
                await outbox.close()
        return _judged(wanted, workspace, names, back, allowed, answered)
    finally:
        store.close()
        await workspace.stop()


async def _written(outbox: Outbox, wanted: Wanted, names: list[str], clock: Clock) -> None:
    began, written = clock.monotonic(), Counter[str]()
    for number, place in enumerate(wanted.places()):
        await clock.sleep(max(0.0, began + wanted.away * number / wanted.letters - clock.monotonic()))
        channel = names[place]
        root, nth = f"{channel}/{written[channel] // wanted.thread}", written[channel] % wanted.thread
        written[channel] += 1
        outbox.say(f"{root}/{nth}" if nth else root, channel, Message(str(number)), under=root if nth else None)
        if number == wanted.letters * 9 // 10:
            outbox.say("p0", names[0], Message("p0"), urgency=Urgency.P0)
    await clock.sleep(max(0.0, began + wanted.away - clock.monotonic()))


def _allowed(wanted: Wanted) -> float:
    """Seconds in which a program that knew all the limits could send them."""
    most = max(Counter([*wanted.places(), 0]).values())
    return max(0.0, float(most - BURST), 60.0 * (wanted.letters // WORKSPACE_POSTS))


def _judged(
    wanted: Wanted, workspace: Workspace, names: list[str], back: float, allowed: float, answered: Counter[str]
) -> Drained:
    at = {}
    seen = Counter[str]()
    for name in names:
        for message in workspace.state.timelines[name].values():
            seen[message.text] += 1
            at[message.text] = float(message.ts) - back
    expected = [str(number) for number in range(wanted.letters)] + ["p0"]
    wrong = [f"{one} stands there {seen[one]} times" for one in expected if seen[one] != 1]
    last, p0 = max(at.values(), default=0.0), at.get("p0", 0.0)
    before = sum(1 for text, moment in at.items() if moment < p0)
    if last > allowed * SLOWER + NOTICED:
        wrong.append(f"all was sent after {last:.1f} s, and the limits allow {allowed:.1f} s")
    if p0 > NOTICED:
        wrong.append(f"the P0 came after {p0:.1f} s")
    if before > FIRST:
        wrong.append(f"{before} messages came before the P0")
    return Drained(wanted, last, p0, before, allowed, answered.total(), answered["429"], tuple(wrong))


def main() -> int:
    """Return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.drain", description=__doc__)
    parser.add_argument("--letters", type=int, default=LETTERS, help="messages (240)")
    parser.add_argument("--channels", type=int, default=CHANNELS, help="in so many channels (4)")
    parser.add_argument("--away", type=float, default=AWAY, help="seconds for which Slack is away (300)")
    parser.add_argument("--thread", type=int, default=THREAD, help="messages a thread (4)")
    parser.add_argument("--seed", type=int, default=7, help="of which channel each goes to (7)")
    parser.add_argument("--times", type=float, default=1, help="the clock is so many times as fast (1)")
    found = parser.parse_args()
    logs.configure("error", [])
    began = time.monotonic()
    wanted = Wanted(found.letters, found.channels, found.away, found.thread, found.seed)
    with tempfile.TemporaryDirectory(prefix="aikeys-drain-") as folder:
        done = asyncio.run(drained(wanted, Hurried(found.times), Path(folder)))
    line = f"drain: {done.line()}, {len(done.wrong)} wrong; {time.monotonic() - began:.0f} s, seed {found.seed}"
    return closes(list(done.wrong), line)


if __name__ == "__main__":
    sys.exit(ends(main))
