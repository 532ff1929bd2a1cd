"""Block Kit, checked as strictly as Slack checks it: what would be refused there is refused here, with a pointer.

    check_blocks(blocks, "message")  → [Problem(pointer="/blocks/0/text/text", code="too_long", message="…")]
    check_view(view)                 → the whole view: modal or home
    check_message({"text": …, "blocks": […], "attachments": […]})

Pure functions: no I/O, nothing raised, whatever JSON they are given. An empty list means that Slack takes it.
Where the sources disagree the stricter one is followed, with a comment beside the rule: a playground that
forgives hides bugs.

How to read it: a `Shape` is the table of one object's fields (`need`, `may`) with a rule for each; `kinds` tells
shapes apart by `type`; `agree` holds what several fields must agree on, asked when each by itself is right.

    rules.py      single values and lists        rich_text.py  rich_text and its parts
    shapes.py     objects                        data.py       table, data_table, data_visualization
    texts.py      composition objects            blocks.py     section, header, context, actions, input, image, …
    elements.py   buttons, overflow, images      cards.py      alert, card, carousel, container, plan, task_card
    menus.py      selects, checkboxes, radios    surfaces.py   which block stands where; a stack of blocks
    inputs.py     pickers and fields             views.py, messages.py, checks.py   whole views, messages, stacks

Sources: docs.slack.dev/reference/block-kit (blocks, block-elements, composition-objects) and /reference/views, as
of summer 2026; slack_sdk 3.47 models/blocks and models/views; the official types @slack/types 3.2; the limit tables
of slackblocks 3.0.
"""

from playground.blockkit.checks import check_blocks
from playground.blockkit.messages import check_message
from playground.blockkit.problem import CODES, Problem
from playground.blockkit.surfaces import Surface
from playground.blockkit.views import check_view

__all__ = ["CODES", "Problem", "Surface", "check_blocks", "check_message", "check_view"]
