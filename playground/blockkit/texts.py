"""Composition objects: what blocks and elements are made of.

Limits: docs.slack.dev/reference/block-kit/composition-objects/*; slack_sdk 3.47 models/blocks/basic_components.py.
"""

from typing import Any

from playground.blockkit.problem import Found, Problem
from playground.blockkit.rules import Rule, chars, choice, each, flag, shaped, url
from playground.blockkit.shapes import Shape, exactly_one, kinds, one_of

LONGEST = 3000  # of any text object without a smaller limit of its own (docs: text-object)


def plain(most: int = LONGEST) -> Shape:
    """Return the rule of a plain_text object. `emoji` is known here only, `verbatim` in mrkdwn only."""
    return Shape("plain_text", need={"text": chars(most)}, may={"emoji": flag})


def mrkdwn(most: int = LONGEST) -> Shape:
    """Return the rule of a mrkdwn object."""
    return Shape("mrkdwn", need={"text": chars(most)}, may={"verbatim": flag})


def text(most: int = LONGEST) -> Rule:
    """Return the rule of a text object of either kind."""
    return kinds(plain(most), mrkdwn(most))


ID = chars(255)  # block_id, action_id, callback_id, external_id
STYLE = choice("primary", "danger")
TIMEZONE = shaped(r"[A-Za-z]+(/[A-Za-z0-9_+\-]+){0,2}", "America/Chicago", 64)  # the form, not the list of zones
USERS = each(shaped("[UW][A-Z0-9]+", "U012AB3CD", 40), 10)

# The reference describes the text of a dialog as plain_text; the official types (@slack/types,
# ConfirmationDialog) and slack_sdk send mrkdwn, and Slack takes it. All four texts are required.
CONFIRM = Shape(
    None,
    need={"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    may={"style": STYLE},
)

DISPATCH = Shape(None, need={"trigger_actions_on": each(choice("on_enter_pressed", "on_character_entered"), 2)})


def option(body: Rule, *, linked: bool = False) -> Shape:
    """Return the rule of an option whose texts follow *body* (75 characters); only overflow options have a url."""
    own = {"url": url(3000)} if linked else {}
    return Shape(None, need={"text": body, "value": chars(150)}, may={"description": body, **own})


PLAIN_OPTION = option(plain(75))
LINK_OPTION = option(plain(75), linked=True)
RICH_OPTION = option(text(75))  # checkboxes and radio buttons take mrkdwn, menus do not

OPTION_GROUP = Shape(None, need={"label": plain(75), "options": each(PLAIN_OPTION, 100)})


def _some_filter(value: dict[str, Any], at: str, found: Found) -> None:
    """A filter that filters nothing is refused ("a valid filter object must have at least one field")."""
    one_of("include", "exclude_bot_users", "exclude_external_shared_channels")(value, at, found)
    include = value.get("include", [])
    if len(set(include)) != len(include):
        found.append(Problem(f"{at}/include", "duplicate", "a kind of conversation is named twice"))


CONVERSATION_FILTER = Shape(
    None,
    may={
        "include": each(choice("im", "mpim", "private", "public"), 4),
        "exclude_bot_users": flag,
        "exclude_external_shared_channels": flag,
    },
    agree=(_some_filter,),
)

SLACK_FILE = Shape(
    None, may={"id": shaped("F[A-Z0-9]+", "F012AB3CD", 40), "url": url(3000)}, agree=exactly_one("id", "url")
)
