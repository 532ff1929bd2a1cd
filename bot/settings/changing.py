"""What changes, proofs and reviews need."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from bot.settings import shapes
from bot.settings.about import About, Address, Group


class Changing(Group):
    """What changes, proofs and reviews need."""

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
    admins_query: Annotated[
        Annotated[str, AfterValidator(shapes.reading)] | None,
        About(
            "AIKEYS_ADMINS_QUERY",
            "the SQL that lists the wallet's admins for their review; without it, by public.profiles",
            "with staff as (table public.staff) select email, role from staff",
            "the review of admins where they are kept elsewhere",
        ),
    ] = None
    sealed_only: Annotated[
        bool,
        About(
            "AIKEYS_SEALED_ONLY",
            "true to take new values of secrets only as sealed texts (aikeys seal), which Slack cannot read",
            "true",
            "secrets that are never in the open, neither in Slack nor on the way",
        ),
    ] = False
