"""Has the bot a seat in a channel? Asked when somebody asks for a change, so that nobody waits for a card in vain.

chat.getPermalink needs no scope and changes nothing: of a channel that the bot cannot see it says channel_not_found, of
one that it can see that there is no such message (docs.slack.dev, chat.getPermalink).
"""

from datetime import datetime

from bot.clients.slack import Slack, SlackRefused, SlackUncertain


async def seated(slack: Slack, channel: str, now: datetime) -> bool:
    """False where the bot certainly cannot post in *channel*. Where Slack cannot be asked, the outbox learns it."""
    try:
        await slack.call("chat.getPermalink", channel=channel, message_ts=f"{now.timestamp():.6f}")
    except SlackRefused as refused:
        return refused.code != "channel_not_found"
    except SlackUncertain:
        return True
    return True
