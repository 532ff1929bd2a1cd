"""What stands around an incident on its card, as facts: what was changed, whom to ring, what is owed. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.health.expected import HEALTH
from bot.health.trend import Trend
from bot.runbook.contacts import Contact
from store.errands import Errand
from store.incidents import Incident

SUPPORT, LEAD, RECORD, ROOM, CAUSE = "support", "lead", "record", "room", "cause"  # errands, by name
DID = "incident.did"  # an errand is over; data: name, state, why
UNREACHED, REACHED = "incident.unreached", "incident.reached"  # Slack, while it was open
DONE = {
    SUPPORT: "Contact Supabase support",
    LEAD: "Tell the technical lead",
    RECORD: "Document it in security_events",
    ROOM: "Open a channel for it",
    CAUSE: "Look for the likely cause",
}
SHOWN = (SUPPORT, LEAD, RECORD, ROOM)  # those that people read of, in the order of the runbook

# What `/aikeys triage` is asked, by detector; a function's name behind it.
TRIAGE: Mapping[str, str] = {
    "database_outage": "database",
    "database_read_only": "database",
    "database_in_doubt": "database",
    "database_slow": "database",
    "wallet_unreachable": f"function {HEALTH}",
    "wallet_slow": f"function {HEALTH}",
    "webhooks_dead": "webhook",
    "webhook_errors": "webhook",
    "webhooks_silent": "webhook",
    "signature_attack": "webhook",
    "secret_missing": "webhook",
}


# Where the platform may be at fault: only there does a mail to its support say that we have an outage.
PLATFORM = frozenset(
    {
        "project_away",
        "database_outage",
        "database_read_only",
        "database_in_doubt",
        "wallet_unreachable",
        "webhooks_dead",
        "webhook_errors",
        "webhook_errors_slow",
        "function_errors",
    }
)


def may_be_theirs(incident: Incident) -> bool:
    """Whether Supabase can be at fault. What a person opened the bot cannot judge: it may be."""
    return incident.dedup_key in PLATFORM or incident.opened_by != "bot"


@dataclass(frozen=True, slots=True)
class Changed:
    """A change shortly before it: *what* of which *name*, by whom. *deploy*: its event, where it can be rolled back.

    *approved_by*: where a second person said yes. *began*: when its operation did; *at* is its end.
    """

    what: str
    name: str
    version: int | None
    by: str
    at: datetime
    deploy: str = ""
    approved_by: str = ""
    began: datetime | None = None


@dataclass(frozen=True, slots=True)
class Around:
    """*mentions*: markup that calls people. *room*: the id of its own channel; *escalates*: when a P1 goes to the lead.

    *home*: in the copy in its own channel, where the card is. *ended_by*: the change after which it was over.
    *cause*: the likely one, *because* of what; plain text. *until*: when it was all read.
    """

    mentions: str = ""
    ring: tuple[Contact, ...] = ()
    room: str = ""
    home: str = ""
    errands: tuple[Errand, ...] = field(default=(), hash=False)
    changed: tuple[Changed, ...] = ()
    ended_by: Changed | None = None
    escalates: datetime | None = None
    curves: tuple[Trend, ...] = ()
    cause: str = ""
    because: tuple[str, ...] = ()
    until: datetime | None = None
    seconds: str = ""  # markup of those who may agree to the silence that is asked for

    @property
    def way_back(self) -> str:
        """The event of the last deploy before it that a roll back would undo; empty where none would."""
        return next((one.deploy for one in self.changed if one.deploy), "")

    @property
    def owed(self) -> list[Errand]:
        """The errands that people read of, in the order of the runbook."""
        return sorted((one for one in self.errands if one.name in SHOWN), key=lambda one: SHOWN.index(one.name))

    @property
    def tally(self) -> str:
        """Say 3 of 4: how many are done. What is hardly for its reader is not missing."""
        done = sum(1 for one in self.owed if one.state == "done")
        return f"{done} of {sum(1 for one in self.owed if one.drafted or one.state == 'done')}"

    def errand(self, name: str) -> Errand | None:
        """One of what is owed."""
        return next((one for one in self.errands if one.name == name), None)


NOTHING = Around()
