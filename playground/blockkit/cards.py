"""The blocks of 2026: alert, card, carousel, container, plan, task_card.

Limits: docs.slack.dev/reference/block-kit/blocks/*, changelog 2026-04 to 2026-06-29; slack_sdk 3.47 blocks.py.
"""

from typing import Any

from playground.blockkit.blocks import (
    ACTIONS,
    CONTEXT,
    DIVIDER,
    FILE,
    HEADER,
    IMAGE_BLOCK,
    INPUT,
    SECTION,
    VIDEO,
    block,
    distinct_actions,
)
from playground.blockkit.data import TABLE
from playground.blockkit.elements import BUTTON, IMAGE, SLACK_ICON, URL_SOURCE
from playground.blockkit.problem import Found, Problem
from playground.blockkit.rich_text import RICH_TEXT
from playground.blockkit.rules import Rule, chars, choice, each, flag, only, unique
from playground.blockkit.shapes import Shape, kinds, not_both, one_of
from playground.blockkit.texts import ID, plain, text

ALERT = block(
    "alert",
    need={"text": text(200)},
    may={"level": choice("default", "info", "warning", "error", "success")},
)

CARD = block(
    "card",
    may={
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "subtext": text(200),
        "icon": IMAGE,
        "slack_icon": SLACK_ICON,
        "hero_image": IMAGE,
        "actions": each(BUTTON, 3),
    },
    agree=(
        one_of("hero_image", "title", "actions", "body"),
        not_both("icon", "slack_icon"),
        distinct_actions,
    ),
)

CAROUSEL = block("carousel", need={"elements": each(CARD, 10)})


def _folds(value: dict[str, Any], at: str, found: Found) -> None:
    """Only what can be folded starts folded; only what cannot has a line under its header."""
    if value.get("default_collapsed") and not value.get("is_collapsible"):
        found.append(Problem(f"{at}/default_collapsed", "conflict", "needs “is_collapsible” to be true"))
    if value.get("has_header_divider") and value.get("is_collapsible"):
        found.append(Problem(f"{at}/has_header_divider", "conflict", "not together with “is_collapsible”"))


CONTAINER = block(
    "container",
    # Slack's own validator has been seen refusing rich_text, file and input children that its reference page lists.
    # They are let through: the page is the promise.
    need={
        "child_blocks": each(
            kinds(ACTIONS, CONTEXT, DIVIDER, FILE, HEADER, IMAGE_BLOCK, INPUT, RICH_TEXT, SECTION, TABLE, VIDEO),
            10,
        )
    },
    may={
        "title": plain(150),
        "rich_text_title": RICH_TEXT,
        "subtitle": text(150),
        "icon": IMAGE,
        "width": choice("narrow", "standard", "wide", "full"),
        "is_collapsible": flag,
        "default_collapsed": flag,
        "has_header_divider": flag,
    },
    agree=(one_of("title", "rich_text_title"), _folds),
)

# The page calls `status` optional, slack_sdk 3.47 and @slack/types require it: the stricter reading.
_TASK: dict[str, Rule] = {"task_id": chars(None), "title": chars(None)}
_TASK_MORE: dict[str, Rule] = {"details": RICH_TEXT, "output": RICH_TEXT, "sources": each(URL_SOURCE, None)}

TASK_CARD = block(
    "task_card",
    # Only the tasks of a plan may be pending; one that stands alone has begun.
    need={**_TASK, "status": choice("in_progress", "complete", "error")},
    may=_TASK_MORE,
)

# Within a plan `type` and `block_id` may be left out; both forms are seen.
_PLANNED = Shape(
    None,
    need={**_TASK, "status": choice("pending", "in_progress", "complete", "error")},
    may={**_TASK_MORE, "type": only("task_card"), "block_id": ID},
)


def _distinct_tasks(value: dict[str, Any], at: str, found: Found) -> None:
    """The task_ids within one plan differ."""
    unique([(t["task_id"], f"{at}/tasks/{i}/task_id") for i, t in enumerate(value["tasks"])], "the task_id", found)


PLAN = block("plan", need={"title": chars(None), "tasks": each(_PLANNED, 50)}, agree=(_distinct_tasks,))
