"""What Slack would refuse in a message of the bot's, before it is sent."""

from bot.views.blocks import Message
from playground.blockkit import Problem, check_message


def problems(message: Message) -> list[Problem]:
    """None where Slack takes it."""
    return check_message({"text": message.text, "blocks": list(message.blocks)})
