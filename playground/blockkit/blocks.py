"""The blocks that have always been there, and markdown. Newer ones: cards.py, data.py, rich_text.py.

Limits: docs.slack.dev/reference/block-kit/blocks/*; slack_sdk 3.47 models/blocks/blocks.py.
"""

from typing import Any

from playground.blockkit.elements import (
    BUTTON,
    FEEDBACK_BUTTONS,
    ICON_BUTTON,
    IMAGE,
    OVERFLOW,
    WORKFLOW_BUTTON,
)
from playground.blockkit.inputs import DATE_PICKER, FIELDS, PICKERS, TIME_PICKER
from playground.blockkit.menus import CHECKBOXES, MULTI_SELECTS, RADIO_BUTTONS, SELECTS
from playground.blockkit.problem import Found
from playground.blockkit.rules import Rule, chars, each, flag, only, unique, url
from playground.blockkit.shapes import Agreement, Shape, exactly_one, kinds, one_of
from playground.blockkit.texts import ID, SLACK_FILE, mrkdwn, plain, text


def block(
    kind: str,
    *,
    need: dict[str, Rule] | None = None,
    may: dict[str, Rule] | None = None,
    agree: tuple[Agreement, ...] = (),
) -> Shape:
    """Return the rule of a block: any block may have a block_id."""
    return Shape(kind, need=need, may={"block_id": ID, **(may or {})}, agree=agree)


def distinct_actions(value: dict[str, Any], at: str, found: Found) -> None:
    """The action_ids within one block differ (docs: "unique among all other action_ids in the containing block")."""
    name = "elements" if "elements" in value else "actions"
    given = [(one.get("action_id"), f"{at}/{name}/{i}/action_id") for i, one in enumerate(value.get(name, []))]
    unique(given, "the action_id", found)


SECTION = block(
    "section",
    may={
        "text": text(3000),
        "fields": each(text(2000), 10),
        # datetimepicker works in actions and input blocks only (docs: datetime-picker-element).
        "accessory": kinds(
            BUTTON,
            WORKFLOW_BUTTON,
            OVERFLOW,
            IMAGE,
            CHECKBOXES,
            RADIO_BUTTONS,
            DATE_PICKER,
            TIME_PICKER,
            *SELECTS,
            *MULTI_SELECTS,
        ),
        "expand": flag,
    },
    agree=(one_of("text", "fields"),),
)

HEADER = block("header", need={"text": plain(150)})
DIVIDER = block("divider")
CONTEXT = block("context", need={"elements": each(kinds(plain(), mrkdwn(), IMAGE), 10)})

# @slack/types also lets multi-selects and rich_text_input stand in actions; their reference pages name only section
# and input. The stricter reading is taken.
ACTIONS = block(
    "actions",
    need={
        "elements": each(kinds(BUTTON, WORKFLOW_BUTTON, OVERFLOW, CHECKBOXES, RADIO_BUTTONS, *PICKERS, *SELECTS), 25)
    },
    agree=(distinct_actions,),
)

CONTEXT_ACTIONS = block(
    "context_actions",
    need={"elements": each(kinds(FEEDBACK_BUTTONS, ICON_BUTTON), 5)},
    agree=(distinct_actions,),
)

INPUT = block(
    "input",
    need={
        "label": plain(2000),
        "element": kinds(*FIELDS, *PICKERS, *SELECTS, *MULTI_SELECTS, CHECKBOXES, RADIO_BUTTONS),
    },
    may={"hint": plain(2000), "optional": flag, "dispatch_action": flag},
)

IMAGE_BLOCK = block(
    "image",
    need={"alt_text": chars(2000)},
    may={"image_url": url(3000), "slack_file": SLACK_FILE, "title": plain(2000)},
    agree=exactly_one("image_url", "slack_file"),
)

FILE = block("file", need={"external_id": ID, "source": only("remote")})

VIDEO = block(
    "video",
    # "Must be less than 200 characters", "less than 50": one below the figure (slack_sdk 3.47 VideoBlock, `<`).
    need={
        "alt_text": chars(2000),
        "title": plain(199),
        "video_url": url(3000, secure=True),
        "thumbnail_url": url(3000),
    },
    may={
        "title_url": url(2000, secure=True),
        "description": plain(199),
        "author_name": chars(49),
        "provider_name": chars(49),
        "provider_icon_url": url(2000),
    },
)

MARKDOWN = block("markdown", need={"text": chars(None)})  # 12,000 over all of a message: messages.py
