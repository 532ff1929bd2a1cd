"""Was everybody answered whom Slack was told we had heard? From what stands in Slack, and from the history."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from sqlite_utils import Database

from playground.slack.workspace import Workspace
from tests.chaos.ledger import Handed

BY_CLICK = {
    "aikeys:approve": ("approval.voted",),
    "aikeys:withdraw": ("approval.withdrawn",),
    "aikeys:cancel": ("operation.cancel",),
    "aikeys:settle": ("operation.resumed", "operation.finished", "step.result"),
    "aikeys:incident:ack": ("incident.acknowledged",),
    "aikeys:silence-end": ("silence.ended",),
    "aikeys:silence-withdraw": ("silence.ended",),
}
BY_MODAL = {
    "aikeys:deny": "approval.denied",
    "aikeys:pass": "approval.voted",
    "aikeys:glass": "approval.voted",
    "aikeys:silence": "silence.asked",
}
OPENS = ("aikeys:approve", "aikeys:deny", "aikeys:enter", "aikeys:silence")  # a modal; approving, where data is lost
VALUES = "aikeys:values"  # kept in memory alone: after a death they are asked for again (tests.chaos.secrets)


def lost(db: Database, slack: Workspace, acked: Sequence[Handed], private: Mapping[str, int]) -> Iterator[str]:
    """Those that were acknowledged and are not in the inbox, or were never answered, in words.

    *private*: how often each person was told something by name while these came in.
    """
    answers = {
        message.metadata["event_payload"]["delivery"]
        for timeline in slack.state.timelines.values()
        for message in timeline.values()
        if message.metadata and message.metadata["event_type"] == "aikeys_answer"
    }
    left = Counter(private)
    for one in {one.key: one for one in reversed(acked)}.values():  # the first of those that came again
        row = db.conn.execute("SELECT id, settled_at, outcome FROM deliveries WHERE key = ?", (one.key,)).fetchone()
        if row is None:
            yield f"acknowledged and lost: {one}"
        elif row[1] is None:
            yield f"acknowledged and never settled: {one}"
        elif _opened(slack, one) or _heard(slack, one) or str(row[0]) in answers or _done(db, one):
            continue
        # A mention and a click in a thread are refused in that thread, and who asked half an hour ago has no
        # response_url that is still good, and a modal has none: all by a message that names none of them, one for each.
        elif one.kind in ("click", "command", "event", "submission") and left[one.user] > 0:
            left[one.user] -= 1
        else:
            yield f"acknowledged and never answered ({row[2]}): {one}"


def _opened(slack: Workspace, one: Handed) -> bool:
    """A modal stood before that very person because of it."""
    trigger = slack.backend.triggers._issued.get(one.trigger)
    return one.action in OPENS and trigger is not None and trigger.used


def _heard(slack: Workspace, one: Handed) -> bool:
    """Something reached that very person by its response_url."""
    hook = slack.backend.hooks._hooks.get(one.hook)
    return hook is not None and hook.used > 0


def _done(db: Database, one: Handed) -> bool:
    """What was asked for stands in the history, by that person."""
    if one.kind == "submission":
        sql = "SELECT count(*) FROM events WHERE subject = ? AND actor = ? AND kind = ?"
        there = bool(db.conn.execute(sql, (one.subject, one.user, BY_MODAL.get(one.action))).fetchone()[0])
        return there or bool(one.answer) or one.action == VALUES
    kinds = next((kinds for action, kinds in BY_CLICK.items() if one.action.startswith(action)), ())
    marks = ", ".join("?" * len(kinds))
    # A button of a silence carries the event that asked for it.
    sql = f"""SELECT count(*) FROM events WHERE (subject = ? OR json_extract(data, '$.silence') = CAST(? AS INTEGER))
        AND actor = ? AND kind IN ({marks})"""
    return bool(db.conn.execute(sql, (one.value, one.value, one.user, *kinds)).fetchone()[0])
