"""The statuses of Supabase's Management API as sentences (supabase.com/docs: management API)."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bot.clients.errors import (
    STATUS_PAGE,
    DatabaseAway,
    Gone,
    MustPay,
    NotAllowed,
    NotThere,
    Odd,
    OutOfResources,
    Paused,
    ServerFailed,
    Source,
    SqlFailed,
    TokenRefused,
    TooMany,
    TurnedAway,
)
from bot.clients.http import Answer
from bot.redaction import hidden

# Observed: 'Failed to run sql query: ERROR:  42P01: relation "x" does not exist\nLINE 1…'
_SQL = re.compile(r"^Failed to run sql query: (?:ERROR:\s+(?P<state>[0-9A-Z]{5}):\s*)?(?P<why>[^\n]*)")
_SAID = 160  # characters of an outside message that a sentence may quote


# A server may say back what it was asked with; cleaned before it is cut, or half a token would stand there.
Said = Annotated[str, AfterValidator(hidden)]


class Told(BaseModel):
    """An error's body: `message` always, other keys sometimes. Nothing in it is trusted to be there."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    message: Said = ""
    code: str | int | None = None
    missing_permissions: list[Said] = Field(default=[])


def told(answer: Answer) -> Told:
    """What an error's body says, as far as it can be read."""
    try:
        return Told.model_validate_json(answer.body)
    except ValidationError:
        return Told()


def turned_away(answer: Answer, setting: str = "SUPABASE_ACCESS_TOKEN") -> TurnedAway:
    """Return the leaf for an answer of the Management API that is not a success. *setting* names the token's."""
    source, status, said = answer.source, answer.status, told(answer)
    quote = f": {said.message[:_SAID]}" if said.message else ""
    match status:
        case 400 if sql := _SQL.match(said.message):
            failed = _sql_failed(source, sql["state"] or "", sql["why"][:_SAID])
            failed.said = said.message[: _SAID * 12]
            return failed
        case 401:
            return TokenRefused(
                source,
                status,
                f"{source.name} does not accept the bot's token (401): wrong, expired or revoked.",
                f"Make a new one at supabase.com/dashboard/account/tokens, set {setting}, restart the bot.",
            )
        case 402:
            return MustPay(
                source,
                status,
                f"Supabase refuses because of the plan or an unpaid bill (402{quote}).",
                f"An owner of the organisation opens its billing page at {source.dashboard}.",
            )
        case 403:
            return _not_allowed(source, said, setting)
        case 404:
            return NotThere(
                source,
                status,
                f"{source.name} knows nothing under this address (404{quote}).",
                f"Check that the project ref {source.ref} is right and that the token may see that project.",
            )
        case 410:
            return Gone(
                source,
                status,
                f"{source.name} has removed what the bot asked for (410).",
                "Update the bot. Until then look at the dashboard.",
            )
        case _:
            return common(answer) or Odd(
                source,
                status,
                f"{source.name} answered {status}, which the bot did not expect{quote}.",
                f"Look at {source.dashboard}; tell who looks after the bot.",
                said.message[:_SAID],
            )


def common(answer: Answer) -> TurnedAway | None:
    """The statuses that mean the same at the Management API and at a function; None for others."""
    source, status = answer.source, answer.status
    match status:
        case 429:
            return TooMany(source, wait(answer))
        case 540:
            return Paused(source)
        case 544:
            return DatabaseAway(
                source,
                status,
                "Supabase could not reach the project's database in time (544).",
                f"Open {source.dashboard} and {STATUS_PAGE}; too many connections look like this too.",
            )
        case 546:
            return OutOfResources(
                source,
                status,
                f"{source.name} used up its memory or its time (546).",
                "Look at its logs; roll the last deploy back if it began there.",
            )
        case _ if status >= 500:
            return ServerFailed(
                source,
                status,
                f"{source.name} failed ({status}).",
                f"Ask again in a minute. If it stays so, open {STATUS_PAGE}.",
            )
        case _:
            return None


def wait(answer: Answer) -> float | None:
    """Seconds to wait after a 429: `retry-after`, else `x-ratelimit-reset` (the CLI's own order), within an hour."""
    for name in ("retry-after", "x-ratelimit-reset"):
        value = answer.headers.get(name, "")
        if value.isascii() and value.isdigit() and len(value) <= 5:
            return min(float(value), 3600.0)
    return None


def _not_allowed(source: Source, said: Told, setting: str) -> NotAllowed:
    missing = tuple(name[:60] for name in said.missing_permissions[:8])
    if missing:
        lacks = ", ".join(missing)
        return NotAllowed(
            source,
            403,
            f"The bot's token may not ask this (403); it lacks {lacks}.",
            f"Make a token that has {lacks} and set {setting}. A scoped token cannot be changed later.",
            missing,
        )
    return NotAllowed(
        source,
        403,
        f"The bot's token may not ask this (403{': ' + said.message[:_SAID] if said.message else ''}).",
        f"Make a token whose owner may do this in this project and set {setting}.",
    )


def _sql_failed(source: Source, state: str, why: str) -> SqlFailed:
    match state:
        case "42P01" | "3F000":
            what, do = f"The database lacks a table that the bot reads ({why}).", "Are all migrations applied?"
        case "42703":
            what, do = f"A table lacks a column that the bot reads ({why}).", "Are all migrations applied?"
        case "42883":
            what, do = f"The database lacks a function that the bot calls ({why}).", "Are all migrations applied?"
        case "42501":
            what, do = (
                f"Supabase's read-only user may not read this ({why}).",
                "Grant it select on the table, or read it in the dashboard's SQL editor.",
            )
        case "57014":
            what, do = "The database stopped the bot's question: it took too long.", "Look for locks and slow queries."
        case _ if state.startswith(("53", "57P", "08")):
            what, do = (
                f"The database takes no questions now ({why}).",
                f"Open {source.dashboard}; look at connections against the limit.",
            )
        case _:
            what, do = f"The database refused the bot's question ({why}).", "Tell who looks after the bot."
    return SqlFailed(source, what, do, state)
