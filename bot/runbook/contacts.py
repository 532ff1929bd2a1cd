"""Whom to ring when all fails: from the settings and the runbook, so that nothing outside has to answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.context import Target
from bot.errors import Refused
from bot.runbook.reading import Page
from bot.runbook.reading import pages as read
from bot.settings import Settings

_WRITTEN = re.compile(r"^- \*\*([^*]+)\*\*: (\S+@\S+)$")


LEAD, SUPPORT = "Technical lead", "Supabase support"


class Way(StrEnum):
    """How somebody is reached."""

    SLACK = "slack"
    PHONE = "phone"
    MAIL = "mail"
    WEB = "web"


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to ring: *when*, by which *ways* (kind, value, a label or ""), and what is missing to reach them."""

    name: str
    when: str
    ways: tuple[tuple[Way, str, str], ...] = ()
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Contacts:
    """*first* to last; *say* is what each of them asks first. *approvers*, *operators*: ids of people and groups."""

    target: Target
    contacts: tuple[Contact, ...]
    approvers: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()


def known(settings: Settings, target: Target) -> Contacts:
    """Gather them with the runbook's addresses, or without where it cannot be read: now they are needed most."""
    try:
        return contacts(settings, read(), target)
    except Refused:
        return contacts(settings, (), target)


def contacts(settings: Settings, pages: Sequence[Page], target: Target) -> Contacts:
    """Gather them in the order in which the runbook wants them rung. *pages* may be empty."""
    written = _written(pages)
    lead, support = _lead(settings, written), _supabase(target, written)
    return Contacts(target, (support, lead, _circle(settings)), settings.approvers, settings.operators)


def _supabase(target: Target, written: dict[str, str]) -> Contact:
    mail = written.get("Supabase Support", "support@supabase.io")
    return Contact(
        SUPPORT,
        "at once when the database is out or data is at risk; say the project’s ref",
        (
            (Way.WEB, "https://supabase.com/dashboard/support/new", "support form"),
            (Way.MAIL, mail, ""),
            (Way.WEB, "https://status.supabase.com", "their status"),
            (Way.WEB, f"https://supabase.com/dashboard/project/{target.ref}", "this project’s dashboard"),
        ),
    )


def _lead(settings: Settings, written: dict[str, str]) -> Contact:
    mail = settings.lead_email or written.get("Technical Lead", "")
    ways = (
        (Way.PHONE, settings.lead_phone or "", ""),
        (Way.SLACK, settings.lead or "", ""),
        (Way.MAIL, mail, ""),
    )
    return Contact(
        LEAD,
        "at once for a P0, after two hours for a P1",
        tuple(way for way in ways if way[1]),
        "" if settings.lead_phone else "no telephone number is set: AIKEYS_LEAD_PHONE",
    )


def _circle(settings: Settings) -> Contact:
    own = settings.circle_support
    ways = (_way(own),) if own else ()
    return Contact(
        "Circle support",
        "when payments stop on their side, or a key has leaked",
        (*ways, (Way.WEB, "https://status.circle.com", "their status")),
        "" if own else "how your contract reaches them is not set: AIKEYS_CIRCLE_SUPPORT",
    )


def _way(value: str) -> tuple[Way, str, str]:
    if value.startswith("https://"):
        return Way.WEB, value, ""
    return (Way.MAIL if "@" in value else Way.PHONE), value, ""


def _written(pages: Sequence[Page]) -> dict[str, str]:
    """The addresses in the runbook, by name."""
    lines = [
        line for page in pages if page.title == "Contact Information" for piece in page.pieces for line in piece.lines
    ]
    return {found[1]: found[2] for line in lines if (found := _WRITTEN.match(line.strip()))}
