"""When the functions platform answers instead of the function: `sb-error-code` as sentences (Supabase docs)."""

from bot.clients.errors import FunctionRefused, NotThere, Odd, TokenRefused, TurnedAway
from bot.clients.http import Answer
from bot.clients.replies import common, told

_CODES = {
    "NOT_FOUND": ("is not deployed", "Deploy it."),
    "NOT_FOUND_FUNCTION_BLOB": (
        "is listed, but its code is missing",
        "Send it again: /aikeys deploy … --again",
    ),
    "BOOT_ERROR": ("does not start", "Look at its logs; roll the last deploy back if it began there."),
    "WORKER_ERROR": ("crashed", "Look at its logs; roll the last deploy back if it began there."),
    "EDGE_FUNCTION_ERROR": ("crashed", "Look at its logs; roll the last deploy back if it began there."),
    "WORKER_LIMIT": (
        "used up its memory or CPU time",
        "Look at its logs; if it began with the last deploy, roll that back.",
    ),
    "WORKER_RESOURCE_LIMIT": (
        "used up its memory or CPU time",
        "Look at its logs; if it began with the last deploy, roll that back.",
    ),
    "IDLE_TIMEOUT": ("sent nothing for 150 s and was stopped", "Look at its logs: what does it wait for?"),
}
_JWT = ("asks callers for a JWT", "Switch verify_jwt off and deploy it again: its callers send none.")
_OTHER = ("was not reached: the platform answered instead", "Look at its logs and at status.supabase.com.")


def platform_code(answer: Answer) -> str:
    """The platform's error code, or empty where the function itself answered.

    The header tells them apart: a 401 with `sb-error-code` is the platform's, one without is the function's own.
    The old platform's 401 came without the header; its body is known.
    """
    code = answer.headers.get("sb-error-code", "")
    if not code and answer.status == 401 and told(answer).message == "Missing authorization header":
        return "UNAUTHORIZED_NO_AUTH_HEADER"
    return code[:60]


def refused_by_platform(answer: Answer, slug: str) -> TurnedAway | None:
    """Return the leaf where the platform answered instead of the function, else None."""
    code = platform_code(answer)
    if not code:
        return common(answer) if answer.status in {429, 540, 544, 546} else None
    if code == "RATE_LIMIT_EXCEEDED" or answer.status in {429, 540}:
        return common(answer)
    said, do = _JWT if code.startswith("UNAUTHORIZED") else _CODES.get(code, _OTHER)
    return FunctionRefused(
        answer.source, answer.status, f"The function {slug} {said} ({answer.status} {code}).", do, code
    )


def unexpected(answer: Answer, slug: str) -> TurnedAway:
    """Return the leaf for a status that the function itself should not give."""
    status, source = answer.status, answer.source
    match status:
        case 401 | 403:
            return TokenRefused(
                source, status, f"The function {slug} refuses us itself ({status}).", "Look at its last deploy."
            )
        case 404:
            return NotThere(
                source,
                status,
                f"Nothing answers for the function {slug} (404).",
                "Check the functions address in the settings, then deploy the function.",
            )
        case _:
            return common(answer) or Odd(
                source,
                status,
                f"The function {slug} answered {status}, which the bot did not expect.",
                "Look at its logs and its last deploy.",
            )
