"""Who may do what, and who is told or rung."""

from typing import Annotated

from pydantic import AfterValidator

from bot.settings import shapes
from bot.settings.about import About, Group, Members


class People(Group):
    """Who may do what, and who is told or rung."""

    operators: Annotated[
        Members,
        About(
            "AIKEYS_OPERATORS",
            "who may ask for changes: ids of people and user groups, with commas or blanks between",
            "U012AB3CD,S0614TZR7",
            "people who may ask for changes (nobody may without it)",
        ),
    ] = ()
    approvers: Annotated[
        Members,
        About(
            "AIKEYS_APPROVERS",
            "who may approve what somebody else asked for",
            "U045EF6GH U078IJ9KL",
            "people who may approve changes",
        ),
    ] = ()
    alone: Annotated[
        bool,
        About(
            "AIKEYS_ALONE",
            "true for a team of one: who asks for a change may approve it, and every card says so",
            "true",
            "changes without a second person, where there is none",
        ),
    ] = False
    viewers: Annotated[
        Members,
        About(
            "AIKEYS_VIEWERS",
            "who may look; without it every full member of the workspace may",
            "S0614TZR7",
            "looking only for those you name",
        ),
    ] = ()
    lead: Annotated[
        Annotated[str, AfterValidator(shapes.person)] | None,
        About(
            "AIKEYS_LEAD",
            "the Slack id of the technical lead",
            "U012AB3CD",
            "a lead who hears of what stays undone (a P1 after two hours, a review), and stands in /aikeys contacts",
        ),
    ] = None
    lead_phone: Annotated[
        Annotated[str, AfterValidator(shapes.phone)] | None,
        About(
            "AIKEYS_LEAD_PHONE",
            "the technical lead's telephone number",
            "+34 600 123 456",
            "a number to ring in /aikeys contacts",
        ),
    ] = None
    lead_email: Annotated[
        Annotated[str, AfterValidator(shapes.email)] | None,
        About(
            "AIKEYS_LEAD_EMAIL",
            "the technical lead's e-mail address",
            "lead@example.com",
            "the lead's address in /aikeys contacts, instead of the runbook's",
        ),
    ] = None
    circle_support: Annotated[
        Annotated[str, AfterValidator(shapes.reach)] | None,
        About(
            "AIKEYS_CIRCLE_SUPPORT",
            "how Circle's support is reached: an https address, an e-mail address or a telephone number",
            "https://support.example.com",
            "Circle in /aikeys contacts",
        ),
    ] = None
