"""A letter: a message of the outbox as it is read from its row (store.outbox)."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any

from store.times import from_text


class Urgency(IntEnum):
    """What goes first. A thread is as urgent as the most urgent that waits in it."""

    P0 = 0
    P1 = 1
    USUAL = 2


@dataclass(frozen=True, slots=True)
class Letter:
    """A message. *body*: what Slack is given (text, blocks); *version* counts its changes, from 1.

    *state*: waiting, trying, posted or failed. *thread*: the ts to post under. *first_try* is set while it is
    unknown whether a try has reached Slack. *channel*, once posted, is the one that Slack named.
    """

    id: int
    key: str
    channel: str
    thread: str | None
    urgency: Urgency
    body: dict[str, Any] = field(hash=False)
    version: int
    sent_version: int
    state: str
    ts: str | None
    tries: int
    first_try: datetime | None
    why: str

    @property
    def file(self) -> dict[str, str]:
        """Of a file its name, title and content, until it stands there; empty for a message."""
        found: dict[str, str] = self.body.get("file", {})
        return found

    @property
    def file_id(self) -> str:
        """The id under which Slack has the file's bytes; empty while it has none."""
        return str(self.body.get("file_id", ""))


COLUMNS = """SELECT l.id, l.key, coalesce(l.posted_in, (SELECT posted_in FROM letters AS root
        WHERE root.key = l.under), l.channel), coalesce(l.thread, (
        SELECT ts FROM letters AS root WHERE root.key = l.under)), l.urgency, l.body, l.version, l.sent_version,
    l.state, l.ts, l.tries, l.first_try, l.why FROM letters AS l """


def letter_of(id_: int, key: str, channel: str, thread: str | None, urgency: int, body: str, *rest: Any) -> Letter:
    """The letter of a row of COLUMNS."""
    version, sent_version, state, ts, tries, first_try, why = rest
    return Letter(
        id=id_,
        key=key,
        channel=channel,
        thread=thread,
        urgency=Urgency(urgency),
        body=json.loads(body),
        version=version,
        sent_version=sent_version,
        state=state,
        ts=ts,
        tries=tries,
        first_try=from_text(first_try) if first_try else None,
        why=why,
    )
