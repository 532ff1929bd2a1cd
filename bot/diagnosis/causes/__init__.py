"""Facts in, causes out: each rule says when it speaks, how much it explains, its evidence, what to do. Pure.

The order of weights: what brings everything down (the project, the platform, the database), then what brings one
function down, then what goes wrong within it. Two that are true at once are both shown, the better explanation first.
"""

from bot.diagnosis.cause import LIKELY, Cause
from bot.diagnosis.causes import database, functions, platform, webhooks
from bot.diagnosis.evidence import Kind, Seen

_RULES = {
    "webhook": (*platform.RULES, *database.FROM_OUTSIDE, *webhooks.RULES, *functions.RULES),
    "database": (*platform.RULES, *database.RULES),
    "function": (*platform.RULES, *database.FROM_OUTSIDE, *functions.RULES),
}


def causes(seen: Seen) -> list[Cause]:
    """Every cause that the facts speak for, the likeliest first. None where nothing is found wrong."""
    kind: Kind = seen.kind
    found = [cause for rule in _RULES[kind] if (cause := rule(seen)) is not None]
    if any(cause.weight >= LIKELY for cause in found):
        found = [cause for cause in found if not cause.bare]
    return sorted(found, key=lambda cause: -cause.weight)
