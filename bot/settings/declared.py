"""The settings: each with its name outside, its help, an example and what it unlocks."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

from bot.settings import shapes


@dataclass(frozen=True, slots=True)
class About:
    """What people read about a setting.

    *env* is its name outside (`env` + `_FILE` names a file that holds it); *unlocks* what one gains by setting it,
    empty where the default serves everybody; *later* where nothing reads it yet and a coming version will.
    """

    env: str
    help: str
    example: str
    unlocks: str = ""
    later: bool = False


Members = Annotated[tuple[str, ...], BeforeValidator(shapes.listed), AfterValidator(shapes.members)]
Address = Annotated[str, AfterValidator(shapes.address)]
Token = Annotated[SecretStr, AfterValidator(shapes.access_token)]
_LEAST = "a general token that may only look: whoever steals one can do one thing"


class Settings(BaseModel):
    """Plain values, read once at start."""

    # A pydantic error repeats its input by default: here that may be a token.
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True)

    slack_bot_token: Annotated[
        SecretStr,
        AfterValidator(shapes.bot_token),
        About("SLACK_BOT_TOKEN", "the bot token, from the app's “OAuth & Permissions” page", "xoxb-…"),
    ]
    slack_app_token: Annotated[
        SecretStr,
        AfterValidator(shapes.app_token),
        About("SLACK_APP_TOKEN", "the app-level token with connections:write, from “Basic Information”", "xapp-1-…"),
    ]
    supabase_access_token: Annotated[
        SecretStr,
        AfterValidator(shapes.access_token),
        About("SUPABASE_ACCESS_TOKEN", "an access token for the Management API; a scoped one is enough", "sbp_…"),
    ]
    supabase_project_ref: Annotated[
        str,
        AfterValidator(shapes.project_ref),
        About("SUPABASE_PROJECT_REF", "the ref of the one project this bot operates", "abcdefghijklmnopqrst"),
    ]
    token_deploy: Annotated[
        Token | None,
        About("SUPABASE_TOKEN_DEPLOY", "a token for deploys alone: edge_functions_write", "sbp_fc…", _LEAST),
    ] = None
    token_secrets: Annotated[
        Token | None,
        About(
            "SUPABASE_TOKEN_SECRETS",
            "a token for setting secrets alone: edge_functions_secrets_write",
            "sbp_fc…",
            _LEAST,
        ),
    ] = None
    token_migrate: Annotated[
        Token | None,
        About(
            "SUPABASE_TOKEN_MIGRATE",
            "a token for migrations alone: database_write, database_migrations_write",
            "sbp_fc…",
            _LEAST,
        ),
    ] = None
    token_restore: Annotated[
        Token | None,
        About("SUPABASE_TOKEN_RESTORE", "a token for recovery alone: backups_write", "sbp_fc…", _LEAST),
    ] = None
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
    admins_query: Annotated[
        Annotated[str, AfterValidator(shapes.reading)] | None,
        About(
            "AIKEYS_ADMINS_QUERY",
            "the SQL that lists the wallet's admins for their review; without it, by public.profiles",
            "with staff as (table public.staff) select email, role from staff",
            "the review of admins where they are kept elsewhere",
        ),
    ] = None
    audit_key: Annotated[
        Annotated[SecretStr, AfterValidator(shapes.audit_key)] | None,
        About(
            "AIKEYS_AUDIT_KEY",
            "the key of the timeline's hash chain, at least 32 characters, kept away from the database",
            "$(openssl rand -hex 32)",
            "a timeline that whoever holds the database file cannot rewrite unnoticed",
        ),
    ] = None
    source: Annotated[
        str | None,
        About(
            "AIKEYS_SOURCE",
            "the git repository of the wallet: a path or an address",
            "https://github.com/example/aikeys-wallet",
            "deploys from a commit",
        ),
    ] = None
    webhook_secret_path: Annotated[
        Path | None,
        About(
            "AIKEYS_WEBHOOK_SECRET_PATH",
            "the path of a file that holds a copy of CIRCLE_WEBHOOK_SECRET: read anew at each use, never kept",
            "/run/secrets/circle-webhook",
            "the proof that the webhook accepts a rightly signed event; without it, only that it refuses others",
        ),
    ] = None
    synthetic: Annotated[
        bool,
        About(
            "AIKEYS_SYNTHETIC",
            "true to let the bot post signed events of type aikeys.synthetic to the webhook: each leaves a row",
            "true",
            "the signed event after a deploy of the webhook, and in /aikeys webhooks test",
        ),
    ] = False
    circle_check_url: Annotated[
        Address,
        About(
            "AIKEYS_CIRCLE_CHECK_URL",
            "an address of Circle's that answers 200 to a valid API key and 401 to another, and changes nothing",
            "https://api.circle.com/v1/w3s/wallets",
        ),
    ] = "https://api.circle.com/v1/configuration"
    secret_age: Annotated[
        Annotated[int, Field(ge=1, le=3600)],
        About("AIKEYS_SECRET_AGE", "days after which a secret is old, and asked for in the reviews", "90"),
    ] = 90
    custody: Annotated[
        Annotated[int, Field(ge=0, le=168)],
        About(
            "AIKEYS_CUSTODY_HOURS",
            "hours that the value before a rotation can be brought back, where it came sealed: it then rests here in "
            "its box; 0 keeps none",
            "24",
            "/aikeys rotate … --undo",
        ),
    ] = 0
    slack_api_url: Annotated[
        Annotated[str, AfterValidator(shapes.slashed)],
        About("SLACK_API_URL", "where Slack's Web API is", "https://slack.com/api/"),
    ] = "https://slack.com/api/"
    supabase_api_url: Annotated[
        Address,
        About("SUPABASE_API_URL", "where Supabase's Management API is", "https://api.supabase.com"),
    ] = "https://api.supabase.com"
    functions_url: Annotated[
        Address,
        About(
            "AIKEYS_FUNCTIONS_URL",
            "where the project's edge functions are; made from the ref when not set",
            "https://abcdefghijklmnopqrst.functions.supabase.co",
        ),
    ] = Field(default_factory=lambda others: f"https://{others.get('supabase_project_ref')}.functions.supabase.co")
    status_url: Annotated[
        Address,
        About(
            "SUPABASE_STATUS_URL",
            "the JSON of Supabase's own status page",
            "https://status.supabase.com/api/v2/status.json",
        ),
    ] = "https://status.supabase.com/api/v2/status.json"
    data: Annotated[
        Path,
        About("AIKEYS_DATA", "the folder of the database", "/var/lib/aikeys"),
    ] = Path("var")
    http: Annotated[
        Annotated[tuple[str, int] | None, BeforeValidator(shapes.door)],
        About("AIKEYS_HTTP", "host:port of /healthz, /readyz and /metrics, or off", "127.0.0.1:8080"),
    ] = ("127.0.0.1", 8080)
    look_every: Annotated[
        Annotated[float, Field(ge=1, le=3600)],
        About(
            "AIKEYS_LOOK_EVERY",
            "seconds between two looks at everything, 1 to 3600; the wallet and its database are looked at four times "
            "as often",
            "60",
        ),
    ] = 60.0

    @property
    def zone(self) -> ZoneInfo:
        """The team's time zone."""
        return ZoneInfo(self.timezone)

    @property
    def tokens(self) -> dict[str, SecretStr]:
        """The tokens for one purpose each, by the name of their setting, as far as they are set."""
        found = {about()[name].env: getattr(self, name) for name in type(self).model_fields if name[:6] == "token_"}
        return {env: token for env, token in found.items() if token is not None}

    @property
    def secrets(self) -> tuple[str, ...]:
        """The secret values that are set: what must never be written anywhere."""
        values: list[Any] = [getattr(self, name) for name in type(self).model_fields]
        return tuple(value.get_secret_value() for value in values if isinstance(value, SecretStr))


def about() -> dict[str, About]:
    """Return what people read about each setting, by its attribute's name, in the order of declaration."""
    return {
        name: next(item for item in field.metadata if isinstance(item, About))
        for name, field in Settings.model_fields.items()
    }
