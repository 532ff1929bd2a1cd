"""Which block may stand where, and the check of a stack of blocks.

Sources: the "surfaces" of each block's page on docs.slack.dev and docs.slack.dev/blocks.json.
"""

from collections.abc import Iterator
from typing import Any, Literal, TypeAlias

from playground.blockkit import blocks as b
from playground.blockkit import cards as c
from playground.blockkit import data as d
from playground.blockkit.problem import Found, Problem
from playground.blockkit.rich_text import RICH_TEXT
from playground.blockkit.rules import unique
from playground.blockkit.shapes import Shape, kind_of, kinds

Surface: TypeAlias = Literal["message", "modal", "home"]
Walked: TypeAlias = list[tuple[dict[str, Any], str]]
"""Blocks with their pointers."""

EVERYWHERE = frozenset({"message", "modal", "home"})
MESSAGE_AND_HOME = frozenset({"message", "home"})
MESSAGE = frozenset({"message"})
MODAL = frozenset({"modal"})

WHERE: tuple[tuple[Shape, frozenset[str]], ...] = (
    (b.SECTION, EVERYWHERE),
    (b.HEADER, EVERYWHERE),
    (b.CONTEXT, EVERYWHERE),
    (b.DIVIDER, EVERYWHERE),
    (b.ACTIONS, EVERYWHERE),
    (b.INPUT, EVERYWHERE),
    (b.IMAGE_BLOCK, EVERYWHERE),
    (b.VIDEO, EVERYWHERE),
    (RICH_TEXT, EVERYWHERE),
    (b.FILE, MESSAGE),
    (b.MARKDOWN, MESSAGE),
    (b.CONTEXT_ACTIONS, MESSAGE),
    (d.TABLE, MESSAGE),  # one library lists home too
    (d.DATA_TABLE, MESSAGE_AND_HOME),
    (d.DATA_VISUALIZATION, MESSAGE),  # home is disputed
    (c.ALERT, MODAL),
    (c.CARD, MESSAGE_AND_HOME),  # modal is disputed
    (c.CAROUSEL, MESSAGE_AND_HOME),
    (c.CONTAINER, MESSAGE_AND_HOME),
    (c.PLAN, MESSAGE),
    (c.TASK_CARD, MESSAGE),
)
SURFACES = {shape.kind: surfaces for shape, surfaces in WHERE}
MOST = {"message": 50, "modal": 100, "home": 100}

_ANY_BLOCK = kinds(*(shape for shape, _ in WHERE))


def walk(blocks: object, at: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield every block with its pointer: those of the stack, and those inside containers, carousels and plans."""
    for index, one in enumerate(blocks if isinstance(blocks, list) else ()):
        if not isinstance(one, dict):
            continue
        here = f"{at}/{index}"
        yield one, here
        nested = {"container": "child_blocks", "carousel": "elements", "plan": "tasks"}.get(kind_of(one) or "")
        for i, child in enumerate(inner if nested and isinstance(inner := one.get(nested), list) else ()):
            if isinstance(child, dict):
                yield child, f"{here}/{nested}/{i}"


def elements(block: dict[str, Any], at: str) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield the elements of a block with their pointers."""
    for name in ("accessory", "element"):
        if isinstance(one := block.get(name), dict):
            yield one, f"{at}/{name}"
    for name in ("elements", "actions"):
        for index, one in enumerate(many if isinstance(many := block.get(name), list) else ()):
            if isinstance(one, dict):
                yield one, f"{at}/{name}/{index}"


def distinct_blocks(walked: Walked, found: Found) -> None:
    """Note block_ids that are used twice on one surface."""
    unique([(one.get("block_id"), f"{at}/block_id") for one, at in walked], "the block_id", found)


def _surface(blocks: object, at: str, surface: Surface, found: Found) -> None:
    for one, here in walk(blocks, at):
        kind = kind_of(one)
        allowed = SURFACES.get(kind)
        # A task inside a plan is where it belongs; a plan itself has been judged already.
        if allowed is not None and surface not in allowed and "/tasks/" not in here:
            found.append(Problem(f"{here}/type", "wrong_surface", f"a {surface} takes no “{kind}” block"))
        for element, where in elements(one, here):
            if element.get("response_url_enabled") is True and (kind != "input" or surface != "modal"):
                problem = "works only in input blocks of modals"
                found.append(Problem(f"{where}/response_url_enabled", "conflict", problem))


def check_stack(blocks: object, at: str, surface: Surface, found: Found, *, least: int = 0) -> None:
    """Check the list *blocks*, which stands at *at*; everything but what counts over a whole message or view."""
    if not isinstance(blocks, list):
        found.append(Problem(at, "wrong_type", "blocks must be a list"))
        return
    if len(blocks) > MOST[surface]:
        found.append(Problem(at, "too_many", f"{len(blocks)} blocks, a {surface} takes {MOST[surface]}"))
    if len(blocks) < least:
        found.append(Problem(at, "too_few", f"a {surface} needs at least {least} block"))
    for index, one in enumerate(blocks):
        _ANY_BLOCK(one, f"{at}/{index}", found)
    _surface(blocks, at, surface, found)
