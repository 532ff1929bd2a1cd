"""The shortcuts' modal: questions to press. Pure. Nothing is submitted in it: each button asks at once."""

import json
from typing import TYPE_CHECKING, Any

from bot.views.blocks import Block, actions, ask_button, code, context, divider, escape, section
from bot.views.runbook import warning

if TYPE_CHECKING:
    from bot.desks.shortcuts import Offer

WHERE = "aikeys:where"  # the menu of channels
_MOST = 20


def modal(offer: "Offer") -> dict[str, Any]:
    """The modal."""
    blocks: list[Block] = []
    if offer.said:
        where = "in the thread of that message" if offer.about else "where you chose"
        where = where if offer.place.channel else "in our direct message"
        blocks.append(section(f"👉 {code(f'/aikeys {offer.said}')} is asked: the answer comes {where}."))
    blocks += _about(offer) if offer.about else [_where()]
    if offer.asks:
        if offer.about:
            blocks += [divider(), section("*Or ask*")]
        blocks.append(actions(*(ask_button(line, line) for line in offer.asks[:_MOST])))
    if offer.about:
        blocks.append(context("The answers come in the thread of that message, for all who are there."))
    kept = {
        "channel": offer.place.channel if offer.about else "",
        "thread": offer.place.thread,
        "pages": [found.title for found, _ in offer.found],
    }
    return _view(blocks) | {"private_metadata": json.dumps(kept)}


def closed(why: str) -> dict[str, Any]:
    """For who may do nothing."""
    return _view([section(f"🚫 *I answer members of this workspace only.*\n{escape(why, 600)}")])


def waiting() -> dict[str, Any]:
    """While Slack is slow to say who it is."""
    return _view([section("⏳ One moment…")])


def _view(blocks: list[Block]) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "aikeys:shortcut",
        "title": {"type": "plain_text", "text": "Ask AIKeys"},
        "close": {"type": "plain_text", "text": "Done"},
        "blocks": blocks,
    }


def _about(offer: "Offer") -> list[Block]:
    if not offer.found:
        return [section("The runbook has nothing for the words of that message.")]
    blocks: list[Block] = []
    for found, lines in offer.found:
        title = f"📖 *{escape(found.title)}*  _{escape(found.section)}_"
        blocks.append(section(title, accessory=ask_button("Show the page", f"runbook {found.title}")))
        blocks += [section(said) for said in warning(found)]
        asks = [ask_button(one.line, one.line) for one in lines if one.reads and one.line != "runbook"]
        blocks += [actions(*asks)] if asks else []
    return blocks


def _where() -> Block:
    menu = {
        "type": "conversations_select",
        "action_id": WHERE,
        "placeholder": {"type": "plain_text", "text": "a direct message"},
        "default_to_current_conversation": True,
        "filter": {
            "include": ["public", "private", "im"],
            "exclude_bot_users": True,
            "exclude_external_shared_channels": True,
        },
    }
    return section("*Answer in*", accessory=menu) | {"block_id": "where"}
