"""The lines of the runbook that would do harm, or nothing, as they stand: refused, with what to do instead. Pure."""

from collections.abc import Sequence

from bot.errors import Refused

_RESET = Refused(
    "I never reset a database.",
    "supabase db reset drops every object of the project, and all of the customers' data with it. "
    "It undoes no migration.",
    "To undo the last migration: `/aikeys rollback migration <version>`. To go back in time: `/aikeys restore`, which "
    "says what is lost. Else write a migration that mends it: `/aikeys migrate`",
)
_PUSH = Refused(
    "That is not how I migrate.",
    "supabase db push asks nobody, and today goes to a database on your own machine unless it is told otherwise.",
    "See what waits: `/aikeys migrations`. Apply it, once a second person has read what it does: `/aikeys migrate`",
)
_DOWN = Refused(
    "I never run that.",
    "supabase migration down drops what stands in the schema and plays the migrations again: the rows are gone.",
    "To undo the last one: `/aikeys rollback migration <version>`. What is applied, what waits: `/aikeys migrations`",
)
_INSTEAD: dict[tuple[str, ...], Refused] = {
    ("db", "reset"): _RESET,
    ("db", "push"): _PUSH,
    ("migration", "down"): _DOWN,
    ("migration", "repair"): _DOWN,
    ("migration", "up"): _PUSH,
}


def instead(words: Sequence[str]) -> Refused | None:
    """What is said to such a line, with `supabase` in front or without; None for any other."""
    said = tuple(word.casefold() for word in words)
    said = said[1:] if said[:1] == ("supabase",) else said
    found = _INSTEAD.get(said[:2])
    return Refused(found.what, found.why, found.do) if found is not None else None
