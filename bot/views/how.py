"""“How I know”: the button under an answer, and what it shows: each question, its SQL, how long it took. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.health.words import milliseconds
from bot.views.blocks import Block, Message, actions, button, cap, code, context, escape, preformatted, section

_MOST = 12  # questions shown in full; the rest is counted
_DETAIL = 1200  # characters of one
_ROOM = 9000  # characters of all: a longer message is scrolled past
_LABEL = "How I know"


def with_button(message: Message, delivery: int) -> Message:
    """*message* with the button, in the row of buttons it ends with or in one of its own."""
    blocks = list(message.blocks)
    if not blocks:
        blocks = [section(message.text)]
    how = button(_LABEL, "how", str(delivery))
    at = next((i for i, block in enumerate(blocks) if i >= len(blocks) - 2 and block.get("type") == "actions"), None)
    if at is not None and len(blocks[at]["elements"]) < 25:
        blocks[at] = blocks[at] | {"elements": [*blocks[at]["elements"], how]}
    elif len(blocks) < 50:
        blocks.append(actions(how))
    return replace(message, blocks=blocks)


def shown(asked: Sequence[Mapping[str, Any]] | None) -> Message:
    """What was asked for an answer; None: not known (any more)."""
    if asked is None:
        said = "I do not know any more how I knew that: what I asked is kept for seven days. Ask again."
        return Message(text=said, blocks=[section(said)])
    whole = max((float(one["seconds"]) for one in asked), default=0.0)
    title = f"For this answer I asked {_count(len(asked))}; the slowest took {milliseconds(whole * 1000)}."
    blocks: list[Block] = [section(f"*{title}*")]
    room = _ROOM
    for one in asked[:_MOST]:
        blocks.append(section(f"{code(one['what'], 300)}  {escape(one['outcome'], 80)} in {_took(one)}"))
        detail = cap(str(one["detail"]), min(_DETAIL, room))
        if detail and room > 0:
            room -= len(detail)
            blocks.append(preformatted(detail))
    if len(asked) > _MOST:
        rest = ", ".join(f"{escape(one['what'].rpartition('/')[2], 40)} {_took(one)}" for one in asked[_MOST:])
        blocks.append(context(cap(f"and {len(asked) - _MOST} more: {rest}", 1900)))
    return Message(text=title, blocks=blocks)


def _count(questions: int) -> str:
    return "one question" if questions == 1 else f"{questions} questions"


def _took(one: Mapping[str, Any]) -> str:
    return milliseconds(float(one["seconds"]) * 1000)
