"""The check of blocks by themselves."""

from playground.blockkit.messages import over_all
from playground.blockkit.problem import Found, Problem
from playground.blockkit.surfaces import Surface, check_stack, distinct_blocks, walk


def check_blocks(blocks: object, surface: Surface) -> list[Problem]:
    """Return what Slack would refuse in *blocks* on *surface*; pointers begin with `/blocks`."""
    found: Found = []
    check_stack(blocks, "/blocks", surface, found)
    walked = list(walk(blocks, "/blocks"))
    if surface == "message":
        over_all(walked, found)
    else:
        distinct_blocks(walked, found)
    return found
