"""The modals of the shortcuts “Declare incident” and “Add to timeline”. Pure."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.views.blocks import Block, cap, context, escape, one_line, person, section
from store.incidents import Incident

DECLARE, PIN = "aikeys:declare", "aikeys:pin"  # callback_ids, of the shortcuts and of their modals
KEPT = 1500  # characters of a message that a modal carries along (Slack: private_metadata, 3,000)
_BAD = {"P0": "P0: customers are hurt now", "P1": "P1: they will be"}


def declare() -> dict[str, Any]:
    """What is wrong, how bad, what was seen."""
    levels = [_option(text, value) for value, text in _BAD.items()]
    return _modal(
        DECLARE,
        "Declare incident",
        "Declare",
        [
            _input("title", "What is wrong?", _text("Refunds do not go out", most=120)),
            _input(
                "severity",
                "How bad?",
                {"type": "radio_buttons", "action_id": "severity", "options": levels, "initial_option": levels[1]},
            ),
            _input("note", "What have you seen?", _text("Three customers wrote", most=2000, long=True), optional=True),
            context("A P0 is told in the incident channel at once, a P1 in the ops channel."),
        ],
    )


def pin(message: Mapping[str, str], incidents: Sequence[Incident]) -> dict[str, Any]:
    """*message* (channel, ts, user, text) into one of *incidents*; the first is the one that is meant."""
    if not incidents:
        return _modal(PIN, "Add to timeline", "", [section("There was no incident yet to add it to.")])
    choices = [_option(f"{one.number} {one.severity} {one.title}", one.subject) for one in incidents[:20]]
    said = one_line(message["text"], 400)
    blocks = [
        section(f"{person(message['user'])} wrote:\n> {escape(said, 400) or '(nothing that I can read)'}"),
        _input(
            "incident",
            "Into which?",
            {
                "type": "static_select",
                "action_id": "incident",
                "options": choices,
                "initial_option": choices[0],
                "placeholder": {"type": "plain_text", "text": "an incident"},
            },
        ),
        _input("remark", "Why does it belong there?", _text("That is when it began", most=300), optional=True),
        context("It stands there at the time when it was written. A pin 📌 on a message does the same."),
    ]
    kept = {key: message[key][:100] for key in ("channel", "ts", "user")} | {"text": message["text"][:KEPT]}
    return _modal(PIN, "Add to timeline", "Add", blocks) | {"private_metadata": _fitting(kept)}


def closed(title: str, why: str) -> dict[str, Any]:
    """For who may not."""
    return _modal("aikeys:shortcut", title, "", [section(f"🚫 {escape(why, 600)}")])


def _fitting(kept: dict[str, str]) -> str:
    """As JSON, at most 3,000 characters: what Slack escapes counts too. The text gives way, as long as there is one."""
    while len(said := json.dumps(kept, ensure_ascii=False)) > 2900 and kept["text"]:
        kept["text"] = kept["text"][: len(kept["text"]) * 2 // 3]
    return said


def _modal(callback: str, title: str, submit: str, blocks: list[Block]) -> dict[str, Any]:
    view: dict[str, Any] = {
        "type": "modal",
        "callback_id": callback,
        "title": {"type": "plain_text", "text": title},
        "close": {"type": "plain_text", "text": "Back" if submit else "Done"},
        "blocks": blocks,
    }
    return view | ({"submit": {"type": "plain_text", "text": submit}} if submit else {})


def _input(name: str, label: str, element: Block, *, optional: bool = False) -> Block:
    return {
        "type": "input",
        "block_id": name,
        "label": {"type": "plain_text", "text": label},
        "element": element,
        "optional": optional,
    }


def _text(placeholder: str, *, most: int, long: bool = False) -> Block:
    return {
        "type": "plain_text_input",
        "max_length": most,
        "multiline": long,
        "placeholder": {"type": "plain_text", "text": placeholder},
        "action_id": "value",
    }


def _option(text: str, value: str) -> dict[str, Any]:
    return {"text": {"type": "plain_text", "text": cap(one_line(text, 75), 75)}, "value": value}
