"""What speaks against a signature. Pure."""

from bot.approvals.objection import Objection, Why
from bot.approvals.policy import says_something
from bot.command import Role
from store.reviews import OPEN, Review


def objection(review: Review, user: str, roles: frozenset[str], note: str | None = None) -> Objection | None:
    """What speaks against *user* signing *review*, or None. *note* is None where it has not been asked for yet."""
    if review.state == "signed":
        return Objection(
            Why.DECIDED,
            "This is reviewed already.",
            "{who} signed it {at}." if review.at else "{who} signed it.",
            "See what is open: /aikeys reviews",
            who=review.by,
            at=(review.at,) if review.at else (),
        )
    if review.state != OPEN:
        return Objection(
            Why.EXPIRED,
            "This review is over.",
            "Nobody signed it before the next one fell due.",
            "Sign the newer one: /aikeys reviews",
        )
    if not roles & {Role.OPERATOR, Role.APPROVER}:
        are = ", ".join(sorted(roles)) or "nobody"
        return Objection(
            Why.ROLE,
            "You cannot sign this.",
            f"That takes an operator or an approver; here you are {are}.",
            "Ask one of them to look at it.",
        )
    if review.not_by and user == review.not_by:
        return Objection(
            Why.OWN_REQUEST,
            "You cannot review yourself.",
            "You broke the glass; another person looks at it.",
            "Ask an approver or another operator.",
        )
    if note is not None and not says_something(note):
        return Objection(
            Why.NO_REASON,
            "A signature needs a note.",
            "Whoever reads this in a year sees only that.",
            "Say in a sentence what you looked at and what you found.",
        )
    return None
