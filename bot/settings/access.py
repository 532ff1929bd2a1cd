"""Whom the bot is to others: its tokens, and the one project it operates."""

from typing import Annotated

from pydantic import AfterValidator, SecretStr

from bot.settings import shapes
from bot.settings.about import About, Group, Token

_LEAST = "a general token that may only look: whoever steals one can do one thing"


class Access(Group):
    """Whom the bot is to others: its tokens, and the one project it operates."""

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
