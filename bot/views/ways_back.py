"""On a migration's card, before anybody approves: can it be taken back afterwards, and if not, what is left. Pure."""

from collections.abc import Mapping, Sequence

from bot.migrations.files import Wanted
from bot.views.blocks import code, escape


def written(found: Sequence[Wanted], downs: Mapping[str, str]) -> list[str]:
    """Those that can be taken back afterwards, each by its file."""
    has = [one for one in found if one.version in downs]
    said = [f"{code(f'/aikeys rollback migration {one.version}')} runs {code(downs[one.version])}" for one in has[:3]]
    more = [f"and {len(has) - 3} more"] if len(has) > 3 else []
    order = ", the newest first" if len(found) > 1 else ""
    return [f"Way back{order}: {'; '.join([*said, *more])}. Rows that are gone do not come back by it"] if has else []


def missing(found: Sequence[Wanted], downs: Mapping[str, str]) -> list[str]:
    """Those that cannot, and what is left then."""
    lacks = [code(one.version) for one in found if one.version not in downs]
    if not lacks:
        return []
    more = f" and {len(lacks) - 3} more" if len(lacks) > 3 else ""
    left = "another migration that mends it, or `/aikeys restore`, which loses all that was written since"
    return [f"*Nobody has written a way back* of {', '.join(lacks[:3])}{more}: afterwards there is only {left}."]


def not_known(why: str) -> str:
    """The source could not say."""
    return f"Whether somebody has written a way back is not known. {escape(why)}"
