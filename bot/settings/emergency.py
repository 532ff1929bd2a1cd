"""What the bot does by itself at a P0."""

from typing import Annotated

from bot.settings.about import About, Group, Members


class Emergency(Group):
    """What the bot does by itself at a P0."""

    on_call: Annotated[
        Members,
        About(
            "AIKEYS_ON_CALL",
            "who is called by name at a P0 and asked into its channel: ids of people and user groups",
            "S0614TZR7",
            "a P0 that rings the telephones of those on call",
        ),
    ] = ()
    call_here: Annotated[
        bool,
        About(
            "AIKEYS_CALL_HERE",
            "true to call everybody who is active in the incident channel at a P0, with @here",
            "true",
            "a P0 that everybody hears who is there",
        ),
    ] = False
    incident_rooms: Annotated[
        bool,
        About(
            "AIKEYS_INCIDENT_ROOMS",
            "false for no channel of its own for each P0; it needs channels:manage, for a private one groups:write",
            "false",
        ),
    ] = True
    security_events: Annotated[
        bool,
        About(
            "AIKEYS_SECURITY_EVENTS",
            "false for no row in the wallet's security_events for each P0, which the runbook asks for; it needs the "
            "permission database_write",
            "false",
        ),
    ] = True
    support_at_once: Annotated[
        bool,
        About(
            "AIKEYS_SUPPORT_AT_ONCE",
            "true to send the mail to Supabase's support without a click, at each P0 that may be theirs; else it "
            "waits, drafted",
            "true",
            "the runbook's “immediately contact Supabase support”, also while all are asleep",
        ),
    ] = False
