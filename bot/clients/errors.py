"""What an outside system can do wrong, drawn as a tree.

    bot.errors.Unanswered
    └── Failure               has `what` happened, what to `do` about it, and its `source`
        ├── NotReached        no answer came: it cannot be told whether the question arrived
        │   ├── NameUnknown        DNS knows no such host
        │   ├── NobodyThere        the connection was refused, or there is no way to the host
        │   ├── BrokenOff          the connection was reset or closed before the answer was complete
        │   ├── NotProven          TLS: the other side could not prove who it is
        │   └── TooLate            the deadline passed
        ├── TurnedAway        an answer came, and it was no (has `status`)
        │   ├── TokenRefused       401
        │   ├── MustPay            402
        │   ├── NotAllowed         403 (has `missing`, the permissions named)
        │   ├── NotThere           404
        │   ├── Gone               410
        │   ├── TooMany            429 (has `wait`, seconds)
        │   ├── Paused             540: the project is paused
        │   ├── DatabaseAway       544: Supabase could not reach the project's database
        │   ├── OutOfResources     546: a function used up its memory or time
        │   ├── ServerFailed       any other 5xx
        │   ├── Redirected         3xx: never followed
        │   ├── Rejected           400 or 413 of a deploy (has `said`): nothing was changed
        │   ├── Conflict           409 of a deploy (has `said`)
        │   ├── SqlFailed          400 of the query endpoint (has `state`, the SQLSTATE)
        │   ├── LogsFailed         200 of the logs endpoint with an error in it: no answer, and not an empty one
        │   ├── FunctionRefused    the functions platform, not the function, answered (has `code`: sb-error-code)
        │   └── Odd                any other status
        └── NotUnderstood     an answer came, and it makes no sense
            ├── NotJson
            ├── WrongShape         valid JSON, but not the documented types (`where`)
            ├── TooLarge           more than the cap; the rest was never read
            └── OwnFault           the bot stumbled over its own code

`what` and `do` are plain sentences without markup, for a tired person. They may quote an outside value, capped;
they are escaped when shown. They never hold a token.
"""

from dataclasses import dataclass

from bot.errors import Unanswered
from bot.hide import hide

STATUS_PAGE = "status.supabase.com"


@dataclass(frozen=True, slots=True)
class Source:
    """Who was asked: *name* starts a sentence ("The wallet"), *host* is where it lives, *ref* the project."""

    name: str
    host: str
    ref: str = ""

    @property
    def dashboard(self) -> str:
        """Where a person sees the same project."""
        return f"supabase.com/dashboard/project/{self.ref}" if self.ref else "supabase.com/dashboard"


class Failure(Unanswered):
    """A question that did not get its answer."""

    def __init__(self, source: Source, what: str, do: str) -> None:
        self.source, self.what, self.do = source, hide(what), hide(do)
        super().__init__(f"{self.what} {self.do}")


class NotReached(Failure):
    """No answer came."""


class NameUnknown(NotReached):
    """DNS knows no such host."""

    def __init__(self, source: Source) -> None:
        super().__init__(
            source,
            f"{source.name} cannot be found: DNS knows no host {source.host}.",
            "Check the address in the settings and the network of the bot's machine.",
        )


class NobodyThere(NotReached):
    """The connection was refused, or there is no way to the host."""

    def __init__(self, source: Source) -> None:
        super().__init__(
            source,
            f"{source.name} takes no connections: nobody listens at {source.host}.",
            f"Open {STATUS_PAGE}. If all is well there, check the address in the settings and the bot's network.",
        )


class BrokenOff(NotReached):
    """The connection was reset or closed before the answer was complete."""

    def __init__(self, source: Source) -> None:
        super().__init__(
            source,
            f"{source.name} broke the connection off before its answer was complete.",
            f"Ask again in a minute. If it stays so, open {STATUS_PAGE}.",
        )


class NotProven(NotReached):
    """TLS: the other side could not prove who it is."""

    def __init__(self, source: Source, reason: str) -> None:
        super().__init__(
            source,
            f"{source.name} could not prove who it is (TLS at {source.host}: {reason}). Nothing was sent.",
            "Check the clock of the bot's machine and whether a proxy stands in between. Trust no answer until then.",
        )


class TooLate(NotReached):
    """The deadline passed. *seconds* is how long was waited."""

    def __init__(self, source: Source, seconds: float) -> None:
        super().__init__(
            source,
            f"{source.name} did not answer within {seconds:g} s.",
            f"Ask again: a first call after a quiet time is slow. If it stays so, open {STATUS_PAGE}.",
        )


class TurnedAway(Failure):
    """An answer came, and it was no."""

    def __init__(self, source: Source, status: int, what: str, do: str) -> None:
        super().__init__(source, what, do)
        self.status = status


class TokenRefused(TurnedAway):
    """401."""


class MustPay(TurnedAway):
    """402."""


class NotAllowed(TurnedAway):
    """403. *missing* are the permissions that the token lacks, as far as they were named."""

    def __init__(self, source: Source, status: int, what: str, do: str, missing: tuple[str, ...] = ()) -> None:
        super().__init__(source, status, what, do)
        self.missing = missing


class NotThere(TurnedAway):
    """404."""


class Gone(TurnedAway):
    """410."""


class TooMany(TurnedAway):
    """429. *wait* is how long to wait, in seconds, where the answer says so; *what* where more is known."""

    def __init__(self, source: Source, wait: float | None, what: str = "") -> None:
        super().__init__(
            source,
            429,
            what or f"{source.name} answers no more for now: too many requests (429).",
            f"Ask again in {wait:.0f} s." if wait is not None else "Ask again in a minute.",
        )
        self.wait = wait


class Paused(TurnedAway):
    """540: the project is paused."""

    def __init__(self, source: Source) -> None:
        super().__init__(
            source,
            540,
            "The project is paused (540): nothing of it runs.",
            f"Restore it at {source.dashboard}; that takes minutes.",
        )


class DatabaseAway(TurnedAway):
    """544: Supabase could not reach the project's database."""


class OutOfResources(TurnedAway):
    """546: a function used up its memory or time."""


class ServerFailed(TurnedAway):
    """Any other 5xx."""


class Redirected(TurnedAway):
    """3xx: never followed, since the token would go along."""

    def __init__(self, source: Source, status: int, to: str) -> None:
        super().__init__(
            source,
            status,
            f"{source.name} wanted to send the bot elsewhere ({status}, to {to or 'nowhere'}). It did not go.",
            "Check the address in the settings: it must be the final one.",
        )


class SqlFailed(TurnedAway):
    """The query endpoint's 400. *state* is the SQLSTATE, or empty; *said* what the database said, several lines."""

    def __init__(self, source: Source, what: str, do: str, state: str, said: str = "") -> None:
        super().__init__(source, 400, what, do)
        self.state = state
        self.said = said


class Rejected(TurnedAway):
    """400 or 413 of a deploy: nothing was changed. *said* is what the platform said, capped."""

    def __init__(self, source: Source, status: int, what: str, do: str, said: str) -> None:
        super().__init__(source, status, what, do)
        self.said = said


class Conflict(Rejected):
    """409 of a deploy."""


class LogsFailed(TurnedAway):
    """The logs endpoint's 200 with an `error`."""


class FunctionRefused(TurnedAway):
    """The functions platform answered instead of the function. *code* is its sb-error-code."""

    def __init__(self, source: Source, status: int, what: str, do: str, code: str) -> None:
        super().__init__(source, status, what, do)
        self.code = code


class Odd(TurnedAway):
    """Any other status. *said* is what the other side said, capped."""

    def __init__(self, source: Source, status: int, what: str, do: str, said: str = "") -> None:
        super().__init__(source, status, what, do)
        self.said = said


class NotUnderstood(Failure):
    """An answer came, and it makes no sense."""


class NotJson(NotUnderstood):
    """Not JSON at all."""

    def __init__(self, source: Source, status: int) -> None:
        super().__init__(
            source,
            f"{source.name} answered {status} with something that is not JSON.",
            f"Ask again in a minute. If it stays so, open {STATUS_PAGE}: perhaps a proxy stands in between.",
        )


class WrongShape(NotUnderstood):
    """Valid JSON, but not the documented types. *where* is a path into it, *why* what was expected there."""

    def __init__(self, source: Source, where: str, why: str) -> None:
        super().__init__(
            source,
            f"{source.name} answered in a shape the bot does not know ({where or 'the whole answer'}: {why}).",
            "Was a new version deployed? Tell who looks after the bot; until then look at the dashboard.",
        )
        self.where = where


class TooLarge(NotUnderstood):
    """More than the cap; the rest was never read."""

    def __init__(self, source: Source, cap: int) -> None:
        super().__init__(
            source,
            f"{source.name} sent more than {cap / 1_000_000:g} MB. The bot stopped reading.",
            "Something other than the service answers there: check the address in the settings.",
        )


class OwnFault(NotUnderstood):
    """The bot stumbled over its own code. *kind* is the exception's class."""

    def __init__(self, source: Source, kind: str) -> None:
        super().__init__(
            source,
            f"The bot stumbled over its own code while asking ({kind}). This says nothing about the wallet.",
            "Tell who looks after the bot; the details are in its log.",
        )
