"""Reads the heads of the timeline that the bot posted in Slack: what whoever holds the file cannot change."""

import asyncio

from bot.errors import AikeysError
from bot.settings import Settings
from store.events import Head


class NoHeads(AikeysError):
    """There is nothing to hold the timeline against."""


def from_slack(settings: Settings) -> list[Head]:
    """Return the heads in the ops channel. Raises NoHeads, and Unanswered while Slack cannot be asked."""
    if settings.ops_channel is None:
        raise NoHeads("AIKEYS_OPS_CHANNEL is not set: no head was posted anywhere.")
    heads = asyncio.run(_read(settings, settings.ops_channel))
    if not heads:
        raise NoHeads(f"Among the last messages of {settings.ops_channel} no head was posted by this bot.")
    return heads


async def _read(settings: Settings, channel: str) -> list[Head]:
    from bot.clients.slack import Slack, SlackRefused, new_session, web_client  # noqa: PLC0415
    from bot.clock import SystemClock  # noqa: PLC0415
    from bot.memory import posted  # noqa: PLC0415  # nothing of this is needed without --posted

    token = settings.slack_bot_token.get_secret_value()
    async with new_session() as session:
        slack = Slack(web_client(token, settings.slack_api_url, session, SystemClock()), session)
        try:
            return await posted.heads(slack, channel, str((await slack.call("auth.test"))["bot_id"]))
        except SlackRefused as error:
            raise NoHeads(
                f"{error}. Reading the posts needs channels:history (groups:history in a private channel). "
                "Or copy the heads from there and give each with --head."
            ) from error
