"""Short ways to write Block Kit objects."""

from typing import Any

Block = dict[str, Any]
UNIX = 1_763_964_000  # 2025-11-24 06:00:00 UTC: 07:00 in Madrid, 1:00 AM in New York, 15:00 in Tokyo


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def mrk(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def option(text: str, value: str, description: str = "") -> Block:
    return {"text": plain(text), "value": value, **({"description": plain(description)} if description else {})}


def button(text: str, action_id: str, **more: Any) -> Block:
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


def rich(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def text(words: str, **style: bool) -> Block:
    return {"type": "text", "text": words, **({"style": style} if style else {})}
