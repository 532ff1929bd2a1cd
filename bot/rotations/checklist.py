"""What people do by hand around a rotation, in order: numbered, each with a button to say that it is done. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.health.expected import WEBHOOK_SECRET
from bot.rotations.names import API_KEY, CIRCLE


@dataclass(frozen=True, slots=True)
class Item:
    """*text*: a sentence of mrkdwn. *by_hand*: somebody says that it is done; else the bot's part, told in place."""

    text: str
    by_hand: bool = True


def items(names: Sequence[str], *, generate: bool, back: bool) -> tuple[Item, ...]:
    """In order. None for secrets that no dashboard of others knows."""
    if not set(names) & set(CIRCLE):
        return ()
    if back:
        put = "In Circle's dashboard put the signing secret from before back, *now*: events are signed with it again."
        return (Item(put), Item("Approved, I set the value from before and prove it.", by_hand=False))
    found = []
    if API_KEY in names:
        found.append(Item("*First*, in Circle's dashboard: make a new API key. The old one goes on working."))
    if WEBHOOK_SECRET in names and not generate:
        found.append(
            Item(
                "*Once it is approved*, in Circle's dashboard: make a new signing secret. From that moment events are "
                "signed with it and refused here, so go on at once."
            )
        )
    found.append(Item("Press *Enter new values* below. I set all in one call and prove it.", by_hand=False))
    if WEBHOOK_SECRET in names and generate:
        found.append(
            Item(
                "*At once after that*, in Circle's dashboard: enter the signing secret that I hand you, sealed. Until "
                "then events are signed with the old one and refused here."
            )
        )
    if API_KEY in names:
        found.append(Item("*After the proof*, in Circle's dashboard: revoke the old API key."))
    return tuple(found)
