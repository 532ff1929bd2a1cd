"""Payloads as Slack sends them, by the playground's own makers; then something of them is hostile, or missing."""

import json
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

from bot.desks.shortcuts import SHORTCUTS
from bot.rights.pressing import BUTTONS, MODALS
from bot.vault.cut import ELEMENT, FIELD
from playground.slack import payloads
from playground.slack.channels import Channel
from playground.slack.messages import Message
from playground.slack.people import BOT_USER, User
from playground.slack.views import View
from tests.attack.million import canaries, nasty

_ANA = User("U0ANA", "ana", "Ana", "Europe/Madrid", "ff0000", "operator")
_OPS = Channel("C0OPS", "ops", ["U0ANA", BOT_USER])
_CARD = Message(
    "C0OPS",
    "1764158400.000100",
    BOT_USER,
    "a card",
    [{"type": "divider", "block_id": "a"}],
    thread_ts="1764158400.000050",
)
_HOOK, _TRIGGER = "https://hooks.slack.com/commands/T0AIKEYS/1/a", "1.2.abc"
_FIELDS: dict[str, dict[str, Any]] = {
    "reason": {"reason": {"type": "plain_text_input", "value": "the pool is full"}},
    "project": {"project": {"type": "plain_text_input", "value": "emolyyvmvvfjyxbguhyn"}},
    "title": {"value": {"type": "plain_text_input", "value": "Refunds do not go out"}},
    "severity": {"severity": {"type": "radio_buttons", "selected_option": {"value": "P0"}}},
    "until": {"until": {"type": "static_select", "selected_option": {"value": "1h"}}},
    "incident": {"incident": {"type": "static_select", "selected_option": {"value": "incident/1"}}},
    f"{FIELD}CIRCLE_API_KEY": {ELEMENT: {"type": "plain_text_input", "value": "entered"}},
    "where": {"aikeys:where": {"type": "conversations_select", "selected_conversation": "C0OPS"}},
}
Envelope = dict[str, Any]


def _bases() -> Iterator[tuple[str, dict[str, Any]]]:
    yield "slash_commands", payloads.slash("t", _ANA, _OPS, "/aikeys", "health", _HOOK, _TRIGGER)
    for card in (_CARD, replace(_CARD, thread_ts=None), replace(_CARD, ephemeral_to="U0ANA")):
        pressed = {
            "type": "button",
            "action_id": "aikeys:ask:x",
            "block_id": "a",
            "value": "health",
            "action_ts": "1.1",
        }
        yield "interactive", payloads.message_action("t", _ANA, _OPS, card, pressed, _HOOK, _TRIGGER)
    for body in ({"type": "modal"}, {"type": "home"}):
        view = View("V1", "U0ANA", body | {"blocks": [], "callback_id": "aikeys:ask"}, "V1", hash="1.a", values=_FIELDS)
        yield (
            "interactive",
            payloads.view_action("t", _ANA, view, {"type": "button", "action_id": "aikeys:ask:x"}, _TRIGGER),
        )
        yield "interactive", payloads.submission("t", _ANA, view, _TRIGGER)
        yield "interactive", payloads.closed("t", _ANA, view, cleared=False)
    yield "interactive", payloads.shortcut("t", _ANA, "aikeys:ask", "1.1", _TRIGGER)
    yield "interactive", payloads.message_shortcut("t", _ANA, _OPS, _CARD, "aikeys:about", "1.1", _HOOK, _TRIGGER)
    ts = {"ts": "1764158400.000200", "event_ts": "1764158400.000200"}
    said = {"user": "U0ANA", "text": f"<@{BOT_USER}> health", "channel": "C0OPS", "team": "T0AIKEYS"} | ts
    for event in (
        said | {"type": "app_mention"},
        said | {"type": "message", "channel_type": "im", "blocks": [], "client_msg_id": "x"},
        said | {"type": "message", "channel_type": "channel", "subtype": "message_changed", "message": said},
        {"type": "reaction_added", "user": "U0ANA", "reaction": "pushpin", "item": {"type": "message"} | said},
        {"type": "app_home_opened", "user": "U0ANA", "tab": "home", "view": {"hash": "1.a"}},
        {"type": "member_joined_channel", "user": "U0ANA", "channel": "C0OPS"},
    ):
        yield "events_api", payloads.event("t", event, "Ev1", 1764158400, shared=False)


BASES = tuple((kind, json.dumps(payload)) for kind, payload in _bases())
# Where a person's own words stand, by what carries them: there a secret may be pasted, and is cut out.
_WORDS = (("text",), ("event", "text"), ("view", "state", "values", "reason", "reason", "value"))
_BUTTONS, _MODALS = tuple(BUTTONS), tuple(MODALS)
_VALUES = (
    "health",
    "approval/1",
    "incident/1",
    "operation/abc",
    "event/1",
    "deploy health",
    "1",
    "freeze x",
    "logs db",
)


def envelope(chance: Random) -> tuple[Envelope, str]:
    """One, and the secret that was pasted into it; empty where none was."""
    kind, base = BASES[int(chance.random() * len(BASES))]
    payload = json.loads(base)
    _pressed(payload, chance)
    secret = _spoken(payload, chance)
    if not secret:
        for _ in range(int(chance.random() * 4)):
            _spoil(payload, chance)
    if not secret and chance.random() < 0.03:
        kind = chance.choice(("slash_commands", "interactive", "events_api", nasty.piece(chance)))
    return {"envelope_id": f"e{chance.getrandbits(60):x}", "type": kind, "payload": payload}, secret


def _pressed(payload: dict[str, Any], chance: Random) -> None:
    """Some button or modal of ours, with some value."""
    if "trigger_id" in payload:
        payload["trigger_id"] = f"{chance.getrandbits(60)}.{nasty.piece(chance)}"
    if "event_id" in payload:
        payload["event_id"] = f"Ev{chance.getrandbits(60):x}{nasty.piece(chance)}"
    draw = chance.random()
    if "actions" in payload:
        name = chance.choice(_BUTTONS) if draw < 0.9 else nasty.piece(chance)
        value = chance.choice(_VALUES) if draw < 0.5 else nasty.text(chance)
        payload["actions"][0] |= {"action_id": f"aikeys:{name}:x", "value": value}
    elif payload.get("type") == "view_submission":
        payload["view"]["callback_id"] = f"aikeys:{chance.choice(_MODALS) if draw < 0.95 else nasty.piece(chance)}"
    elif payload.get("type") in ("shortcut", "message_action"):
        payload["callback_id"] = chance.choice(SHORTCUTS).callback_id


def _spoken(payload: dict[str, Any], chance: Random) -> str:
    """Hostile words where a person's stand; now and then a secret among them."""
    for *path, last in _WORDS:
        place: Any = payload
        for name in path:
            place = place.get(name, {})
        if last in place and chance.random() < 0.7:
            if chance.random() < 0.15:
                said, secret = canaries.drawn(chance)
                place[last] = f"health {said} {chance.choice(nasty.PLAIN)}"
                return secret
            place[last] = f"{chance.choice(('health', 'logs db', 'deploy', ''))} {nasty.text(chance)}"
    return ""


def _spoil(payload: dict[str, Any], chance: Random) -> None:
    """One thing of it is gone, hostile, of another kind or nested too deeply."""
    place: Any = payload
    while True:
        keys = [one for one in place if one not in _KEYS] if isinstance(place, dict) else range(len(place))
        if not keys:
            return
        key = keys[int(chance.random() * len(keys))]
        below = place[key]
        if not (isinstance(below, dict | list) and below and chance.random() < 0.8):
            break
        place = below
    draw = chance.random()
    if draw < 0.15 and isinstance(place, dict):
        del place[key]
    elif draw < 0.16:
        for _ in range(3000):
            below = [below]
        place[key] = below
    else:
        place[key] = nasty.text(chance) if draw < 0.6 else json.loads(chance.choice(_ODD))


_KEYS = frozenset({"trigger_id", "event_id"})  # two of the same are one delivery, said again: tests.chaos.again
_ODD = (
    "null", "true", "false", "0", "-1", "1e308", "1" + "0" * 30, '""', "[]", "{}", "[[]]", "[null]", "[{}]",
    '{"": null}', '{"id": []}', '[1, "a", {}]', '{"value": 1}', '{"type": {}}', '{"values": []}',
    '{"text": {"text": 1}}', '{"values": {"reason": {"reason": {"value": ["x"]}}}}',
)  # fmt: skip
