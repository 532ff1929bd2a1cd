"""What stands at the top of a P0's own channel. Pure."""

from zlib import crc32

from bot.views.blocks import cap, heading, one_line
from bot.views.incident import standing
from store.incidents import Incident

_TOPIC = 250  # docs.slack.dev: conversations.setTopic, too_long


def topic(incident: Incident) -> str:
    """Severity, title, how it stands. Plain: a topic takes no markup, but Slack makes links of <…>."""
    title = heading(one_line(incident.title, 120))
    sign, word = standing(incident)
    state = f"{word}, since {incident.opened_at:%H:%M} UTC"
    return cap(f"{sign} {incident.severity} {title} · {state} · incident {incident.number}", _TOPIC)


def checksum(words: str) -> int:
    """By which *words* are known again: 32 bits, so that nobody can make sure of a guess.

    Kept instead of the words: a title that is taken back while they are sent would come back with them.
    """
    return crc32(words.encode())
