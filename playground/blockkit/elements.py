"""Elements that people press or look at: buttons, overflow, images.

Limits: docs.slack.dev/reference/block-kit/block-elements/*; slack_sdk 3.47 models/blocks/block_elements.py.
"""

from playground.blockkit.rules import chars, choice, each, url
from playground.blockkit.shapes import Shape, exactly_one
from playground.blockkit.texts import CONFIRM, ID, LINK_OPTION, SLACK_FILE, STYLE, USERS, plain

BUTTON = Shape(
    "button",
    need={"text": plain(75)},
    may={
        "action_id": ID,
        "value": chars(2000),
        "url": url(3000),
        "style": STYLE,
        "confirm": CONFIRM,
        "accessibility_label": chars(75),
        # The three below are of 2026 (slack_sdk 3.47 ButtonElement). No limit is published for the display text,
        # which stands in place of the button's own: the button's limit is taken.
        "agent_prompt": chars(4000),
        "agent_prompt_display": chars(75),
        "visible_to_user_ids": USERS,
    },
)

WORKFLOW_BUTTON = Shape(
    "workflow_button",
    need={
        "text": plain(75),
        "workflow": Shape(
            None,
            need={
                "trigger": Shape(
                    None,
                    need={"url": url(3000)},
                    may={
                        "customizable_input_parameters": each(
                            Shape(None, need={"name": chars(None), "value": chars(None, 0)}), None, 0
                        )
                    },
                )
            },
        ),
    },
    may={"action_id": ID, "style": STYLE, "accessibility_label": chars(75)},
)

OVERFLOW = Shape("overflow", need={"options": each(LINK_OPTION, 5)}, may={"action_id": ID, "confirm": CONFIRM})

IMAGE = Shape(
    "image",
    need={"alt_text": chars(2000)},
    may={"image_url": url(3000), "slack_file": SLACK_FILE},
    agree=exactly_one("image_url", "slack_file"),
)

ICON_BUTTON = Shape(
    "icon_button",
    need={"icon": choice("trash"), "text": plain(75)},  # Slack offers one icon so far
    may={
        "action_id": ID,
        "value": chars(2000),
        "confirm": CONFIRM,
        "accessibility_label": chars(75),
        "visible_to_user_ids": USERS,
    },
)

_FEEDBACK = Shape(None, need={"text": plain(75), "value": chars(2000)}, may={"accessibility_label": chars(75)})
FEEDBACK_BUTTONS = Shape(
    "feedback_buttons",
    need={"positive_button": _FEEDBACK, "negative_button": _FEEDBACK},
    may={"action_id": ID},
)

URL_SOURCE = Shape("url", need={"url": url(3000), "text": chars(None)})

# docs.slack.dev/reference/block-kit/composition-objects/slack-icon-object
ICONS = (
    "archive book bookmark bot bug calendar call caret-left caret-right check clipboard code comment compass copy cube "
    "download edit email eye-closed eye-open file flag folder gear globe heart help image info key lightbulb link map "
    "mobile new-window pin plus refine refresh rocket save screen share sparkle star star-filled tag thumbs-down "
    "thumbs-up trash upload user warning"
)
SLACK_ICON = Shape("icon", need={"name": choice(*ICONS.split())})
