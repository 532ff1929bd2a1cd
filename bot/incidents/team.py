"""Who is told of incidents and where, and what the bot may do by itself: from the settings, in one piece."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bot.context import Target
from bot.runbook.contacts import LEAD, SUPPORT, Contact, Contacts, Way, known
from bot.settings import Settings

_MOST = 10  # people that one line calls


@dataclass(frozen=True, slots=True)
class Team:
    """*lead*: a Slack id, empty where not set. *on_call*, *approvers*: ids of people and user groups.

    *here*: a P0 calls everybody who is there. *rooms*: it gets a channel of its own; *record*: a row in the wallet's
    security_events; *at_once*: the mail to Supabase's support goes without a click. *ref*: the project's. *contacts*:
    whom to ring.
    """

    ref: str = ""
    lead: str = ""
    on_call: tuple[str, ...] = ()
    approvers: tuple[str, ...] = ()
    here: bool = False
    rooms: bool = False
    record: bool = False
    at_once: bool = False
    contacts: Callable[[], Contacts] = field(default=lambda: Contacts(Target(""), ()), repr=False)

    @property
    def mentions(self) -> str:
        """What calls those on call, as Slack writes it; empty where nobody is set."""
        return " ".join([*_called(self.on_call), *(["<!here>"] if self.here else [])])

    def seconds(self, first: str) -> str:
        """What calls those who may agree to what *first* asks for: who is on call, else the approvers."""
        for some in (self.on_call, self.approvers):
            if others := [one for one in some if one != first]:
                return " ".join(_called(others[:_MOST]))
        return ""

    @property
    def lead_mail(self) -> str:
        """The lead's address; empty where there is none."""
        return self._mail(LEAD)

    @property
    def support_mail(self) -> str:
        """That of Supabase's support."""
        return self._mail(SUPPORT)

    @property
    def to_ring(self) -> tuple[Contact, ...]:
        """Whom to ring when all else fails: the lead, who has a telephone, then Supabase's support."""
        known_now = {one.name: one for one in self.contacts().contacts}
        return tuple(known_now[name] for name in (LEAD, SUPPORT) if name in known_now)

    def _mail(self, name: str) -> str:
        ways = [way for one in self.contacts().contacts if one.name == name for way in one.ways]
        return next((value for way, value, _ in ways if way is Way.MAIL), "")


def _called(ids: Iterable[str]) -> list[str]:
    return [f"<!subteam^{one}>" if one.startswith("S") else f"<@{one}>" for one in ids]


def team(settings: Settings, target: Target) -> Team:
    """Read it from the settings; the runbook's addresses are read when they are first needed."""
    return Team(
        ref=target.ref,
        lead=settings.lead or "",
        on_call=settings.on_call,
        approvers=settings.approvers,
        here=settings.call_here,
        rooms=settings.incident_rooms,
        record=settings.security_events,
        at_once=settings.support_at_once,
        contacts=lambda: known(settings, target),
    )
