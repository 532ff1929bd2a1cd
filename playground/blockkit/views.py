"""Modals and Home tabs.

Limits: docs.slack.dev/reference/views; slack_sdk 3.47 models/views; views.open errors (view_too_large: 250 kB).
"""

import json
from typing import Any

from playground.blockkit.problem import Found, Problem
from playground.blockkit.rules import Rule, chars, flag
from playground.blockkit.shapes import Shape, kind_of, kinds
from playground.blockkit.surfaces import Surface, Walked, check_stack, distinct_blocks, elements, walk
from playground.blockkit.texts import plain

SIZE_MOST = 250_000  # bytes of JSON


def _stack(surface: Surface) -> Rule:
    def rule(value: object, at: str, found: Found) -> None:
        check_stack(value, at, surface, found, least=1)

    return rule


def _one_focus(walked: Walked, found: Found) -> None:
    """Only one element of a view may take the focus when it opens."""
    focused = [
        where for block, at in walked for element, where in elements(block, at) if element.get("focus_on_load") is True
    ]
    found.extend(
        Problem(f"{where}/focus_on_load", "duplicate", "only one element of a view takes the focus")
        for where in focused[1:]
    )


def _submittable(view: dict[str, Any], walked: Walked, found: Found) -> None:
    """What asks for input can be sent off."""
    asks = any(kind_of(block) == "input" for block, _ in walked)
    if asks and kind_of(view) == "modal" and "submit" not in view:
        found.append(Problem("/submit", "missing", "required in a modal with input blocks"))


_COMMON: dict[str, Rule] = {
    "private_metadata": chars(3000, 0),
    "callback_id": chars(255, 0),
    "external_id": chars(255, 0),
}

MODAL = Shape(
    "modal",
    need={"title": plain(24), "blocks": _stack("modal")},
    may={
        **_COMMON,
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": flag,
        "notify_on_close": flag,
    },
)

HOME = Shape("home", need={"blocks": _stack("home")}, may=_COMMON)

_VIEW = kinds(MODAL, HOME)


def check_view(view: object) -> list[Problem]:
    """Return what views.open, views.update, views.push or views.publish would refuse in *view*."""
    found: Found = []
    _VIEW(view, "", found)
    if isinstance(view, dict):
        walked = list(walk(view.get("blocks"), "/blocks"))
        _submittable(view, walked, found)
        _one_focus(walked, found)
        distinct_blocks(walked, found)
    try:
        size = len(json.dumps(view, ensure_ascii=False, separators=(",", ":")).encode(errors="replace"))
    except (TypeError, ValueError, RecursionError):
        found.append(Problem("", "wrong_type", "not JSON"))
    else:
        if size > SIZE_MOST:
            found.append(Problem("", "too_large", f"{size} bytes of JSON, at most {SIZE_MOST} are allowed"))
    return found
