"""Secrets in a hurry: asked for, approved, entered by modal, sealed or from the shell; and what must be true of them.

Each value is nowhere else, so that a POST which Supabase took tells whose it was: judged by its digest.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from bot.vault import door, sealing
from playground.supabase.state import digest
from playground.town import Town
from tests.chaos.hands import FAR, Hands, NotThere

NAMES = ("CHAOS_TOKEN", "CHAOS_PASSWORD", "CHAOS_KEY")
ROTATIONS = """SELECT o.subject, o.state, json_extract(e.data, '$.approval'), json_extract(e.data, '$.data.names'),
    (SELECT group_concat(coalesce(s.outcome, '?')) FROM operation_steps AS s
        WHERE s.subject = o.subject AND s.name = 'Set in one call')
    FROM operations AS o JOIN events AS e ON e.id = o.start_id WHERE json_extract(e.data, '$.command') = 'rotate'"""


class Secrets:
    """*data*: the bot's folder, where its door for the shell is. `given`: every value that was entered, by approval."""

    def __init__(self, town: Town, hands: Hands, data: Path) -> None:
        self._town = town
        self._hands = hands
        self._chance = hands.chance
        self._data = data
        self.given: dict[str, dict[str, list[str]]] = defaultdict(dict)
        self._count = 0
        town.project.state.set_secrets({name: self._value() for name in NAMES})
        self._from = len(town.project.state.secrets_taken)

    @property
    def set(self) -> int:
        """How often Supabase took values since."""
        return len(self._town.project.state.secrets_taken) - self._from

    async def ask(self) -> None:
        """Where something waits for approval already, that comes first."""
        if len(self._hands.buttons("aikeys:approve")) < 3:
            await self._hands.slack.say("ana", "#ops", f"/aikeys rotate {self._chance.choice(NAMES)}")

    async def enter(self) -> None:
        """Whoever asked enters the values; now and then others than before, which are refused or taken anew."""
        button = self._hands.button("aikeys:enter", behind=FAR)  # until it is entered, no other operation begins
        approval = button["value"]
        if self._chance.random() < 0.6:
            await asyncio.to_thread(self._by_the_shell, approval)
            return
        try:
            modal = await self._hands.modal("ana", button)
            public = _key_in(modal)
            values = self._values(modal["private_metadata"], _asked(modal))  # another of hers may stand on top
            if self._chance.random() < 0.5:
                values = {name: sealing.seal(value.encode(), public) for name, value in values.items()}
            await self._hands.slack.submit("ana", modal["id"], {f"secret:{n}": {"value": v} for n, v in values.items()})
        finally:
            await self._hands.leaves("ana")

    def _by_the_shell(self, approval: str) -> None:
        with suppress(OSError, ValueError):  # it dies meanwhile, or nobody is there
            what = door.ask(self._data, {"approval": approval})
            if "key" not in what:
                return
            public = sealing.key_of(what["key"])
            values = self._values(approval, what["names"])
            sealed = {name: sealing.seal(value.encode(), public) for name, value in values.items()}
            door.ask(self._data, {"approval": approval, "values": sealed})

    def _values(self, approval: str, names: list[str]) -> dict[str, str]:
        for name in names:
            before = self.given[approval].setdefault(name, [])
            if not before or self._chance.random() < 0.1:
                before.append(self._value())
        # After a death in the middle of the proof it is the one that was set that is asked for, not the newest.
        return {name: self._chance.choice(self.given[approval][name]) for name in names}

    def _value(self) -> str:
        self._count += 1
        return f"{self._count:06}-{self._chance.randbytes(24).hex()}"

    def wrong(self, db: Database) -> Iterator[str]:
        """Set once a rotation at most, after an approval; called done where it is live, not done where it is not."""
        whose = {
            digest(value): approval
            for approval, names in self.given.items()
            for values in names.values()
            for value in values
        }
        taken: dict[str, list[bool]] = defaultdict(list)  # by approval, in their order: whether it changed anything
        for post in self._town.project.state.secrets_taken[self._from :]:
            approvals = {whose.get(each, "") for each in post.digests.values()}
            if approvals == {""} or len(approvals) > 1:
                yield f"Supabase took values of {', '.join(post.digests)} that nobody entered, or of several at once"
            for each in approvals:
                taken[each].append(post.live)
        known = set()
        for subject, state, approval, _names, outcomes in db.conn.execute(ROTATIONS):
            known.add(approval)
            posts = taken.get(approval, [])
            if twice(posts):
                yield f"{subject} set its secrets again when they were live: {posts}"
            yield from self._said(subject, state, outcomes or "", posts)
        granted = {row[0] for row in db.conn.execute("SELECT subject FROM approvals WHERE state = 'granted'")}
        yield from (f"{one} was set without an approval" for one in taken if one not in known & granted)

    @staticmethod
    def _said(subject: str, state: str, outcomes: str, taken: Sequence[bool]) -> Iterator[str]:
        if state == "done" and not any(taken):
            yield f"{subject} says done, and its values are not live"
        if "done" in outcomes.split(",") and not taken:
            yield f"{subject} says that it set its secrets, and Supabase took none"
        if any(taken) and not {"done", "unknown", "?"} & set(outcomes.split(",")):
            yield f"{subject} says that nothing was set ({outcomes or 'not tried'}), and Supabase took its values"


def twice(taken: Sequence[bool]) -> bool:
    """Whether values were sent once more that were live already.

    A POST that left all as it was is no effect: who died before its answer, and finds the old digests, sends again.
    """
    return any(taken[:-1])


def _asked(modal: dict[str, Any]) -> list[str]:
    """The names of the fields."""
    found = [str(block.get("block_id", "")).partition("secret:")[2] for block in modal["blocks"]]
    return [name for name in found if name]


def _key_in(modal: dict[str, Any]) -> bytes:
    text = json.dumps(modal["blocks"])
    begin = text.find(sealing.KEY)
    if begin < 0:
        raise NotThere
    return sealing.key_of(text[begin : begin + len(sealing.KEY) + 43])
