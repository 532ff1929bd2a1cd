"""What people on call do while the n-th of something fails (tests.chaos.nth): alerts, incidents, quiet."""

import asyncio
from collections.abc import Awaitable, Callable

from playground.slack.errors import ControlError
from tests.chaos.bodily import REFUSED, Body, Person, Stuck
from tests.chaos.nights import SILENCED

AGAIN = 6.0  # seconds until somebody sees that nothing came of it, and does it again
TRIES = 5


class Duties:
    """Each can be done again and again; *number* gives what is told apart its number."""

    def __init__(self, body: Body, person: Person, number: Callable[[], int]) -> None:
        self._body, self._person, self._next = body, person, number
        self.alerts_taken = self.alerts_sent = 0

    def all(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """By name."""
        return {
            "note": self.note,
            "alert": self.alert,
            "incident": self.incident,
            "silence": self.silence,
            "freeze": self.freeze,
        }

    async def note(self) -> None:
        """Writes into the timeline, once whatever fails: who hears that it stands there does not write it again."""
        text = f"note {self._next()} of many"
        if not self._body.asks("SELECT 1 FROM incidents WHERE state <> 'resolved'"):
            await self._opened("a day of trouble")
        (one,) = self._body.asks("SELECT number FROM incidents WHERE state <> 'resolved' ORDER BY number LIMIT 1")[0]
        await self._person.hears_of("ana", f'/aikeys incident note "{text}" {one}', text)

    async def alert(self) -> None:
        """Somebody else's alert comes in; who gets no 202 sends it again."""
        name = f"Nth{self._next()}"
        said = []
        for _ in range(5):
            self.alerts_sent += 1
            said.append(await self._body.alert(name))
            if said[-1] == 202:
                self.alerts_taken += 1
                break
            await asyncio.sleep(0.4)
        else:
            raise Stuck(f"an alert was never taken: {said}")
        await self._person.until(lambda: self._body.asks("SELECT 1 FROM incidents WHERE title LIKE ?", f"%{name}%"), 15)
        (subject,) = self._body.asks("SELECT subject FROM incidents WHERE title LIKE ?", f"%{name}%")[0]
        await self._over(subject)

    async def incident(self) -> None:
        """Opens, resolves, exports."""
        title = f"trouble {self._next()}"
        subject = await self._opened(title)
        await self._over(subject)
        await self._person.hears_of("zoe", f"/aikeys incident export {subject.partition('/')[2]}", "is in the thread")

    async def silence(self) -> None:
        """Silences what was opened, and ends that: by the buttons of its card, until the file says so."""
        title = f"noise {self._next()}"
        subject = await self._opened(title)
        presses = self._person.presses
        state = lambda: self._body.asks("SELECT state FROM silences WHERE incident = ?", subject)  # noqa: E731
        await self._until(title, lambda: state() == [("on",)], lambda: self._silences(subject))
        await self._until(title, lambda: state() == [("ended",)], lambda: presses("ana", "aikeys:silence-end"))
        await self._over(subject)

    async def freeze(self) -> None:
        """Freezes, and lifts it."""
        reason = f"quiet, please, {self._next()}"
        frozen = lambda: bool(self._body.asks("SELECT 1 FROM freeze"))  # noqa: E731
        await self._until(reason, frozen, lambda: self._says(f'/aikeys freeze "{reason}" --until 30m'))
        await self._until(reason, lambda: not frozen(), lambda: self._says("/aikeys freeze --lift"))

    async def _silences(self, subject: str) -> None:
        """By the button of its own card: the bot may have opened another incident since."""
        if self._person.button("aikeys:silence", subject) is not None:
            values = {name: dict(of) for name, of in SILENCED.items()}
            await self._person.fills("ana", "aikeys:silence", values, subject)

    async def _says(self, line: str) -> None:
        """Raises TimeoutError where Slack says that it failed."""
        if (await self._body.town.slack.say("ana", "#ops", line)).get("acked") is False:
            self._person.failures += 1
            raise TimeoutError

    async def _until(self, what: str, done: Callable[[], bool], does: Callable[[], Awaitable[None]]) -> None:
        """Do it until it is done: again where Slack said no, or nothing came of it."""
        for _ in range(TRIES):
            patience = AGAIN
            try:
                await does()
            except (ControlError, TimeoutError):
                patience = REFUSED
            try:
                await self._person.until(done, patience)
            except TimeoutError:
                self._person.refusals += 1
            else:
                return
        raise Stuck(f"{what}: nothing came of it in {TRIES} times")

    async def _opened(self, title: str) -> str:
        there = lambda: self._body.asks("SELECT subject FROM incidents WHERE title = ?", title)  # noqa: E731
        for _ in range(5):
            said = await self._body.town.slack.say("ana", "#ops", f'/aikeys incident open "{title}"')
            if said.get("acked") is False:
                self._person.failures += 1
                continue
            try:
                return str((await self._person.until(there, 6))[0][0])
            except TimeoutError:
                self._person.refusals += 1
        raise Stuck(f"{title} could not be opened")

    async def _over(self, subject: str) -> None:
        number = subject.partition("/")[2]
        over = lambda: self._body.asks("SELECT 1 FROM incidents WHERE subject = ? AND state = 'resolved'", subject)  # noqa: E731
        for _ in range(5):
            said = await self._body.town.slack.say("ana", "#ops", f'/aikeys incident resolve {number} "over"')
            self._person.failures += said.get("acked") is False
            if said.get("acked") is False:
                continue
            try:
                await self._person.until(over, 6)
            except TimeoutError:
                self._person.refusals += 1
            else:
                return
        raise Stuck(f"{subject} could not be resolved")
