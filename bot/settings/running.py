"""How it runs: its memory, its door, its cadence, and where the outside is."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, InstanceOf, SecretStr

from bot.settings import shapes
from bot.settings.about import About, Address, Group
from bot.settings.tuning import Tuning, tuned


class Running(Group):
    """How it runs: its memory, its door, its cadence, and where the outside is."""

    audit_key: Annotated[
        Annotated[SecretStr, AfterValidator(shapes.audit_key)] | None,
        About(
            "AIKEYS_AUDIT_KEY",
            "the key of the timeline's hash chain, at least 32 characters, kept away from the database",
            "$(openssl rand -hex 32)",
            "a timeline that whoever holds the database file cannot rewrite unnoticed",
        ),
    ] = None
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
        About("AIKEYS_HTTP", "host:port of /healthz, /readyz, /metrics and POST /alerts, or off", "127.0.0.1:8080"),
    ] = ("127.0.0.1", 8080)
    look_every: Annotated[
        Annotated[float, Field(ge=1, le=3600)],
        About(
            "AIKEYS_LOOK_EVERY",
            "seconds between two looks at everything, 1 to 3600; the wallet is looked at four times as often",
            "60",
        ),
    ] = 60.0
    tuning: Annotated[
        Annotated[InstanceOf[Tuning], BeforeValidator(tuned)],
        About(
            "AIKEYS_THRESHOLDS",
            "a TOML file with thresholds of your own; `aikeys detectors` prints what there is to set",
            "/etc/aikeys/thresholds.toml",
            "alarms and cards that go by your figures",
        ),
    ] = Tuning()
    external_deploys: Annotated[
        Literal["alarm", "expected"],
        About(
            "AIKEYS_EXTERNAL_DEPLOYS",
            "expected, for teams that also deploy from CI: a function that somebody else changed is a P1 at most; "
            "else alarm",
            "expected",
        ),
    ] = "alarm"
