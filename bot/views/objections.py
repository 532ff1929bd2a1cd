"""An objection to a click, as it is whispered to who clicked."""

from bot.approvals.objection import Objection
from bot.views.blocks import Message, context, escape, person, section, timed, visible


def objected(objection: Objection) -> Message:
    """Show it: what was refused, why and by whom, what to do. Never over the card."""
    what, do = escape(objection.what), escape(objection.do, 600)
    because = timed(escape(objection.because, 600), objection.at).replace("{who}", person(objection.who))
    return Message(
        text=f"Refused: {what} {because} {do}",
        blocks=[section(f"🚫 *{what}*\n{because}"), context(f"→ {do}")],
    )


def in_words(objection: Objection) -> str:
    """The same for the field of a modal, which shows no markup: a person is an id there, a time is in UTC."""
    said = f"{objection.what} {objection.because} {objection.do}".replace("{who}", objection.who or "somebody")
    for one in objection.at:
        said = said.replace("{at}", f"{one:%d %b %H:%M} UTC", 1)
    return visible(said)
