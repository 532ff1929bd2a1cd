"""Modals and Home tabs.

Limits: docs.slack.dev/reference/views; slack_sdk 3.47 models/views; views.open errors (view_too_large: 250 kB).
"""

import json
from typing import Any

from playground.blockkit.problem import Found, Problem
from playground.blockkit.rules import Rule, chars, flag
from playground.blockkit.shapes import Shape, kind_of, kinds
from playground.blockkit.surfaces import Surface, check_stack, distinct_blocks, elements, walk
from playground.blockkit.texts import plain

SIZE_MOST = 250_000  # bytes of JSON


def _stack(surface: Surface) -> Rule:
    def rule(value: object, at: str, found: Found) -> None:
        check_stack(value, at, surface, found, least=1)

    return rule


def _one_focus(view: dict[str, Any], at: str, found: Found) -> None:
    """Only one element of a view may take the focus when it opens."""
    focused = [
        where
        for block, here in walk(view["blocks"], f"{at}/blocks")
        for element, where in elements(block, here)
        if element.get("focus_on_load") is True
    ]
    found.extend(
        Problem(f"{where}/focus_on_load", "duplicate", "only one element of a view takes the focus")
        for where in focused[1:]
    )


def _submittable(view: dict[str, Any], at: str, found: Found) -> None:
    """What asks for input can be sent off."""
    asks = any(kind_of(block) == "input" for block, _ in walk(view["blocks"], at))
    if asks and "submit" not in view:
        found.append(Problem(f"{at}/submit", "missing", "required in a modal with input blocks"))


def _distinct(view: dict[str, Any], at: str, found: Found) -> None:
    distinct_blocks(list(walk(view["blocks"], f"{at}/blocks")), found)


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
        "submit_disabled": flag,
    },
    agree=(_submittable, _one_focus, _distinct),
)

HOME = Shape("home", need={"blocks": _stack("home")}, may=_COMMON, agree=(_one_focus, _distinct))

_VIEW = kinds(MODAL, HOME)


def check_view(view: object) -> list[Problem]:
    """Return what views.open, views.update, views.push or views.publish would refuse in *view*."""
    found: Found = []
    _VIEW(view, "", found)
    try:
        size = len(json.dumps(view, ensure_ascii=False, separators=(",", ":")).encode(errors="replace"))
    except (TypeError, ValueError, RecursionError):
        found.append(Problem("", "wrong_type", "not JSON"))
    else:
        if size > SIZE_MOST:
            found.append(Problem("", "too_large", f"{size} bytes of JSON, at most {SIZE_MOST} are allowed"))
    return found
