"""Where the bot speaks: channels, mail, and the hour of it."""

from typing import Annotated

from pydantic import AfterValidator, SecretStr

from bot.settings import shapes
from bot.settings.about import About, Group


class Telling(Group):
    """Where the bot speaks: channels, mail, and the hour of it."""

    ops_channel: Annotated[
        Annotated[str, AfterValidator(shapes.channel)] | None,
        About(
            "AIKEYS_OPS_CHANNEL",
            "the id of the channel the team works in",
            "C012AB3CD",
            "alerts of P1; reviews when due; the timeline's head, daily and at each P0, so that a cut-off end shows",
        ),
    ] = None
    incident_channel: Annotated[
        Annotated[str, AfterValidator(shapes.channel)] | None,
        About(
            "AIKEYS_INCIDENT_CHANNEL",
            "the id of the channel where alerts go",
            "C045EF6GH",
            "alerts of P0, posted by themselves; a broken glass told where everybody looks",
        ),
    ] = None
    smtp_url: Annotated[
        Annotated[SecretStr, AfterValidator(shapes.mail_server)] | None,
        About(
            "AIKEYS_SMTP_URL",
            "the mail server to send through; with smtp:// it must offer STARTTLS, unless it is this machine itself",
            "smtps://user:password@mail.example.com",
            "mail to the technical lead at each P0 and for a P1 after two hours, also when Slack is down",
        ),
    ] = None
    mail_from: Annotated[
        Annotated[str, AfterValidator(shapes.email)] | None,
        About(
            "AIKEYS_MAIL_FROM",
            "the address that the bot's mail comes from; without it the user in AIKEYS_SMTP_URL, where that is an "
            "address, or aikeys@ the reader's own domain",
            "aikeys@example.com",
        ),
    ] = None
    timezone: Annotated[
        Annotated[str, AfterValidator(shapes.timezone)],
        About("AIKEYS_TIMEZONE", "the time zone of the team's mornings, for reviews: an IANA name", "Europe/Madrid"),
    ] = "UTC"
