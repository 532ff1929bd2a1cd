"""What becomes of a delivery that a stopped bot left unfinished. Pure."""

from datetime import datetime, timedelta
from enum import Enum

from bot.command import Risk
from bot.door.payload import text

FRESH = timedelta(seconds=60)  # after that the person has looked away, tried again or been told that it failed
USEFUL = timedelta(minutes=15)  # an answer to an older question would be about a world that is gone


class Verdict(Enum):
    """What to do with it."""

    ANSWER = "answer it, and say when it was asked"
    CLICK_AGAIN = "change nothing, ask the person to do it again"
    TOO_OLD = "say that it was not answered and offer to ask again"
    BEGUN = "do it no second time, and say that it may be done"


def verdict(
    risk: Risk, *, resumed: bool, acked: bool, received_at: datetime, now: datetime, begun: bool = False
) -> Verdict:
    """Decide. What could change something runs only if its ack is on record and it is young.

    Without that record Slack may have told the person that it failed; they may have done it otherwise since.
    *begun*: it was in the middle of it, or through, when it stopped; nobody knows.
    """
    if acked and not resumed:
        return Verdict.ANSWER
    if begun and resumed and risk is not Risk.READ:
        return Verdict.BEGUN
    age = now - received_at
    if risk is Risk.READ:
        return Verdict.ANSWER if age <= USEFUL else Verdict.TOO_OLD
    # An age below zero says that the clock was put back: how old it is, nobody knows.
    return Verdict.ANSWER if acked and abs(age) <= FRESH else Verdict.CLICK_AGAIN


def believed(payload: object, *, signed: bool | None) -> bool:
    """Whether *payload*, as it lay in the inbox, is taken for what the person did.

    Without a signature (the row is of an older version, or somebody says so) it can be a question at most: that has no
    ack that counts, so `verdict` lets it read and nothing else. What it is says the payload: by that it is routed.
    """
    if signed is not None:
        return signed
    if not isinstance(payload, dict):
        return False
    asks = "type" not in payload or payload["type"] == "event_callback"
    return asks and text(payload, "event", "type") != "reaction_added"


def ago(received_at: datetime, now: datetime) -> str:
    """The age in words: 40 s, 3 min, 2 h."""
    seconds = max(0, round((now - received_at).total_seconds()))
    if seconds < 90:
        return f"{seconds} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{round(seconds / 3600)} h"
