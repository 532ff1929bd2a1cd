"""Whom a P0 calls, by the settings alone: a line for each way that is missing. Pure."""

from bot.doctor.line import Line, note
from bot.settings import Settings


def called(settings: Settings) -> list[Line]:
    """What a P0 does without; first that it calls nobody, where that is so. The mail server has its own line."""
    lines = []
    mentioned = settings.on_call or settings.call_here
    if not mentioned and settings.lead is None and settings.smtp_url is None:
        do = "Set AIKEYS_ON_CALL, AIKEYS_LEAD or AIKEYS_SMTP_URL: docs/production.md, section 3."
        lines.append(
            note("A P0", "it calls NOBODY: no mention, no direct message, no mail. It is a card and no more", do)
        )
    if not mentioned:
        do = "Set AIKEYS_ON_CALL to the ids of people or groups, or AIKEYS_CALL_HERE=true."
        lines.append(note("AIKEYS_ON_CALL", "not set, nor AIKEYS_CALL_HERE: the card of a P0 mentions nobody", do))
    if settings.lead is None:
        said = "not set: the technical lead gets no direct message at a P0"
        lines.append(note("AIKEYS_LEAD", said, "Set it to the lead's Slack id."))
    if settings.lead_phone is None:
        said = "not set: where nobody answers in Slack, there is no number to ring"
        lines.append(note("AIKEYS_LEAD_PHONE", said, "Set it; /aikeys contacts and aikeys contacts show it."))
    return lines
