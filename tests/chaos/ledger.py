"""What Slack handed over and was told is taken: read off the workspace's own wire, never from the bot."""

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from playground.slack.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Handed:
    """One envelope that was acknowledged. *key*: as Slack names the thing; *hook*: the id of its response_url.

    *action* and *value* of a click; *action* and *subject* of a modal that was submitted; *answer*: the ack's.
    """

    kind: str
    key: str
    user: str
    hook: str = ""
    trigger: str = ""
    action: str = ""
    value: str = ""
    text: str = ""
    subject: str = ""
    answer: Any = None


class Ledger:
    """Listens from now on; *acked* are all that were acknowledged and not judged yet.

    *private*: how often each person was told something privately by name since then, past a response_url.
    """

    def __init__(self, slack: Workspace) -> None:
        self._sent: dict[str, Handed] = {}
        self.acked: list[Handed] = []
        self.private: Counter[str] = Counter()
        self.count = 0
        slack.journal.listeners.add(self._note)

    def judged(self) -> None:
        """What there was is no excuse for what comes."""
        self.acked.clear()
        self.private.clear()

    def _note(self, entry: dict[str, Any]) -> None:
        if entry["kind"] == "call" and entry["name"] == "chat.postEphemeral":
            self.private[str(json.loads(entry["raw"]).get("args", {}).get("user"))] += 1
            return
        if entry["kind"] != "socket" or entry["name"] not in ("slash_commands", "interactive", "events_api", "ack"):
            return
        frame = json.loads(entry["raw"])
        if entry["way"] == "out":
            handed = _read(entry["name"], frame["payload"])
            if handed is not None:
                self._sent[frame["envelope_id"]] = handed
        elif str(entry.get("status", "")) in ("", "payload ignored"):
            handed = self._sent.pop(frame["envelope_id"], None)
            if handed is not None:
                self.count += 1
                self.acked.append(_with(handed, frame.get("payload")))


def _with(handed: Handed, answer: Any) -> Handed:
    return Handed(**{name: getattr(handed, name) for name in Handed.__slots__} | {"answer": answer})


def _read(kind: str, payload: dict[str, Any]) -> Handed | None:
    """None for what nobody asked: the bot hears its own messages too."""
    if kind == "events_api":
        event = payload["event"]
        if event["type"] != "app_mention" or event.get("bot_id"):
            return None
        return Handed("event", f"event:{payload['event_id']}", str(event.get("user", "")), text=str(event.get("text")))
    hook, trigger = str(payload.get("response_url", "")).rpartition("/")[2], str(payload.get("trigger_id", ""))
    if kind == "slash_commands":
        return Handed("command", f"command:{trigger}", payload["user_id"], hook, text=payload["text"])
    user = payload["user"]["id"]
    if payload["type"] == "view_submission":
        view = payload["view"]
        return Handed(
            "submission", f"submission:{trigger}", user, action=view["callback_id"], subject=view["private_metadata"]
        )
    action = (payload.get("actions") or [{}])[0]
    return Handed(
        "click", f"click:{trigger}", user, hook, trigger, str(action.get("action_id")), str(action.get("value"))
    )
