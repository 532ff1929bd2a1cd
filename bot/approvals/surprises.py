"""What speaks against a click only once it is being settled. Pure."""

from bot.approvals.objection import Objection, Why


def raced() -> Objection:
    """Another was settled in the same moment, and nothing that stands there now says which."""
    return Objection(
        Why.DECIDED,
        "Somebody was faster.",
        "Something else was settled in the same moment.",
        "Look at the card, and click again if it still waits.",
    )


def edited(why: str) -> Objection:
    """What is known of the request was not written by the bot."""
    return Objection(
        Why.EDITED,
        "My memory was edited.",
        f"It does not say what was recorded. {why}",
        "Nothing is begun on its word. Look at the incident that I have opened.",
    )
