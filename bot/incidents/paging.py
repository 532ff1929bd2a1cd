"""Who was called by name when, and by which ways: kept with the incident, since letters go after three months. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from store.events import Event
from store.incidents import ESCALATED, FLAPPING, PAGED, REOPENED, SEVERITY, Incident

MENTION, MESSAGE, MAIL = "mention", "message", "mail"


@dataclass(frozen=True, slots=True)
class Page:
    """*who*: a Slack id, or the address of a lead who has none here. *ways*: by which they were called at once."""

    who: str
    ways: tuple[str, ...]


def pages(event: Event) -> list[Page]:
    """Whom *event* called by name; nobody, where it called none."""
    data = event.data
    if event.kind == PAGED:
        to = data.get("to")
        return [Page(who, tuple(map(str, ways))) for who, ways in to.items()] if isinstance(to, dict) else []
    if event.kind == ESCALATED:
        ways = [way for way, where in ((MESSAGE, data.get("to")), (MAIL, data.get("mail"))) if where]
        return [Page(str(data.get("to") or data["mail"]), tuple(ways))] if ways else []
    return []


def unreached(event: Event) -> bool:
    """Whether an ESCALATED reached nobody: neither a Slack id of the lead nor a mail server was set."""
    return "mail" in event.data and not event.data["mail"] and not event.data.get("to")


def paged(
    on_call: Sequence[str], lead: str, address: str, ways: Sequence[str], *, here: bool = False
) -> Mapping[str, Any]:
    """The data of a PAGED. *on_call* was mentioned; *lead* (an id, or empty) and their *address* reached by *ways*.

    *here*: so was everybody in the channel.
    """
    to: dict[str, list[str]] = {one: [MENTION] for one in on_call if not one.startswith("S")}
    if ways:
        to.setdefault(lead or address, []).extend(ways)
    data = {"to": to, "groups": [one for one in on_call if one.startswith("S")]}
    return data | ({"here": True} if here else {})


def loud(event: Event, incident: Incident) -> bool:
    """Whether the lead of a P0 is called again by *event*: it has come back, has become one again, or stays bad."""
    if event.kind == FLAPPING and "bad_since" not in event.data:
        return False
    return incident.severity == "P0" and incident.open and event.kind in (REOPENED, SEVERITY, FLAPPING)
