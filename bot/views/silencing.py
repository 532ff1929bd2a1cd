"""Silencing as people read it: the modal, and the line under which a second person agrees. Pure."""

from datetime import timedelta
from typing import Any

from bot.views.blocks import Block, actions, button, context, escape, section
from store.events import Event
from store.incidents import BOT, Incident

SILENCE = "aikeys:silence"  # callback_id
FOR = {"30m": timedelta(minutes=30), "1h": timedelta(hours=1), "2h": timedelta(hours=2), "4h": timedelta(hours=4),
       "8h": timedelta(hours=8), "24h": timedelta(hours=24)}  # fmt: skip
_WORDS = {"30m": "30 minutes", "1h": "1 hour", "2h": "2 hours", "4h": "4 hours", "8h": "8 hours", "24h": "24 hours"}


def silencing(incident: Incident) -> dict[str, Any]:
    """Why, and for how long: both are asked."""
    options = [{"text": {"type": "plain_text", "text": words}, "value": name} for name, words in _WORDS.items()]
    said = f"*{incident.severity} {escape(incident.title, 150)}* is not told again until then; it is still watched."
    if incident.severity == "P0":
        said += (
            " A P0 is silenced by two people: it begins when another one agrees in the thread. It is for this outage "
            "alone: the next one is told at once."
        )
        if incident.opened_by == BOT:  # what a person opened ends by nobody else
            said += " Does it come and go? Press Keep open as well."
    else:
        said += " The two hours until it goes to the technical lead run on."
    return {
        "type": "modal",
        "callback_id": SILENCE,
        "private_metadata": incident.subject,
        "title": {"type": "plain_text", "text": "Silence"},
        "submit": {"type": "plain_text", "text": "Silence" if incident.severity == "P1" else "Ask for it"},
        "close": {"type": "plain_text", "text": "Back"},
        "blocks": [
            section(said),
            _input("reason", "Why?", {
                "type": "plain_text_input", "action_id": "reason", "max_length": 300,
                "placeholder": {"type": "plain_text", "text": "Known: Circle is mending it"},
            }),
            _input("until", "For how long?", {
                "type": "static_select", "action_id": "until", "options": options,
                "initial_option": next(one for one in options if one["value"] == "1h"),
                "placeholder": {"type": "plain_text", "text": "24 hours at most"},
            }),
            context("Something worse, or another alarm, is told all the same."),
        ],
    }  # fmt: skip


def agreeing(event: Event) -> list[Block]:
    """The buttons under a silence of a P0 that is asked for."""
    if event.data.get("severity") != "P0":
        return []
    agree = button("Agree", "silence-agree", str(event.id), style="primary")
    return [actions(agree, button("Withdraw", "silence-withdraw", str(event.id)))]


def _input(block: str, label: str, element: Block) -> Block:
    return {"type": "input", "block_id": block, "label": {"type": "plain_text", "text": label}, "element": element}
